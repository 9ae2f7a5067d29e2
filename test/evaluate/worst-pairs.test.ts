import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extremePairs } from '../../dist/evaluate/worst-pairs.js'

const prints = ['a', 'b', 'c'].map((file, k) => ({ file, path: file, finger: k, impression: 1 }))
const sets = [
  { name: 's', prints },
  { name: 't', prints },
]

function pairsOf(scores: number[]) {
  return {
    first: Uint32Array.from(scores, (_, k) => k % 3),
    second: Uint32Array.from(scores, (_, k) => (k + 1) % 3),
    scores: Float64Array.from(scores),
  }
}

describe('extremePairs', () => {
  it('names the pairs at either end', () => {
    const pairs = [pairsOf([3, 1, 2]), pairsOf([9, 0])]
    expect(extremePairs(sets, pairs, 'lowest', 2)).toEqual([
      { set: 't', first: 'b', second: 'c', score: 0 },
      { set: 's', first: 'b', second: 'c', score: 1 },
    ])
    expect(extremePairs(sets, pairs, 'highest', 1)).toEqual([{ set: 't', first: 'a', second: 'b', score: 9 }])
  })

  it('is the beginning of the stably sorted list', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 30 })
    fc.assert(
      fc.property(scores, scores, fc.constantFrom('lowest' as const, 'highest' as const), (a, b, end) => {
        const sign = end === 'lowest' ? 1 : -1
        const all = [a, b].flatMap((list, s) =>
          list.map((score, k) => ({ set: 'st'[s], first: 'abc'[k % 3], second: 'abc'[(k + 1) % 3], score })),
        )
        const expected = all.sort((x, y) => sign * (x.score - y.score)).slice(0, 10)
        expect(extremePairs(sets, [pairsOf(a), pairsOf(b)], end, 10)).toEqual(expected)
      }),
    )
  })
})
