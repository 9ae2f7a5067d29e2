import fc from 'fast-check'
import sharp from 'sharp'
import { type Deviation, encodeWsq, readImageRecord, writeImageRecord } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { readDocument } from '../../dist/convert/document.js'
import { endOfImage, NO_STATED_END } from '../../dist/formats/image-end.js'
import { encodeImage } from '../../dist/image/encode-image.js'
import { ISO_2005_RECORD, ISO_2011_RECORD } from './images/golden.js'

type Encode = (pixels: Uint8Array, widthPx: number) => Promise<Uint8Array>

const frame = (data: Uint8Array, widthPx: number) => ({ data, widthPx, heightPx: data.length / widthPx, ppi: 500 })
const bySharp = (data: Uint8Array, width: number) =>
  sharp(data, { raw: { width, height: data.length / width, channels: 1 } })

const KINDS: Record<string, Encode> = {
  png: (pixels, width) => encodeImage(frame(pixels, width), 'png'),
  jpeg: (pixels, width) => encodeImage(frame(pixels, width), 'jpeg'),
  'progressive jpeg': (pixels, width) => bySharp(pixels, width).jpeg({ progressive: true }).toBuffer(),
  webp: (pixels, width) => bySharp(pixels, width).webp({ lossless: true }).toBuffer(),
  jp2: (pixels, width) => encodeImage(frame(pixels, width), 'jp2'),
  codestream: async (pixels, width) => {
    const file = await encodeImage(frame(pixels, width), 'jp2')
    const box = Buffer.from(file).indexOf('jp2c')
    return file.slice(box + 4)
  },
  wsq: (pixels, width) => encodeWsq(frame(pixels, width)),
}

/** Pixels of noise: coded data of every value of a byte. */
const picture = fc
  .tuple(fc.integer({ min: 32, max: 80 }), fc.integer({ min: 32, max: 60 }), fc.nat())
  .map(([widthPx, heightPx, seed]) => {
    let state = seed | 1
    const pixels = Uint8Array.from({ length: widthPx * heightPx }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state >>> 24
    })
    return { pixels, widthPx }
  })

function heard(read: (onDeviation: (one: Deviation) => void) => void): Deviation[] {
  const deviations: Deviation[] = []
  read(one => deviations.push(one))
  return deviations
}

describe.each(Object.entries(KINDS))('the end of a %s', (_, encode) => {
  it('is found whatever is behind it, and missing where it is cut short', async () => {
    await fc.assert(
      fc.asyncProperty(picture, fc.uint8Array({ minLength: 1, maxLength: 40 }), async ({ pixels, widthPx }, tail) => {
        const whole = new Uint8Array(await encode(pixels, widthPx))
        expect(endOfImage(whole)).toBe(whole.length)
        expect(endOfImage(Uint8Array.from([...whole, ...tail]))).toBe(whole.length)
        expect(endOfImage(Uint8Array.from([...whole, ...whole]))).toBe(whole.length)
        for (const cut of [1, 2, Math.floor(whole.length / 2)]) {
          expect(endOfImage(whole.subarray(0, -cut))).toBeUndefined()
        }
      }),
      { numRuns: 20 },
    )
  })

  it('is reported once of a document with bytes behind it, and of one that was cut short', async () => {
    const whole = new Uint8Array(await encode(new Uint8Array(40 * 40).fill(128), 40))
    expect(heard(onDeviation => readDocument(whole, { onDeviation }))).toEqual([])
    const longer = Uint8Array.from([...whole, 1, 2, 3])
    expect(heard(onDeviation => readDocument(longer, { onDeviation }))).toEqual([
      {
        field: 'end of image',
        offset: whole.length,
        message: `has 3 bytes behind the end of its image, which ends after ${whole.length}`,
      },
    ])
    expect(heard(onDeviation => readDocument(whole.subarray(0, -1), { onDeviation }))).toEqual([
      { field: 'end of image', offset: whole.length - 1, message: 'is an image that has no end: it was cut short' },
    ])
  })
})

it('the end of random bytes behind a signature is within them, or not found', () => {
  const signatures = ['ffa0ff', 'ffd8ff', 'ff4fff51', '0000000c6a502020', '89504e470d0a1a0a', '52494646']
  fc.assert(
    fc.property(fc.constantFrom(...signatures), fc.uint8Array({ maxLength: 300 }), (signature, rest) => {
      const bytes = Uint8Array.from([...Buffer.from(signature, 'hex'), ...rest])
      const end = endOfImage(bytes)
      if (end !== undefined && end !== NO_STATED_END) expect(end > 0 && end <= bytes.length).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

describe('a compressed image within a record', () => {
  const png = ISO_2011_RECORD.views[1].payload
  const newer = (payload: Uint8Array) =>
    writeImageRecord({
      format: 'iso-19794-4-2011',
      record: { ...ISO_2011_RECORD, positionCount: 1, views: [{ ...ISO_2011_RECORD.views[1], payload }] },
    })
  const older = (payload: Uint8Array) =>
    writeImageRecord({
      format: 'iso-19794-4-2005',
      record: {
        ...{ ...ISO_2005_RECORD, compression: 5, fingerCount: 1 },
        views: [{ ...ISO_2005_RECORD.views[0], viewCount: 1, payload }],
      },
    })

  it.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(0), 'is empty'],
    ['of nothing known', Uint8Array.of(1, 2, 3, 4), 'is no image of a known kind, compression says png'],
    ['of another kind', Uint8Array.of(0xff, 0xa0, 0xff, 0xa1), 'is a WSQ image, compression says png'],
    [
      'with bytes behind it',
      Uint8Array.from([...png, 0]),
      'has 1 byte behind the end of its image, which ends after 20',
    ],
    ['cut short', png.subarray(0, -1), 'is an image that has no end: it was cut short'],
  ])('is reported: %s', (_, payload, message) => {
    for (const bytes of [newer(payload), older(payload)]) {
      const deviations = heard(onDeviation => readImageRecord(bytes, { onDeviation }))
      expect(deviations.map(one => one.message)).toEqual([message])
      expect(() => readImageRecord(bytes)).toThrow(expect.objectContaining({ code: 'RECORD_CORRUPT' }))
    }
    expect(heard(onDeviation => readImageRecord(newer(png), { onDeviation }))).toEqual([])
  })
})
