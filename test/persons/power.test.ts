import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scoreMisses, screenMisses } from '../../dist/persons/power.js'

describe('what a search could have missed', () => {
  it('falls with every finger that is screened', () => {
    expect(screenMisses([])).toBe(1)
    expect(screenMisses([40])).toBeCloseTo(0.02)
    expect(screenMisses([40, 12])).toBeCloseTo(0.004, 4)
    const minutiae = fc.array(fc.integer({ min: 8, max: 255 }), { maxLength: 4 })
    fc.assert(
      fc.property(minutiae, fc.integer({ min: 8, max: 255 }), (some, more) => {
        expect(screenMisses([...some, more])).toBeLessThanOrEqual(0.2 * screenMisses(some))
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
