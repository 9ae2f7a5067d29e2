import fc from 'fast-check'
import { checkCalibration, formatCalibration, rateInterval95, type SetScores } from 'sidik/evaluate'
import { describe, expect, it } from 'vitest'
import { random as randomSource } from '../support/random-templates.js'

const FINGERS = 300

/** A print each of many fingers, compared with each other; `scoreOf` gives a pair's score. */
function setOf(scoreOf: (first: number, second: number) => number, fingers = FINGERS): SetScores {
  const pairs = Array.from({ length: fingers }, (_, a) => Array.from({ length: a }, (_, b) => [b, a])).flat()
  const nonMated = {
    first: Uint32Array.from(pairs, ([a]) => a),
    second: Uint32Array.from(pairs, ([, b]) => b),
    scores: Float64Array.from(pairs, ([a, b]) => scoreOf(a, b)),
  }
  const mated = { first: new Uint32Array(0), second: new Uint32Array(0), scores: new Float64Array(0) }
  return { fingers, fingerOf: Uint32Array.from({ length: fingers }, (_, i) => i), mated, nonMated }
}

describe('stated and counted false match rates', () => {
  it('agree where scores are drawn as they state', () => {
    const next = randomSource(5)
    const report = checkCalibration([setOf(() => -10 * Math.log10(1 - next()))])
    expect(report.comparisons).toBe((FINGERS * (FINGERS - 1)) / 2)
    expect(report.levels.slice(0, 5).map(({ score }) => score)).toEqual([10, 15, 20, 25, 30])
    expect(report.measuredTo).toBe(35)
    for (const { stated, expected, hits, counted, interval95 } of report.levels) {
      expect(expected).toBeCloseTo(stated * report.comparisons, 9)
      expect(counted).toBe(hits / report.comparisons)
      expect(stated).toBeGreaterThanOrEqual(interval95[0])
      expect(stated).toBeLessThanOrEqual(interval95[1])
    }
  })

  it('are told apart where scores claim twice what they are worth', () => {
    const next = randomSource(6)
    const { levels } = checkCalibration([setOf(() => -20 * Math.log10(1 - next()))])
    for (const { stated, interval95 } of levels.slice(0, 3)) expect(stated).toBeLessThan(interval95[0])
  })

  it('are counted over all sets, and end where nothing could be counted', () => {
    const report = checkCalibration([setOf(() => 12, 3), setOf(() => 0, 4)])
    expect(report).toMatchObject({ comparisons: 9, measuredTo: null })
    expect(report.levels.map(({ score, hits }) => [score, hits])).toEqual([[10, 3]])
    expect(checkCalibration([])).toEqual({ comparisons: 0, measuredTo: null, levels: [] })
  })

  it('end at 100 for an engine whose scores are no decibans', () => {
    expect(checkCalibration([setOf(() => 1e12, 3)]).levels.at(-1)!.score).toBe(100)
  })
})

describe('the interval of a rate among pairs that share fingers', () => {
  it('covers the rate about nineteen times in twenty, also where some fingers are worse than others', () => {
    const next = randomSource(7)
    const fingers = 60
    let covered = 0
    for (let round = 0; round < 400; round++) {
      const bad = Array.from({ length: fingers }, () => 0.04 + 0.3 * next())
      const hits: [number, number][] = []
      for (let a = 0; a < fingers; a++) {
        for (let b = 0; b < a; b++) if (next() < bad[a] * bad[b]) hits.push([a, b])
      }
      const [low, high] = rateInterval95(new Array(fingers).fill(fingers - 1), hits)
      const rate = 0.19 ** 2
      if (low <= rate && rate <= high) covered++
    }
    expect(covered / 400).toBeGreaterThan(0.88)
    expect(covered / 400).toBeLessThan(0.99)
  })

  it('holds the rate, within 0 and 1, and is never narrower than a count of independent pairs', () => {
    const pair = fc.tuple(fc.nat(9), fc.nat(9)).filter(([a, b]) => a !== b)
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 45 }), hits => {
        const [low, high] = rateInterval95(new Array(10).fill(9), hits)
        const rate = hits.length / 45
        expect(low).toBeGreaterThan(0)
        expect(low).toBeLessThan(rate)
        expect(high).toBeCloseTo(Math.min(1, rate ** 2 / low), 9)
        expect(low).toBeLessThanOrEqual(rate * Math.exp(-1.95 / Math.sqrt(hits.length)))
      }),
    )
  })

  it('says of no hit what it can, and nothing of no pair', () => {
    expect(rateInterval95([100, 100], [])).toEqual([0, 0.0369])
    expect(rateInterval95([], [])).toEqual([0, 1])
  })
})

describe('a calibration as text', () => {
  it('says what was counted, and how far it is a measurement', () => {
    const next = randomSource(8)
    const text = formatCalibration(checkCalibration([setOf(() => -10 * Math.log10(1 - next()))]))
    expect(text).toMatch(/^ *score +stated +counted +95 % interval/m)
    expect(text).toMatch(/^ *20 +0\.010 +0\.0\d+ +0\.0\d+ to 0\.01\d* +\d+ \/ 448\.5$/m)
    expect(text).toContain('measured up to score 35 (of 44850 non-mated pairs')
    expect(formatCalibration({ comparisons: 9, measuredTo: null, levels: [] })).toContain(
      '9 non-mated pairs are too few',
    )
  })
})
