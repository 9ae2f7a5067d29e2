import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import sharp from 'sharp'
import { encodeRecordImage, type GrayImage, imageOfRecord, imageToRecord } from 'sidik'
import {
  type Deviation,
  type ImageCompression,
  type ImageRecordFormat,
  imageRecordOf,
  imagesOfRecord,
  readImageRecord,
  writeImageRecord,
} from 'sidik/formats'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'
import { HEIGHT, PIXELS, png, WIDTH } from './files.js'
import { wsq } from './wsq-writer.js'

const RUNS = Math.ceil(Number(process.env.SIDIK_FUZZ_RUNS ?? 3000) / 10)

const IMAGE: GrayImage = { data: PIXELS, widthPx: WIDTH, heightPx: HEIGHT, ppi: 500 }
const FORMATS: ImageRecordFormat[] = ['iso-19794-4-2005', 'iso-19794-4-2011', 'ansi-381-2004']
const LOSSLESS: ImageCompression[] = ['raw', 'packed', 'png', 'jpeg2000-lossless']

/** 10 log10 (255^2 / mean square error), dB. */
function psnrDb(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < expected.length; i++) sum += (found[i] - expected[i]) ** 2
  return 10 * Math.log10(255 ** 2 / (sum / expected.length))
}

const failureOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    reason => reason,
  )

describe('an image in a finger image record', () => {
  test('comes out as it went in, however it was kept without loss', async () => {
    for (const format of FORMATS) {
      for (const compression of LOSSLESS) {
        const tagged = await imageToRecord(IMAGE, { format, compression, fingerPosition: 7 })
        const bytes = writeImageRecord(tagged)
        const read = readImageRecord(bytes)
        expect(imagesOfRecord(read)[0]).toMatchObject({
          fingerPosition: 7,
          widthPx: WIDTH,
          heightPx: HEIGHT,
          bitDepth: 8,
        })
        expect(await imageOfRecord(read), `${format} ${compression}`).toEqual(IMAGE)
        expect(await decodeImage(bytes)).toEqual(IMAGE)
      }
    }
  })

  test('of other depths comes out to the nearest of its steps', async () => {
    for (const compression of ['raw', 'packed'] as const) {
      for (const bitDepth of [1, 2, 4, 7, 10, 12, 16]) {
        const tagged = await imageToRecord(IMAGE, { format: 'iso-19794-4-2011', compression, bitDepth })
        const { data } = await imageOfRecord(readImageRecord(writeImageRecord(tagged)))
        const step = bitDepth >= 8 ? 0 : 255 / (2 ** bitDepth - 1) / 2 + 0.5
        data.forEach((value, i) => {
          expect(Math.abs(value - PIXELS[i])).toBeLessThanOrEqual(step)
        })
      }
    }
  })

  test('kept with loss comes out near', async () => {
    const data = PIXELS.map((_, i) => 100 + (i % WIDTH) + (i % 7))
    for (const [compression, least] of [
      ['jpeg', 35],
      ['jpeg2000-lossy', 25],
    ] as const) {
      const tagged = await imageToRecord({ ...IMAGE, data }, { format: 'iso-19794-4-2011', compression, ratio: 6 })
      expect(psnrDb((await imageOfRecord(tagged)).data, data)).toBeGreaterThan(least)
    }
  })

  test('is gray and states its resolution as a PNG and as a JPEG', async () => {
    for (const compression of ['png', 'jpeg'] as const) {
      const { payload } = await encodeRecordImage(IMAGE, { compression })
      expect(await sharp(payload).metadata()).toMatchObject({ format: compression, channels: 1, space: 'b-w' })
      expect((await decodeImage(payload)).ppi).toBe(500)
    }
  })

  test('is encoded as WSQ at a bit rate, and says its resolution', async () => {
    const options = { format: 'iso-19794-4-2005', compression: 'wsq' } as const
    const [fine, coarse] = await Promise.all(
      [4, 0.75].map(bitRate => encodeRecordImage(IMAGE, { ...options, bitRate })),
    )
    expect(fine.payload.length).toBeGreaterThan(coarse.payload.length)
    const { ppi, widthPx, heightPx } = await decodeImage(fine.payload)
    expect([ppi, widthPx, heightPx]).toEqual([500, WIDTH, HEIGHT])
    expect((await imageOfRecord(await imageToRecord(IMAGE, options))).data).toHaveLength(WIDTH * HEIGHT)
  })

  test('is taken ready-made, where it is an image of that size', async () => {
    const payload = wsq(PIXELS, WIDTH, HEIGHT)
    const options = { format: 'iso-19794-4-2005', compression: 'wsq', payload } as const
    const tagged = await imageToRecord(IMAGE, options)
    expect(imagesOfRecord(tagged)[0].payload).toEqual(payload)
    const { data } = await decodeImage(payload, { ppi: 500 })
    expect((await imageOfRecord(tagged)).data).toEqual(data)
    const wider = { ...IMAGE, data: new Uint8Array(40 * 40), widthPx: 40, heightPx: 40 }
    expect(await failureOf(imageToRecord(wider, options))).toMatchObject({ code: 'RECORD_CORRUPT' })
    expect(await failureOf(imageToRecord(IMAGE, { ...options, payload: await png() }))).toMatchObject({
      code: 'RECORD_CORRUPT',
    })
  })

  test('arguments are checked', async () => {
    const format = 'iso-19794-4-2011'
    const attempts = [
      imageToRecord(IMAGE, { format, compression: 'raw', bitDepth: 17 }),
      imageToRecord(IMAGE, { format, compression: 'png', bitDepth: 4 }),
      imageToRecord(IMAGE, { format, compression: 'jpeg', jpegQuality: 0 }),
      imageToRecord(IMAGE, { format, compression: 'jpeg2000-lossy', ratio: 1 }),
      imageToRecord(IMAGE, { format, compression: 'gif' as never }),
      imageToRecord({ ...IMAGE, widthPx: 1 }, { format, compression: 'raw' }),
      imageOfRecord(await imageToRecord(IMAGE, { format, compression: 'raw' }), 1),
    ]
    const raw = await imageToRecord(IMAGE, { format, compression: 'raw' })
    expect(await failureOf(imageOfRecord(raw, 0, { onDeviation: 1 as never }))).toBeInstanceOf(TypeError)
    expect(await failureOf(imageOfRecord(raw, 0, { ppi: '500' as never }))).toBeInstanceOf(TypeError)
    for (const attempt of attempts) expect(await failureOf(attempt)).toBeInstanceOf(RangeError)
  })
})

