import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combinedDecibans } from '../../dist/persons/fisher.js'
import { Random } from '../../dist/random.js'
import { DECIBANS_PER_NAT } from '../../dist/score.js'

/** Numerator and denominator of sum_{j<k} x^j / j! for a whole x: exact. */
function exactSum(count: number, x: bigint): [bigint, bigint] {
  let factorial = 1n
  for (let j = 2n; j < count; j++) factorial *= j
  let sum = 0n
  let term = factorial
  for (let j = 0n; j < count; j++) {
    sum += term
    term = (term * x) / (j + 1n)
  }
  return [sum, factorial]
}

describe('combinedDecibans', () => {
  it('is the score itself for one comparison', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 300, noNaN: true }), score => {
        expect(combinedDecibans(1, score / DECIBANS_PER_NAT)).toBeCloseTo(score, 9)
      }),
    )
  })

  it('agrees with the exact finite sum, far out and near the mean', () => {
    for (const count of [2, 3, 5, 10, 20]) {
      for (const x of [1n, 2n, 5n, 10n, 30n, 100n, 300n]) {
        const [sum, factorial] = exactSum(count, x)
        const digits = 10n ** 18n
        const share = Number((sum * digits) / factorial) / 1e18
        const exact = DECIBANS_PER_NAT * (Number(x) - Math.log(share))
        const found = combinedDecibans(count, Number(x))
        expect(Math.abs(found - exact), `${count} comparisons, ${x} nats`).toBeLessThan(1e-9 * Math.max(1, exact))
      }
    }
  })

  it('agrees with quantiles of chi-square in published tables', () => {
    // Chi-square with 2 k degrees of freedom: 5.991 and 9.488 at 0.05 for 2 and 4, 37.566 at 0.01 for 20, 45.315 at 0.001.
    expect(combinedDecibans(1, 5.9915 / 2)).toBeCloseTo(-10 * Math.log10(0.05), 3)
    expect(combinedDecibans(2, 9.4877 / 2)).toBeCloseTo(-10 * Math.log10(0.05), 3)
    expect(combinedDecibans(10, 37.5662 / 2)).toBeCloseTo(20, 3)
    expect(combinedDecibans(10, 45.3147 / 2)).toBeCloseTo(30, 3)
  })

  it('has its digits where hardly anything speaks for a match', () => {
    // Q(10, 0.01) = 1 - 0.01^10 / 10! to within one part in 100.
    expect(combinedDecibans(10, 0.01) / ((DECIBANS_PER_NAT * 1e-20) / 3_628_800)).toBeCloseTo(1, 1)
  })

  it('rises with the evidence, falls with the comparisons that it took, and is 0 without any', () => {
    const nats = fc.double({ min: 0, max: 500, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), nats, nats, (count, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        expect(combinedDecibans(count, high)).toBeGreaterThanOrEqual(combinedDecibans(count, low))
        expect(combinedDecibans(count + 1, a)).toBeLessThanOrEqual(combinedDecibans(count, a))
        expect(combinedDecibans(count, a)).toBeGreaterThanOrEqual(0)
      }),
    )
    expect([combinedDecibans(0, 5), combinedDecibans(7, 0)]).toEqual([0, 0])
  })

  it('is reached by the stated share of sums of exponential draws', () => {
    const random = new Random(4)
    const draws = 200_000
    for (const count of [2, 4, 10]) {
      const scores = Float64Array.from({ length: draws }, () => {
        let nats = 0
        for (let j = 0; j < count; j++) nats -= Math.log(1 - random.uniform())
        return combinedDecibans(count, nats)
      })
      for (const level of [3, 10, 20, 30]) {
        const expected = draws * 10 ** (-level / 10)
        const counted = scores.filter(score => score >= level).length
        // Four standard deviations of a binomial count.
        expect(Math.abs(counted - expected)).toBeLessThan(4 * Math.sqrt(expected))
      }
    }
  })
})
