import { type AnsiNistTransaction, type Deviation, readAnsiNist, type TaggedRecord, writeAnsiNist } from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import {
  joined,
  latin1,
  RS,
  smallTransaction,
  TYPE_FOUR,
  tagged,
  typeFourteen,
  typeOne,
  typeOneListing,
  US,
} from './by-hand.js'

function heard(bytes: Uint8Array): { transaction: AnsiNistTransaction; deviations: Deviation[] } {
  const deviations: Deviation[] = []
  return { transaction: readAnsiNist(bytes, { onDeviation: one => deviations.push(one) }), deviations }
}

const messages = (bytes: Uint8Array) => heard(bytes).deviations.map(({ field, message }) => `${field}: ${message}`)

const refused = (bytes: Uint8Array, text: string, code = 'RECORD_CORRUPT') =>
  expect(() => heard(bytes)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }))

describe('a transaction', () => {
  it('is read field by field', () => {
    const { records } = readAnsiNist(smallTransaction())
    expect(records.map(({ type }) => type)).toEqual([1, 2, 4, 14])
    expect(records[1]).toEqual({
      kind: 'tagged',
      type: 2,
      fields: [
        { number: 1, subfields: [['54']] },
        { number: 2, subfields: [['00']] },
        { number: 18, subfields: [['DOE, JOHN'], ['ROE', 'RICHARD']] },
        { number: 2033, subfields: [['']] },
      ],
    })
    expect(records[2]).toEqual({
      kind: 'fixed-image',
      type: 4,
      idc: 1,
      impression: 3,
      positions: [1],
      scanningResolution: 0,
      widthPx: 3,
      heightPx: 2,
      compression: 0,
      data: TYPE_FOUR.slice(18),
    })
    expect((records[3] as TaggedRecord).fields.at(-1)).toEqual({ number: 999, data: latin1('\x1c\x1d\x1e\x1f12') })
  })

  it('is written as it was read', () => {
    const bytes = smallTransaction()
    expect(writeAnsiNist(readAnsiNist(bytes))).toEqual(bytes)
  })

  it('keeps signatures, records of the user and several Type-2', () => {
    const signature = Uint8Array.from([0, 0, 0, 14, 3, 0, 2, 0, 0, 0, 0, 0, 77, 78])
    const own = Uint8Array.from([0, 0, 0, 7, 4, 9, 8])
    const bytes = joined(
      typeOne({ contents: [`2${US}00`, `2${US}01`, `8${US}03`, `7${US}04`] }),
      tagged(2, ['2.002:00']),
      tagged(2, ['2.002:01', '2.003:more']),
      signature,
      own,
    )
    const { records } = readAnsiNist(bytes)
    expect(records[3]).toMatchObject({
      kind: 'signature',
      idc: 3,
      signer: 0,
      representation: 2,
      data: signature.slice(12),
    })
    expect(records[4]).toMatchObject({ kind: 'opaque', idc: 4, data: own.slice(5) })
    expect(writeAnsiNist({ records })).toEqual(bytes)
  })

  it('keeps how numbers are written: lengths with zeros, lists without', () => {
    const bytes = joined(
      typeOne({ contents: [`2${US}7`, `2${US}0`] }),
      '2.001:00020\x1d2.002:7\x1c',
      '2.001:00000024\x1d2.002:00\x1c',
    )
    expect(writeAnsiNist(readAnsiNist(bytes))).toEqual(bytes)
  })

  it('has several positions in a Type-4 record, padded with 255', () => {
    const image = TYPE_FOUR.slice()
    image.set([2, 7], 6)
    const bytes = joined(typeOne({ contents: [`4${US}01`] }), image)
    const transaction = readAnsiNist(bytes)
    expect(transaction.records[1]).toMatchObject({ positions: [2, 7] })
    expect(writeAnsiNist(transaction)).toEqual(bytes)
  })
})

