import fc from 'fast-check'
import { type Impression, matedPairs, nonMatedPairs, type PairList } from 'sidik/evaluate'
import { describe, expect, it } from 'vitest'

const set = (impressionsOfFinger: readonly number[]): Impression[] =>
  impressionsOfFinger.flatMap((count, f) =>
    Array.from({ length: count }, (_, k) => ({ finger: 101 + f, impression: k + 1 })),
  )

const listed = ({ first, second }: PairList) => [...first].map((a, k) => [a, second[k]])

describe('pairs', () => {
  it('has 280 mated, 2,880 non-mated and 45 first-impression pairs of 10 fingers with 8 impressions', () => {
    const prints = set(new Array(10).fill(8))
    expect(matedPairs(prints).first).toHaveLength(280)
    expect(nonMatedPairs(prints, 'all-pairs').first).toHaveLength(2880)
    expect(nonMatedPairs(prints, 'fvc').first).toHaveLength(45)
  })

  it('lists them as expected for three uneven fingers', () => {
    const prints: Impression[] = [
      { finger: 7, impression: 3 },
      { finger: 7, impression: 2 },
      { finger: 9, impression: 5 },
      { finger: 20, impression: 1 },
    ]
    expect(listed(matedPairs(prints))).toEqual([[0, 1]])
    expect(listed(nonMatedPairs(prints, 'all-pairs'))).toEqual([
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ])
    // impression 2 is the first of finger 7
    expect(listed(nonMatedPairs(prints, 'fvc'))).toEqual([
      [1, 2],
      [1, 3],
      [2, 3],
    ])
  })

  it('counts every pair of different prints exactly once, in one kind or the other', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 6 }), counts => {
        const prints = set(counts)
        const mated = listed(matedPairs(prints))
        const nonMated = listed(nonMatedPairs(prints, 'all-pairs'))
        const fvc = listed(nonMatedPairs(prints, 'fvc'))
        expect(new Set([...mated, ...nonMated].map(String)).size).toBe(
          (prints.length * Math.max(0, prints.length - 1)) / 2,
        )
        expect(mated.every(([a, b]) => prints[a].finger === prints[b].finger)).toBe(true)
        expect(nonMated.every(([a, b]) => prints[a].finger !== prints[b].finger)).toBe(true)
        expect(fvc).toHaveLength((counts.length * Math.max(0, counts.length - 1)) / 2)
        const all = new Set(nonMated.map(String))
        expect(fvc.every(pair => all.has(String(pair)))).toBe(true)
      }),
    )
  })
})
