import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import sharp from 'sharp'
import {
  birOfFinger,
  encodeWsq,
  type ImageRecord,
  imageRecordOf,
  impressionsOf,
  type MinutiaeRecord,
  type QualityBlock,
  readAnsiNist,
  templateOfMinutiae,
  writeCbeff,
  writeImageRecord,
  writeMinutiaeRecord,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { convertPrint } from '../../dist/convert/convert.js'
import { readCardDocument, readDocument } from '../../dist/convert/document.js'
import { chosenPrint, printsOf } from '../../dist/convert/prints.js'
import {
  IMAGE_RECORD_TARGETS,
  IMAGE_TARGETS,
  MINUTIAE_TARGETS,
  TARGETS,
  type Target,
} from '../../dist/convert/targets.js'
import { joined, latin1, tagged, typeFourteen, typeOne, US } from '../formats/ansi-nist/by-hand.js'
import { ISO_2011_RECORD } from '../formats/images/golden.js'
import { recordOf } from '../formats/minutiae/arbitraries.js'
import { bmp, GRAY_PALETTE, grayPicture, HEIGHT, PIXELS, pgm, png, pngChunk, rowsOf, WIDTH } from '../image/files.js'

const TEMPLATE = templateOfMinutiae({
  ...{ widthPx: 300, heightPx: 400, sourcePpi: 500, quality: 70, fingerPosition: 3 },
  minutiae: [{ xPx: 10, yPx: 20, directionRad: 0, type: 'ridge-ending', quality: 50 }],
})
const extract = async () => TEMPLATE
const listening = { onDeviation: () => {} }

function readBack(bytes: Uint8Array, target: Target) {
  if (!target.startsWith('iso-card')) return readDocument(bytes, listening)
  return readCardDocument(bytes, target === 'iso-card-normal' ? 'normal' : 'compact', listening)
}

/**
 * The test's own list: fields of a record and of its first view that say something.
 */
const OF_THE_LAYOUT = [
  ...['views', 'minutiae', 'payload', 'asFound', 'edition', 'hasCertificationBlocks', 'positionCount', 'fingerCount'],
  ...['viewCount', 'extensionLengthsCountHeaders', 'minutiaBytes', 'compression', 'size', 'scaleUnits'],
]
const LINES: Readonly<Record<string, string>> = {
  xResolutionPxPerCm: 'resolution',
  yResolutionPxPerCm: 'resolution',
  xScanResolution: 'scan resolution',
  yScanResolution: 'scan resolution',
  extensions: 'extended data',
}
/** Sizes in px follow the resolution, and pixels say their size and resolution. */
const OF_PIXELS = ['widthPx', 'heightPx', 'xImageResolution', 'yImageResolution']
const UNKNOWN = [0, 0xff, 0xfe]

type Tagged = MinutiaeRecord | ImageRecord

function fieldsOf({ record }: Tagged): Record<string, unknown> {
  return 'views' in record ? { ...record, ...record.views[0] } : { ...record }
}

function qualityOf(fields: Record<string, unknown>): number | undefined {
  const blocks = fields.qualityBlocks as readonly QualityBlock[] | undefined
  return blocks === undefined ? (fields.quality as number | undefined) : blocks[0]?.score
}

/** Each field that says something is the same in what was written, or named among the losses. */
function expectAllNamed(source: Tagged, target: Target, written: Uint8Array, losses: readonly string[]): void {
  const document = readBack(written, target)
  const kept = document.kind === 'minutiae-record' || document.kind === 'image-record' ? document.tagged : undefined
  const [before, after] = [fieldsOf(source), kept === undefined ? {} : fieldsOf(kept)]
  const isNamed = (name: string) => losses.some(line => line.startsWith(`${name}:`))
  const where = `${source.format} to ${target}: ${losses.join('; ')}`
  for (const [name, value] of Object.entries(before)) {
    if (OF_THE_LAYOUT.includes(name) || OF_PIXELS.includes(name) || isDeepStrictEqual(value, after[name])) continue
    if (isNamed(LINES[name] ?? name) || (Array.isArray(value) && value.length === 0)) continue
    if (name === 'quality' || name === 'qualityBlocks') {
      const score = qualityOf(before) ?? 255
      const isInTemplate = document.kind.startsWith('template')
      expect(score > 100 || isInTemplate || qualityOf(after) === score || isNamed('quality'), `${name}, ${where}`).toBe(
        true,
      )
      const [block, ...more] = (before.qualityBlocks ?? []) as readonly QualityBlock[]
      if (block?.vendorId) expect(isNamed('qualityVendorId'), where).toBe(true)
      if (block?.algorithmId) expect(isNamed('qualityAlgorithmId'), where).toBe(true)
      if (more.length > 0) expect(isNamed('other qualities'), where).toBe(true)
    } else if (name === 'impression') {
      const word = (tagged: Tagged, code: unknown) => impressionsOf(tagged.format).get(code as number)
      const same = kept !== undefined && word(kept, after.impression) === word(source, value)
      expect(same && word(source, value) !== undefined, `${name}, ${where}`).toBe(true)
    } else if (name === 'captureTime') {
      expect((value as { year: number }).year, where).toBe(0xffff)
    } else if (name === 'viewNumber') {
      // The older image records count from 1.
      expect(Number(value), where).toBeLessThanOrEqual(1)
    } else if (name === 'fingerPosition') {
      expect(document.kind.startsWith('template') || value === 0, `${name}, ${where}`).toBe(true)
    } else if (name === 'bitDepth') {
      expect(Number(value), where).toBeLessThanOrEqual(8)
    } else if (name.includes('Resolution')) {
      // 196 to 198 px/cm are 500 ppi; a template has one whole number of both axes.
      const isInTemplate =
        document.kind.startsWith('template') && before.xResolutionPxPerCm === before.yResolutionPxPerCm
      const isNominal = Math.abs(Number(value) - 197) <= 1 || Math.abs(Number(value) - 500) <= 1
      expect(isInTemplate || isNominal, `${name} ${value}, ${where}`).toBe(true)
    } else expect(UNKNOWN, `${name}, ${where}`).toContain(value)
  }
}

interface RawMinutiae {
  readonly minutiae: readonly { readonly x: number; readonly y: number }[]
}
/** At 500 ppi. */
const PX_PER_CM = 500 / 2.54
/** Whole px/cm next to a nominal resolution are read as that: at 99 px/cm, 0.6 % from 250 ppi. */
function expectNear(px: number, expectedPx: number) {
  expect(Math.abs(px - expectedPx)).toBeLessThan(0.01 * expectedPx + 1e-6)
}

/** Minutiae that are fewer, elsewhere, turned or of another type than before are named. */
function expectMinutiaeNamed(source: MinutiaeRecord, target: Target, written: Uint8Array, losses: readonly string[]) {
  const before = printsOf(readDocument(writeMinutiaeRecord(source), listening), listening)[0].minutiae?.() ?? []
  const after = printsOf(readBack(written, target), listening)[0].minutiae?.() ?? []
  const isNamed = (pattern: RegExp) => losses.some(line => pattern.test(line))
  if (after.length < before.length) {
    expect(isNamed(/minutiae/), `${target}: ${losses.join('; ')}`).toBe(true)
    return
  }
  const { minutiae, xResolutionPxPerCm, yResolutionPxPerCm } = fieldsOf(source) as Record<string, number> & RawMinutiae
  before.forEach((one, i) => {
    const other = after[i]
    if (!isNamed(/moved to its edge/)) {
      expectNear(one.xPx, (minutiae[i].x * PX_PER_CM) / xResolutionPxPerCm)
      expectNear(one.yPx, (minutiae[i].y * PX_PER_CM) / yResolutionPxPerCm)
    }
    if (Math.hypot(one.xPx - other.xPx, one.yPx - other.yPx) > 1e-6) expect(isNamed(/^positions/)).toBe(true)
    const turn = Math.abs(one.directionRad - other.directionRad)
    if (Math.min(turn, 2 * Math.PI - turn) > 0.001) expect(isNamed(/^directions/)).toBe(true)
    if (one.type !== other.type) expect(isNamed(/^types/)).toBe(true)
    if (one.quality > 0 && one.quality !== other.quality) expect(isNamed(/^qualities/)).toBe(true)
  })
}

async function converted(bytes: Uint8Array, target: Target, number = 1) {
  const print = chosenPrint(printsOf(readDocument(bytes, listening), listening), number)
  return convertPrint(print, target, { extract, ppi: IMAGE_TARGETS.includes(target as never) ? 500 : undefined })
}

describe('what a record says and its other form does not is named', () => {
  it.each(Object.entries(recordOf).filter(([kind]) => kind !== 'normal' && kind !== 'compact'))(
    '%s, to every form',
    async (_, arbitrary) => {
      let count = 0
      const records = fc.tuple(arbitrary as fc.Arbitrary<MinutiaeRecord>, fc.constantFrom(...MINUTIAE_TARGETS))
      await fc.assert(
        fc.asyncProperty(records, async ([source, target]) => {
          if (!('views' in source.record) || source.record.views.length === 0) return
          let made: Awaited<ReturnType<typeof converted>>
          try {
            made = await converted(writeMinutiaeRecord(source), target)
          } catch (error) {
            // Sides and coordinates that the other form does not reach, fingers that are several.
            expect(error instanceof RangeError || (error as Error).name === 'SidikError').toBe(true)
            return
          }
          count++
          expectAllNamed(source, target, made.bytes, made.losses)
          expectMinutiaeNamed(source, target, made.bytes, made.losses)
        }),
        { numRuns: 400 },
      )
      expect(count).toBeGreaterThan(20)
    },
  )

  const [representation] = ISO_2011_RECORD.views
  const pixels = new Uint8Array(40 * 40).fill(100)
  const shape = { widthPx: 40, heightPx: 40, bitDepth: 8, compression: 0, scaleUnits: 1, payload: pixels } as const
  const resolutions = { xScanResolution: 1000, yScanResolution: 1000, xImageResolution: 500, yImageResolution: 500 }
  const older = {
    ...{ captureDeviceTypeId: 77, acquisitionLevel: 35, fingerCount: 1, ...resolutions, ...shape },
    views: [{ fingerPosition: 3, viewCount: 2, viewNumber: 2, quality: 44, impression: 1, ...shape }],
  }
  const newer = {
    ...ISO_2011_RECORD,
    positionCount: 1,
    views: [{ ...representation, ...shape, ...resolutions, viewNumber: 1, impression: 1, fingerPosition: 3 }],
  }
  const images: ImageRecord[] = [
    { format: 'iso-19794-4-2005', record: older },
    { format: 'ansi-381-2004', record: { ...older, ownerId: 5, productTypeId: 6 } },
    { format: 'iso-19794-4-2011', record: newer },
  ]
  it.each(images.map(tagged => [tagged.format, tagged] as const))('%s, to every form', async (_, source) => {
    for (const target of TARGETS) {
      const { bytes, losses } = await converted(writeImageRecord(source), target)
      expectAllNamed(source, target, bytes, losses)
      const isRecord = IMAGE_RECORD_TARGETS.includes(target as never)
      // How the finger met the sensor and how good the print is go over into another image record.
      expect([target, losses.some(line => /^(impression|quality|fingerPosition):/.test(line))]).toEqual([
        target,
        !isRecord,
      ])
    }
  })
})

describe('what an image file has and 8-bit gray does not is named', () => {
  const textPng = async () => {
    const [plain, at] = [await png(), 8 + 25]
    const texts = ['Comment\0right thumb', 'Author\0\u00e9\x1b[31m'].map(text => pngChunk('tEXt', latin1(text)))
    return joined(plain.subarray(0, at), ...texts, plain.subarray(at))
  }
  const rgb = (channels: 3 | 4) =>
    sharp({ create: { width: 40, height: 40, channels, background: { r: 9, g: 99, b: 199, alpha: 0.5 } } })
  const deep = () =>
    sharp(
      Uint16Array.from(PIXELS, one => one * 257),
      { raw: { width: WIDTH, height: HEIGHT, channels: 1 } },
    )
  const words = {
    bitDepth: 'bitDepth: 16 bits a sample',
    colour: 'colour: more than one channel',
    opacity: 'opacity: a channel of its own',
  }

  it.each<[string, () => Promise<Uint8Array> | Uint8Array, readonly string[]]>([
    ['gray PNG', () => png(), []],
    ['16-bit PNG', () => deep().toColourspace('grey16').png().toBuffer(), [words.bitDepth]],
    ['colour PNG', () => rgb(3).png().toBuffer(), [words.colour]],
    ['PNG with opacity', () => rgb(4).png().toBuffer(), [words.colour, words.opacity]],
    ['colour JPEG', () => rgb(3).jpeg().toBuffer(), [words.colour]],
    ['gray JPEG', () => grayPicture().jpeg().toBuffer(), []],
    ['16-bit TIFF', () => deep().toColourspace('grey16').tiff({ compression: 'none' }).toBuffer(), [words.bitDepth]],
    ['gray BMP', () => bmp(rowsOf(PIXELS, WIDTH), WIDTH, { bits: 8, palette: GRAY_PALETTE }), []],
    [
      'colour BMP',
      () => bmp(rowsOf(new Uint8Array(3 * PIXELS.length), 3 * WIDTH), WIDTH, { bits: 24 }),
      [words.colour],
    ],
    ['16-bit PGM', () => pgm(`P5 ${WIDTH} ${HEIGHT} 65535\n`, new Uint8Array(2 * PIXELS.length)), [words.bitDepth]],
    [
      'PGM with a comment',
      () => pgm(`P5\n# thumb of 42\n${WIDTH} ${HEIGHT} 255\n`, PIXELS),
      ['PGM comment: thumb of 42'],
    ],
    ['PNG with texts', textPng, ['PNG tEXt: 2 (Comment right thumb; Author \u00e9 [31m)']],
    ['WSQ', () => encodeWsq({ data: PIXELS, widthPx: WIDTH, heightPx: HEIGHT, ppi: 500 }), []],
  ])('%s', async (_, file, lost) => {
    const bytes = new Uint8Array(await file())
    for (const target of ['png', 'iso-19794-4-2011'] as const) {
      const print = chosenPrint(printsOf(readDocument(bytes, listening), listening))
      expect((await convertPrint(print, target, { extract, ppi: 500 })).losses).toEqual(lost)
    }
  })
})

it('texts of the image within a finger image record are named', async () => {
  const comments = ['left thumb of 42']
  const payload = await encodeWsq({ data: PIXELS, widthPx: WIDTH, heightPx: HEIGHT, ppi: 500 }, { comments })
  const image = { payload, compression: 'wsq', widthPx: WIDTH, heightPx: HEIGHT, ppi: 500 } as const
  const record = writeImageRecord(imageRecordOf([image], { format: 'iso-19794-4-2011' }))
  expect((await converted(record, 'png')).losses).toContain('comment: left thumb of 42')
})

describe('minutiae of a Type-9 record', () => {
  const nine = (count: number, x: number) => {
    const minutiae = Array.from(
      { length: count },
      (_, i) => `${i + 1}${US}${x + (i % 20)}${US}${Math.floor(i / 20)}${US}9${US}1${US}50`,
    )
    const fields = [
      '9.002:03',
      '9.003:1',
      '9.004:U',
      '9.128:500',
      '9.129:500',
      '9.130:1',
      '9.131:500',
      '9.132:500',
      '9.134:7',
    ]
    const record = tagged(9, [...fields, '9.133:0', `9.136:${count}`, `9.137:${minutiae.join('\x1e')}`])
    return joined(typeOne({ contents: [`9${US}03`] }), record)
  }

  it('beyond those that a template holds are counted', async () => {
    const { losses } = await converted(nine(400, 10), 'iso-19794-2-2005')
    expect(losses).toContain('145 of 400 minutiae')
    expect((await converted(nine(255, 10), 'template')).losses.join()).not.toMatch(/minutiae/)
  })

  it('outside the image are said to be moved, also by those who look', async () => {
    const { losses } = await converted(nine(3, 900), 'template')
    const moved = '3 minutiae outside the image of 500 x 500 px: moved to its edge'
    expect(losses).toContain(moved)
    const heard: string[] = []
    const transaction = readAnsiNist(nine(3, 900), listening)
    printsOf({ kind: 'ansi-nist', transaction }, { onDeviation: ({ message }) => heard.push(message) })
    expect(heard).toEqual([moved])
  })

  it('lose the fields that are neither', async () => {
    const { losses } = await converted(nine(3, 10), 'iso-19794-2-2011')
    expect(losses).toContain('9.133 FVW: 0')
  })
})

it('fields of a transaction that are there again are named, each of them', async () => {
  const fields = Object.entries({ 2: '02', 3: '1', 4: 'ORIGIN', 5: '20261125', 6: '40', 7: '40', 8: '1', 9: '500' })
  const image = [...fields, ['10', '500'], ['11', 'NONE'], ['12', '8'], ['13', '2'], ['20', 'first']]
  const again = [
    ['20', 'second'],
    ['13', '7'],
    ['3', '0'],
    ['20', 'third'],
    ['9', '1000'],
  ]
  const lines = [...image, ...again].map(([number, value]) => `14.${number.padStart(3, '0')}:${value}`)
  const bytes = joined(typeOne({ contents: [`14${US}02`] }), tagged(14, lines, new Uint8Array(1600)))
  const { losses } = await converted(bytes, 'iso-19794-4-2011')
  expect(losses).toEqual([
    ...['14.004 SRC: ORIGIN', '14.005 FCD: 20261125', '14.020 COM: first', '14.020 COM (2): second'],
    ...['14.013 FGP (2): 7', '14.003 IMP (2): 0', '14.020 COM (3): third', '14.009 HPS (2): 1000'],
  ])
})

it('fields round an image in a transaction, or a finger in CBEFF, are named', async () => {
  const image = typeFourteen({ 6: '40', 7: '40', 20: 'bandaged' }, new Uint8Array(1600))
  const transaction = joined(typeOne({ contents: [`14${US}02`] }), image)
  const { losses } = await converted(transaction, 'iso-19794-4-2011')
  expect(losses).toEqual(['14.004 SRC: ORIGIN', '14.005 FCD: 20261125', '14.020 COM: bandaged'])
  const finger = birOfFinger({
    ...{ position: 7, missing: false, data: await png(), creationDate: '2026-11-25T09:30:00.000Z', level: 'Raw' },
    others: [{ key: 'RETRIES', value: '2' }],
  })
  const lost = (await converted(new TextEncoder().encode(writeCbeff(finger)), 'png')).losses
  expect(lost).toEqual([
    'fingerPosition: left index finger',
    ...['creationDate: 2026-11-25T09:30:00.000Z', 'level: Raw', 'RETRIES: 2'],
  ])
})
