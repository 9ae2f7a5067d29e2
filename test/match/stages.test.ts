import type { Minutia } from 'sidik'
import { describe, expect, it } from 'vitest'
import { CORE_TARGETS } from '../core-targets.js'
import { countBits, MatchLab, moved } from '../support/match-lab.js'
import { random, randomMinutiae } from '../support/random-templates.js'

/** Of assembly/parameters.ts. */
const RELAX_OWN = 0.5
const RELAX_ROUNDS = 5
const AGREEMENT_PX = 9
const AGREEMENT_RAD = (19.56 * Math.PI) / 128
const MIN_CELLS = 16

const whole = (minutiae: readonly Minutia[]) =>
  minutiae.map(m => ({ ...m, xPx: Math.round(m.xPx), yPx: Math.round(m.yPx) }))

/** -pi to pi. */
const wrapped = (angle: number) => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI))
const bump = (u: number) => Math.max(0, 1 - u * u) ** 2

/** How well two pairs of minutiae agree, with exact angles. */
function agreement([a1, b1]: readonly [Minutia, Minutia], [a2, b2]: readonly [Minutia, Minutia]): number {
  if (a1 === a2 || b1 === b2) return 0
  const line = (p: Minutia, q: Minutia) => [q.xPx - p.xPx, p.yPx - q.yPx]
  const [ax, ay] = line(a1, a2)
  const [bx, by] = line(b1, b2)
  const turn = wrapped(b1.directionRad - a1.directionRad - b2.directionRad + a2.directionRad)
  const stretch = Math.hypot(ax, ay) - Math.hypot(bx, by)
  const bearing = Math.atan2(by, bx) - Math.atan2(ay, ax)
  const seen = (a: Minutia, b: Minutia) => {
    const off = wrapped(bearing - (b.directionRad - a.directionRad))
    return Math.abs(off) < Math.PI / 2 ? bump(off / AGREEMENT_RAD) : 0
  }
  return (bump(turn / AGREEMENT_RAD) * bump(stretch / AGREEMENT_PX) * (seen(a1, b1) + seen(a2, b2))) / 2
}

describe.each(CORE_TARGETS)('codeSimilarities ($target)', ({ module }) => {
  const lab = new MatchLab(module)

  it('counts what a plain loop over single bits counts', () => {
    const a = randomMinutiae(random(1), 45)
    const b = [...randomMinutiae(random(2), 38), { ...a[0], xPx: 9000 }]
    const [recordA, recordB] = [lab.record(a), lab.record(b)]
    const [codesA, codesB] = [lab.codes(recordA), lab.codes(recordB)]
    const out = lab.reserve(4 * a.length * b.length)
    lab.core.codeSimilarities(recordA, recordB, out)
    const found = lab.floats(out, a.length * b.length)
    const bit = (bits: Uint8Array, minutia: number, k: number) => (bits[16 * minutia + (k >> 3)] >> (k & 7)) & 1
    let compared = 0
    for (let i = 0; i < a.length; i++) {
      for (let j = 0; j < b.length; j++) {
        const cells = codesA.masks[i] & codesB.masks[j]
        let [setA, setB, differ] = [0, 0, 0]
        for (let k = 0; k < 128; k++) {
          if (!((cells >>> (k % 32)) & 1)) continue
          const [p, q] = [bit(codesA.bits, i, k), bit(codesB.bits, j, k)]
          setA += p
          setB += q
          differ += p ^ q
        }
        const comparable = countBits(cells) >= MIN_CELLS && setA + setB > 0
        const expected = comparable ? 1 - Math.sqrt(differ) / (Math.sqrt(setA) + Math.sqrt(setB)) : -1
        expect(Math.abs(found[i * b.length + j] - expected), `${i}, ${j}`).toBeLessThan(1e-6)
        if (comparable) compared++
      }
    }
    expect(compared).toBeGreaterThan(1000)
    expect(compared).toBeLessThan(a.length * b.length)
  })
})

