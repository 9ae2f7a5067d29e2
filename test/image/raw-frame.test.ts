import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'

const SIDE = 32
const COUNT = SIDE * SIDE
const frame = (data: unknown, widthPx: unknown = SIDE, heightPx: unknown = SIDE) =>
  ({ data, widthPx, heightPx, ppi: 500 }) as { data: Uint8Array; widthPx: number; heightPx: number; ppi: number }

describe('pixels of a frame', () => {
  test('8 bits come out as they are, in a buffer of their own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: COUNT, maxLength: COUNT }), fc.nat(9), async (pixels, offset) => {
        const backing = new Uint8Array(COUNT + 20)
        backing.set(pixels, offset)
        for (const data of [backing.subarray(offset, offset + COUNT), Buffer.from(backing.buffer, offset, COUNT)]) {
          const image = await decodeImage(frame(data))
          expect(image).toEqual({ data: pixels, widthPx: SIDE, heightPx: SIDE, ppi: 500 })
          expect(image.data.buffer).not.toBe(backing.buffer)
          expect(image.data.buffer.byteLength).toBe(COUNT)
        }
      }),
      { numRuns: 10 },
    )
  })

  test('16 bits are scaled by the smallest depth of a sensor that holds the brightest', async () => {
    const brightest = fc.constantFrom(
      [8, 255],
      [10, 256],
      [10, 1023],
      [12, 1024],
      [12, 4095],
      [14, 4096],
      [14, 16_383],
      [16, 16_384],
      [16, 65_535],
    )
    await fc.assert(
      fc.asyncProperty(brightest, fc.nat(65_535), async ([bits, top], seed) => {
        const data = Uint16Array.from({ length: COUNT }, (_, i) => ((i + 1) * 40_503 + seed) % (top + 1))
        data[seed % COUNT] = top
        const before = data.slice()
        const image = await decodeImage(frame(data))
        expect(image.data).toEqual(Uint8Array.from(data, value => Math.round((value / (2 ** bits - 1)) * 255)))
        expect(data).toEqual(before)
      }),
      { numRuns: 40 },
    )
  })

  test('a 12-bit sensor keeps its contrast', async () => {
    const data = Uint16Array.from({ length: COUNT }, (_, i) => (i * 4095) / (COUNT - 1))
    const levels = new Set((await decodeImage(frame(data))).data)
    expect(levels.size).toBe(256)
  })

  test('black stays black', async () => {
    expect((await decodeImage(frame(new Uint16Array(COUNT)))).data).toEqual(new Uint8Array(COUNT))
  })
})

describe('a frame described wrongly', () => {
  test('types', async () => {
    for (const data of [
      undefined,
      null,
      'pixels',
      [1, 2],
      new Float32Array(COUNT),
      new Uint8ClampedArray(COUNT),
      new ArrayBuffer(COUNT),
    ]) {
      await expect(decodeImage(frame(data))).rejects.toThrow(TypeError)
      await expect(decodeImage(frame(data))).rejects.toThrow(/^data of a frame/)
    }
    for (const side of [undefined, null, '32']) {
      const wrong = { ...frame(new Uint8Array(COUNT)), widthPx: side, heightPx: side } as unknown as {
        data: Uint8Array
        widthPx: number
        heightPx: number
      }
      await expect(decodeImage(wrong)).rejects.toThrow(TypeError)
      await expect(decodeImage({ ...wrong, widthPx: SIDE })).rejects.toThrow(/^heightPx of a frame/)
      await expect(decodeImage({ ...wrong, heightPx: SIDE })).rejects.toThrow(/^widthPx of a frame/)
    }
    for (const input of [
      undefined,
      null,
      'print.png',
      5,
      true,
      {},
      [],
      new Float64Array(4),
      new DataView(new ArrayBuffer(8)),
      () => 0,
    ]) {
      await expect(decodeImage(input as Uint8Array)).rejects.toThrow(TypeError)
      await expect(decodeImage(input as Uint8Array)).rejects.toThrow(/^image must be/)
    }
  })

  test('sizes', async () => {
    for (const side of [-32, 31.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(decodeImage(frame(new Uint8Array(COUNT), side))).rejects.toThrow(RangeError)
      await expect(decodeImage(frame(new Uint8Array(COUNT), side))).rejects.toThrow(/^widthPx/)
      await expect(decodeImage(frame(new Uint8Array(COUNT), SIDE, side))).rejects.toThrow(/^heightPx/)
    }
    for (const [length, width, height] of [
      [COUNT - 1, 32, 32],
      [COUNT + 1, 32, 32],
      [COUNT, 64, 32],
      [COUNT, 0, 32],
      [COUNT, 1e9, 1e9],
    ]) {
      await expect(decodeImage(frame(new Uint8Array(length), width, height))).rejects.toThrow(RangeError)
      await expect(decodeImage(frame(new Uint16Array(length), width, height))).rejects.toThrow(/^data of a frame/)
    }
  })

  test('empty, tiny, huge', async () => {
    const withCode = (code: string) => ({ name: 'SidikError', code })
    await expect(decodeImage(frame(new Uint8Array(0), 0, 0))).rejects.toMatchObject(withCode('IMAGE_EMPTY'))
    await expect(decodeImage(frame(new Uint8Array(0)))).rejects.toMatchObject(withCode('IMAGE_EMPTY'))
    await expect(decodeImage(frame(new Uint8Array(31 * 500), 31, 500))).rejects.toMatchObject(
      withCode('IMAGE_TOO_SMALL'),
    )
    await expect(decodeImage(frame(new Uint8Array(31 * 500), 500, 31))).rejects.toMatchObject(
      withCode('IMAGE_TOO_SMALL'),
    )
    await expect(decodeImage(frame(new Uint8Array(20_000_001), 20_000_001, 1))).rejects.toMatchObject(
      withCode('IMAGE_TOO_LARGE'),
    )
    expect((await decodeImage(frame(new Uint8Array(20_000_000), 5000, 4000))).data.length).toBe(20_000_000)
  })
})
