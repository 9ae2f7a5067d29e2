import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FingerSets } from '../../dist/persons/finger-sets.js'

const TEN = '1,2,3,4,5,6,7,8,9,10'
const INDEX_FINGERS = '2,7'
const at = (...positions: number[]) => positions.map(position => ({ position, misses: 0.1 }) as never)

const setsOf = (...lists: string[]) => {
  const sets = new FingerSets()
  for (const list of lists) sets.add(list)
  return sets
}

describe('the share of persons that no screen brings up', () => {
  it('falls with every finger that they have, and with no other', () => {
    expect(setsOf(TEN).share(at(1, 6))).toBeCloseTo(0.01)
    expect(setsOf(INDEX_FINGERS).share(at(1, 6))).toBe(1)
    expect(setsOf(INDEX_FINGERS).share(at(1, 2))).toBeCloseTo(0.1)
    expect(setsOf(TEN, TEN, TEN, INDEX_FINGERS).share(at(1, 6))).toBeCloseTo((3 * 0.01 + 1) / 4)
  })

  it('takes a finger of unknown position for any', () => {
    expect(setsOf('0,0').share(at(1, 6))).toBeCloseTo(0.01)
    expect(setsOf(INDEX_FINGERS).share(at(0, 0))).toBeCloseTo(0.01)
  })

  it('asks nothing of fingers that are missing', () => {
    expect(setsOf('1a,2').share(at(1))).toBe(1)
  })

  it('is what it was when who came has gone, and never more with one finger more', () => {
    const list = fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { minLength: 1 }).map(all => all.join(','))
    const screened = fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { maxLength: 4 })
    fc.assert(
      fc.property(fc.array(list), fc.array(list), screened, fc.integer({ min: 1, max: 10 }), (stay, go, some, more) => {
        const sets = setsOf(...stay, ...go)
        for (const each of go) sets.remove(each)
        expect(sets.share(at(...some))).toBeCloseTo(setsOf(...stay).share(at(...some)))
        expect(sets.share(at(...some, more))).toBeLessThanOrEqual(sets.share(at(...some)) + 1e-12)
      }),
    )
  })
})