describe('resolution', () => {
  const stating = async (units: 1 | 2, x: number, y = x, payload?: Uint8Array) => {
    const made = await imageToRecord(IMAGE, {
      format: 'iso-19794-4-2005',
      compression: payload ? 'png' : 'raw',
      payload,
    })
    const record = { ...made.record, scaleUnits: units, xImageResolution: x, yImageResolution: y } as never
    return { format: made.format, record }
  }

  test("is the record's, an inch or a centimetre", async () => {
    expect((await imageOfRecord(await stating(1, 1000))).ppi).toBe(1000)
    expect((await imageOfRecord(await stating(2, 197))).ppi).toBe(500)
    expect((await imageOfRecord(await stating(2, 394))).ppi).toBe(1000)
    expect((await imageOfRecord(await stating(2, 300))).ppi).toBe(762)
    expect(await decodeImage(writeImageRecord(await stating(1, 400)), { ppi: 600 })).toMatchObject({ ppi: 600 })
    expect((await imageOfRecord(await stating(1, 400), 0, { ppi: 600 })).ppi).toBe(600)
  })

  test("is the record's where the payload states another, and the payload's where the record states none", async () => {
    expect((await imageOfRecord(await stating(1, 500, 500, await png(39370)))).ppi).toBe(500)
    expect((await imageOfRecord(await stating(1, 0, 0, await png(39370)))).ppi).toBe(1000)
    expect(await failureOf(imageOfRecord(await stating(1, 0)))).toMatchObject({ code: 'PPI_UNKNOWN' })
  })

  test('of pixels that are not square is refused', async () => {
    expect(await failureOf(imageOfRecord(await stating(1, 500, 250)))).toMatchObject({ code: 'PPI_OUT_OF_RANGE' })
  })
})

