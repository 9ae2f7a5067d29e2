import {
  type Deviation,
  type FingerView,
  type MinutiaeRecord,
  readIso19794p2v2005,
  writeMinutiaeRecord,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { changed as changedBytes } from '../damage.js'
import { GOLDENS } from './golden-records.js'
import { type Kind, kindOf, readAs } from './read-any.js'

const golden = (kind: Kind) => GOLDENS.find(({ tagged }) => kindOf(tagged) === kind)!
const [V2005, V2011, A2004, A2009] = [
  'iso-19794-2-2005',
  'iso-19794-2-2011',
  'ansi-378-2004',
  'ansi-378-2009',
] as const satisfies readonly Kind[]

const changed = (kind: Kind, offset: number, ...values: number[]) => changedBytes(golden(kind).bytes, offset, ...values)

/** Also one that is longer or shorter. */
function spliced(kind: Kind, offset: number, remove: number, ...values: number[]): Uint8Array {
  const bytes = [...golden(kind).bytes]
  bytes.splice(offset, remove, ...values)
  return Uint8Array.from(bytes)
}

describe('a reader refuses', () => {
  const cases: [string, Kind, string, string, Uint8Array][] = [
    ['no bytes', V2005, 'RECORD_FORMAT', "'FMR'", new Uint8Array(0)],
    ['an image', V2005, 'RECORD_FORMAT', "'FMR'", changed(V2005, 0, 0x89, 0x50, 0x4e, 0x47)],
    ['an unknown version', V2005, 'RECORD_VERSION', '" 30', changed(V2005, 5, 0x33)],
    ['another edition', A2004, 'RECORD_VERSION', 'ANSI INCITS 378-2009 (version "030', golden(A2009).bytes],
    ['another standard', V2011, 'RECORD_FORMAT', 'ANSI INCITS 378-2009', golden(A2009).bytes],
    ['bytes after the end', V2005, 'RECORD_CORRUPT', 'length of the record (offset 8)', spliced(V2005, 90, 0, 0)],
    ['no width', V2005, 'RECORD_CORRUPT', 'image width (offset 14) is 0', changed(V2005, 14, 0, 0)],
    ['no height', V2005, 'RECORD_CORRUPT', 'image height (offset 16) is 0', changed(V2005, 16, 0, 0)],
    ['98 px/cm', V2005, 'RECORD_CORRUPT', 'resolution in x (offset 18)', changed(V2005, 18, 0, 98)],
    ['0 px/cm', A2004, 'RECORD_CORRUPT', 'resolution in y (offset 22)', changed(A2004, 22, 0, 0)],
    ['177 views', V2005, 'RECORD_CORRUPT', 'count of finger views (offset 22)', changed(V2005, 22, 177)],
    ['a view too many', V2005, 'RECORD_CORRUPT', 'finger position (offset 90)', changed(V2005, 22, 3)],
    ['a view too few', V2005, 'RECORD_CORRUPT', 'end of the record (offset 42)', changed(V2005, 22, 1)],
    ['an unknown finger', V2005, 'RECORD_CORRUPT', 'finger position (offset 24)', changed(V2005, 24, 11)],
    ['a palm', V2011, 'RECORD_CORRUPT', '21 (right full palm)', changed(V2011, 43, 21)],
    ['finger quality 101', V2005, 'RECORD_CORRUPT', 'finger quality (offset 26)', changed(V2005, 26, 101)],
    ['finger quality 253', A2009, 'RECORD_CORRUPT', 'finger quality (offset 24)', changed(A2009, 24, 253)],
    ['minutiae past the end', V2005, 'RECORD_CORRUPT', 'the 200 minutiae of a view', changed(V2005, 27, 200)],
    ['type 3', V2005, 'RECORD_CORRUPT', 'minutia type (offset 28)', changed(V2005, 28, 0xc0)],
    ['type 3 on a card', 'compact', 'RECORD_CORRUPT', 'minutia type (offset 2)', changed('compact', 2, 0xc0)],
    ['x outside', V2005, 'RECORD_CORRUPT', 'minutia x (offset 28)', changed(V2005, 28, 0x42, 0)],
    ['y outside', V2005, 'RECORD_CORRUPT', 'minutia y (offset 36)', changed(V2005, 36, 1, 0x80)],
    ['minutia quality 101', V2005, 'RECORD_CORRUPT', 'minutia quality (offset 33)', changed(V2005, 33, 101)],
    ['minutiae of 4 bytes', V2011, 'RECORD_CORRUPT', 'bytes of a minutia (offset 54)', changed(V2011, 54, 0x41)],
    ['a short representation', V2011, 'RECORD_CORRUPT', 'extended data (offset 70)', representationLength(0x70, 1)],
    ['a long representation', V2011, 'RECORD_CORRUPT', 'length of a representation', representationLength(0x72, 0, 0)],
    ['extended data too long', V2005, 'RECORD_CORRUPT', 'extended data (offset 54)', changed(V2005, 52, 255, 255)],
    ['an extension too long', V2005, 'RECORD_CORRUPT', 'extended data (offset 54)', changed(V2005, 56, 0, 4)],
    ['half a minutia', 'normal', 'RECORD_CORRUPT', '12 bytes', spliced('normal', 0, 0, 1, 2)],
    ['256 minutiae', 'compact', 'RECORD_CORRUPT', '768 bytes', new Uint8Array(768)],
  ]
  it.each(cases)('%s (%s)', (_, kind, code, names, bytes) => {
    const message = expect.stringContaining(names)
    expect(() => readAs(kind, bytes)).toThrow(expect.objectContaining({ code, message }))
  })

  it('what is no Uint8Array, as a programmer mistake', () => {
    for (const { tagged, bytes } of GOLDENS) {
      expect(() => readAs(kindOf(tagged), bytes.buffer as never)).toThrow(new TypeError('bytes must be a Uint8Array'))
    }
    expect(() => readAs('large' as never, new Uint8Array(0))).toThrow(RangeError)
  })
})

/** The golden record of 2011 whose representation says that it has `length` bytes and has 0x71 and more. */
function representationLength(length: number, remove: number, ...insert: number[]): Uint8Array {
  const bytes = [...golden(V2011).bytes]
  bytes[18] = length
  bytes[11] = 15 + length
  if (remove > 0) bytes.splice(-remove)
  return Uint8Array.from([...bytes, ...insert])
}

describe('what deviates', () => {
  const cases: [string, Kind, string, Uint8Array][] = [
    ['a length too large', V2005, 'length of the record (offset 8) says 91 bytes', changed(V2005, 11, 0x5b)],
    ['a length too large', V2011, 'length of the record (offset 8) says 129 bytes', changed(V2011, 11, 0x81)],
    ['a length too small', A2004, 'length of the record (offset 8) says 57 bytes', changed(A2004, 9, 0x39)],
    ['a length too small', A2009, 'length of the record (offset 8) says 87 bytes', changed(A2009, 11, 0x57)],
    ['a long form of length', A2004, 'length of the record (offset 8)', spliced(A2004, 8, 2, 0, 0, 0, 0, 0, 62)],
    ["the version '020'", V2005, 'version (offset 4)', changed(V2005, 4, 0x30)],
    ["the version '020'", A2004, 'version (offset 4)', changed(A2004, 4, 0x30)],
    ['a reserved byte', V2005, 'reserved byte (offset 23)', changed(V2005, 23, 1)],
    ['a reserved byte', A2009, 'reserved byte (offset 20)', changed(A2009, 20, 1)],
    ['reserved bits', V2005, 'reserved bits before y (offset 30)', changed(V2005, 30, 0x40)],
    ['reserved bits', 'normal', 'reserved bits before y (offset 2)', changed('normal', 2, 0x80)],
    ['360 degrees', A2004, 'minutia angle (offset 34) is 180', changed(A2004, 34, 180)],
    ['month 13', V2011, 'capture month (offset 21) is 13', changed(V2011, 21, 13)],
    ['a day of no month', V2011, 'capture day (offset 22) is 17, the month is unknown', changed(V2011, 21, 0xff)],
    ['a reserved technology', V2011, 'capture device technology (offset 28) is 21', changed(V2011, 28, 21)],
    ['quality score 254', V2011, 'quality score (offset 34) is 254', changed(V2011, 34, 254)],
    ['a ridge count of no minutia', A2009, 'data of extension 1', changed(A2009, 57, 9)],
    ['an angle of 360 degrees', A2009, 'data of extension 2', changed(A2009, 72, 180)],
    ['16 cores', V2005, 'data of extension 2', changed(V2005, 65, 16)],
    ['a cell without width', V2005, 'data of extension 3', changed(V2005, 84, 0)],
    ['lengths of data alone', A2004, 'length of an extension', changed(A2004, 47, 10)],
  ]
  it.each(cases)('%s (%s) is reported, kept and written again', (_, kind, names, bytes) => {
    const heard: Deviation[] = []
    const read = readAs(kind, bytes, { onDeviation: deviation => heard.push(deviation) })
    const { field, offset, message } = heard[0]
    expect(`${field} (offset ${offset}) ${message}`).toContain(names)
    expect(heard).toHaveLength(1)
    expect(writeMinutiaeRecord(read)).toEqual(bytes)
    expect(() => readAs(kind, bytes)).toThrow(expect.objectContaining({ code: 'RECORD_CORRUPT' }))
  })

  it('is not how lengths of extensions are counted in records of 2005: some count their headers', () => {
    const tagged = golden(V2005).tagged as Extract<MinutiaeRecord, { format: typeof V2005 }>
    const [, view] = tagged.record.views
    const views: FingerView[] = [
      { ...view, extensions: view.extensions.slice(0, 1), extensionLengthsCountHeaders: true },
    ]
    const bytes = writeMinutiaeRecord({ format: V2005, record: { ...tagged.record, views } })
    expect(Buffer.from(bytes).toString('hex')).toMatch(/000702210007aabbcc$/)
    expect(readIso19794p2v2005(bytes).views).toEqual(views)
  })
})

describe('a writer refuses, naming the field,', () => {
  // biome-ignore lint/suspicious/noExplicitAny: fields of all formats
  type Change = (record: any) => void
  const cases: [Kind, string, Change][] = [
    [V2005, 'certifications', record => (record.certifications = 16)],
    [V2005, 'captureDeviceTypeId', record => (record.captureDeviceTypeId = 4096)],
    [V2005, 'widthPx', record => (record.widthPx = 65536)],
    [V2005, 'xResolutionPxPerCm', record => (record.xResolutionPxPerCm = 98)],
    [V2005, 'yResolutionPxPerCm', record => (record.yResolutionPxPerCm = 196.85)],
    [V2005, 'views.length', record => (record.views = new Array(177).fill(record.views[0]))],
    [V2005, 'views[0].fingerPosition', record => (record.views[0].fingerPosition = 11)],
    [V2011, 'views[0].fingerPosition', record => (record.views[0].fingerPosition = 16)],
    [V2005, 'views[0].viewNumber', record => (record.views[0].viewNumber = 16)],
    [V2005, 'views[0].impression', record => (record.views[0].impression = -1)],
    [V2005, 'views[0].quality', record => (record.views[0].quality = 101)],
    [A2009, 'views[0].quality', record => (record.views[0].quality = 253)],
    [V2005, 'views[0].minutiae.length', record => (record.views[0].minutiae = new Array(256).fill({}))],
    [V2005, 'views[0].minutiae[0].type', record => (record.views[0].minutiae[0].type = 3)],
    [V2005, 'views[0].minutiae[0].x', record => (record.views[0].minutiae[0].x = 512)],
    [V2005, 'views[0].minutiae[0].y', record => (record.views[0].minutiae[0].y = 384)],
    [V2005, 'views[0].minutiae[0].angle', record => (record.views[0].minutiae[0].angle = 256)],
    [V2005, 'views[0].minutiae[0].quality', record => (record.views[0].minutiae[0].quality = 0.5)],
    [V2005, 'views[0].minutiae[0].reservedBits', record => (record.views[0].minutiae[0].reservedBits = 4)],
    [V2011, 'views[0].minutiaBytes', record => (record.views[0].minutiaBytes = 7)],
    [V2011, 'views[0].minutiae[0].quality (of 5 bytes)', record => (record.views[0].minutiaBytes = 5)],
    [V2011, 'views[0].endingType', record => (record.views[0].endingType = 16)],
    [V2011, 'views[0].captureTime.month', record => (record.views[0].captureTime.month = 256)],
    [V2011, 'views[0].qualityBlocks[0].score', record => (record.views[0].qualityBlocks[0].score = 256)],
    [V2011, 'views[0].certificationBlocks', record => (record.hasCertificationBlocks = false)],
    [V2005, 'asFound.version', record => (record.asFound = { version: '20' })],
    [V2005, 'views[1].extensions[0].type', record => (record.views[1].extensions[0].type = 65536)],
    [V2005, 'views[1].extensions', record => (record.views[1].extensions[0].data = new Uint8Array(65532))],
    [V2005, 'extensions[1].cores.length', record => (record.views[1].extensions[1].cores = new Array(16).fill({}))],
    [V2005, 'extensions[1].cores[0].x', record => (record.views[1].extensions[1].cores[0].x = 512)],
    [V2005, 'extensions[1].deltas[0] angles', record => (record.views[1].extensions[1].deltas[0].angles = [1])],
    [V2005, 'extensions[2].qualities.length', record => (record.views[1].extensions[2].qualities = Uint8Array.of(1))],
    [V2005, 'extensions[2].qualities[5]', record => (record.views[1].extensions[2].qualities[5] = 16)],
    [V2005, 'extensions[2].algorithm', record => (record.views[1].extensions[2].algorithm = { vendorId: 1, id: 1 })],
    [
      A2004,
      'cores with angles',
      record =>
        (record.views[0].extensions[0].cores = [
          { x: 1, y: 1, angle: 1 },
          { x: 1, y: 1 },
        ]),
    ],
    [A2004, 'zonal quality', record => (record.views[0].extensions = [{ kind: 'zonal-quality' }])],
    [A2009, 'extensions[0].counts[0].second', record => (record.views[0].extensions[0].counts[0].second = 2)],
    ['normal', 'minutiae[0].x', record => (record.minutiae[0].x = 16384)],
    ['compact', 'minutiae[0].y', record => (record.minutiae[0].y = 256)],
    ['compact', 'minutiae[0].angle', record => (record.minutiae[0].angle = 64)],
    ['compact', 'minutiae[0].reservedBits', record => (record.minutiae[0].reservedBits = 1)],
    ['compact', 'minutiae.length', record => (record.minutiae = new Array(256).fill({}))],
    ['compact', 'size', record => (record.size = 'large')],
  ]
  it.each(cases)('%s: %s', (kind, field, change) => {
    const tagged = structuredClone(golden(kind).tagged)
    change(tagged.record)
    const attempt = () => writeMinutiaeRecord(tagged)
    expect(attempt).toThrow(RangeError)
    expect(attempt).toThrow(field)
  })
})
