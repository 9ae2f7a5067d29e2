/** What docs/persons.md states of real prints: strangers' sums, stated against counted, and what becomes of mates. */
import { rateInterval95 } from '../../dist/evaluate/calibration.js'
import { combinedDecibans } from '../../dist/persons/fisher.js'
import { fuse } from '../../dist/persons/fuse.js'
import { DECIBANS_PER_NAT, scoreOfFpir } from '../../dist/score.js'
import { figure, formatTable, whole } from './table.js'
import { newRandom, pick, shuffled } from './virtual-persons.js'

const LEVELS = [10, 20, 30, 40, 50, 60]
const COUNTS = [1, 2, 4, 10]
const SHIFTS = [0, 5, 8, 10]
const POSITIONS = Array.from({ length: 10 }, (_, i) => i + 1)

/**
 * Random pairs of strangers of each kind: { name, nodes: persons, draw: random => { a, b, pairs: [[i, j], ...] } }, where a and
 * b number the two persons, so that intervals take into account how few different ones there are.
 */
export function strangerKinds({ sets, cards }, same) {
  const ofSet = (set, random) => shuffled(sets[set], random).map(impressions => pick(impressions, random))
  const two = (count, random) => shuffled([...Array(count).keys()], random).slice(0, 2)
  const paired = (left, right) =>
    left.map((i, k) => [i, right[k]]).filter(([i, j]) => i !== undefined && j !== undefined)
  const kinds = {
    'cards, stated positions': {
      nodes: cards.length,
      all: cards.flatMap((left, a) =>
        cards.slice(a + 1).map((right, k) => ({ a, b: a + 1 + k, pairs: paired(left, right) })),
      ),
    },
    'cards, any order': {
      nodes: cards.length,
      draw: random => {
        const [a, b] = two(cards.length, random)
        return { a, b, pairs: paired(shuffled(cards[a], random), shuffled(cards[b], random)) }
      },
    },
    'set against set': {
      nodes: sets.length,
      draw: random => {
        const [a, b] = two(sets.length, random)
        return { a, b, pairs: paired(ofSet(a, random), ofSet(b, random)) }
      },
    },
    'set against card': {
      nodes: sets.length + cards.length,
      draw: random => {
        const [a, b] = [random.below(sets.length), random.below(cards.length)]
        return { a, b: sets.length + b, pairs: paired(ofSet(a, random), shuffled(cards[b], random)) }
      },
    },
  }
  // Two sets share a finger: it is left out on both sides, wherever it came to stand.
  const strangers = ({ pairs, ...rest }) => ({
    ...rest,
    pairs: pairs.filter(([i, j]) => !pairs.some(([other, another]) => same(i, another) || same(other, j))),
  })
  return Object.entries(kinds).map(([name, { nodes, all, draw }]) => ({
    name,
    nodes,
    all: all?.map(strangers),
    draw: draw && (random => strangers(draw(random))),
  }))
}

/** Sums of strangers' fingers, stated against counted, by what is taken off each score first. */
export function reportSums(kinds, score, { draws, seed }) {
  for (const { name, nodes, all, draw } of kinds) {
    const random = newRandom(seed)
    const persons = all ?? Array.from({ length: draws }, () => draw(random))
    const scored = persons.map(({ a, b, pairs }) => ({ a, b, scores: pairs.map(([i, j]) => score(i, j)) }))
    const rows = COUNTS.flatMap(count =>
      SHIFTS.map(shift => {
        const sums = scored.map(({ scores }) => sumOf(scores.slice(0, count), shift))
        return [count, shift, ...statedAgainstCounted(sums, scored, nodes)]
      }),
    )
    console.log(
      `\nstrangers, ${name}: ${whole(scored.length)} pairs of persons, counted / stated (95 % interval of the count)`,
    )
    console.log(formatTable(['fingers', 'off', ...LEVELS, 'highest'], rows))
  }
}

function sumOf(scores, shift) {
  const nats = scores.reduce((sum, each) => sum + Math.max(0, each - shift), 0) / DECIBANS_PER_NAT
  return combinedDecibans(scores.length, nats)
}