describe('a record that contradicts its payload', () => {
  const image = { compression: 'png', widthPx: WIDTH, heightPx: HEIGHT, ppi: 500 } as const

  test('in size or format is refused, or believed to be what the payload is where somebody listens', async () => {
    const payload = await png()
    for (const [field, change] of [
      ['size', { widthPx: HEIGHT, heightPx: WIDTH }],
      ['compression', { compression: 'wsq' }],
    ] as const) {
      const tagged = imageRecordOf([{ ...image, payload, ...change }], { format: 'iso-19794-4-2011' })
      const message = expect.stringContaining(field)
      expect(await failureOf(imageOfRecord(tagged))).toMatchObject({ code: 'RECORD_CORRUPT', message })
      expect(await failureOf(decodeImage(writeImageRecord(tagged)))).toMatchObject({ code: 'RECORD_CORRUPT' })
      const heard: Deviation[] = []
      expect(await imageOfRecord(tagged, 0, { onDeviation: deviation => heard.push(deviation) })).toEqual(IMAGE)
      expect(heard).toEqual([{ field, offset: 0, message: expect.any(String) }])
    }
  })

  test('by a record in a record, or nothing, is refused', async () => {
    const inner = writeImageRecord(imageRecordOf([{ ...image, payload: await png() }], { format: 'ansi-381-2004' }))
    for (const payload of [inner, new Uint8Array(0)]) {
      const tagged = imageRecordOf([{ ...image, payload }], { format: 'iso-19794-4-2011' })
      expect(await failureOf(imageOfRecord(tagged))).toMatchObject({ code: expect.stringMatching(/^IMAGE_/) })
    }
  })

  test('by a compression that is reserved is refused', async () => {
    const tagged = imageRecordOf([{ ...image, payload: await png() }], { format: 'iso-19794-4-2005' })
    const record = { ...tagged.record, compression: 9 } as never
    expect(await failureOf(imageOfRecord({ format: 'iso-19794-4-2005', record }))).toMatchObject({
      code: 'IMAGE_FORMAT',
    })
  })
})

describe('an engine that is given a record', () => {
  test('of several images is told how many and which', async () => {
    const [left, right] = await Promise.all(
      [7, 2].map(fingerPosition => encodeRecordImage(IMAGE, { compression: 'raw', fingerPosition })),
    )
    for (const format of FORMATS) {
      const tagged = imageRecordOf([left, right], { format })
      expect(await failureOf(decodeImage(writeImageRecord(tagged)))).toMatchObject({
        name: 'SidikError',
        code: 'IMAGE_SEVERAL',
        message: expect.stringContaining('2 images (left index finger, right index finger)'),
      })
      expect(await imageOfRecord(tagged, 1)).toEqual(IMAGE)
    }
  })

  test('of no images, of too small ones, or damaged, gives a typed error', async () => {
    const empty = {
      captureDeviceTypeId: 0,
      acquisitionLevel: 31,
      fingerCount: 0,
      scaleUnits: 1,
      bitDepth: 8,
      compression: 0,
    }
    const resolutions = { xScanResolution: 500, yScanResolution: 500, xImageResolution: 500, yImageResolution: 500 }
    const record = { ...empty, ...resolutions, views: [] } as never
    const bytes = writeImageRecord({ format: 'iso-19794-4-2005', record })
    expect(await failureOf(decodeImage(bytes))).toMatchObject({ code: 'IMAGE_EMPTY' })
    const small = { payload: new Uint8Array(4), compression: 'raw', widthPx: 2, heightPx: 2, ppi: 500 } as const
    const tiny = writeImageRecord(imageRecordOf([small], { format: 'iso-19794-4-2011' }))
    expect(await failureOf(decodeImage(tiny))).toMatchObject({ code: 'IMAGE_TOO_SMALL' })
    expect(await failureOf(decodeImage(tiny.subarray(0, 40)))).toMatchObject({ code: 'RECORD_CORRUPT' })
  })
})

