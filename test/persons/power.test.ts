import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerMisses, scoreMisses } from '../../dist/persons/power.js'

describe('what a search could have missed', () => {
  it('is more where a print shows little', () => {
    expect([255, 40, 16].map(minutiae => fingerMisses(minutiae, false))).toEqual([0.02, 0.02, 0.02])
    expect([15, 8].map(minutiae => fingerMisses(minutiae, false))).toEqual([0.2, 0.2])
  })

  it('is more in a quick search', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), minutiae => {
        expect(fingerMisses(minutiae, true)).toBeGreaterThan(fingerMisses(minutiae, false))
      }),
    )
  })

  it('rises with the score that is needed and falls with the fingers compared', () => {
    const least = fc.double({ min: 0, max: 400, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 }), least, least, (fingers, a, b) => {
        expect(scoreMisses(fingers, Math.max(a, b))).toBeGreaterThanOrEqual(scoreMisses(fingers, Math.min(a, b)))
        expect(scoreMisses(fingers + 1, a)).toBeLessThanOrEqual(scoreMisses(fingers, a))
      }),
    )
    expect([scoreMisses(0, 10), scoreMisses(3, 0), scoreMisses(1, 60), scoreMisses(2, 60), scoreMisses(1, 99)]).toEqual(
      [1, 0, 0.1, 0.01, 1],
    )
  })
})
