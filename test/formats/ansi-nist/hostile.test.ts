import fc from 'fast-check'
import {
  type AnsiNistRecord,
  type AnsiNistTransaction,
  type Deviation,
  imageHeader,
  imagesOf,
  minutiaeOf,
  readAnsiNist,
  type TaggedField,
  transactionInformation,
  writeAnsiNist,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { FUZZ_RUNS, isRefusal, mutated, mutatedByParts } from '../fuzzing.js'
import { joined, smallTransaction, tagged, transactionOfManyTypes } from './by-hand.js'

const SEEDS = [smallTransaction(), transactionOfManyTypes()]
const LIKELY = [...Buffer.from('0123456789.:\x1c\x1d\x1e\x1f\xff\0')]

/** Reads some bytes as a program would, views and all. What is accepted must be written as it was read. */
function outcomeOf(bytes: Uint8Array): 'refused' | 'accepted' | 'with deviations' {
  const deviations: Deviation[] = []
  let transaction: AnsiNistTransaction
  try {
    transaction = readAnsiNist(bytes, { onDeviation: one => deviations.push(one) })
  } catch (error) {
    if (isRefusal(error)) return 'refused'
    throw error
  }
  expect(Buffer.compare(writeAnsiNist(transaction), bytes)).toBe(0)
  look(transaction)
  const isNamed = ({ offset, field, message }: Deviation) =>
    offset >= 0 && offset <= bytes.length && field !== '' && message !== '' && !/\b(NaN|undefined)\b/.test(message)
  expect(deviations.every(isNamed)).toBe(true)
  return deviations.length === 0 ? 'accepted' : 'with deviations'
}

/** A transaction without what is written anew. */
function withoutWritten({ records, trailing }: AnsiNistTransaction) {
  const isWritten = (type: number, { number }: TaggedField) => number === 1 || (type === 1 && number === 3)
  return {
    trailing,
    records: records.map((record: AnsiNistRecord) =>
      record.kind === 'tagged'
        ? { ...record, fields: record.fields.filter(field => !isWritten(record.type, field)) }
        : record,
    ),
  }
}

function look(transaction: AnsiNistTransaction): void {
  transactionInformation(transaction)
  imagesOf(transaction)
  transaction.records.forEach((record, i) => {
    imageHeader(transaction, i)
    if (record.type !== 9) return
    try {
      minutiaeOf(transaction, i, { widthPx: 1000, heightPx: 1000 })
    } catch (error) {
      if (!isRefusal(error)) throw error
    }
  })
}

describe('hostile bytes', () => {
  it('of the seeds are none', () => {
    expect(SEEDS.map(outcomeOf)).toEqual(['accepted', 'accepted'])
  })

  it.each([
    [0, 1],
    [1, 7],
  ])('of seed %i with any bit altered (every %ith) are refused or read, never wrong', (i, step) => {
    const seed = SEEDS[i]
    for (let bit = 0; bit < 8 * seed.length; bit += step) {
      const bytes = seed.slice()
      bytes[bit >> 3] ^= 1 << (bit & 7)
      outcomeOf(bytes)
    }
  })

  it('cut anywhere are refused', () => {
    const seed = SEEDS[1]
    for (let length = 0; length < seed.length; length++) expect(outcomeOf(seed.subarray(0, length))).toBe('refused')
  })

  it(
    `of ${FUZZ_RUNS} mutations are refused or read, never wrong`,
    () => {
      const counts = { refused: 0, accepted: 0, 'with deviations': 0 }
      fc.assert(
        fc.property(fc.oneof(mutated(SEEDS, LIKELY), mutatedByParts(SEEDS, 0x1d, LIKELY)), bytes => {
          counts[outcomeOf(bytes)]++
        }),
        { numRuns: FUZZ_RUNS },
      )
      if (process.env.SIDIK_FUZZ_RUNS) console.log('ANSI/NIST', counts)
      expect(counts.refused).toBeGreaterThan(0)
      expect(counts['with deviations']).toBeGreaterThan(0)
    },
    60_000 + FUZZ_RUNS * 5,
  )

  it('of a million separators, or a list of thousands, are refused', () => {
    for (const text of ['\x1d'.repeat(1e6), '\x1e'.repeat(1e6), `1.001:1000000\x1d1.003:${'\x1e'.repeat(1e6)}\x1c`]) {
      expect(outcomeOf(new TextEncoder().encode(text))).toBe('refused')
    }
    const listed = Array.from({ length: 9999 }, () => '4\x1f00').join('\x1e')
    expect(outcomeOf(new TextEncoder().encode(`1.001:9\x1d1.003:1\x1f9999\x1e${listed}\x1c`))).toBe('refused')
  })
})

describe('any transaction', () => {
  const item = fc.string({ unit: fc.constantFrom(...'ABC 019.,/é華'), maxLength: 12 })
  const subfields = fc.array(fc.array(item, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 })
  const data = fc.uint8Array({ maxLength: 60 })
  const byte = fc.nat({ max: 255 })
  const idc = fc.nat({ max: 99 })
  const tagged = fc
    .record({
      type: fc.constantFrom(2, 9, 10, 13, 14, 15, 17, 21, 99),
      idc: idc.map(value => String(value).padStart(2, '0')),
      fields: fc.uniqueArray(fc.record({ number: fc.integer({ min: 3, max: 998 }), subfields }), {
        selector: ({ number }) => number,
        maxLength: 6,
      }),
      data: fc.option(data, { nil: undefined }),
    })
    .map(({ type, idc, fields, data }): AnsiNistRecord => {
      const image = data && type >= 10 ? [{ number: 999, data }] : []
      return {
        kind: 'tagged',
        type,
        fields: [{ number: 1, subfields: [['0']] }, { number: 2, subfields: [[idc]] }, ...fields, ...image],
      }
    })
  const fixed = fc.record({
    kind: fc.constant('fixed-image' as const),
    type: fc.constantFrom(3 as const, 4 as const, 5 as const, 6 as const),
    idc,
    impression: byte,
    positions: fc.array(fc.nat({ max: 254 }), { maxLength: 6 }),
    scanningResolution: byte,
    widthPx: fc.nat({ max: 0xffff }),
    heightPx: fc.nat({ max: 0xffff }),
    compression: byte,
    data,
  })
  const signature = fc.record({
    kind: fc.constant('signature' as const),
    type: fc.constant(8 as const),
    idc,
    signer: byte,
    representation: byte,
    scanningResolution: byte,
    widthPx: fc.nat({ max: 0xffff }),
    heightPx: fc.nat({ max: 0xffff }),
    data,
  })
  const opaque = fc.record({ kind: fc.constant('opaque' as const), type: fc.constant(7 as const), idc, data })
  const typeOne: AnsiNistRecord = {
    kind: 'tagged',
    type: 1,
    fields: [
      { number: 1, subfields: [['0']] },
      { number: 2, subfields: [['0502']] },
      { number: 3, subfields: [['1', '0']] },
      { number: 15, subfields: [['003', 'UTF-8']] },
    ],
  }

  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(tagged, fixed, signature, opaque), { maxLength: 8 }), others => {
        const transaction: AnsiNistTransaction = { records: [typeOne, ...others] }
        const bytes = writeAnsiNist(transaction)
        const again = readAnsiNist(bytes, { onDeviation: () => {} })
        expect(withoutWritten(again)).toEqual(withoutWritten({ ...transaction }))
        expect(transactionInformation(again).contents.map(({ type }) => type)).toEqual(others.map(({ type }) => type))
        expect(Buffer.compare(writeAnsiNist(again), bytes)).toBe(0)
      }),
    )
  })
})

