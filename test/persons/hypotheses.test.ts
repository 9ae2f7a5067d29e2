import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agree, assignmentsAgreeing, hypotheses, mirrored } from '../../dist/persons/hypotheses.js'

/** Full assignments by the number of agreeing pairs, counted one by one. */
function counted(probe: readonly number[], enrolled: readonly number[]): Map<number, number> {
  const [fewer, more] = probe.length <= enrolled.length ? [probe, enrolled] : [enrolled, probe]
  const counts = new Map<number, number>()
  const visit = (row: number, taken: number, agreeing: number) => {
    if (row === fewer.length) {
      counts.set(agreeing, (counts.get(agreeing) ?? 0) + 1)
      return
    }
    for (let column = 0; column < more.length; column++) {
      if ((taken >> column) & 1) continue
      visit(row + 1, taken | (1 << column), agreeing + (agree(fewer[row], more[column]) ? 1 : 0))
    }
  }
  visit(0, 0, 0)
  return counts
}

/** Stated positions of up to six fingers: known ones once, unknown ones as often as may be. */
const positions = fc
  .tuple(fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { maxLength: 4 }), fc.integer({ min: 0, max: 2 }))
  .map(([known, unknown]) => [...known, ...Array<number>(unknown).fill(0)])
  .filter(all => all.length > 0)

describe('assignmentsAgreeing', () => {
  it('is what counting gives', () => {
    fc.assert(
      fc.property(positions, positions, (probe, enrolled) => {
        const stated = probe.filter(a => enrolled.some(b => agree(a, b))).length
        const counts = counted(probe, enrolled)
        for (let r = 0; r <= stated; r++) {
          expect(assignmentsAgreeing(probe.length, enrolled.length, stated, r)).toBe(counts.get(r) ?? 0)
        }
      }),
    )
  })

  it('knows derangements: 45 ways to swap two of ten, 1,334,961 that leave none in its place', () => {
    expect([10, 9, 8, 0].map(r => assignmentsAgreeing(10, 10, 10, r))).toEqual([1, 0, 45, 1_334_961])
  })
})

describe('hypotheses', () => {
  it('share out the false match rate to no more than the whole', () => {
    fc.assert(
      fc.property(positions, positions, (probe, enrolled) => {
        const all = hypotheses(probe, enrolled)
        // Each way costs 10 log10(ways / share): the shares of all ways add up to 1.
        const total = all.reduce((sum, { ways, costDecibans }) => sum + ways * 10 ** (-costDecibans / 10), 0)
        expect(total).toBeCloseTo(1, 9)
        expect(all.every(({ costDecibans }) => costDecibans >= 0)).toBe(true)
      }),
    )
  })

  it('try what is stated at the price of a factor of two, and at none where there is no other way', () => {
    const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    expect(hypotheses(ten, ten)[0]).toMatchObject({ kind: 'stated', agreeing: 10, ways: 1 })
    expect(hypotheses(ten, ten)[0].costDecibans).toBeCloseTo(3.0103, 4)
    expect(hypotheses([2], [2])).toEqual([{ kind: 'stated', agreeing: 1, ways: 1, costDecibans: 0 }])
    expect(hypotheses([0], [0])).toEqual([{ kind: 'assigned', agreeing: 0, ways: 1, costDecibans: 0 }])
    expect(hypotheses([], [1])).toEqual([])
  })

  it('charge an unknown finger for each that it could be', () => {
    const [only, ...others] = hypotheses([0], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(others).toEqual([])
    expect(only).toMatchObject({ kind: 'assigned', ways: 10 })
    expect(only.costDecibans).toBeCloseTo(10, 9)
  })

  it('mirror hands', () => {
    expect([1, 5, 6, 10].map(mirrored)).toEqual([6, 10, 1, 5])
  })
})
