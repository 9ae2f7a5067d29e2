import fc from 'fast-check'
import {
  type Deviation,
  type ImageRecord,
  imageRecordFormatOf,
  imagesOfRecord,
  readAnsi381v2004,
  readImageRecord,
  readIso19794p4v2005,
  readIso19794p4v2011,
  writeAnsi381v2004,
  writeImageRecord,
  writeIso19794p4v2005,
  writeIso19794p4v2011,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { changed, countOutcomes, everyByteChanged, everyCut, fromHex, outcomeOfReading } from '../damage.js'
import { mutated } from '../fuzzing.js'
import { ANSI_2004, ANSI_2004_RECORD, ISO_2005, ISO_2005_RECORD, ISO_2011, ISO_2011_RECORD } from './golden.js'

/** The greatest and least of counts and lengths, units, and bytes of identifiers and versions. */
const LIKELY = [0, 1, 2, 3, 4, 0x7f, 0x80, 0xfe, 0xff, ...Buffer.from('FIR012')]

const GOLDEN: [bytes: Uint8Array, tagged: ImageRecord][] = [
  [ISO_2005, { format: 'iso-19794-4-2005', record: ISO_2005_RECORD }],
  [ISO_2011, { format: 'iso-19794-4-2011', record: ISO_2011_RECORD }],
  [ANSI_2004, { format: 'ansi-381-2004', record: ANSI_2004_RECORD }],
]

/** As {@link outcomeOfReading} says; the images of what is read can be listed, whatever they are. */
function outcomeOf(bytes: Uint8Array): string {
  return outcomeOfReading(bytes, readImageRecord, tagged => {
    expect(imagesOfRecord(tagged)).toHaveLength(tagged.record.views.length)
    return writeImageRecord(tagged)
  })
}

describe('finger image records', () => {
  it('agree with records written by hand', () => {
    expect(readIso19794p4v2005(ISO_2005)).toEqual(ISO_2005_RECORD)
    expect(writeIso19794p4v2005(ISO_2005_RECORD)).toEqual(ISO_2005)
    expect(readAnsi381v2004(ANSI_2004)).toEqual(ANSI_2004_RECORD)
    expect(writeAnsi381v2004(ANSI_2004_RECORD)).toEqual(ANSI_2004)
    expect(readIso19794p4v2011(ISO_2011)).toEqual(ISO_2011_RECORD)
    expect(writeIso19794p4v2011(ISO_2011_RECORD)).toEqual(ISO_2011)
  })

  it('are told apart', () => {
    for (const [bytes, tagged] of GOLDEN) {
      expect(imageRecordFormatOf(bytes)).toBe(tagged.format)
      expect(readImageRecord(bytes)).toEqual(tagged)
      expect(writeImageRecord(tagged)).toEqual(bytes)
      expect(outcomeOf(bytes)).toBe('read')
    }
  })

  it('are nothing else', () => {
    expect(imageRecordFormatOf(new Uint8Array(0))).toBeUndefined()
    expect(imageRecordFormatOf(changed(ISO_2005, 1, 0x4d))).toBeUndefined()
    expect(imageRecordFormatOf(changed(ISO_2005, 5, 0x33))).toBeUndefined()
    expect(() => imageRecordFormatOf('FIR' as never)).toThrow(TypeError)
  })

  it('are told apart by where scale units and depth are, where lengths do not help', () => {
    expect(imageRecordFormatOf(ISO_2005.subarray(0, 60))).toBe('iso-19794-4-2005')
    expect(imageRecordFormatOf(ANSI_2004.subarray(0, 60))).toBe('ansi-381-2004')
  })

  it('of another standard are refused by name', () => {
    const refusal = (read: () => unknown, code: string, name: string) =>
      expect(read).toThrow(expect.objectContaining({ code, message: expect.stringContaining(name) }))
    refusal(() => readIso19794p4v2005(ANSI_2004), 'RECORD_FORMAT', 'ANSI INCITS 381-2004')
    refusal(() => readAnsi381v2004(ISO_2005), 'RECORD_FORMAT', 'ISO/IEC 19794-4:2005')
    refusal(() => readIso19794p4v2005(ISO_2011), 'RECORD_VERSION', 'ISO/IEC 19794-4:2011')
    refusal(() => readIso19794p4v2011(ISO_2005), 'RECORD_VERSION', 'ISO/IEC 19794-4:2005')
    refusal(() => readImageRecord(changed(ISO_2005, 5, 0x32, 0x35)), 'RECORD_VERSION', '025')
    refusal(() => readImageRecord(fromHex('464d5200 20323000')), 'RECORD_FORMAT', "'FIR'")
  })

  it('are read from a view at any offset, and nothing of it is kept', () => {
    for (const [bytes, tagged] of GOLDEN) {
      const shared = new Uint8Array(bytes.length + 3)
      shared.set(bytes, 3)
      const read = readImageRecord(shared.subarray(3))
      shared.fill(0)
      expect(read).toEqual(tagged)
    }
  })

  it('tell what their images are, in the same words', () => {
    const [first, second] = imagesOfRecord({ format: 'iso-19794-4-2005', record: ISO_2005_RECORD })
    expect(first).toMatchObject({
      fingerPosition: 7,
      xPpi: 500,
      yPpi: 500,
      bitDepth: 8,
      compression: 'raw',
      quality: undefined,
    })
    expect(second).toMatchObject({ widthPx: 2, heightPx: 3, quality: 80, impression: 1 })
    const [slap, finger] = imagesOfRecord({ format: 'iso-19794-4-2011', record: ISO_2011_RECORD })
    expect(slap).toMatchObject({ fingerPosition: 13, xPpi: 500, bitDepth: 4, compression: 'packed', quality: 90 })
    expect(finger).toMatchObject({ fingerPosition: 10, xPpi: 1000, compression: 'png', quality: undefined })
    const centimetres = (value: number) => {
      const [representation] = ISO_2011_RECORD.views
      const views = [{ ...representation, xImageResolution: value }]
      return imagesOfRecord({ format: 'iso-19794-4-2011', record: { ...ISO_2011_RECORD, views } })[0].xPpi
    }
    expect([196, 198, 394, 300].map(centimetres)).toEqual([500, 500, 1000, 762])
  })

  it('are no records of other things', () => {
    for (const read of [readImageRecord, readIso19794p4v2005, readIso19794p4v2011, readAnsi381v2004]) {
      expect(() => read(ISO_2005.buffer as never)).toThrow(TypeError)
      expect(() => read(ISO_2005, { onDeviation: 1 as never })).toThrow(TypeError)
    }
  })
})

describe('what a standard does not allow, and can mean one thing only', () => {
  const packed = { compression: 1, bitDepth: 4 } as const
  const image = { ...ISO_2005_RECORD.views[0], widthPx: 3, heightPx: 3, viewCount: 1 }
  const rowPadded = writeIso19794p4v2005({
    ...ISO_2005_RECORD,
    ...packed,
    fingerCount: 1,
    views: [{ ...image, payload: new Uint8Array(6) }],
  })
  const comment = (bytes: number[]) => {
    const [slap, finger] = ISO_2011_RECORD.views
    const extensions = [{ kind: 'opaque' as const, type: 3, data: Uint8Array.from(bytes) }]
    return writeIso19794p4v2011({ ...ISO_2011_RECORD, views: [slap, { ...finger, extensions }] })
  }
  const cutShort = changed(comment([0x61]), comment([0x61]).length - 2, 6)
  const cases: [string, field: string, offset: number, bytes: Uint8Array][] = [
    ['a reserved compression', 'compression', 29, changed(ISO_2005, 29, 9)],
    ['reserved bytes', 'reserved bytes', 30, changed(ISO_2005, 31, 1)],
    ['reserved bytes of ANSI', 'reserved bytes', 34, changed(ANSI_2004, 35, 1)],
    ['a count of fingers', 'count of fingers', 18, changed(ISO_2005, 18, 9)],
    ['a reserved position', 'finger position of image 2', 78, changed(ISO_2005, 78, 99)],
    ['two fingers, which came later', 'finger position of image 2', 78, changed(ISO_2005, 78, 40)],
    ['view 3 of 2', 'view number of image 0', 38, changed(ISO_2005, 38, 3)],
    ['quality 101', 'quality of image 0', 39, changed(ISO_2005, 39, 101)],
    ['a reserved impression', 'impression of image 0', 40, changed(ISO_2005, 40, 6)],
    ['a reserved byte', 'reserved byte of image 0', 45, changed(ISO_2005, 45, 1)],
    ['packed rows that are padded', 'pixels of image 0', 46, rowPadded],
    ['a count of positions', 'count of positions', 15, changed(ISO_2011, 15, 7)],
    ['month 13', 'capture month of representation 0', 22, changed(ISO_2011, 22, 13)],
    ['day 0', 'capture day of representation 0', 23, changed(ISO_2011, 23, 0)],
    ['1,000 ms', 'capture millisecond of representation 0', 27, changed(ISO_2011, 27, 3, 0xe8)],
    ['a reserved technology', 'capture device technology of representation 0', 29, changed(ISO_2011, 29, 21)],
    ['a position of other records', 'finger position of representation 1', 155, changed(ISO_2011, 155, 11)],
    ['score 101', 'quality score of representation 0', 35, changed(ISO_2011, 35, 101)],
    ['a comment that is no UTF-8', 'extended data block 0 of representation 1', 0, comment([0xc3])],
    ['a comment that is cut short', 'length of extended data block 0 of representation 1', 0, cutShort],
  ]
  it.each(cases)('%s is reported, and written as it was', (_, field, offset, bytes) => {
    const deviations: Deviation[] = []
    const tagged = readImageRecord(bytes, { onDeviation: deviation => deviations.push(deviation) })
    expect(deviations).toEqual([{ field, offset: offset || expect.any(Number), message: expect.any(String) }])
    expect(writeImageRecord(tagged)).toEqual(bytes)
    expect(() => readImageRecord(bytes)).toThrow(
      expect.objectContaining({ code: 'RECORD_CORRUPT', message: expect.stringContaining(`${field} (offset `) }),
    )
  })
})

describe('refused whoever listens', () => {
  const cases: [string, field: string, bytes: Uint8Array][] = [
    ['a length of the record', 'length of the record (offset 8)', changed(ISO_2005, 13, 1)],
    ['scale units of 3', 'scale units (offset 19)', changed(ISO_2005, 19, 3)],
    ['17 bits', 'bit depth (offset 28)', changed(ISO_2005, 28, 17)],
    ['an image shorter than its header', 'length of image 0 (offset 32)', changed(ISO_2005, 35, 13)],
    ['no width', 'width of image 0 (offset 41)', changed(ISO_2005, 42, 0)],
    ['no height', 'height of image 0 (offset 43)', changed(ISO_2005, 44, 0)],
    ['other pixels than its size', 'pixels of image 0 (offset 46)', changed(ISO_2005, 42, 5)],
    ['a representation too many', 'length of representation 2 (offset 197)', changed(ISO_2011, 13, 3)],
    ['a representation too few', 'length of the record (offset 8)', changed(ISO_2011, 13, 1)],
    ['a flag of 2', 'certification flag (offset 14)', changed(ISO_2011, 14, 2)],
    ['a representation shorter than its length', 'length of representation 0 (offset 16)', changed(ISO_2011, 19, 3)],
    ['quality blocks past the end', 'representation 0 (offset', changed(ISO_2011, 34, 255)],
    [
      'other packed pixels than its size',
      'image of representation 0 (offset 71) has 4 bytes',
      changed(ISO_2011, 70, 4),
    ],
    [
      'a block shorter than its header',
      'length of extended data block 0 of representation 0',
      changed(ISO_2011, 79, 3),
    ],
  ]
  it.each(cases)('%s', (_, field, bytes) => {
    const attempt = () => readImageRecord(bytes, { onDeviation: () => {} })
    const message = expect.stringContaining(field)
    expect(attempt).toThrow(expect.objectContaining({ code: 'RECORD_CORRUPT', message }))
  })

  it('every truncation', () => {
    for (const [bytes] of GOLDEN) {
      for (const cut of everyCut(bytes)) {
        expect(outcomeOf(cut), `${cut.length}`).toBe(cut.length < 4 ? 'RECORD_FORMAT' : 'RECORD_CORRUPT')
      }
    }
  })

  it('bytes behind the end', () => {
    for (const [bytes] of GOLDEN) expect(outcomeOf(Uint8Array.of(...bytes, 0))).toBe('RECORD_CORRUPT')
  })
})

describe('hostile records', () => {
  it('with any one byte changed are read and written the same, or refused', () => {
    for (const [bytes] of GOLDEN) {
      const outcomes = new Set(everyByteChanged(bytes).map(outcomeOf))
      expect([...outcomes].sort()).toEqual(['RECORD_CORRUPT', 'RECORD_FORMAT', 'RECORD_VERSION', 'deviates', 'read'])
    }
  })

  it.each(GOLDEN.map(([bytes, { format }]) => [format, bytes] as const))(
    '%s changed at random are read and written the same, or refused',
    (format, golden) => {
      // Half of them with the length of the record set right.
      const withLength = (bytes: Uint8Array) =>
        bytes.length > 13 ? changed(bytes, format === 'iso-19794-4-2011' ? 11 : 13, bytes.length) : bytes
      const damaged = mutated([golden], LIKELY)
      const counts = countOutcomes(format, fc.oneof(damaged, damaged.map(withLength)), outcomeOf)
      expect(counts.read).toBeGreaterThan(0)
      expect(counts.deviates).toBeGreaterThan(0)
      expect(counts.RECORD_CORRUPT).toBeGreaterThan(0)
    },
    3_600_000,
  )

  it('of nothing sensible are refused', () => {
    const version = fc.constantFrom('010\0', '020\0')
    fc.assert(
      fc.property(version, fc.uint8Array({ maxLength: 200 }), (name, tail) => {
        const bytes = Uint8Array.of(...Buffer.from(`FIR\0${name}`, 'latin1'), ...tail)
        expect(outcomeOf(bytes)).toMatch(/^(RECORD_CORRUPT|read|deviates)$/)
      }),
    )
  })

  it('of 12 MB that lie are refused near their beginning', () => {
    const of = (golden: Uint8Array, fill: (bytes: Uint8Array, view: DataView) => void) => {
      const bytes = new Uint8Array(12_000_000)
      bytes.set(golden.subarray(0, 32))
      const view = new DataView(bytes.buffer)
      view.setUint32(golden === ISO_2011 ? 8 : 10, bytes.length)
      fill(bytes, view)
      return bytes
    }
    const empty = fromHex('0000000e 00 01 01 00 00 0001 0001 00')
    const [slap] = ISO_2011_RECORD.views
    const header = writeIso19794p4v2011({ ...ISO_2011_RECORD, views: [{ ...slap, extensions: [] }] })
    const lies = {
      'images of nothing but headers': of(ISO_2005, bytes => {
        bytes[29] = 2
        for (let at = 32; at + empty.length <= bytes.length; at += empty.length) bytes.set(empty, at)
      }),
      '65,535 representations': of(ISO_2011, (_, view) => view.setUint16(12, 0xffff)),
      'extended data of nothing but headers': of(ISO_2011, (bytes, view) => {
        bytes.set(header)
        view.setUint32(8, bytes.length)
        view.setUint32(16, bytes.length - 16)
        for (let at = header.length; at + 4 <= bytes.length; at += 4) view.setUint32(at, 0x01000004)
      }),
    }
    for (const [lie, bytes] of Object.entries(lies)) {
      let deviations = 0
      let refusal: unknown
      try {
        readImageRecord(bytes, { onDeviation: () => deviations++ })
      } catch (error) {
        refusal = error
      }
      expect(refusal, lie).toMatchObject({ code: 'RECORD_CORRUPT' })
      // Each image that is read is empty: that says how many were.
      expect(deviations, lie).toBeLessThanOrEqual(4096)
      expect(Number(/\(offset (\d+)\)/.exec((refusal as Error).message)?.[1]), lie).toBeLessThan(100_000)
    }
  })
})

describe('a record that its format cannot hold is refused, naming the field:', () => {
  const image = (change: object) => ({ ...ISO_2005_RECORD, views: [{ ...ISO_2005_RECORD.views[0], ...change }] })
  const representation = (change: object, index = 0) => ({
    ...ISO_2011_RECORD,
    views: ISO_2011_RECORD.views.map((each, i) => (i === index ? { ...each, ...change } : each)),
  })
  const extended = (...blocks: object[]) => representation({ extensions: blocks })
  const block = ISO_2011_RECORD.views[0].extensions[0]
  const cutShort = { kind: 'cut-short', type: 3, statedLength: 9, data: new Uint8Array(4) }
  const cases: [string, () => unknown][] = [
    ['captureDeviceTypeId', () => writeIso19794p4v2005({ ...ISO_2005_RECORD, captureDeviceTypeId: 65536 })],
    ['scaleUnits', () => writeIso19794p4v2005({ ...ISO_2005_RECORD, scaleUnits: 3 as never })],
    ['bitDepth', () => writeIso19794p4v2005({ ...ISO_2005_RECORD, bitDepth: 0 })],
    ['views[0].quality', () => writeIso19794p4v2005(image({ quality: 256 }))],
    ['views[0].widthPx', () => writeIso19794p4v2005(image({ widthPx: 0 }))],
    ['ownerId', () => writeAnsi381v2004({ ...ANSI_2004_RECORD, ownerId: -1 })],
    ['positionCount', () => writeIso19794p4v2011({ ...ISO_2011_RECORD, positionCount: 256 })],
    ['views[0].certificationBlocks', () => writeIso19794p4v2011({ ...ISO_2011_RECORD, hasCertificationBlocks: false })],
    ['views[1].heightPx', () => writeIso19794p4v2011(representation({ heightPx: 65536 }, 1))],
    [
      'views[0].captureTime.month',
      () =>
        writeIso19794p4v2011(representation({ captureTime: { ...ISO_2011_RECORD.views[0].captureTime, month: 256 } })),
    ],
    ['views[0].extensions[0].vendorId', () => writeIso19794p4v2011(extended({ ...block, vendorId: 65536 }))],
    [
      'views[0].extensions[0]',
      () => writeIso19794p4v2011(extended({ kind: 'opaque', type: 9, data: new Uint8Array(65_532) })),
    ],
    ['views[0].extensions[0] is cut short', () => writeIso19794p4v2011(extended(cutShort, block))],
    ['views[0].extensions[0].statedLength', () => writeIso19794p4v2011(extended({ ...cutShort, statedLength: 8 }))],
  ]
  it.each(cases)('%s', (field, attempt) => {
    expect(attempt).toThrow(RangeError)
    expect(attempt).toThrow(field)
  })
})
