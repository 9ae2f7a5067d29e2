import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rank } from '../../dist/identify/decide.js'
import { bestPlaces, split } from '../../dist/identify/shortlist.js'

describe('bestPlaces', () => {
  it('does not depend on which worker met which slot', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(scores, fc.infiniteStream(fc.nat(2)), fc.integer({ min: 1, max: 30 }), (all, workers, count) => {
        const lists = [0, 1, 2].map(() => ({ slots: [] as number[], scores: [] as number[] }))
        for (const [slot, score] of all.entries()) {
          const list = lists[workers.next().value]
          list.slots.push(slot)
          list.scores.push(score)
        }
        const typed = lists.map(list => ({
          slots: Uint32Array.from(list.slots),
          scores: Float32Array.from(list.scores),
        }))
        const expected = [...all.keys()].sort((a, b) => all[b] - all[a] || a - b).slice(0, count)
        expect([...bestPlaces(typed, count)]).toEqual(expected)
      }),
    )
  })
})

describe('split', () => {
  it('keeps order and number, makes no more parts than asked for and none too small', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 40 }), (n, parts, least) => {
        const slots = Uint32Array.from({ length: n }, (_, i) => 7 * i)
        const cut = split(slots, parts, least)
        expect(cut.flatMap(part => [...part])).toEqual([...slots])
        expect(cut.length).toBeLessThanOrEqual(parts)
        if (cut.length > 1) expect(Math.min(...cut.map(part => part.length))).toBeGreaterThanOrEqual(least)
      }),
    )
  })
})

describe('rank', () => {
  it('is by score, then by id code unit by code unit', () => {
    const found = ['b', 'B', 'ä', 'a', 'z'].map((id, i) => ({ id, score: i === 4 ? 9 : 5, codes: 'learned' as const }))
    const ids = rank(found, { limit: 9, minScore: 0 }).map(({ id }) => id)
    expect(ids).toEqual(['z', 'B', 'a', 'b', 'ä'])
  })

  it('leaves out what is below minScore and what is past limit', () => {
    const found = [40, 39.9, 55, 41].map((score, i) => ({ id: `${i}`, score, codes: 'learned' as const }))
    expect(rank(found, { limit: 2, minScore: 40 })).toEqual([found[2], found[3]])
    expect(rank(found, { limit: 9, minScore: 40 }).map(({ id }) => id)).toEqual(['2', '3', '0'])
  })
})