function statedAgainstCounted(values, persons, nodes) {
  const pairsOf = new Float64Array(nodes)
  for (const { a, b } of persons) {
    pairsOf[a]++
    pairsOf[b]++
  }
  const cells = LEVELS.map(level => {
    const hits = persons.filter((_, k) => values[k] >= level).map(({ a, b }) => [a, b])
    const stated = values.length * 10 ** (-level / 10)
    const [low, high] = rateInterval95(pairsOf, hits).map(rate => figure(rate * values.length))
    return `${hits.length} / ${figure(stated)} (${low}-${high})`
  })
  return [...cells, values.reduce((most, value) => Math.max(most, value), 0).toFixed(1)]
}

/** So many fingers of one person against all of another by fuse(), all ways of pairing them included. */
export function reportFused(kinds, score, { draws, seed }) {
  const rows = kinds.flatMap(({ name, nodes, all, draw }) => {
    const random = newRandom(seed)
    const persons = all ?? Array.from({ length: draws }, () => draw(random))
    return COUNTS.flatMap(count => {
      const values = { stated: [], unknown: [] }
      for (const { pairs } of persons) {
        const probe = shuffled([...pairs.keys()], random).slice(0, count)
        const scores = probe.map(k => pairs.map(([, j]) => score(pairs[k][0], j)))
        const enrolled = POSITIONS.slice(0, pairs.length)
        const known = probe.map(k => POSITIONS[k])
        values.stated.push(fuse(known, enrolled, scores).score)
        values.unknown.push(
          fuse(
            known.map(() => 0),
            enrolled,
            scores,
          ).score,
        )
      }
      return Object.entries(values).map(([kind, some]) => [
        `${name}, ${count} of ${kind} position`,
        whole(some.length),
        ...statedAgainstCounted(some, persons, nodes),
      ])
    })
  })
  console.log(
    '\nstrangers, whole persons by all ways of pairing their fingers: counted / stated (95 % interval of the count)',
  )
  console.log(formatTable(['persons', 'pairs', ...LEVELS, 'highest'], rows))
}

/** Scores of mates: every two enrolments of each set, of 1 to 10 of the fingers, and with two swapped and one missing. */
export function reportMates({ sets }, score, { draws, seed }) {
  const random = newRandom(seed)
  const cases = {
    '1 finger': { count: 1 },
    '2 fingers': { count: 2 },
    '3 fingers': { count: 3 },
    '4 fingers': { count: 4 },
    '10 fingers': { count: 10 },
    '10, two swapped, one missing': { count: 9, swap: true },
    '4 of unknown position': { count: 4, unknown: true },
    '1 of unknown position': { count: 1, unknown: true },
  }
  const needs = [100, 10_000, 100_000, 1_000_000].flatMap(persons =>
    [0.02, 0.001].map(fpir => ({ persons, fpir, least: scoreOfFpir(fpir, persons) })),
  )
  const rows = Object.entries(cases).map(([name, how]) => {
    const values = []
    for (let d = 0; d < draws; d++) {
      for (const fingers of sets) {
        for (let a = 0; a < 8; a++)
          for (let b = a + 1; b < 8; b++) values.push(mate(fingers, [a, b], how, score, random))
      }
    }
    values.sort((x, y) => x - y)
    const quantiles = [0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].map(share =>
      values[Math.floor(share * values.length)].toFixed(1),
    )
    const missed = needs.map(
      ({ least }) => `${((100 * values.filter(value => value < least).length) / values.length).toFixed(2)} %`,
    )
    return [name, whole(values.length), ...quantiles, ...missed]
  })
  console.log('\nmates: scores that a share of them stays below; share below what an FPIR needs in so many persons')
  console.log(
    formatTable(
      [
        'fingers given of ten',
        'pairs',
        '0.001',
        '0.01',
        '0.02',
        '0.05',
        '0.1',
        '0.2',
        '0.5',
        ...needs.map(({ persons, fpir }) => `${fpir} in ${whole(persons)}`),
      ],
      rows,
    ),
  )
}

function mate(fingers, [a, b], { count, swap, unknown }, score, random) {
  const enrolled = fingers.map(impressions => impressions[a])
  const chosen = shuffled([...enrolled.keys()], random).slice(0, count)
  const probe = chosen.map(k => fingers[k][b])
  const positions = chosen.map(k => (unknown ? 0 : POSITIONS[k]))
  if (swap) [positions[0], positions[1]] = [positions[1], positions[0]]
  return fuse(
    positions,
    enrolled.map((_, k) => POSITIONS[k]),
    probe.map(i => enrolled.map(j => score(i, j))),
  ).score
}
