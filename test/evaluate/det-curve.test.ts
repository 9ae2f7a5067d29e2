import fc from 'fast-check'
import { countErrors, detCurve } from 'sidik/evaluate'
import { describe, expect, it } from 'vitest'

const scores = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 })

describe('detCurve', () => {
  it('has the corners counted by hand', () => {
    expect(detCurve(countErrors([1, 4, 6, 7], [0, 1, 2, 3, 5]))).toEqual([
      { fmr: 0.8, fnmr: 0 },
      { fmr: 0.2, fnmr: 0.25 },
      { fmr: 0, fnmr: 0.5 },
    ])
  })

  it('is empty when one kind of comparison is missing', () => {
    expect(detCurve(countErrors([1], []))).toEqual([])
  })

  it('falls in FMR and rises in FNMR, strictly, and ends at FMR 0', () => {
    fc.assert(
      fc.property(scores, scores, (mated, nonMated) => {
        const curve = detCurve(countErrors(mated, nonMated))
        expect(curve[curve.length - 1].fmr).toBe(0)
        for (let k = 1; k < curve.length; k++) {
          expect(curve[k].fmr).toBeLessThan(curve[k - 1].fmr)
          expect(curve[k].fnmr).toBeGreaterThan(curve[k - 1].fnmr)
        }
      }),
    )
  })

  it('stays small for many scores', () => {
    const mated = Array.from({ length: 50_000 }, (_, k) => k)
    const nonMated = mated.map(score => score - 20_000.5)
    const curve = detCurve(countErrors(mated, nonMated))
    expect(curve.length).toBeGreaterThan(200)
    expect(curve.length).toBeLessThan(2000)
  })
})