describe.each(CORE_TARGETS)('relax ($target)', ({ module }) => {
  const lab = new MatchLab(module)
  const next = random(11)
  const a = randomMinutiae(next, 24)
  const b = whole(moved(a, 30, 17, -9))

  /** Relaxes pairs of indices that all begin at `similarity`. */
  function relaxed(pairs: readonly (readonly [number, number])[], similarity = 0.5, minutiae = 24) {
    const { core, scratch } = lab
    lab.clear()
    core.unpackPoints(lab.record(a), scratch + core.COMPARE_POINTS_A.value)
    core.unpackPoints(lab.record(b), scratch + core.COMPARE_POINTS_B.value)
    lab.words(scratch + core.COMPARE_PAIRS.value, pairs.length).set(pairs.map(([i, j]) => (i << 8) | j))
    lab.floats(scratch + core.COMPARE_INITIAL.value, pairs.length).fill(similarity)
    const mean = core.relax(pairs.length, minutiae, scratch)
    const levels = [...lab.floats(scratch + core.COMPARE_LEVEL.value, pairs.length)]
    const seeds = [...lab.words(scratch + core.COMPARE_SEEDS.value, Math.min(8, pairs.length))]
    return { mean, levels, seeds: seeds.map(seed => [seed >> 8, seed & 255]) }
  }

  const truth = Array.from({ length: 12 }, (_, i) => [i, i] as const)
  const wrong = Array.from({ length: 12 }, (_, i) => [i, 12 + ((5 * i) % 12)] as const)

  it('lifts pairs that agree above those that do not, and makes seeds of them', () => {
    const mixed = truth.flatMap((pair, i) => [wrong[i], pair])
    const { levels, seeds } = relaxed(mixed)
    const lowestTrue = Math.min(...levels.filter((_, k) => k % 2 === 1))
    const highestWrong = Math.max(...levels.filter((_, k) => k % 2 === 0))
    expect(lowestTrue).toBeGreaterThan(2 * highestWrong)
    expect(seeds).toHaveLength(8)
    expect(seeds.every(([i, j]) => i === j)).toBe(true)
  })

  it('computes what five rounds in plain TypeScript compute', () => {
    const pairs = [...truth, ...wrong, ...truth.map(([i]) => [i, (i + 1) % 24] as const)]
    const both = pairs.map(([i, j]) => [a[i], b[j]] as const)
    let levels = pairs.map(() => 0.5)
    for (let round = 0; round < RELAX_ROUNDS; round++) {
      levels = levels.map((level, t) => {
        const support = levels.reduce((sum, other, k) => sum + (k === t ? 0 : agreement(both[t], both[k]) * other), 0)
        return RELAX_OWN * level + ((1 - RELAX_OWN) * support) / 23
      })
    }
    // The core's arc tangent is an approximation.
    relaxed(pairs).levels.forEach((level, k) => {
      expect(Math.abs(level - levels[k]), `pair ${k}`).toBeLessThan(0.003)
    })
  })

  it('leaves a pair that nothing supports what its own share leaves', () => {
    const { mean, levels } = relaxed([[3, 3]], 0.8)
    expect(levels[0]).toBeCloseTo(0.8 * RELAX_OWN ** RELAX_ROUNDS, 6)
    // Nine to eleven pairs are wanted of a print of 24 minutiae: those that are missing count as nothing.
    expect(mean).toBeLessThan(levels[0] / 8)
  })

  it('counts each minutia once in the mean', () => {
    const once = relaxed(truth.slice(0, 4))
    const crowded = relaxed([...truth.slice(0, 4), [0, 1], [1, 2], [2, 3], [3, 0]])
    expect(crowded.mean).toBeLessThan(1.05 * once.mean)
  })
})

describe.each(CORE_TARGETS)('alignFrom ($target)', ({ module }) => {
  const lab = new MatchLab(module)

  it('finds the motion from any true pair, and pairs every minutia with its own', () => {
    const a = randomMinutiae(random(21), 30)
    for (const turn of [0, 40, 100, 128, 250]) {
      lab.clear()
      const { core, scratch } = lab
      const b = whole(moved(a, turn, 25, -14))
      const [recordA, recordB] = [lab.record(a), lab.record(b)]
      core.unpackPoints(recordA, scratch + core.COMPARE_POINTS_A.value)
      core.unpackPoints(recordB, scratch + core.COMPARE_POINTS_B.value)
      core.codeSimilarities(recordA, recordB, scratch + core.COMPARE_SIMILARITY.value)
      for (const seed of [0, 13, 29]) {
        const count = core.alignFrom((seed << 8) | seed, false, scratch)
        const matched = scratch + core.COMPARE_MATCHED.value
        const [c, s, tx, ty] = lab.floats(matched, 4)
        expect(c).toBeCloseTo(Math.cos((turn * Math.PI) / 128), 2)
        expect(s).toBeCloseTo(Math.sin((turn * Math.PI) / 128), 2)
        a.forEach((minutia, i) => {
          const x = c * minutia.xPx + s * minutia.yPx + tx
          const y = c * minutia.yPx - s * minutia.xPx + ty
          expect(Math.hypot(x - b[i].xPx, y - b[i].yPx), `minutia ${i}, turn ${turn}`).toBeLessThan(1)
        })
        const pairs = Array.from({ length: count }, (_, k) => lab.words(matched + 28 + 8 * k, 1)[0])
        expect(pairs.map(pair => pair >> 8).sort((p, q) => p - q)).toEqual(a.map((_, i) => i))
        expect(pairs.every(pair => pair >> 8 === (pair & 255))).toBe(true)
      }
    }
  })

  it.each([100, 255])('takes the strongest first of all that fall together, of %i minutiae that crowd', count => {
    lab.clear()
    const { core, scratch } = lab
    const next = random(count)
    // All within reach of each other, and pointing one way.
    const crowd = () =>
      whole(randomMinutiae(next, count)).map(m => ({ ...m, xPx: m.xPx % 31, yPx: m.yPx % 29, directionRad: 0 }))
    const [recordA, recordB] = [lab.record(crowd()), lab.record(crowd())]
    core.unpackPoints(recordA, scratch + core.COMPARE_POINTS_A.value)
    core.unpackPoints(recordB, scratch + core.COMPARE_POINTS_B.value)
    core.codeSimilarities(recordA, recordB, scratch + core.COMPARE_SIMILARITY.value)
    const paired = core.alignFrom(0, false, scratch)
    const close = Array.from({ length: 1_024 }, (_, k) => scratch + core.COMPARE_CLOSE.value + 8 * k)
      .map(at => ({ evidence: lab.floats(at, 1)[0], pair: lab.words(at + 4, 1)[0] }))
      .filter(({ evidence }) => evidence > 0)
    expect(close.length).toBe(1_024)
    const strongest = [...close].sort((p, q) => q.evidence - p.evidence || p.pair - q.pair)
    expect(close).toEqual(strongest)
    const [usedA, usedB] = [new Set<number>(), new Set<number>()]
    const greedy = strongest.filter(({ pair }) => {
      if (usedA.has(pair >> 8) || usedB.has(pair & 255)) return false
      usedA.add(pair >> 8)
      usedB.add(pair & 255)
      return true
    })
    const matched = scratch + core.COMPARE_MATCHED.value
    const pairs = Array.from({ length: paired }, (_, k) => lab.words(matched + 28 + 8 * k, 1)[0])
    expect(pairs).toEqual(greedy.map(({ pair }) => pair))
  })
})
