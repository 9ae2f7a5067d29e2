import fc from 'fast-check'
import { SidikError } from 'sidik'
import { type Iso19794p2Record, readIso19794p2v2005, writeIso19794p2v2005 } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { isoRecord } from '../../template/arbitraries.js'

/** Two views, written by hand from the tables of clause 7; the spaces part the fields. */
const HEX = [
  '464d5200 20323000 00000041 8 0b5 0200 0180 00c5 00c5 02 00', // header
  '07 10 5a 02', // left index, view 1, live-scan plain, quality 90, two minutiae
  '4064 000e 50 5a', // ending at 100, 14
  '8037 017f ff 00', // bifurcation at 55, 383
  '0000', // no extended data
  '02 08 00 01', // right index, view 0, swipe, no quality, one minutia
  '01ff 0000 00 64', // other at 511, 0
  '000b 0221 0003 aabbcc 0003 0000', // a vendor's extension of 3 bytes, an empty zonal quality
].join(' ')
const BYTES = new Uint8Array(Buffer.from(HEX.replaceAll(' ', ''), 'hex'))

const RECORD: Iso19794p2Record = {
  certifications: 8,
  captureDeviceTypeId: 0x0b5,
  widthPx: 512,
  heightPx: 384,
  xResolutionPxPerCm: 197,
  yResolutionPxPerCm: 197,
  views: [
    {
      fingerPosition: 7,
      viewNumber: 1,
      impression: 0,
      quality: 90,
      minutiae: [
        { type: 1, x: 100, y: 14, angle: 80, quality: 90 },
        { type: 2, x: 55, y: 383, angle: 255, quality: 0 },
      ],
      extensions: [],
      extensionLengthsCountHeaders: false,
    },
    {
      fingerPosition: 2,
      viewNumber: 0,
      impression: 8,
      quality: 0,
      minutiae: [{ type: 0, x: 511, y: 0, angle: 0, quality: 100 }],
      extensions: [
        { type: 0x221, data: Uint8Array.of(0xaa, 0xbb, 0xcc) },
        { type: 3, data: new Uint8Array(0) },
      ],
      extensionLengthsCountHeaders: false,
    },
  ],
}

function outcomeOf(bytes: Uint8Array): string {
  try {
    expect(writeIso19794p2v2005(readIso19794p2v2005(bytes))).toEqual(bytes)
  } catch (error) {
    if (error instanceof SidikError) return error.code
    throw error
  }
  return 'read'
}

function changed(offset: number, ...values: number[]): Uint8Array {
  const bytes = BYTES.slice()
  bytes.set(values, offset)
  return bytes
}

describe('readIso19794p2v2005 and writeIso19794p2v2005', () => {
  it('agree with a record written by hand', () => {
    expect(readIso19794p2v2005(BYTES)).toEqual(RECORD)
    expect(writeIso19794p2v2005(RECORD)).toEqual(BYTES)
  })

  it('read what was written, and write the same bytes again', () => {
    fc.assert(
      fc.property(isoRecord, record => {
        const bytes = writeIso19794p2v2005(record)
        expect(readIso19794p2v2005(bytes)).toEqual(record)
        expect(outcomeOf(bytes)).toBe('read')
      }),
    )
  })

  it('keep the lengths of extensions that count their headers', () => {
    const extensions = RECORD.views[1].extensions.slice(0, 1)
    const view = { ...RECORD.views[1], extensions, extensionLengthsCountHeaders: true }
    const bytes = writeIso19794p2v2005({ ...RECORD, views: [view] })
    expect(Buffer.from(bytes).toString('hex')).toMatch(/000702210007aabbcc$/)
    expect(readIso19794p2v2005(bytes).views).toEqual([view])
  })

  it('read from a view at any offset, and keep nothing of it', () => {
    const shared = new Uint8Array(BYTES.length + 3)
    shared.set(BYTES, 3)
    const record = readIso19794p2v2005(shared.subarray(3))
    shared.fill(0)
    expect(record).toEqual(RECORD)
  })
})

