import { describe, expect, it } from 'vitest'
import { Random } from '../../dist/random.js'
import { FingerFlow } from '../../dist/synthesize/finger-flow.js'

const flows = Array.from({ length: 60 }, (_, i) => new FingerFlow(new Random(i)))

/** Difference of two orientations, radians, 0 to a quarter turn. */
const turn = (a: number, b: number) => {
  const difference = Math.abs(a - b) % Math.PI
  return Math.min(difference, Math.PI - difference)
}

describe('the flow of a finger for templates', () => {
  it('gives squares the orientation in their middle', () => {
    for (const flow of flows) expect(turn((flow.near(8, -8) * Math.PI) / 256, flow.at(0, 0))).toBeLessThan(0.01)
  })

  it('is the same whether a square was asked for before', () => {
    for (const flow of flows) expect(flow.near(40, -60)).toBe(flow.near(40, -60))
  })

  it('answers beyond the pad', () => {
    for (const flow of flows) expect(Number.isInteger(flow.near(-900, 900))).toBe(true)
  })

  it('rises on the left of the core and falls on its right, as in real prints', () => {
    const mean = (xPx: number) => flows.reduce((sum, flow) => sum + Math.sin(2 * flow.at(xPx, -60)), 0) / flows.length
    expect(mean(-90)).toBeGreaterThan(0.4)
    expect(mean(90)).toBeLessThan(-0.4)
  })
})
