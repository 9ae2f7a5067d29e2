import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupsOf } from '../../dist/dedupe/groups.js'

const node = fc.integer({ min: 0, max: 30 }).map(i => `n${i}`)

describe('groups', () => {
  it('are the sets that can be reached from each other, by a search of the graph', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ a: node, b: node }), { maxLength: 40 }), pairs => {
        const groups = groupsOf(pairs)
        const next = new Map<string, Set<string>>()
        for (const { a, b } of pairs) {
          next.set(a, (next.get(a) ?? new Set()).add(b))
          next.set(b, (next.get(b) ?? new Set()).add(a))
        }
        for (const group of groups) {
          const reached = new Set([group[0]])
          for (const id of reached) for (const other of next.get(id) ?? []) reached.add(other)
          expect([...reached].sort()).toEqual(group)
        }
        expect(groups.flat().sort()).toEqual([...next.keys()].sort())
        expect(new Set(groups.flat()).size).toBe(groups.flat().length)
      }),
    )
  })

  it('come in an order that no order of the pairs changes', () => {
    const pairs = [
      { a: 'x', b: 'y' },
      { a: 'c', b: 'd' },
      { a: 'b', b: 'd' },
      { a: 'a', b: 'z' },
    ]
    const expected = [
      ['b', 'c', 'd'],
      ['a', 'z'],
      ['x', 'y'],
    ]
    expect(groupsOf(pairs)).toEqual(expected)
    expect(groupsOf(pairs.toReversed())).toEqual(expected)
    expect(groupsOf([])).toEqual([])
  })

  it('are found in a chain of 100,000', () => {
    const pairs = Array.from({ length: 100_000 }, (_, i) => ({ a: `n${i}`, b: `n${i + 1}` }))
    expect(groupsOf(pairs).map(group => group.length)).toEqual([100_001])
  })
})
