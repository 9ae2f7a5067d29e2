import fc from 'fast-check'
import { fmrOfScore, scoreOfFmr } from 'sidik'
import { describe, expect, it } from 'vitest'
import { leastScore } from '../dist/score.js'

describe('scores and false match rates', () => {
  it.each([
    [1, 0],
    [0.1, 10],
    [0.001, 30],
    [1e-6, 60],
  ])('a rate of %d is a score of %d, and the other way', (fmr, score) => {
    expect(scoreOfFmr(fmr)).toBeCloseTo(score, 10)
    expect(fmrOfScore(score)).toBeCloseTo(fmr, 15)
  })

  it('are each the other, over all that a score can be', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3000, noNaN: true }), score => {
        expect(scoreOfFmr(fmrOfScore(score))).toBeCloseTo(score, 6)
      }),
    )
  })

  it('have no rate above 1 and no negative zero', () => {
    expect(fmrOfScore(-5)).toBe(1)
    expect(scoreOfFmr(1)).toBe(0)
  })

  it('refuse what is none', () => {
    for (const fmr of [0, -0.1, 1.001, Number.NaN, Infinity]) expect(() => scoreOfFmr(fmr)).toThrow(RangeError)
    expect(() => scoreOfFmr('0.1' as never)).toThrow(new TypeError('fmr must be a number, not string'))
    expect(() => fmrOfScore(Number.NaN)).toThrow(RangeError)
    expect(() => fmrOfScore(null as never)).toThrow(TypeError)
  })
})

describe('the least score that is asked for', () => {
  it('is the one given, the one of the rate given, or the usual one', () => {
    expect(leastScore({ minScore: 12 }, 7)).toBe(12)
    expect(leastScore({ targetFmr: 0.01 }, 7)).toBe(20)
    expect(leastScore({}, 7)).toBe(7)
  })

  it('is never given twice', () => {
    expect(() => leastScore({ minScore: 20, targetFmr: 0.01 }, 7)).toThrow(TypeError)
    expect(() => leastScore({ targetFmr: 2 }, 7)).toThrow(/^targetFmr is 2/)
  })
})
