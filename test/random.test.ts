import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Random } from '../dist/random.js'

const keys = fc.integer({ min: 0, max: 0xffff_ffff })
const labels = fc.oneof(fc.string(), fc.nat())

describe('Random', () => {
  it('gives the same numbers for the same key, everywhere', () => {
    const random = new Random(1)
    expect([random.bits(), random.bits(), random.bits()]).toEqual([446522458, 1884431490, 2820858320])
  })

  it('gives a child that does not depend on what was drawn before', () => {
    fc.assert(
      fc.property(keys, labels, fc.nat(50), (key, label, draws) => {
        const parent = new Random(key)
        const before = parent.child(label).bits()
        for (let i = 0; i < draws; i++) parent.uniform()
        expect(parent.child(label).bits()).toBe(before)
      }),
    )
  })

  it('tells labels apart, numbers from their digits too', () => {
    const root = new Random(5)
    const firsts = new Set([1, 2, '1', '2', 'a', 'b', '', 'ab'].map(label => root.child(label).bits()))
    expect(firsts.size).toBe(8)
    expect(root.child('a').child('b').bits()).not.toBe(root.child('b').child('a').bits())
  })

  it('draws uniform and normal numbers with the right moments', () => {
    const random = new Random(2)
    const draws = 40_000
    const uniform = Array.from({ length: draws }, () => random.uniform(2, 4))
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(2)
    expect(Math.max(...uniform)).toBeLessThan(4)
    const normal = Array.from({ length: draws }, () => random.normal(3, 2))
    const mean = normal.reduce((a, b) => a + b) / draws
    const variance = normal.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws
    expect(Math.abs(mean - 3)).toBeLessThan(0.04)
    expect(Math.abs(Math.sqrt(variance) - 2)).toBeLessThan(0.03)
    // Neighbouring draws are unrelated.
    const product = normal.slice(1).reduce((sum, value, i) => sum + (value - 3) * (normal[i] - 3), 0) / draws
    expect(Math.abs(product)).toBeLessThan(0.08)
  })

  it('keeps normalWithin inside its bounds', () => {
    fc.assert(
      fc.property(keys, key => {
        const value = new Random(key).normalWithin(0, 1, -0.5, 2)
        expect(value).toBeGreaterThanOrEqual(-0.5)
        expect(value).toBeLessThanOrEqual(2)
      }),
    )
  })

  it('picks keys in proportion to their weights, never one of weight 0', () => {
    const random = new Random(3)
    const counts: Record<string, number> = { a: 0, b: 0, never: 0 }
    for (let i = 0; i < 10_000; i++) counts[random.pick({ a: 3, b: 1, never: 0 })]++
    expect(counts.never).toBe(0)
    expect(Math.abs(counts.a / 10_000 - 0.75)).toBeLessThan(0.02)
  })

  it('draws every number below a count about equally often', () => {
    const random = new Random(7)
    const counts = new Array(10).fill(0)
    for (let k = 0; k < 100_000; k++) counts[random.below(10)]++
    // standard deviation 95
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })
})
