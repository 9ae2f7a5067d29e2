import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import {
  type AnsiNistTransaction,
  type Deviation,
  type MinutiaeRecord,
  type ReadOptions,
  readAnsiNist,
  readCbeff,
  readImageRecord,
  readMinutiaeRecord,
  type TaggedRecord,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { joined, smallTransaction, tagged, transactionOfManyTypes, typeNine, typeOne, US } from './ansi-nist/by-hand.js'
import { changed, everyCut } from './damage.js'
import { FUZZ_RUNS, mutated } from './fuzzing.js'
import { ANSI_2004, ISO_2005, ISO_2005_RECORD, ISO_2011 } from './images/golden.js'
import { GOLDENS } from './minutiae/golden-records.js'

const PERSON = new URL('../../fixtures/cbeff/person.xml', import.meta.url)
const MINUTIAE = GOLDENS.filter(({ tagged }) => tagged.format !== 'iso-19794-2-2005-card')
const TRANSACTIONS = [smallTransaction(), transactionOfManyTypes()]

type Read = (bytes: Uint8Array, options: ReadOptions) => object

/** What is read of bytes where somebody listens to damage, or the error; what was said. */
function looked<T extends object>(read: (bytes: Uint8Array, options: ReadOptions) => T, bytes: Uint8Array) {
  const deviations: Deviation[] = []
  const damages: Deviation[] = []
  try {
    const found = read(bytes, { onDeviation: one => deviations.push(one), onDamage: one => damages.push(one) })
    return { found, deviations, damages }
  } catch (error) {
    expect(error).toMatchObject({ name: 'SidikError', code: expect.stringMatching(/^RECORD_/) })
    return { deviations, damages }
  }
}

/** Whoever does not listen to damage is refused what is damaged, and gets the same of what is not. */
function expectHonest(read: Read, bytes: Uint8Array): void {
  const { found, damages } = looked(read, bytes)
  let strict: object | undefined
  try {
    strict = read(bytes, { onDeviation: () => {} })
  } catch (error) {
    expect(error).toMatchObject({ name: 'SidikError' })
  }
  if (found !== undefined && damages.length === 0) expect(strict).toEqual(found)
  else expect(strict).toBeUndefined()
  for (const { field, offset, message } of damages) {
    expect(field !== '' && message !== '' && offset >= 0 && offset <= bytes.length).toBe(true)
  }
}

const FAMILIES: readonly (readonly [name: string, read: Read, seeds: readonly Uint8Array[]])[] = [
  ['minutiae records', readMinutiaeRecord, MINUTIAE.map(({ bytes }) => bytes)],
  ['image records', readImageRecord, [ISO_2005, ANSI_2004, ISO_2011]],
  ['transactions', readAnsiNist, TRANSACTIONS],
  ['CBEFF records', readCbeff, [new Uint8Array(readFileSync(PERSON))]],
]

describe.each(FAMILIES)('damaged %s', (_, read, seeds) => {
  it('cut anywhere or changed at random are never taken as sound', () => {
    for (const cut of seeds.flatMap(everyCut)) expectHonest(read, cut)
    fc.assert(
      fc.property(mutated(seeds, [0, 1, 0x1c, 0x1d, 0x30, 0x31, 0xff]), bytes => expectHonest(read, bytes)),
      { numRuns: FUZZ_RUNS },
    )
  })

  it('that are whole give the same as ever', () => {
    for (const bytes of seeds) {
      const { found, damages } = looked(read, bytes)
      expect([found, damages]).toEqual([read(bytes, { onDeviation: () => {} }), []])
    }
  })
})

const viewsOf = (tagged: MinutiaeRecord | undefined) =>
  (tagged?.record as { views: { minutiae: object[] }[] } | undefined)?.views ?? []

describe('of a damaged minutiae record', () => {
  it.each(MINUTIAE)('$name: all minutiae are shown where two bytes are missing or too many at the end', one => {
    const { tagged, bytes } = one
    const counts = viewsOf(tagged).map(({ minutiae }) => minutiae.length)
    for (const wrong of [bytes.subarray(0, -2), Uint8Array.from([...bytes, 0, 0])]) {
      const { found, damages } = looked(readMinutiaeRecord, wrong)
      expect(viewsOf(found).map(({ minutiae }) => minutiae.length)).toEqual(counts)
      expect(damages.length).toBeGreaterThan(0)
    }
  })

  it('all minutiae are shown where the last extended block is a byte short', () => {
    const { bytes } = MINUTIAE.find(({ tagged }) => tagged.format === 'ansi-378-2009')!
    const short = changed(bytes, 50, 0, 0x23)
    const { found, damages } = looked(readMinutiaeRecord, short)
    expect(viewsOf(found)[0].minutiae).toHaveLength(2)
    expect(damages.map(({ field }) => field)).toEqual(['extended data', 'end of the record'])
  })

  it('a value that cannot be is kept, with all around it', () => {
    const { tagged, bytes } = MINUTIAE[0]
    const { found, damages } = looked(readMinutiaeRecord, changed(bytes, 33, 101))
    expect(viewsOf(found)[0].minutiae[0]).toMatchObject({ quality: 101 })
    expect(viewsOf(found)[1]).toEqual(viewsOf(tagged)[1])
    expect(damages).toEqual([{ field: 'minutia quality', offset: 33, message: 'is 101, must be from 0 to 100' }])
  })
})

describe('of a damaged image record', () => {
  it('the header and what there is of the image are shown', () => {
    const { found, damages } = looked(readImageRecord, ISO_2005.subarray(0, -1))
    expect(found?.record.views).toHaveLength(ISO_2005_RECORD.views.length)
    expect(damages.length).toBeGreaterThan(0)
  })
})

describe('of a damaged transaction', () => {
  const types = (transaction: AnsiNistTransaction | undefined) => transaction?.records.map(({ type }) => type)
  const head = typeOne({ contents: [`2${US}00`, `14${US}01`, `9${US}01`] })
  const two = tagged(2, ['2.002:00'])
  const image = (length: number, end = '\x1c') => joined(`14.001:${length}\x1d14.002:01\x1d14.999:abcdef${end}`)
  const wholeLength = image(10).length

  it.each<[string, Uint8Array]>([
    ['a length of an image two too small', image(wholeLength - 2)],
    ['a length of an image two too large', image(wholeLength + 2)],
    ['a length beyond the end', image(99)],
    ['an image without its FS', image(wholeLength, '')],
    ['a length that is none', joined('14.001:x\x1d14.002:01\x1d14.999:abcdef\x1c')],
  ])('all records are shown, those behind it too: %s', (_, fourteen) => {
    const bytes = joined(head, two, fourteen, typeNine())
    const { found, damages } = looked(readAnsiNist, bytes)
    expect(types(found)).toEqual([1, 2, 14, 9])
    expect((found?.records[2] as TaggedRecord | undefined)?.fields.at(-1)).toEqual({
      number: 999,
      data: joined('abcdef'),
    })
    expect(damages.length).toBeGreaterThan(0)
  })

  it('the records behind one that is rubbish are shown', () => {
    const bytes = joined(head, two, '\0\0rubbish\x1c', typeNine())
    const { found, damages } = looked(readAnsiNist, bytes)
    expect(types(found)).toEqual([1, 2, 9])
    expect(damages).toEqual([
      expect.objectContaining({ field: 'record 3', offset: head.length + two.length }),
      expect.objectContaining({
        field: '14.001 LEN',
        message: 'is not there: 1.003 CNT lists a record of type 14 with IDC 1, which was not read',
      }),
    ])
  })

  it('a field of another type within a Type-9 record is shown as that, and is no field of the record', () => {
    const nine = tagged(9, ['9.002:01', '9.003:1', '9.004:S', '14.013:7', '9.010:0'])
    const bytes = joined(typeOne({ contents: [`9${US}01`] }), nine)
    const { found, deviations, damages } = looked(readAnsiNist, bytes)
    const fields = (found?.records[1] as TaggedRecord | undefined)?.fields
    expect(fields?.at(-2)).toEqual({ number: 13, foreignType: 14, subfields: [['7']] })
    expect(deviations.map(({ field }) => field)).toEqual(['14.013 FGP'])
    expect(damages).toEqual([])
  })

  const manyListed = (records: number) => {
    const contents = Array.from({ length: records }, () => `2${US}00`)
    return joined(typeOne({ contents }), ...Array.from({ length: records }, () => '\0\x1c13.001:9\x1d?\x1c'))
  }

  it('with many records, listed and not, each that is missing is named', () => {
    const { found, damages } = looked(readAnsiNist, manyListed(4096))
    expect(found?.records.length).toBe(1)
    expect(damages.filter(({ message }) => message.includes('type 2 with IDC 0'))).toHaveLength(4096)
    expect(damages.length).toBeLessThan(4096 + 10)
  })

  it('with more records listed than are read is refused', () => {
    expect(() => readAnsiNist(manyListed(4097), { onDeviation: () => {}, onDamage: () => {} })).toThrow(
      expect.objectContaining({ code: 'RECORD_CORRUPT', message: expect.stringContaining('lists 4097 records, 4096') }),
    )
  })
})
