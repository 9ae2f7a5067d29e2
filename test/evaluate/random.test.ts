import { describe, expect, it } from 'vitest'
import { createRandom } from '../../dist/evaluate/random.js'

describe('createRandom', () => {
  it('gives the numbers of xoshiro128** (from an independent implementation)', () => {
    const random = createRandom(1)
    expect([random.uint32(), random.uint32(), random.uint32(), random.uint32()]).toEqual([
      2442144158, 3238099751, 3819917871, 2104621829,
    ])
    expect(createRandom(4294967295).uint32()).toBe(835879718)
  })

  it('draws every number below the count about equally often', () => {
    const random = createRandom(7)
    const counts = new Array(10).fill(0)
    for (let k = 0; k < 100_000; k++) counts[random.below(10)]++
    // standard deviation 95
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })

  it.each([-1, 1.5, 2 ** 32, Number.NaN])('refuses the seed %s', seed => {
    expect(() => createRandom(seed)).toThrow(RangeError)
  })
})
