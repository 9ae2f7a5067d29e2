import fc from 'fast-check'
import {
  type Deviation,
  encodeWsq,
  type ImageCompression,
  imageRecordOf,
  readAnsiNist,
  readImageRecord,
  writeImageRecord,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { contentsOf } from '../../dist/convert/contents.js'
import { readDocument } from '../../dist/convert/document.js'
import { printsOf } from '../../dist/convert/prints.js'
import { encodeJp2 } from '../../dist/image/jp2/encode.js'
import { joined, typeFourteen, typeOne, US } from '../formats/ansi-nist/by-hand.js'
import { HEIGHT, jpeg, PIXELS, png, WIDTH } from '../image/files.js'

const image = (ppi: number) => ({ data: PIXELS, widthPx: WIDTH, heightPx: HEIGHT, ppi })
const INCH_M = 0.0254

/** A coded image that states a resolution, by its compression in a finger image record. */
const CODED: Readonly<Record<string, (ppi: number) => Promise<Uint8Array>>> = {
  png: ppi => png(Math.round(ppi / INCH_M)),
  wsq: ppi => encodeWsq(image(Math.round(ppi))),
  jpeg: ppi => jpeg(1, Math.round(ppi)),
  'jpeg2000-lossless': ppi => encodeJp2(image(ppi)),
}
const TAGS: Readonly<Record<string, string>> = { png: 'PNG', wsq: 'WSQ20', jpeg: 'JPEGB', 'jpeg2000-lossless': 'JP2L' }

const transaction = (payload: Uint8Array, tag: string, units: number, x: number, y = x) => {
  const fields = { 6: `${WIDTH}`, 7: `${HEIGHT}`, 8: `${units}`, 9: `${x}`, 10: `${y}`, 11: tag }
  return joined(typeOne({ contents: [`14${US}02`] }), typeFourteen(fields, payload))
}

const imageRecord = (payload: Uint8Array, compression: string, ppi: number, yPpi = ppi) => {
  const size = { widthPx: WIDTH, heightPx: HEIGHT, ppi }
  const made = imageRecordOf([{ payload, compression: compression as ImageCompression, ...size }], {
    format: 'iso-19794-4-2011',
  })
  const [view] = made.record.views
  const views = [{ ...view, yImageResolution: yPpi }]
  return writeImageRecord({ ...made, record: { ...made.record, views } } as never)
}

function heard(read: (onDeviation: (deviation: Deviation) => void) => unknown): string[] {
  const lines: string[] = []
  read(({ field, message }) => lines.push(`${field} ${message}`))
  return lines
}

const ofTransaction = (bytes: Uint8Array) => heard(onDeviation => readAnsiNist(bytes, { onDeviation }))
const ofRecord = (bytes: Uint8Array) => heard(onDeviation => readImageRecord(bytes, { onDeviation }))

describe.each(Object.keys(CODED))('a %s image within a record', compression => {
  const coded = CODED[compression]
  const tag = TAGS[compression]

  it('that states half its resolution deviates', async () => {
    const payload = await coded(500)
    const says = 'says 1000 ppi, the image states 500'
    const fields = ofTransaction(transaction(payload, tag, 1, 1000))
    expect(fields).toEqual([
      expect.stringContaining(`14.009 HPS ${says}`),
      expect.stringContaining(`14.010 VPS ${says}`),
    ])
    const field = 'of image of representation 0'
    expect(ofRecord(imageRecord(payload, compression, 1000))).toEqual([
      `resolution in x ${field} ${says}`,
      `resolution in y ${field} ${says}`,
    ])
  })

  it('may round it, and may be written by who knows of none', async () => {
    for (const [units, value] of [
      [1, 500],
      [2, 197],
      [2, 196],
      [1, 499],
    ]) {
      expect(ofTransaction(transaction(await coded(500), tag, units, value))).toEqual([])
    }
    for (const screen of [72, 96]) {
      expect(ofTransaction(transaction(await coded(screen), tag, 1, 500))).toEqual([])
      expect(ofRecord(imageRecord(await coded(screen), compression, 500))).toEqual([])
    }
  })
})

it('what rounds to whole pixels a centimetre or a metre never deviates', async () => {
  const ppis = fc.integer({ min: 250, max: 1100 })
  await fc.assert(
    fc.asyncProperty(ppis, async ppi => {
      const bytes = transaction(await CODED.png(ppi), 'PNG', 2, Math.round(ppi / 2.54))
      expect(ofTransaction(bytes)).toEqual([])
    }),
    { numRuns: 30 },
  )
})

it('a Type-4 record says 500 ppi unless it says another', async () => {
  const payload = await CODED.wsq(1000)
  const head = new Uint8Array(18)
  const view = new DataView(head.buffer)
  view.setUint32(0, head.length + payload.length)
  head.set([1, 3, 1, 255, 255, 255, 255, 255, 0], 4)
  view.setUint16(13, WIDTH)
  view.setUint16(15, HEIGHT)
  head[17] = 1
  const lines = ofTransaction(joined(typeOne({ contents: [`4${US}01`] }), head, payload))
  expect(lines).toEqual([expect.stringMatching(/^4\.005 .*says 500 ppi, the image states 1000$/)])
})

it('a transaction without a listener is refused, a finger image record read: its word holds', async () => {
  const payload = await CODED.png(1000)
  expect(() => readAnsiNist(transaction(payload, 'PNG', 1, 500))).toThrow('says 500 ppi, the image states 1000')
  expect(readImageRecord(imageRecord(payload, 'png', 500)).format).toBe('iso-19794-4-2011')
})

describe('pixels that are not square', () => {
  const refused = { code: 'PPI_OUT_OF_RANGE', message: expect.stringContaining('500 ppi across and 1000 ppi down') }
  const documents: readonly (readonly [string, () => Promise<Uint8Array>])[] = [
    ['a transaction', async () => transaction(PIXELS, 'NONE', 1, 500, 1000)],
    ['a finger image record', async () => imageRecord(PIXELS, 'raw', 500, 1000)],
    ['a PNG', () => png(19685, 39370)],
  ]

  it.each(documents)('of %s deviate and are not read', async (_, make) => {
    const bytes = await make()
    const [print] = printsOf(readDocument(bytes))
    await expect(print.image?.()).rejects.toMatchObject(refused)
    expect((await print.image?.(500))?.ppi).toBe(500)
    const lines: string[] = []
    const options = { onDeviation: ({ message }: Deviation) => lines.push(message) }
    const document = readDocument(bytes, options)
    await contentsOf(document, options)
    printsOf(document, options)
    expect(lines).toEqual(['states 500 ppi across and 1000 ppi down, but pixels must be square'])
  })
})