describe('damaged records with payloads', () => {
  let records: Uint8Array[]
  beforeAll(async () => {
    records = await Promise.all(
      LOSSLESS.map(async compression =>
        writeImageRecord(await imageToRecord(IMAGE, { format: 'iso-19794-4-2011', compression })),
      ),
    )
  })

  test('give an image or a typed error', async () => {
    const change = fc.record({ at: fc.nat(1_000_000), value: fc.nat(255), head: fc.boolean() })
    const outcomes: Record<string, number> = {}
    await fc.assert(
      fc.asyncProperty(
        fc.nat(LOSSLESS.length - 1),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        async (which, changes) => {
          const damaged = records[which].slice()
          for (const { at, value, head } of changes) damaged[at % (head ? 100 : damaged.length)] = value
          const error = await failureOf(decodeImage(damaged))
          if (error) {
            expect(error).toMatchObject({ name: 'SidikError', code: expect.stringMatching(/^(IMAGE|PPI|RECORD)_/) })
          }
          const outcome = error?.code ?? 'image'
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
        },
      ),
      { numRuns: RUNS },
    )
    if (process.env.SIDIK_FUZZ_RUNS) console.log('records with payloads', outcomes)
    expect(outcomes.image).toBeGreaterThan(10)
    expect(outcomes.RECORD_CORRUPT).toBeGreaterThan(10)
  }, 3_600_000)
})

const FOLDER = new URL('../../../shared/data/formats/image-records/', import.meta.url)
const present = existsSync(FOLDER)

describe.skipIf(!present)('records made by others', () => {
  const fingers = present ? readdirSync(FOLDER).filter(name => name.startsWith('left')) : []
  const names = [
    ...(present ? readdirSync(FOLDER).filter(name => name.endsWith('.iso')) : []),
    ...fingers.flatMap(finger => [`${finger}/ISOImage.iso`, `${finger}/ISOTemplate.iso`]),
  ]
  const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, FOLDER)))

  test('are there', () => {
    expect(names.length).toBe(10)
  })

  test.each(names)('%s is read and written byte for byte', name => {
    const deviations: Deviation[] = []
    const bytes = bytesOf(name)
    const tagged = readImageRecord(bytes, { onDeviation: deviation => deviations.push(deviation) })
    expect(writeImageRecord(tagged)).toEqual(bytes)
    // Their JPEG 2000 says 1,000 ppi, they 500; their comments end one byte before their length says.
    const isTemplate = name.endsWith('ISOTemplate.iso')
    const resolution = ['x', 'y'].map(axis => `resolution in ${axis} of image of representation 0`)
    const expected = [
      ...(isTemplate || name.includes('Registration') ? resolution : []),
      ...(isTemplate ? ['length of extended data block 1 of representation 0'] : []),
    ]
    expect(deviations.map(({ field }) => field)).toEqual(expected)
  })

  test.each(names)('%s cut at any of its first and last bytes is refused', name => {
    const bytes = bytesOf(name)
    for (let length = 0; length < bytes.length; length += length < 200 || length > bytes.length - 100 ? 1 : 997) {
      const attempt = () => readImageRecord(bytes.subarray(0, length), { onDeviation: () => {} })
      expect(attempt).toThrow(expect.objectContaining({ code: expect.stringMatching(/^RECORD_/) }))
    }
  })

  test.each(fingers)('%s: the record holds the pixels of the bitmap and of the frame beside it', async finger => {
    const fromRecord = await decodeImage(bytesOf(`${finger}/ISOImage.iso`))
    const fromBitmap = await decodeImage(bytesOf(`${finger}/FingerImage.bmp`))
    expect(fromRecord).toEqual(fromBitmap)
    expect(fromRecord.data).toEqual(bytesOf(`${finger}/RawData.raw`))
  })

  test.each(fingers)('%s: the WSQ beside it, put into a record, is the same print within its loss', async finger => {
    const original = await decodeImage(bytesOf(`${finger}/FingerImage.bmp`))
    const payload = bytesOf(`${finger}/WSQImage.wsq`)
    const tagged = await imageToRecord(original, { format: 'ansi-381-2004', compression: 'wsq', payload })
    const { data } = await imageOfRecord(readImageRecord(writeImageRecord(tagged)))
    expect(psnrDb(data, original.data)).toBeGreaterThan(20)
  })

  test('JPEG 2000 and WSQ payloads are read at the resolution of their record', async () => {
    for (const [name, widthPx, heightPx] of [
      ['mosip-Registration-Left_Index.iso', 280, 448],
      ['mosip-Auth-Left_Index_wsq.iso', 280, 448],
      ['leftIndex/ISOTemplate.iso', 252, 427],
    ] as const) {
      const image = await imageOfRecord(readImageRecord(bytesOf(name), { onDeviation: () => {} }))
      expect(image).toMatchObject({ widthPx, heightPx, ppi: 500 })
    }
  })
})
