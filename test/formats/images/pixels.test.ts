import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { grayOfPixels, pixelsOfGray } from '../../../dist/formats/images/pixels.js'
import { fromHex } from '../damage.js'

const gray = (data: string, compression: 'raw' | 'packed', widthPx: number, heightPx: number, bitDepth: number) => [
  ...grayOfPixels(fromHex(data), compression, { widthPx, heightPx, bitDepth }),
]

describe('pixels that are not compressed', () => {
  it('agree with pixels written by hand', () => {
    expect(gray('00 80 ff', 'raw', 3, 1, 8)).toEqual([0, 128, 255])
    expect(gray('00 01 03', 'raw', 3, 1, 2)).toEqual([0, 85, 255])
    // 12 bits in two bytes: 0, 2048, 4095.
    expect(gray('0000 0800 0fff', 'raw', 3, 1, 12)).toEqual([0, 128, 255])
    expect(gray('a0', 'packed', 3, 1, 1)).toEqual([255, 0, 255])
    // Five pixels of 4 bits in series, then half a byte of nothing.
    expect(gray('0f 84 10', 'packed', 5, 1, 4)).toEqual([0, 255, 136, 68, 17])
    // Four pixels of 10 bits in five bytes: 0, 1023, 512, 1.
    expect(gray('00 3f f8 00 01', 'packed', 4, 1, 10)).toEqual([0, 255, 128, 0])
    // Rows that begin with a byte of their own.
    expect(gray('f0 00 0f 00 ff f0', 'packed', 3, 3, 4)).toEqual([255, 0, 0, 0, 255, 0, 255, 255, 255])
  })

  it('come back as they were from 8 bits on, and to the nearest step below', () => {
    const bitDepths = fc.integer({ min: 1, max: 16 })
    const compressions = fc.constantFrom('raw' as const, 'packed' as const)
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        bitDepths,
        compressions,
        (data, bitDepth, compression) => {
          const payload = pixelsOfGray(data, compression, bitDepth)
          const shape = { widthPx: data.length, heightPx: 1, bitDepth }
          const back = grayOfPixels(payload, compression, shape)
          const step = 255 / (2 ** bitDepth - 1)
          data.forEach((value, i) => {
            expect(Math.abs(back[i] - value)).toBeLessThanOrEqual(bitDepth >= 8 ? 0 : step / 2 + 0.5)
          })
          expect(pixelsOfGray(back, compression, bitDepth)).toEqual(payload)
        },
      ),
    )
  })

  it('are refused in other numbers or values than their size asks for', () => {
    expect(() => gray('00 01 02', 'raw', 2, 2, 8)).toThrow(expect.objectContaining({ code: 'RECORD_CORRUPT' }))
    expect(() => gray('00', 'packed', 5, 1, 4)).toThrow(expect.objectContaining({ code: 'RECORD_CORRUPT' }))
    expect(() => gray('00 04', 'raw', 2, 1, 2)).toThrow('pixel 1 of the image is 4')
    expect(() => pixelsOfGray(new Uint8Array(1), 'raw', 17)).toThrow(RangeError)
  })
})