describe('text', () => {
  const utf8 = { contents: [`2${US}00`], others: [`1.015:003${US}UTF-8`] }

  it('is UTF-8 where the directory of character sets says so', () => {
    const bytes = joined(typeOne(utf8), tagged(2, ['2.002:00', `2.018:${latin1Of('華裔')}`]))
    const { records } = readAnsiNist(bytes)
    expect((records[1] as TaggedRecord).fields[2]).toEqual({ number: 18, subfields: [['華裔']] })
    expect(writeAnsiNist({ records })).toEqual(bytes)
  })

  it('is bytes where it is not UTF-8', () => {
    const bytes = joined(typeOne(utf8), tagged(2, ['2.002:00', '2.018:\xff']))
    const { transaction, deviations } = heard(bytes)
    expect((transaction.records[1] as TaggedRecord).fields[2]).toEqual({ number: 18, data: Uint8Array.of(255) })
    expect(deviations).toEqual([
      { field: '2.018', offset: bytes.length - 8, message: 'is not UTF-8, which field 1.015 DCS lists' },
    ])
    expect(writeAnsiNist(transaction)).toEqual(bytes)
  })

  it('has one character a byte in Latin 1, and where the directory is silent, which deviates', () => {
    const typeTwo = tagged(2, ['2.002:00', '2.018:\xc4\xe9'])
    const listed = joined(typeOne({ contents: [`2${US}00`], others: [`1.015:001${US}ISO-8859-1`] }), typeTwo)
    expect((readAnsiNist(listed).records[1] as TaggedRecord).fields[2]).toEqual({ number: 18, subfields: [['Äé']] })
    const silent = joined(typeOne({ contents: [`2${US}00`] }), typeTwo)
    expect(messages(silent)).toEqual(['2.018: is not ASCII, and field 1.015 DCS lists no other character set'])
    expect(writeAnsiNist(heard(silent).transaction)).toEqual(silent)
  })

  it('of other sets is not read, but kept', () => {
    const bytes = joined(
      typeOne({ contents: [`2${US}00`], others: [`1.015:002${US}UTF-16`] }),
      tagged(2, ['2.002:00', '2.003:\0A\0B']),
    )
    expect(messages(bytes)).toEqual(['1.015 DCS: lists a character set that is not read: its text is bytes'])
    expect(writeAnsiNist(heard(bytes).transaction)).toEqual(bytes)
  })
})

/** UTF-8 as one character a byte. */
function latin1Of(text: string): string {
  return Buffer.from(text).toString('latin1')
}

