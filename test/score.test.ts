import fc from 'fast-check'
import { fmrOfScore, scoreOfFmr } from 'sidik'
import { describe, expect, it } from 'vitest'
import { fpirOf, namedScore, scoreOfFpir } from '../dist/score.js'

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

describe('fpirOf', () => {
  it('is 1 - (1 - FMR)^N, exact where that is tiny', () => {
    expect(fpirOf(30, 1)).toBeCloseTo(0.001, 12)
    expect(fpirOf(30, 1_000)).toBeCloseTo(1 - 0.999 ** 1_000, 12)
    expect(fpirOf(200, 1e6) / 1e-14).toBeCloseTo(1, 6)
    expect([fpirOf(0, 5), fpirOf(0, 0), fpirOf(50, 0)]).toEqual([1, 0, 0])
  })

  it('is undone by scoreOfFpir', () => {
    const rate = fc.double({ min: 1e-6, max: 0.9, noNaN: true })
    fc.assert(
      fc.property(rate, fc.integer({ min: 1, max: 1e8 }), (fpir, searched) => {
        expect(fpirOf(scoreOfFpir(fpir, searched), searched) / fpir).toBeCloseTo(1, 6)
      }),
    )
    expect([scoreOfFpir(1, 10), scoreOfFpir(0.5, 0)]).toEqual([0, 0])
  })
})

describe('the threshold that a caller names', () => {
  it('is the score, or that of the rate of one comparison, or none', () => {
    expect(namedScore({ minScore: 12 })).toBe(12)
    expect(namedScore({ targetFmr: 0.01 })).toBe(20)
    expect(namedScore({})).toBeUndefined()
  })

  it('is refused where it is none', () => {
    expect(() => namedScore({ minScore: Number.NaN })).toThrow(/^minScore is NaN/)
    expect(() => namedScore({ minScore: -1 })).toThrow(
      new RangeError('minScore is -1, must be 0 or above: no score is below 0'),
    )
    expect(() => namedScore({ minScore: '4' as never })).toThrow(TypeError)
    expect(() => namedScore({ targetFmr: 2 })).toThrow(/^targetFmr is 2/)
  })

  it('is finite for the least rate that can be asked for', () => {
    expect(Number.isFinite(scoreOfFpir(5e-324, 1_000_000))).toBe(true)
  })
})
