import fc from 'fast-check'
import { countErrors, errorRates } from 'sidik/evaluate'
import { describe, expect, it } from 'vitest'

/** Few distinct values, so that ties are frequent. */
const scores = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 40 })

/** The definitions, word by word. */
function naive(mated: number[], nonMated: number[]) {
  const all = [...mated, ...nonMated]
  const thresholds = [...new Set([...all, Math.max(...all) + 1])].sort((a, b) => a - b)
  const points = thresholds.map(threshold => ({
    threshold,
    fnmr: mated.filter(score => score < threshold).length / mated.length,
    fmr: nonMated.filter(score => score >= threshold).length / nonMated.length,
  }))
  const lowest = (limit: number) => Math.min(...points.filter(p => p.fmr <= limit).map(p => p.fnmr))
  const gap = Math.min(...points.map(p => Math.abs(p.fnmr - p.fmr)))
  const eers = points.filter(p => Math.abs(p.fnmr - p.fmr) <= gap + 1e-12).map(p => (p.fnmr + p.fmr) / 2)
  return { eers, fmr100: lowest(0.01), fmr1000: lowest(0.001), zeroFmr: lowest(0) }
}

describe('errorRates', () => {
  it('is 0 everywhere when the scores are apart', () => {
    expect(errorRates([5, 6, 7], [1, 2])).toEqual({
      mated: 3,
      nonMated: 2,
      eer: 0,
      fmr100: 0,
      fmr1000: 0,
      fmr10000: null,
      fmr100000: null,
      zeroFmr: 0,
      thresholds: { eer: 5, fmr100: 5, fmr1000: 5, fmr10000: null, fmr100000: null, zeroFmr: 5 },
    })
  })

  it('agrees with a count by hand', () => {
    // t = 3: mated below: 1 of 4; non-mated at or above: 3, 5 of 5 -> 0.25 and 0.4; t = 4: 0.25 and 0.2; t = 6: 0.5 and 0
    const rates = errorRates([1, 4, 6, 7], [0, 1, 2, 3, 5])
    expect(rates.eer).toBeCloseTo(0.225, 15)
    expect(rates).toMatchObject({ fmr100: 0.5, zeroFmr: 0.5, thresholds: { eer: 4, zeroFmr: 6 } })
  })

  it('takes a score equal to the threshold as a match', () => {
    expect(errorRates([3], [3])).toMatchObject({ eer: 0.5, zeroFmr: 1, thresholds: { eer: 3, zeroFmr: 4 } })
  })

  it('gives a random comparer its half', () => {
    expect(errorRates([0, 0, 0], [0, 0])).toMatchObject({ eer: 0.5, fmr100: 1, fmr1000: 1, zeroFmr: 1 })
  })

  it('allows exactly 1 % and exactly 0.1 %', () => {
    const nonMated = Array.from({ length: 1000 }, (_, k) => k)
    const rates = errorRates([989, 990, 998, 999, 1000], nonMated)
    // 990 to 999 are ten of 1,000, 999 is one
    expect(rates).toMatchObject({ fmr100: 1 / 5, fmr1000: 3 / 5, zeroFmr: 4 / 5 })
    expect(rates.thresholds).toMatchObject({ fmr100: 990, fmr1000: 999, zeroFmr: 1000 })
  })

  it('counts 0.01 % and 0.001 % where ten false matches make them', () => {
    const of = (count: number) => Array.from({ length: count }, (_, k) => k)
    const mated = [99_989, 99_990, 99_998, 99_999, 100_000]
    expect(errorRates(mated, of(99_999))).toMatchObject({ fmr10000: null, fmr100000: null })
    const rates = errorRates(mated, of(100_000))
    expect(rates).toMatchObject({ fmr10000: 1 / 5, fmr100000: null })
    expect(rates.thresholds).toMatchObject({ fmr10000: 99_990, fmr100000: null })
    expect(errorRates([999_989, 999_990], of(1_000_000))).toMatchObject({ fmr10000: 0, fmr100000: 1 / 2 })
  })

  it('has no rates without mated or without non-mated scores', () => {
    const rates = { eer: null, fmr100: null, fmr1000: null, fmr10000: null, fmr100000: null, zeroFmr: null }
    const none = { ...rates, thresholds: null }
    expect(errorRates([], [1])).toEqual({ mated: 0, nonMated: 1, ...none })
    expect(errorRates([1], [])).toEqual({ mated: 1, nonMated: 0, ...none })
  })

  it.each([Number.NaN, Infinity, -Infinity])('refuses the score %s', score => {
    expect(() => errorRates([1, score, 2], [0])).toThrow(/mated/)
    expect(() => errorRates([1], [0, score, -1])).toThrow(/nonMated/)
  })

  it('is what the definitions say', () => {
    fc.assert(
      fc.property(scores, scores, (mated, nonMated) => {
        const expected = naive(mated, nonMated)
        const rates = errorRates(mated, nonMated)
        expect(expected.eers.some(eer => Math.abs(eer - rates.eer!) < 1e-12)).toBe(true)
        expect([rates.fmr100, rates.fmr1000, rates.zeroFmr]).toEqual([
          expected.fmr100,
          expected.fmr1000,
          expected.zeroFmr,
        ])
      }),
      { numRuns: 300 },
    )
  })

  it('does not depend on the order or the scale of the scores', () => {
    fc.assert(
      fc.property(scores, scores, (mated, nonMated) => {
        const { thresholds: _, ...rates } = errorRates(mated, nonMated)
        const stretched = (list: number[]) => list.map(score => score ** 3 / 7 - 20).reverse()
        expect(errorRates(stretched(mated), stretched(nonMated))).toMatchObject(rates)
      }),
    )
  })

  it('orders the rates: a stricter FMR costs FNMR', () => {
    fc.assert(
      fc.property(scores, scores, (mated, nonMated) => {
        const { fmr100, fmr1000, zeroFmr } = errorRates(mated, nonMated)
        expect(fmr100!).toBeLessThanOrEqual(fmr1000!)
        expect(fmr1000!).toBeLessThanOrEqual(zeroFmr!)
      }),
    )
  })

  it('never gets worse when a mated score rises', () => {
    fc.assert(
      fc.property(scores, scores, fc.nat(), (mated, nonMated, pick) => {
        const before = errorRates(mated, nonMated)
        const raised = mated.map((score, k) => (k === pick % mated.length ? score + 5 : score))
        const after = errorRates(raised, nonMated)
        expect(after.zeroFmr!).toBeLessThanOrEqual(before.zeroFmr!)
        expect(after.fmr100!).toBeLessThanOrEqual(before.fmr100!)
      }),
    )
  })
})

describe('countErrors', () => {
  it('has FNMR rising from 0 and FMR falling to 0 along the thresholds', () => {
    fc.assert(
      fc.property(scores, scores, (mated, nonMated) => {
        const { thresholds, falseNonMatches, falseMatches } = countErrors(mated, nonMated)
        const last = thresholds.length - 1
        expect([falseNonMatches[0], falseMatches[0]]).toEqual([0, nonMated.length])
        expect([falseNonMatches[last], falseMatches[last]]).toEqual([mated.length, 0])
        for (let k = 1; k <= last; k++) {
          expect(thresholds[k]).toBeGreaterThan(thresholds[k - 1])
          expect(falseNonMatches[k]).toBeGreaterThanOrEqual(falseNonMatches[k - 1])
          expect(falseMatches[k]).toBeLessThanOrEqual(falseMatches[k - 1])
        }
      }),
    )
  })

  it('leaves the lists it was given as they were', () => {
    const mated = new Float64Array([3, 1, 2])
    countErrors(mated, [2, 0])
    expect([...mated]).toEqual([3, 1, 2])
  })
})
