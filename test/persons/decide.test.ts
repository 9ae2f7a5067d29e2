import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Compared, decide, disagreeing } from '../../dist/persons/decide.js'
import { scoreOfFpir } from '../../dist/score.js'

const pair = (score: number, probe = 0) => ({ probe, enrolled: probe, score, swapped: false })

/** A person whose fingers scored so, with that total. */
function compared(score: number, scores: readonly number[]): Compared {
  const pairs = scores.map((each, i) => pair(each, i))
  return { fusion: { score, kind: 'stated', pairs }, fingerPairs: scores.length, strongest: Math.max(0, ...scores) }
}

const among = { persons: 100_000, targetFpir: 0.001, missRate: 0.001 }

describe('decide', () => {
  it('calls a duplicate what strangers reach no more often than asked for', () => {
    const least = scoreOfFpir(0.001, 100_000)
    expect(least).toBeCloseTo(80, 1)
    expect(decide([compared(least + 0.01, [60, 60])], among)).toEqual({ decision: 'duplicate', reasons: [] })
    expect(decide([compared(least - 0.01, [60, 60])], among)).toEqual({ decision: 'review', reasons: ['near'] })
    expect(decide([compared(60, [45, 45])], among)).toEqual({ decision: 'clear', reasons: [] })
    expect(decide([], among)).toEqual({ decision: 'clear', reasons: [] })
  })

  it('asks for more where fingers disagree', () => {
    const scores = [60, 60, 3, 4]
    expect(disagreeing(scores.map(score => pair(score)))).toBe(2)
    expect(decide([compared(95, scores)], among)).toEqual({ decision: 'review', reasons: ['disagreeing-fingers'] })
    expect(decide([compared(101, scores)], among).decision).toBe('duplicate')
    // Nothing agrees: these are strangers' scores, and speak against nothing.
    expect(disagreeing([3, 4, 9].map(score => pair(score)))).toBe(0)
  })

  it('has one strong finger among strangers looked at', () => {
    expect(decide([compared(40, [100, 3, 3, 3])], among)).toEqual({ decision: 'review', reasons: ['strong-finger'] })
    expect(decide([compared(40, [75, 3, 3, 3])], among).decision).toBe('clear')
  })

  it('does not clear a person of whom too little was seen', () => {
    const blind = { ...among, missRate: 0.2 }
    expect(decide([], blind)).toEqual({ decision: 'review', reasons: ['too-little-to-clear'] })
    expect(decide([compared(90, [60, 60])], blind).decision).toBe('duplicate')
  })

  it('never goes back when the score rises or the target is relaxed', () => {
    const rank = { clear: 0, review: 1, duplicate: 2 }
    const level = fc.double({ min: 0, max: 150, noNaN: true })
    const target = fc.double({ min: 1e-6, max: 0.5, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(level, { minLength: 1, maxLength: 10 }),
        level,
        level,
        target,
        target,
        (scores, a, b, s, t) => {
          const at = (score: number, targetFpir: number) =>
            rank[decide([compared(score, scores)], { ...among, targetFpir }).decision]
          expect(at(Math.max(a, b), s)).toBeGreaterThanOrEqual(at(Math.min(a, b), s))
          expect(at(a, Math.max(s, t))).toBeGreaterThanOrEqual(at(a, Math.min(s, t)))
        },
      ),
    )
  })
})
