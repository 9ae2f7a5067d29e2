/**
 * One template of several fingers: how much it matches, which bounds refuse it, and that no honest
 * print is refused.
 *
 *   node bench/union-templates.js --real DIR [--cards DIR] [--more DIR]... [--draws N]
 *     [--cache DIR]
 *
 * DIR of --real has sets of <finger>_<impression> files, of --cards rolled prints, ten of a person
 * one after the other, of --more any prints. Minutiae of other extractors are read from where
 * bench/peer-prints.js finds them, where they are. Scores are those of the template with another
 * impression of each finger; the least counts.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Matcher } from '../dist/core/matcher.js'
import { decodeTemplate } from '../dist/formats/index.js'
import { loadCore } from '../dist/node/core-file.js'
import { SAME_FINGER_SCORE } from '../dist/same-finger.js'
import { syntheticTemplate } from '../dist/synthesize/index.js'
import { implausibility } from '../dist/template/plausible.js'
import { EXTRACTORS, hasSet, readSet, SETS } from './peer-prints.js'
import { calibrationPrints } from './support/calibration-prints.js'
import { formatTable } from './support/table.js'
import { randomSource } from './support/templates.js'

const { values } = parseArgs({
  options: {
    real: { type: 'string' },
    cards: { type: 'string' },
    more: { type: 'string', multiple: true, default: [] },
    draws: { type: 'string', default: '200' },
    cache: { type: 'string', default: 'out/persons' },
  },
})

const CODE_BYTES = 16
/** Bounds that an attacker who knows them keeps to (src/template/plausible.ts). */
const KNOWN = { most: 200, within50: 26, within100: 65, apartPx: 4 }

const matcher = new Matcher(loadCore())
const real = (await calibrationPrints({ real: values.real }, values)).map(decoded)
const groups = { 'plain prints': real }
const cards = values.cards === undefined ? [] : await othersIn(values.cards, 'cards')
if (cards.length > 0) groups['rolled prints'] = cards
for (const [i, folder] of values.more.entries()) groups[`more prints ${i + 1}`] = await othersIn(folder, `more-${i}`)
groups['synthetic templates'] = Array.from({ length: 20_000 }, (_, i) =>
  decoded({ template: syntheticTemplate(99, i) }),
)
for (const extractor of EXTRACTORS) {
  const present = SETS.filter(set => hasSet(extractor, set))
  groups[extractor] = present.flatMap(set => readSet(extractor, set).map(contents => ({ contents })))
}
const honest = Object.entries(groups).map(([name, prints]) => [
  name,
  prints.length,
  Math.max(...prints.map(({ contents }) => contents.minutiae.length)),
  prints.filter(({ contents }) => implausibility(contents) !== undefined).length,
])
console.log(formatTable(['honest prints', 'count', 'most minutiae', 'refused'], honest))

const { pairs, over } = cardPairs(cards)
console.log(`  ${pairs} pairs of fingers of one card: ${over} score ${SAME_FINGER_SCORE} or more`)

const random = randomSource(1)
const sets = [...new Set(real.map(({ set }) => set))]
const found = {}
for (let draw = 0; draw < Number(values.draws); draw++) {
  const ofSet = real.filter(({ set }) => set === sets[draw % sets.length])
  const fingers = [...new Set(ofSet.map(({ finger }) => finger))]
  const four = shuffled(fingers).slice(0, 4)
  const impressions = four.map(finger => ofSet.filter(print => print.finger === finger))
  const coded = impressions.map(([first]) => centred(codedOf(first.contents)))
  const mates = impressions.map(([, second]) => second.contents)
  for (const [name, template, count] of constructions(coded)) {
    const contents = contentsOf(template, real[0].contents)
    const least = Math.min(...mates.slice(0, count).map(mate => matcher.match(contents, mate)))
    found[name] ??= []
    found[name].push({ least, refused: implausibility(contents) !== undefined })
  }
}
const rows = Object.entries(found).map(([name, list]) => {
  const rest = list.filter(({ refused }) => !refused).map(({ least }) => least)
  return [
    name,
    list.length,
    median(list.map(({ least }) => least)),
    list.filter(({ least }) => least >= 100).length,
    list.length - rest.length,
    rest.length === 0 ? '-' : median(rest),
    rest.filter(least => least >= 100).length,
  ]
})
const header = [
  'construction',
  'made',
  'least score, median',
  '100 on all',
  'refused',
  'rest: median',
  'rest: 100 on all',
]
console.log(formatTable(header, rows))