describe('a field of another type', () => {
  const bytes = smallTransaction()
  const typeOneEnd = bytes.indexOf(0x1c) + 1
  const [, ...fields] = Buffer.from(bytes.subarray(0, typeOneEnd - 1))
    .toString('latin1')
    .split('\x1d')
  const foreign = fc
    .record({ type: fc.constantFrom(2, 3, 9, 15), number: fc.constantFrom('001', '002', '003', '015', '018', '999') })
    .map(({ type, number }) => `${type}.${number}:hello`)

  it('anywhere in the Type-1 record is the only thing that deviates, and is written as it was read', () => {
    fc.assert(
      fc.property(foreign, fc.integer({ min: 1, max: fields.length }), (field, at) => {
        const changed = joined(tagged(1, [...fields.slice(0, at), field, ...fields.slice(at)]), bytes.slice(typeOneEnd))
        const deviations: Deviation[] = []
        const transaction = readAnsiNist(changed, { onDeviation: one => deviations.push(one) })
        expect(deviations.map(({ message }) => message)).toEqual(['is a field of another type, in a Type-1 record'])
        expect(Buffer.compare(writeAnsiNist(transaction), changed)).toBe(0)
      }),
    )
  })
})

describe('what cannot be written', () => {
  const typeOne = readAnsiNist(smallTransaction()).records[0]
  const field = (fields: unknown, type = 2) =>
    ({ kind: 'tagged', type, fields: [{ number: 1, subfields: [['0']] }, fields] }) as unknown as AnsiNistRecord

  it.each<[string, AnsiNistRecord[], string]>([
    ['no Type-1 record', [field({ number: 2, subfields: [['00']] })], 'records[0] must be the Type-1 record'],
    ['two Type-1 records', [typeOne, typeOne], 'records has a second Type-1 record'],
    [
      'a separator',
      [typeOne, field({ number: 2, subfields: [['0\x1d0']] })],
      'records[1].fields[1].subfields[0][0] has a separator',
    ],
    [
      'a character of another set',
      [typeOne, field({ number: 3, subfields: [['華']] })],
      'records[1].fields[1] has "華": list UTF-8',
    ],
    [
      'an image as text',
      [typeOne, field({ number: 999, subfields: [['x']] }, 14)],
      'records[1].fields[1] is 14.999 DATA, which holds data',
    ],
    [
      'bytes with separators',
      [typeOne, field({ number: 3, data: Uint8Array.of(0x1d) })],
      'must not have FS or GS in it',
    ],
    [
      'a tag of another field',
      [typeOne, field({ number: 3, tag: '2.4', subfields: [['x']] })],
      'records[1].fields[1].tag is "2.4"',
    ],
    [
      'seven positions',
      [
        typeOne,
        { ...(readAnsiNist(smallTransaction()).records[2] as object), positions: [1, 1, 1, 1, 1, 1, 1] } as never,
      ],
      'records[1].positions.length is 7',
    ],
    [
      'tags of a type that has none',
      [typeOne, field({ number: 2, subfields: [['00']] }, 4)],
      'records[1].type is 4, which has no tags',
    ],
    [
      'a record without length',
      [typeOne, { kind: 'tagged', type: 2, fields: [] }],
      'records[1].fields[0] must be 2.001 LEN',
    ],
    [
      'a list that is missing',
      [{ kind: 'tagged', type: 1, fields: [{ number: 1, subfields: [['0']] }] }],
      'records[0] has no field 1.003 CNT',
    ],
  ])('%s', (_, records, message) => {
    expect(() => writeAnsiNist({ records })).toThrow(RangeError)
    expect(() => writeAnsiNist({ records })).toThrow(message)
  })

  it('half a surrogate pair', () => {
    const withUtf8 = readAnsiNist(transactionOfManyTypes()).records[0]
    expect(() => writeAnsiNist({ records: [withUtf8, field({ number: 3, subfields: [['\ud800']] })] })).toThrow(
      RangeError,
    )
  })
})
