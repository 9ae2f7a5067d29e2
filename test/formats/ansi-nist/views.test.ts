import {
  fieldMnemonic,
  fieldName,
  imageHeader,
  imagesOf,
  minutiaeOf,
  readAnsiNist,
  transactionInformation,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import {
  joined,
  latin1,
  smallTransaction,
  TYPE_FOUR,
  tagged,
  transactionOfManyTypes,
  typeFourteen,
  typeNine,
  typeNineM1,
  typeOne,
  US,
} from './by-hand.js'

describe('names of fields', () => {
  it('have a mnemonic where the standard gives one', () => {
    expect(fieldName(14, 13)).toBe('14.013 FGP')
    expect(fieldName(9, 137)).toBe('9.137 FMD')
    expect(fieldName(10, 40)).toBe('10.040 SMT')
    expect(fieldName(17, 30)).toBe('17.030 DMM')
    expect(fieldName(21, 2)).toBe('21.002 IDC')
    expect(fieldName(2, 2033)).toBe('2.2033')
    expect(fieldMnemonic(14, 19)).toBeUndefined()
    expect(fieldMnemonic(14, 200)).toBeUndefined()
  })
})

describe('the Type-1 record', () => {
  it('is given by names', () => {
    expect(transactionInformation(readAnsiNist(transactionOfManyTypes()))).toEqual({
      version: '0400',
      contents: [
        [2, 0],
        [8, 5],
        [9, 1],
        [9, 3],
        [10, 4],
        [13, 1],
        [15, 2],
        [17, 6],
        [99, 7],
      ].map(([type, idc]) => ({ type, idc })),
      transactionType: 'CAR',
      date: '20261125',
      priority: 4,
      destinationAgency: 'DESTINATION',
      originatingAgency: 'ORIGIN',
      controlNumber: 'TCN-1',
      controlReference: 'TCR',
      nativePxPerMm: 19.69,
      nominalPxPerMm: 19.69,
      domain: ['NORAM', ''],
      gmt: '20261125120000Z',
      characterSets: [['003', 'UTF-8', '4.0']],
    })
  })
})

describe('images', () => {
  it('are listed with all that their records say', () => {
    expect(imagesOf(readAnsiNist(smallTransaction()))).toEqual([
      {
        recordIndex: 2,
        recordType: 4,
        idc: 1,
        impression: 3,
        positions: [1],
        widthPx: 3,
        heightPx: 2,
        xPpi: 500,
        yPpi: 500,
        compression: 'NONE',
        compressionCode: '0',
        bitsPerPixel: 8,
        missingFingers: [],
        segments: [],
        nistQualities: [],
        data: TYPE_FOUR.slice(18),
        image: { data: TYPE_FOUR.slice(18), widthPx: 3, heightPx: 2, ppi: 500 },
      },
      expect.objectContaining({
        recordIndex: 3,
        recordType: 14,
        idc: 2,
        sourceAgency: 'ORIGIN',
        captureDate: '20261125',
        positions: [2],
        image: { data: latin1('\x1c\x1d\x1e\x1f12'), widthPx: 3, heightPx: 2, ppi: 500 },
      }),
    ])
  })

  it('of faces and irises have a header too, but no ridges', () => {
    const transaction = readAnsiNist(transactionOfManyTypes())
    expect(imagesOf(transaction).map(({ recordType, positions }) => [recordType, positions])).toEqual([
      [13, [2, 7]],
      [15, [21]],
    ])
    expect(imageHeader(transaction, 5)).toMatchObject({ imageType: 'FACE', colourSpace: 'GRAY', positions: [] })
    expect(imageHeader(transaction, 8)).toMatchObject({ recordType: 17, colourSpace: 'GRAY', bitsPerPixel: 8 })
    expect(imageHeader(transaction, 6)?.comment).toBe('a comment')
    expect(imageHeader(transaction, 1)).toBeUndefined()
    expect(() => imageHeader(transaction, 99)).toThrow(RangeError)
  })

  const one = (changes: Record<number, string>, image?: Uint8Array) =>
    imagesOf(
      readAnsiNist(joined(typeOne({ contents: [`14${US}02`] }), typeFourteen(changes, image)), {
        onDeviation: () => {},
      }),
    )[0]

  it('have their resolution in pixels per inch, whatever it was stated in', () => {
    expect(one({ 8: '2', 9: '197', 10: '197' })).toMatchObject({ xPpi: 500, yPpi: 500, image: { ppi: 500 } })
    expect(one({ 8: '2', 9: '394', 10: '394' }).xPpi).toBe(1000)
    expect(one({ 8: '1', 9: '500', 10: '1000' })).toMatchObject({ xPpi: 500, yPpi: 1000 })
    expect(one({ 8: '1', 9: '500', 10: '1000' }).image).not.toHaveProperty('ppi')
    expect(one({ 8: '0', 9: '1', 10: '1' })).not.toHaveProperty('xPpi')
  })

  it('of the native resolution have that of the transaction', () => {
    const image = TYPE_FOUR.slice()
    image[12] = 1
    const bytes = joined(typeOne({ contents: [`4${US}01`] }), image)
    expect(imagesOf(readAnsiNist(bytes))[0]).toMatchObject({ xPpi: 500, yPpi: 500 })
  })

  it('of 16 bits are frames of 16 bits, files are left as they are', () => {
    expect(one({ 12: '16' }, latin1('\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c')).image).toEqual({
      data: Uint16Array.of(0x102, 0x304, 0x506, 0x708, 0x90a, 0xb0c),
      widthPx: 3,
      heightPx: 2,
      ppi: 500,
    })
    const png = latin1('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x03\0\0\0\x02')
    expect(one({ 11: 'PNG' }, png).image).toEqual(png)
  })

  it('of unknown compression or another size are not offered for decoding', () => {
    expect(one({ 11: 'XYZ' })).not.toHaveProperty('image')
    expect(one({ 11: 'XYZ' })).toMatchObject({ compressionCode: 'XYZ' })
    expect(one({ 6: '4' })).not.toHaveProperty('image')
  })

  it('have segments, qualities and missing fingers, those that deviate left out', () => {
    const slap = { 13: '13', 18: `3${US}UP`, 21: `2${US}10${US}20${US}30${US}40\x1e3${US}1`, 22: `2${US}1` }
    expect(one(slap)).toMatchObject({
      segments: [{ position: 2, leftPx: 10, rightPx: 20, topPx: 30, bottomPx: 40 }],
      nistQualities: [{ position: 2, quality: 1 }],
      missingFingers: [{ position: 3, reason: 'UP' }],
    })
  })
})

describe('minutiae', () => {
  const degrees = (value: number) => (value * Math.PI) / 180

  it("of the standard's block are turned by half and counted from above", () => {
    const bytes = joined(typeOne({ contents: [`9${US}01`], version: '0400' }), typeNine())
    // 2540 units of 0.01 mm are one inch: 500 px.
    expect(minutiaeOf(readAnsiNist(bytes), 1, { widthPx: 600, heightPx: 700 })).toEqual({
      block: 'standard',
      idc: 1,
      impression: 1,
      positions: [2],
      widthPx: 600,
      heightPx: 700,
      minutiae: [
        { xPx: 500, yPx: 699, directionRad: degrees(180), type: 'ridge-ending', quality: 0 },
        { xPx: 0, yPx: 200, directionRad: degrees(270), type: 'bifurcation', quality: 100 },
        { xPx: 250, yPx: 450, directionRad: degrees(90), type: 'other', quality: 1 },
      ],
    })
  })

  it('of a type that is none are of another type, whatever an object has by that name', () => {
    const record = tagged(9, [
      '9.002:01',
      '9.003:1',
      '9.004:S',
      '9.010:2',
      '9.011:0',
      `9.012:001${US}12701270270${US}10${US}constructor\x1e002${US}12701270270${US}10${US}__proto__`,
    ])
    const bytes = joined(typeOne({ contents: [`9${US}01`], version: '0400' }), record)
    const { minutiae } = minutiaeOf(readAnsiNist(bytes), 1, { widthPx: 600, heightPx: 700 })!
    expect(minutiae.map(({ type }) => type)).toEqual(['other', 'other'])
  })

  it('of palms have five digits', () => {
    const palm = tagged(9, [
      '9.002:01',
      '9.003:10',
      '9.004:S',
      '9.010:1',
      '9.011:0',
      `9.012:001${US}1270012700010${US}01${US}A`,
    ])
    const bytes = joined(typeOne({ contents: [`9${US}01`] }), palm)
    expect(minutiaeOf(readAnsiNist(bytes), 1, { widthPx: 4000, heightPx: 4000 })?.minutiae).toEqual([
      { xPx: 2500, yPx: 1500, directionRad: degrees(190), type: 'ridge-ending', quality: 0 },
    ])
  })

  it('of INCITS 378 are scaled to 500 ppi and need no image', () => {
    const bytes = joined(typeOne({ contents: [`9${US}03`] }), typeNineM1())
    expect(minutiaeOf(readAnsiNist(bytes), 1)).toEqual({
      block: 'incits-378',
      idc: 3,
      impression: 0,
      positions: [7],
      widthPx: 400,
      heightPx: 300,
      minutiae: [
        { xPx: 50, yPx: 100, directionRad: degrees(90), type: 'ridge-ending', quality: 90 },
        { xPx: 399, yPx: 299, directionRad: degrees(358), type: 'bifurcation', quality: 0 },
      ],
    })
  })

  it('lie in the image of the same IDC', () => {
    const image = tagged(
      13,
      [
        '13.002:01',
        '13.003:4',
        '13.004:S',
        '13.005:20261125',
        '13.006:20',
        '13.007:30',
        '13.008:1',
        '13.009:1000',
        '13.010:1000',
        '13.011:NONE',
        '13.012:8',
        '13.013:2',
      ],
      new Uint8Array(600),
    )
    const bytes = joined(typeOne({ contents: [`9${US}01`, `13${US}01`], version: '0400' }), typeNine(), image)
    expect(minutiaeOf(readAnsiNist(bytes), 1)).toMatchObject({ widthPx: 10, heightPx: 15 })
  })

  it('are not guessed', () => {
    const bytes = joined(typeOne({ contents: [`9${US}01`], version: '0400' }), typeNine())
    const transaction = readAnsiNist(bytes)
    expect(() => minutiaeOf(transaction, 1)).toThrow(
      new RangeError('image must be given: the transaction has none of the same IDC'),
    )
    expect(() => minutiaeOf(transaction, 0)).toThrow(new RangeError('records[0] is not of type 9'))
    const none = joined(typeOne({ contents: [`9${US}01`] }), tagged(9, ['9.002:01', '9.003:1', '9.004:U']))
    expect(minutiaeOf(readAnsiNist(none), 1)).toBeUndefined()
  })

  it.each([
    [`9.012:001${US}1234`, '9.012 MRC, subfield 1, has the place "1234", not 11 or 13 digits'],
    [`9.012:001${US}12341234360`, '9.012 MRC, subfield 1, has an angle of 360 degrees'],
    [`9.137:1${US}2${US}3${US}180${US}1${US}5`, '9.137 FMD, subfield 1, is not index, x, y'],
  ])('that are damaged (%j) are refused', (field, message) => {
    const fields = ['9.002:01', '9.003:1', '9.004:U', '9.128:9', '9.129:9', '9.130:1', '9.131:500', '9.132:500', field]
    const bytes = joined(typeOne({ contents: [`9${US}01`] }), tagged(9, fields))
    const transaction = readAnsiNist(bytes, { onDeviation: () => {} })
    expect(() => minutiaeOf(transaction, 1, { widthPx: 9, heightPx: 9 })).toThrow(
      expect.objectContaining({ code: 'RECORD_CORRUPT', message: expect.stringContaining(message) }),
    )
  })

  it.each([
    ['9.130:0', '9.130 SLC is 0: minutiae of an unknown resolution'],
    ['9.128:0', '9.128 HLL is 0, minutiae need it'],
  ])('of %s have no place', (field, message) => {
    const number = field.slice(0, 5)
    const fields = ['9.128:9', '9.129:9', '9.130:1', '9.131:500', '9.132:500'].map(one =>
      one.startsWith(number) ? field : one,
    )
    const record = tagged(9, ['9.002:01', '9.003:1', '9.004:U', ...fields, `9.137:1${US}2${US}3${US}17${US}1${US}5`])
    const transaction = readAnsiNist(joined(typeOne({ contents: [`9${US}01`] }), record), { onDeviation: () => {} })
    expect(() => minutiaeOf(transaction, 1)).toThrow(message)
  })
})