/** Templates of several fingers: how each is made, its minutiae, and how many fingers are in it. */
function* constructions(coded) {
  for (const count of [2, 3, 4]) yield [`${count} laid over each other`, coded.slice(0, count).flat(), count]
  for (const count of [2, 4]) {
    yield [
      `best ${60 / count} minutiae of each of ${count}`,
      coded.slice(0, count).flatMap(list => best(list, 60 / count)),
      count,
    ]
    yield [`${count}, thinned to the bounds`, withinBounds(coded.slice(0, count)), count]
  }
  yield ['4 side by side', coded.flatMap((list, i) => movedTo(list, i, 360, 480)), 4]
  yield ['densest 150 x 180 px of 4, side by side', coded.flatMap((list, i) => movedTo(densest(list), i, 170, 200)), 4]
}

async function othersIn(folder, name) {
  return (await calibrationPrints({ rolled: folder }, { cache: join(values.cache, name) })).map(decoded)
}

function decoded(print) {
  return { ...print, contents: decodeTemplate(print.template) }
}

function codedOf({ minutiae, learnedCodes }) {
  return minutiae.map((minutia, i) => ({
    ...minutia,
    code: learnedCodes.bits.subarray(CODE_BYTES * i, CODE_BYTES * (i + 1)),
  }))
}

function contentsOf(coded, like) {
  const kept = coded.slice(0, 255)
  return {
    ...like,
    widthPx: 2_000,
    heightPx: 2_000,
    minutiae: kept.map(({ code, ...minutia }) => minutia),
    learnedCodes: { ...like.learnedCodes, bits: Uint8Array.from(kept.flatMap(({ code }) => [...code])) },
  }
}

function best(list, count) {
  return [...list].sort((a, b) => b.quality - a.quality).slice(0, count)
}

/** Minutiae of all in turn, the best first, as long as no bound is broken. */
function withinBounds(coded) {
  const ordered = coded.map(list => best(list, list.length))
  const turns = Array.from({ length: 200 }, (_, i) => ordered.flatMap(list => list[i] ?? [])).flat()
  const kept = []
  for (const next of turns) {
    if (kept.length === KNOWN.most || kept.some(other => apart(other, next) < KNOWN.apartPx)) continue
    const all = [...kept, next]
    const near = all.filter(other => apart(other, next) <= 100)
    const within = (from, px) => all.filter(other => apart(other, from) <= px).length
    if (near.some(each => within(each, 50) > KNOWN.within50 || within(each, 100) > KNOWN.within100)) continue
    kept.push(next)
  }
  return kept
}

function densest(list) {
  const round = centre =>
    list.filter(({ xPx, yPx }) => Math.abs(xPx - centre.xPx) <= 75 && Math.abs(yPx - centre.yPx) <= 90)
  return list.map(round).sort((a, b) => b.length - a.length)[0]
}

/** Moves minutiae into the i-th place of two columns. */
function movedTo(list, i, acrossPx, downPx) {
  const left = Math.min(...list.map(({ xPx }) => xPx)) - (i % 2) * acrossPx
  const top = Math.min(...list.map(({ yPx }) => yPx)) - (i >> 1) * downPx
  return list.map(minutia => ({ ...minutia, xPx: minutia.xPx - left, yPx: minutia.yPx - top }))
}

function centred(list) {
  const middle = of => (Math.min(...list.map(of)) + Math.max(...list.map(of))) / 2
  const [x, y] = [middle(({ xPx }) => xPx), middle(({ yPx }) => yPx)]
  return list.map(minutia => ({
    ...minutia,
    xPx: Math.round(minutia.xPx - x + 1_000),
    yPx: Math.round(minutia.yPx - y + 1_000),
  }))
}

/**
 * Fingers of one card, ten prints one after the other: pairs, and how many the check would take for
 * one finger.
 */
function cardPairs(prints) {
  let [pairs, over] = [0, 0]
  for (let card = 0; card + 10 <= prints.length; card += 10) {
    for (let a = card; a < card + 10; a++) {
      for (let b = card; b < a; b++) {
        pairs++
        if (matcher.match(prints[a].contents, prints[b].contents) >= SAME_FINGER_SCORE) over++
      }
    }
  }
  return { pairs, over }
}

function shuffled(list) {
  return list
    .map(each => [random(), each])
    .sort(([a], [b]) => a - b)
    .map(([, each]) => each)
}

function apart(a, b) {
  return Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx)
}

function median(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)].toFixed(1)
}
