/** Turned images: which way, what is kept, what is filled in. */
import fc from 'fast-check'
import type { GrayImage } from 'sidik'
import { describe, expect, it } from 'vitest'
import { turnImage } from '../../dist/evaluate/turn-image.js'

const images: fc.Arbitrary<GrayImage> = fc
  .record({ widthPx: fc.integer({ min: 32, max: 48 }), heightPx: fc.integer({ min: 32, max: 48 }) })
  .chain(({ widthPx, heightPx }) =>
    fc
      .uint8Array({ minLength: widthPx * heightPx, maxLength: widthPx * heightPx })
      .map(data => ({ data: new Uint8Array(data), widthPx, heightPx, ppi: 500 })),
  )

const pixel = ({ data, widthPx }: GrayImage, x: number, y: number) => data[y * widthPx + x]

/** White but for a dot of 5 x 5 pixels about a place. */
function dotted(widthPx: number, heightPx: number, x: number, y: number): GrayImage {
  const data = new Uint8Array(widthPx * heightPx).fill(255)
  for (let v = y - 2; v <= y + 2; v++) data.fill(0, v * widthPx + x - 2, v * widthPx + x + 3)
  return { data, widthPx, heightPx, ppi: 569 }
}

/** Middle of what is darker than half, from the middle of the image, x to the right and y upwards. */
function darkAt({ data, widthPx, heightPx }: GrayImage): [number, number] {
  const dark = [...data.keys()].filter(at => data[at] < 128)
  const mean = (of: (at: number) => number) => dark.reduce((sum, at) => sum + of(at), 0) / dark.length
  return [mean(at => (at % widthPx) - (widthPx - 1) / 2), mean(at => (heightPx - 1) / 2 - Math.floor(at / widthPx))]
}

describe('turnImage', () => {
  it('turns by quarters with every pixel kept, counter-clockwise', () => {
    fc.assert(
      fc.property(images, image => {
        const quarter = turnImage(image, 90)
        expect([quarter.widthPx, quarter.heightPx]).toEqual([image.heightPx, image.widthPx])
        const [x, y] = [3, 5]
        // The right edge is the top now.
        expect(pixel(quarter, y, x)).toBe(pixel(image, image.widthPx - 1 - x, y))
        expect(turnImage(turnImage(quarter, 90), 180)).toEqual(image)
        expect(turnImage(image, -270)).toEqual(quarter)
        expect(turnImage(image, 360)).toEqual(image)
      }),
      { numRuns: 30 },
    )
  })

  it('turns about the middle by any angle, and shows all of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 359 }), degrees => {
        const image = dotted(101, 61, 92, 11)
        const [x, y] = darkAt(image)
        const turned = turnImage(image, degrees)
        const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
        const [u, v] = darkAt(turned)
        expect(Math.abs(u - (c * x - s * y))).toBeLessThan(0.5)
        expect(Math.abs(v - (s * x + c * y))).toBeLessThan(0.5)
        expect(turned.ppi).toBe(569)
      }),
    )
  })

  it('fills what the image does not show with the median gray of its rim', () => {
    const image = dotted(64, 64, 32, 32)
    const turned = turnImage({ ...image, data: image.data.map(value => (value === 255 ? 180 : 7)) }, 45)
    expect([turned.widthPx, turned.heightPx]).toEqual([91, 91])
    expect(pixel(turned, 0, 0)).toBe(180)
    expect(new Set(turned.data).size).toBeGreaterThan(2)
  })
})
