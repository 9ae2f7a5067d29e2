import { describe, expect, it } from 'vitest'
import { BackOff } from '../../../dist/station/check/back-off.js'

describe('a back-off', () => {
  it('waits longer after each failure, a minute at most, and not at all after a success', () => {
    const backOff = new BackOff()
    expect(backOff.isOver).toBe(true)
    const pauses = Array.from({ length: 100 }, () => backOff.failed())
    expect(backOff.isOver).toBe(false)
    expect(Math.min(...pauses)).toBeGreaterThan(0)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(60_000)
    expect(Math.max(...pauses.slice(50))).toBeGreaterThan(10_000)
    expect(pauses[0]).toBeLessThan(5_000)
    backOff.succeeded()
    expect(backOff.isOver).toBe(true)
    expect(backOff.failed()).toBeLessThan(5_000)
  })
})