describe('readIso19794p2v2005 refuses', () => {
  const cases: [string, string, string, Uint8Array][] = [
    ['no bytes', 'RECORD_FORMAT', "'FMR'", new Uint8Array(0)],
    ['an image', 'RECORD_FORMAT', "'FMR'", changed(0, 0x89, 0x50, 0x4e, 0x47)],
    ['the edition of 2011', 'RECORD_VERSION', '"030', changed(4, 0x30, 0x33, 0x30)],
    ['ANSI INCITS 378', 'RECORD_FORMAT', 'ANSI INCITS 378', changed(8, 0, 65, 0, 0)],
    ['ANSI INCITS 378 with a long length', 'RECORD_FORMAT', 'ANSI INCITS 378', changed(8, 0, 0, 0, 0, 0, 65)],
    ['a length too large', 'RECORD_CORRUPT', 'length of the record (offset 8)', changed(11, 0x42)],
    ['bytes after the end', 'RECORD_CORRUPT', 'length of the record (offset 8)', Uint8Array.of(...BYTES, 0)],
    ['no width', 'RECORD_CORRUPT', 'image width (offset 14)', changed(14, 0, 0)],
    ['no height', 'RECORD_CORRUPT', 'image height (offset 16)', changed(16, 0, 0)],
    ['98 px/cm', 'RECORD_CORRUPT', 'resolution in x (offset 18)', changed(18, 0, 98)],
    ['0 px/cm', 'RECORD_CORRUPT', 'resolution in y (offset 20)', changed(20, 0, 0)],
    ['177 views', 'RECORD_CORRUPT', 'count of finger views (offset 22)', changed(22, 177)],
    ['a view too many', 'RECORD_CORRUPT', 'header of view 2 (offset 65)', changed(22, 3)],
    ['a view too few', 'RECORD_CORRUPT', 'length of the record (offset 8)', changed(22, 1)],
    ['a reserved byte', 'RECORD_CORRUPT', 'reserved byte (offset 23)', changed(23, 1)],
    ['an unknown finger', 'RECORD_CORRUPT', 'finger position (offset 24)', changed(24, 11)],
    ['finger quality 101', 'RECORD_CORRUPT', 'finger quality (offset 26)', changed(26, 101)],
    ['minutiae past the end', 'RECORD_CORRUPT', 'count of minutiae of view 0 (offset 27)', changed(27, 200)],
    ['type 3', 'RECORD_CORRUPT', 'minutia type (offset 28)', changed(28, 0xc0)],
    ['x outside', 'RECORD_CORRUPT', 'minutia x (offset 28)', changed(28, 0x42, 0)],
    ['reserved bits', 'RECORD_CORRUPT', 'reserved bits before y (offset 30)', changed(30, 0x40)],
    ['y outside', 'RECORD_CORRUPT', 'minutia y (offset 36)', changed(36, 1, 0x80)],
    ['minutia quality 101', 'RECORD_CORRUPT', 'minutia quality (offset 33)', changed(33, 101)],
    ['extended data too long', 'RECORD_CORRUPT', 'extended data length of view 1 (offset 52)', changed(52, 255, 255)],
    ['an extension too long', 'RECORD_CORRUPT', 'extended data (offset 54)', changed(56, 0, 4)],
  ]
  it.each(cases)('%s', (_, code, names, bytes) => {
    const message = expect.stringContaining(names)
    expect(() => readIso19794p2v2005(bytes)).toThrow(expect.objectContaining({ code, message }))
  })

  it('every truncation', () => {
    for (let length = 0; length < BYTES.length; length++) {
      expect(outcomeOf(BYTES.subarray(0, length))).toBe(length < 4 ? 'RECORD_FORMAT' : 'RECORD_CORRUPT')
    }
  })

  it('with nothing but a SidikError, or reads a record that writes the same bytes', () => {
    const mutation = fc.record({ at: fc.nat(BYTES.length - 1), value: fc.integer({ min: 0, max: 255 }) })
    const outcomes = new Set<string>()
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), mutations => {
        const bytes = BYTES.slice()
        for (const { at, value } of mutations) bytes[at] = value
        outcomes.add(outcomeOf(bytes))
      }),
      { numRuns: 3000 },
    )
    expect(outcomes).toContain('read')
    expect(outcomes).toContain('RECORD_CORRUPT')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
        expect(outcomeOf(bytes)).toMatch(/^RECORD_/)
      }),
    )
  })

  it('the largest record that lies, at once', () => {
    const size = 12_000_000
    const bytes = new Uint8Array(size)
    bytes.set(BYTES.subarray(0, 24))
    new DataView(bytes.buffer).setUint32(8, size)
    bytes[22] = 176
    const startMs = performance.now()
    expect(outcomeOf(bytes)).toBe('RECORD_CORRUPT')
    expect(performance.now() - startMs).toBeLessThan(100)
  })

  it('what is no Uint8Array, as a programmer mistake', () => {
    expect(() => readIso19794p2v2005(BYTES.buffer as never)).toThrow(new TypeError('bytes must be a Uint8Array'))
  })
})

describe('writeIso19794p2v2005 refuses, naming the field,', () => {
  const [first, second] = RECORD.views
  const withView = (change: object) => ({ ...RECORD, views: [{ ...first, ...change }, second] })
  const withMinutia = (change: object) => withView({ minutiae: [{ ...first.minutiae[0], ...change }] })
  const cases: [string, Iso19794p2Record][] = [
    ['certifications', { ...RECORD, certifications: 16 }],
    ['captureDeviceTypeId', { ...RECORD, captureDeviceTypeId: 4096 }],
    ['widthPx', { ...RECORD, widthPx: 0 }],
    ['heightPx', { ...RECORD, heightPx: 65536 }],
    ['xResolutionPxPerCm', { ...RECORD, xResolutionPxPerCm: 98 }],
    ['yResolutionPxPerCm', { ...RECORD, yResolutionPxPerCm: 196.85 }],
    ['views.length', { ...RECORD, views: new Array(177).fill(first) }],
    ['views[0].fingerPosition', withView({ fingerPosition: 11 })],
    ['views[0].viewNumber', withView({ viewNumber: 16 })],
    ['views[0].impression', withView({ impression: -1 })],
    ['views[0].quality', withView({ quality: 101 })],
    ['views[0].minutiae.length', withView({ minutiae: new Array(256).fill(first.minutiae[0]) })],
    ['views[0].minutiae[0].type', withMinutia({ type: 3 })],
    ['views[0].minutiae[0].x', withMinutia({ x: 512 })],
    ['views[0].minutiae[0].y', withMinutia({ y: 384 })],
    ['views[0].minutiae[0].angle', withMinutia({ angle: 256 })],
    ['views[0].minutiae[0].quality', withMinutia({ quality: 0.5 })],
    ['views[0].extensions[0].type', withView({ extensions: [{ type: 65536, data: new Uint8Array(1) }] })],
    ['views[0].extensions', withView({ extensions: [{ type: 300, data: new Uint8Array(65532) }] })],
  ]
  it.each(cases)('%s', (field, record) => {
    const attempt = () => writeIso19794p2v2005(record)
    expect(attempt).toThrow(RangeError)
    expect(attempt).toThrow(field)
  })
})