describe('what deviates and is read', () => {
  const contents = [`2${US}00`]
  const typeTwo = tagged(2, ['2.002:00'])
  const listing = (fields: readonly string[]) => joined(typeOne({ contents }), tagged(2, fields))

  it('is thrown where nobody listens', () => {
    const bytes = joined(typeOne({ contents: [`2${US}01`] }), typeTwo)
    expect(() => readAnsiNist(bytes)).toThrow(
      `ANSI/NIST-ITL transaction damaged: 2.002 IDC (offset ${bytes.length - 9}) is 00, 1.003 CNT lists 1; use another copy`,
    )
  })

  it.each<[string, () => Uint8Array, string]>([
    [
      'a length of text',
      () => joined(typeOne({ contents }), '2.001:19\x1d2.002:00\x1c'),
      '2.001 LEN: says 19 bytes, the record ends after 18',
    ],
    [
      'a count',
      () =>
        joined(
          typeOne({ contents }).map((byte, i, all) => (isCount(all, i) ? 0x35 : byte)),
          typeTwo,
        ),
      '1.003 CNT: counts 5 records, and lists 1',
    ],
    [
      'another type than listed',
      () => joined(typeOne({ contents: [`9${US}00`] }), typeTwo),
      '2.001 LEN: begins a record of type 2, 1.003 CNT lists one of type 9',
    ],
    [
      'a record that is not listed',
      () => joined(typeOne({ contents }), typeTwo, tagged(2, ['2.002:01'])),
      '2.001 LEN: begins a record that 1.003 CNT does not list',
    ],
    [
      'a field of another type',
      () => joined(typeOne({ contents }), '2.001:26\x1d2.002:00\x1d3.003:x\x1c'),
      '3.003 IMP: is a field of another type, in a Type-2 record',
    ],
    [
      'bytes behind the last record',
      () => joined(typeOne({ contents }), typeTwo, '\r\n'),
      'end of the transaction: has 2 bytes behind it',
    ],
    ['a field twice', () => listing(['2.002:00', '2.003:a', '2.003:b']), '2.003: is there a second time'],
    ['an IDC that is missing', () => listing(['2.003:a']), '2.002 IDC: is missing, and mandatory'],
    ['an IDC in the wrong place', () => listing(['2.003:a', '2.002:00']), '2.002 IDC: is not the second field'],
    ['a tag of two digits', () => listing(['2.002:00', '2.03:a']), '2.003: has the tag "2.03", not 2.003'],
    [
      'an agency that is missing',
      () =>
        joined(
          tagged(1, [
            '1.002:0500',
            `1.003:1${US}1${RS}2${US}00`,
            '1.004:CAR',
            '1.005:20261125',
            '1.008:O',
            '1.009:T',
            '1.011:00.00',
            '1.012:00.00',
          ]),
          typeTwo,
        ),
      '1.007 DAI: is missing, and mandatory',
    ],
  ])('%s', (_, bytes, message) => {
    expect(messages(bytes())).toEqual([message])
  })

  it.each<[string, string[]]>([
    [`1${US}`, ['has no count of records, and lists 1']],
    ['1', ['has subfields that are no pairs', 'has no count of records, and lists 1']],
    [`1${US}one`, ['has the count "one", which is no number, and lists 1 records']],
    [`1${US}1 `, ['has the count "1 ", which is no number, and lists 1 records']],
    [`1${US}1000`, ['counts 1000 records, and lists 1']],
    [`1${US}${'9'.repeat(99)}`, [`counts ${'9'.repeat(20)}... records, and lists 1`]],
    [`1${US}0001`, ['has the count 0001, of more than 3 digits']],
    [`2${US}1`, ['begins with the type 2, must be 1']],
    [`${US}1`, ['begins with the type "", must be 1']],
    [`x${US}`, ['begins with the type "x", must be 1', 'has no count of records, and lists 1']],
  ])('a list of records that begins with %j', (own, problems) => {
    const first = typeOneListing(`${own}${RS}2${US}00`)
    const bytes = joined(first, typeTwo)
    expect(messages(bytes)).toEqual(problems.map(problem => `1.003 CNT: ${problem}`))
    expect(writeAnsiNist(heard(bytes).transaction)).toEqual(bytes)
  })

  it('a list of 1,000 records', () => {
    const others = Array.from({ length: 1000 }, () => typeTwo)
    const bytes = joined(typeOne({ contents: others.map(() => `2${US}00`) }), ...others)
    expect(messages(bytes)).toEqual(['1.003 CNT: has the count 1000, of more than 3 digits'])
    expect(writeAnsiNist(heard(bytes).transaction)).toEqual(bytes)
  })

  it.each<[Record<number, string | undefined>, string]>([
    [{ 3: 'X' }, '14.003 IMP: must have one or two digits'],
    [{ 5: '20260230' }, '14.005 FCD: must be a date as YYYYMMDD'],
    [{ 6: '0' }, '14.006 HLL: must be a whole number from 1 to 99999'],
    [{ 6: '4' }, '14.999 DATA: has 6 bytes, 4 x 2 px need 8'],
    [{ 8: '3' }, '14.008 SLC: must be 0, 1 (per inch) or 2 (per cm)'],
    [{ 11: 'WSQ' }, '14.011 CGA: must be one of NONE, WSQ20, JPEGB, JPEGL, JP2, JP2L, PNG'],
    [{ 11: 'WSQ20' }, '14.011 CGA: says WSQ20, the image is of no known kind'],
    [{ 13: '99' }, '14.013 FGP: must be positions of table 8'],
    [{ 13: undefined }, '14.013 FGP: is missing, and mandatory'],
    [{ 18: `3${US}ZZ` }, '14.018 AMP: must be pairs of a finger from 1 to 10 and XX or UP'],
    [
      { 21: `3${US}1${US}2${US}3` },
      '14.021 SEG: must be sets of five: a finger from 1 to 10, left, right, top and bottom',
    ],
    [{ 22: `3${US}6` }, '14.022 NQM: must be pairs of a finger from 1 to 10 and a quality of 1 to 5, 254 or 255'],
  ])('a Type-14 record with %j', (changes, message) => {
    expect(messages(joined(typeOne({ contents: [`14${US}02`] }), typeFourteen(changes)))).toEqual([message])
  })

  it.each<[number, number, string]>([
    [5, 30, '4.003 IMP: is 30, above 29'],
    [6, 99, '4.004 FGP: has 99, which are no positions of table 8'],
    [6, 255, '4.004 FGP: has no position'],
    [12, 2, '4.005 ISR: is 2, must be 0 or 1'],
    [17, 7, '4.008 CGA: is 7, no compression of table 15'],
    [17, 1, '4.008 CGA: says WSQ20, the image is of no known kind'],
    [16, 3, '4.009 DATA: has 6 bytes, 3 x 3 px need 9'],
  ])('a Type-4 record with byte %i of %i', (at, value, message) => {
    const image = TYPE_FOUR.slice()
    image[at] = value
    const bytes = joined(typeOne({ contents: [`4${US}01`] }), image)
    expect(messages(bytes)).toEqual([message])
    expect(writeAnsiNist(heard(bytes).transaction)).toEqual(bytes)
  })

  it('two images of one finger, or with one IDC', () => {
    const listed = typeOne({ contents: [`14${US}02`, `14${US}03`, `14${US}03`] })
    const bytes = joined(listed, typeFourteen(), typeFourteen({ 2: '03' }), typeFourteen({ 2: '03', 13: '3' }))
    expect(messages(bytes)).toEqual([
      `14.013 FGP: is a second image of position 2 (right index finger) of impression type 1: the first is in the record at ${listed.length}`,
      expect.stringContaining('14.002 IDC: is 03, as that of the record at '),
    ])
  })

  it('a finger without an image that is not said to be missing', () => {
    const without = {
      6: undefined,
      7: undefined,
      8: undefined,
      9: undefined,
      10: undefined,
      11: undefined,
      12: undefined,
    }
    const record = (more: Record<number, string>) => typeFourteen({ ...without, ...more }, null)
    const listed = typeOne({ contents: [`14${US}02`] })
    expect(messages(joined(listed, record({})))).toEqual(['14.999 DATA: is missing, and nothing says why'])
    expect(messages(joined(listed, record({ 18: `2${US}UP` })))).toEqual([])
  })

  it('counts of minutiae that are not theirs', () => {
    const nine = tagged(9, [
      '9.002:00',
      '9.003:1',
      '9.004:S',
      '9.010:2',
      '9.011:0',
      `9.012:001${US}00100020090${US}10${US}A`,
    ])
    expect(messages(joined(typeOne({ contents: [`9${US}00`] }), nine))).toEqual([
      '9.010 MIN: counts 2 minutiae, 9.012 MRC has 1',
    ])
  })

  it.each<[string, () => Uint8Array]>([
    ['length', () => joined(typeOne({ contents }), '2.001:99\x1d2.002:00\x1c')],
    ['length with zeros in front', () => joined(typeOne({ contents }), '2.001:0099\x1d2.002:00\x1c')],
    ['length of fewer digits', () => joined(typeOne({ contents }), '2.001:9\x1d2.002:00\x1c')],
    ['IDC in the list', () => joined(typeOne({ contents: [`2${US}03`] }), typeTwo)],
    ['type in the list', () => joined(typeOne({ contents: [`9${US}00`] }), typeTwo)],
    ['list that is too short', () => joined(typeOne({ contents }), typeTwo, tagged(2, ['2.002:01']))],
    ['list of triples', () => joined(typeOne({ contents: [`2${US}00${US}x`] }), typeTwo)],
  ])('a wrong %s: written as it was, and as it should be without asFound', (_, wrong) => {
    const bytes = wrong()
    const { transaction, deviations } = heard(bytes)
    expect(deviations.length).toBeGreaterThan(0)
    expect(writeAnsiNist(transaction)).toEqual(bytes)
    const records = transaction.records.map(record => ({ ...record, asFound: undefined }))
    const corrected = writeAnsiNist({ records })
    expect(writeAnsiNist(readAnsiNist(corrected))).toEqual(corrected)
  })
})

