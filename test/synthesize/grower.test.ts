import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Grower } from '../../dist/core/grower.js'
import { loadCoreFrom } from '../../dist/node/core-file.js'
import { Random } from '../../dist/random.js'

const growerOf = (target: string) =>
  new Grower(loadCoreFrom(new URL(`../../dist/core/${target}.wasm`, import.meta.url)).module)

function grow(grower: Grower, key: number, widthPx: number, heightPx: number, rounds: number): Int16Array {
  const random = new Random(key)
  const seeds = Int16Array.from({ length: widthPx * heightPx }, () => (random.chance(0.002) ? 8192 : 0))
  const flow = {
    widthPx,
    heightPx,
    orientationRad: () => 0.6,
    periodPx: () => 9,
    dither: () => random.uniform(),
  }
  return grower.grow(flow, seeds, rounds)
}

describe.each(['release', 'debug'])('Grower on the %s core', target => {
  const grower = growerOf(target)

  it('fills the canvas with ridges of the asked orientation', () => {
    const [width, height] = [96, 80]
    const ridges = grow(grower, 1, width, height, 12)
    let [along, across] = [0, 0]
    for (let y = 20; y < 60; y++) {
      for (let x = 20; x < 76; x++) {
        const at = (dx: number, dy: number) => ridges[(y + dy) * width + x + dx]
        const [dx, dy] = [at(1, 0) - at(-1, 0), at(0, -1) - at(0, 1)]
        along += (dx * Math.cos(0.6) + dy * Math.sin(0.6)) ** 2
        across += (dy * Math.cos(0.6) - dx * Math.sin(0.6)) ** 2
      }
    }
    expect(along).toBeLessThan(0.05 * across)
    expect(Math.max(...ridges)).toBeGreaterThan(6000)
  })

  it('does not depend on what was grown before', () => {
    const fresh = grow(growerOf(target), 5, 64, 48, 6)
    grow(grower, 9, 128, 96, 4)
    expect(grow(grower, 5, 64, 48, 6)).toEqual(fresh)
  })

  it('refuses sides that are not positive multiples of 4, and seeds of another size', () => {
    expect(() => grow(grower, 1, 62, 48, 1)).toThrow(RangeError)
    expect(() => grow(grower, 1, 0, 48, 1)).toThrow(RangeError)
    const flow = { widthPx: 8, heightPx: 8, orientationRad: () => 0, periodPx: () => 9, dither: () => 0 }
    expect(() => grower.grow(flow, new Int16Array(63), 1)).toThrow('seeds')
  })
})

describe('Grower', () => {
  it('gives the same on both targets, bit for bit', () => {
    const [release, debug] = [growerOf('release'), growerOf('debug')]
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), (key, rounds) => {
        expect(grow(release, key, 48, 40, rounds)).toEqual(grow(debug, key, 48, 40, rounds))
      }),
      { numRuns: 5 },
    )
  })
})