/** Whether the byte is the count within 1.003, which here is a 1 behind the first US. */
function isCount(bytes: Uint8Array, at: number): boolean {
  return bytes.indexOf(0x1f) + 1 === at
}

describe('what is refused', () => {
  it.each<[string, () => Uint8Array, string, string?]>([
    ['no bytes', () => new Uint8Array(0), '0 bytes that do not begin with field 1.001 LEN (offset 0)', 'RECORD_FORMAT'],
    ['another file', () => latin1('\x89PNG\r\n\x1a\n'), 'no ANSI/NIST-ITL transaction', 'RECORD_FORMAT'],
    ['no Type-1 record', () => typeFourteen(), 'field 1.001 LEN (offset 0)', 'RECORD_FORMAT'],
    ['no list', () => tagged(1, ['1.002:0500']), '1.003 CNT (offset 0) is missing'],
    [
      'a list of nothing',
      () => typeOne({ contents: ['x'] }),
      'has a subfield 2 that is not the type and IDC of a record',
    ],
    [
      'fewer records than listed',
      () => typeOne({ contents: [`14${US}00`] }),
      '14.001 LEN (offset 129) is not there: 1.003 CNT lists 1 records, 0 came',
    ],
    [
      'a second Type-1 record',
      () => joined(typeOne({ contents: [`2${US}00`] }), typeOne({ contents: [] })),
      'begins a second Type-1 record',
    ],
    [
      'a length that is none',
      () => latin1('1.001:12a\x1c'),
      '1.001 LEN (offset 0) begins with "12a\\u001c", which is no length',
    ],
    ['a length without end', () => latin1(`1.001:${'9'.repeat(500)}`), '1.001 LEN (offset 0) begins with'],
    [
      'a length of an image beyond the end',
      () => joined(typeOne({ contents: [`14${US}00`] }), '14.001:999\x1d14.999:x\x1c'),
      '14.001 LEN (offset 129) says 999 bytes, there are 20',
    ],
    [
      'a length of an image that is too short',
      () => joined(typeOne({ contents: [`14${US}00`] }), '14.001:18\x1d14.999:x\x1c'),
      '14.999 DATA (offset 139) does not end with FS at 146',
    ],
    [
      'a length before the image',
      () => joined(typeOne({ contents: [`14${US}00`] }), '14.001:09\x1d14.999:x\x1c'),
      '14.001 LEN (offset 129) says 9 bytes',
    ],
    [
      'a field of another type, where the length is wrong too',
      () => joined(typeOne({ contents: [`2${US}00`] }), '2.001:25\x1d2.002:00\x1d3.003:x\x1c'),
      'field after 2.002 IDC (offset 146) has no tag of a Type-2 record',
    ],
    [
      'tags of a type that has none',
      () => joined(typeOne({ contents: [`2${US}00`] }), '4.001:18\x1d4.002:00\x1c'),
      '4.001 LEN (offset 128) is of a type without tags',
    ],
    [
      'a binary record of less than its header',
      () => joined(typeOne({ contents: [`4${US}00`] }), Uint8Array.of(0, 0, 0, 17)),
      '4.001 LEN (offset 128) says 17 bytes, its header has 18',
    ],
    [
      'a binary record beyond the end',
      () => joined(typeOne({ contents: [`4${US}00`] }), Uint8Array.of(255, 0, 0, 18, 1)),
      '4.001 LEN (offset 128) says 4278190098 bytes, there are 5',
    ],
    [
      'a binary record of two bytes',
      () => joined(typeOne({ contents: [`7${US}00`] }), Uint8Array.of(0, 0)),
      '7.001 LEN (offset 128) needs 4 bytes, there are 2',
    ],
    [
      'a million items',
      () => joined(typeOne({ contents: [`2${US}00`] }), tagged(2, ['2.002:00', `2.003:${US.repeat(1_000_001)}`])),
      '2.003 (offset 151) is one item more than are read',
    ],
  ])('%s', (_, bytes, text, code) => {
    refused(bytes(), text, code)
  })

  it('a transaction cut at any byte', () => {
    const bytes = smallTransaction()
    for (let length = 0; length < bytes.length; length++) {
      expect(() => heard(bytes.subarray(0, length)), `cut at ${length}`).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^RECORD_(FORMAT|CORRUPT)$/) }),
      )
    }
  })

  it('arguments of other kinds', () => {
    expect(() => readAnsiNist('1.001:' as never)).toThrow(TypeError)
    expect(() => readAnsiNist(smallTransaction(), { onDeviation: 1 as never })).toThrow(TypeError)
  })
})
