import { SidikError } from '../../errors.js'
import type { ReadOptions } from '../deviation.js'
import { FieldReader } from '../field-reader.js'
import { checkRecord } from './check.js'
import { RepeatedRecords } from './check-repeats.js'
import { fieldName } from './field-names.js'
import { readBinary } from './read-binary.js'
import { nextTaggedAt, readTagged, tagAt } from './read-tagged.js'
import type { Located, Source } from './source.js'
import { characterSetOf } from './text.js'
import {
  type AnsiNistRecord,
  type AnsiNistTransaction,
  CNT,
  DCS,
  fieldOf,
  idcOf,
  isBinaryType,
  LEN,
  subfieldsOf,
  type TaggedRecord,
} from './transaction.js'
import { contentsOf as madeContents } from './write.js'

/** Items of text of a whole transaction: a record of 10,000 minutiae with 12 items each has 120,000. */
const MOST_ITEMS = 1_000_000

const MOST_COUNT_DIGITS = 3

/** Characters of a value that a message quotes. */
const LONGEST_SHOWN = 20

/**
 * Reads a transaction of ANSI/NIST-ITL in traditional encoding (an EBTS, EFT or .an2 file). `writeAnsiNist` gives the same bytes
 * again, also where a LEN or CNT deviated (`asFound`).
 *
 * Deviations are reported record by record: a LEN of a record of text that is not its length, records that 1.003 CNT does not
 * list or lists otherwise, bytes behind the last, fields twice, fields missing or of another form than the standard's tables
 * have, text outside the character set, images of another size or compression than their record says, two images of one finger.
 *
 * Where somebody listens to damage, a record that cannot be read is left out and reading goes on
 * with the next that is found.
 *
 * @throws SidikError RECORD_FORMAT for bytes that do not begin with a Type-1 record, RECORD_CORRUPT for lengths or lists that
 *   contradict the bytes, naming field and offset; and for a deviation when nobody listens
 * @throws TypeError when `bytes` is not a Uint8Array, or `onDeviation` is not a function
 */
export function readAnsiNist(bytes: Uint8Array, options: ReadOptions = {}): AnsiNistTransaction {
  const reader = new FieldReader(bytes, 'ANSI/NIST-ITL transaction', options)
  const tag = tagAt(bytes, 0)
  if (tag?.type !== 1 || tag.number !== LEN) {
    throw new SidikError(
      'RECORD_FORMAT',
      `${bytes.length} bytes that do not begin with field 1.001 LEN (offset 0), as in "1.001:": no ANSI/NIST-ITL transaction`,
    )
  }
  const source: Source = { bytes, reader, characterSet: 'ascii', itemsLeft: MOST_ITEMS }
  const typeOne = readTagged(source, 0)
  source.characterSet = characterSetOf(typeOne.record)
  checkRecord(source, typeOne, typeOne.record)
  if (source.characterSet === 'unread') {
    reader.deviation(
      fieldName(1, DCS),
      offsetOf(typeOne, DCS),
      'lists a character set that is not read: its text is bytes',
    )
  }
  const records: AnsiNistRecord[] = [typeOne.record]
  const repeats = new RepeatedRecords(source)
  let offset = typeOne.end
  const add = (located: Located<AnsiNistRecord>) => {
    checkRecord(source, located, typeOne.record)
    repeats.add(located)
    records.push(located.record)
    offset = located.end
  }
  const contents = contentsOf(source, typeOne)
  for (let i = 0; i < contents.length; i++) {
    const listed = contents[i]
    if (offset === bytes.length) {
      const missing = `is not there: ${fieldName(1, CNT)} lists ${contents.length} records, ${records.length - 1} came`
      reader.damage(fieldName(listed.type, LEN), offset, missing)
      break
    }
    const at = offset
    const readListed = () => {
      const read = isBinaryType(listed.type) ? readBinary(source, at, listed.type) : readTagged(source, at)
      compareToListed(source, read, listed)
      return read
    }
    const [located] = reader.several(`record ${i + 2}`, 1, readListed, at)
    if (located !== undefined) {
      add(located)
      continue
    }
    // Only of a damaged record: without a listener it was thrown.
    const next = nextTaggedAt(bytes, at)
    if (next === undefined) break
    offset = next
    // On to the next one listed of its type, where there is one.
    const type = tagAt(bytes, next)?.type
    do i++
    while (i < contents.length && contents[i].type !== type)
    i--
  }
  while (tagAt(bytes, offset)?.number === LEN) {
    const at = offset
    const readUnlisted = () => {
      const read = readTagged(source, at)
      refuseSecondTypeOne(source, read)
      return read
    }
    const [located] = reader.several('record that is not listed', 1, readUnlisted, at)
    if (located === undefined) break
    reader.deviation(
      fieldName(located.record.type, LEN),
      offset,
      `begins a record that ${fieldName(1, CNT)} does not list`,
    )
    add(located)
  }
  const read = [withStatedContents(typeOne.record, records.slice(1)), ...records.slice(1)]
  if (offset === bytes.length) return { records: read }
  reader.deviation('end of the transaction', offset, `has ${bytes.length - offset} bytes behind it`)
  return { records: read, trailing: bytes.slice(offset) }
}

/** The Type-1 record, with its list where the writer would not make that of the records. */
function withStatedContents(typeOne: TaggedRecord, others: readonly AnsiNistRecord[]): TaggedRecord {
  const statedContents = subfieldsOf(typeOne, CNT)
  const isMade = JSON.stringify(madeContents(typeOne, others)) === JSON.stringify(statedContents)
  return isMade ? typeOne : { ...typeOne, asFound: { ...typeOne.asFound, statedContents } }
}

interface Listed {
  readonly type: number
  readonly idc: number
}

/** The records that 1.003 CNT lists behind the Type-1 record. */
function contentsOf({ reader }: Source, typeOne: Located<TaggedRecord>): Listed[] {
  const name = fieldName(1, CNT)
  const offset = offsetOf(typeOne, CNT)
  const subfields = subfieldsOf(typeOne.record, CNT)
  const [own, ...others] = subfields
  if (own === undefined) {
    reader.damage(name, offset, 'is missing: no record but the first can be found')
    return []
  }
  const listed = others.flatMap((items, i) => {
    const [type, idc] = items.map(numberOf)
    if (type >= 2 && type <= 99 && idc >= 0) return [{ type, idc }]
    reader.damage(name, offset, `has a subfield ${i + 2} that is not the type and IDC of a record`)
    return []
  })
  if (subfields.some(({ length }) => length !== 2)) reader.deviation(name, offset, 'has subfields that are no pairs')
  const [type = '', count = ''] = own
  if (numberOf(type) !== 1) reader.deviation(name, offset, `begins with the type ${shown(type)}, must be 1`)
  const problem = problemOfCount(count, listed.length)
  if (problem !== undefined) reader.deviation(name, offset, problem)
  return listed
}

/** Says how the count of the other records differs from the `listed` ones; undefined where it does not. */
function problemOfCount(count: string, listed: number): string | undefined {
  if (count === '') return `has no count of records, and lists ${listed}`
  if (!/^\d+$/.test(count)) return `has the count ${shown(count)}, which is no number, and lists ${listed} records`
  if (Number(count) !== listed) return `counts ${shown(count)} records, and lists ${listed}`
  return count.length > MOST_COUNT_DIGITS
    ? `has the count ${shown(count)}, of more than ${MOST_COUNT_DIGITS} digits`
    : undefined
}

/** Digits as they are, other text in quotes; the beginning of a long one. */
function shown(text: string): string {
  const start = text.slice(0, LONGEST_SHOWN)
  const dots = text.length > start.length ? '...' : ''
  return (/^\d+$/.test(start) ? start : JSON.stringify(start)) + dots
}

/** NaN for what is no number of 1 to 3 digits. */
function numberOf(item: string): number {
  return /^\d{1,3}$/.test(item) ? Number(item) : Number.NaN
}

function compareToListed(
  source: Source,
  { record, start, fieldOffsets }: Located<AnsiNistRecord>,
  listed: Listed,
): void {
  const { reader } = source
  refuseSecondTypeOne(source, { record, start })
  if (record.type !== listed.type) {
    const problem = `begins a record of type ${record.type}, ${fieldName(1, CNT)} lists one of type ${listed.type}`
    reader.deviation(fieldName(record.type, LEN), start, problem)
  }
  const idc = idcOf(record)
  if (idc !== undefined && numberOf(idc) !== listed.idc) {
    const problem = `is ${idc}, ${fieldName(1, CNT)} lists ${listed.idc}`
    reader.deviation(fieldName(record.type, 2), fieldOffsets[1] ?? start, problem)
  }
}

function refuseSecondTypeOne({ reader }: Source, { record, start }: { record: AnsiNistRecord; start: number }): void {
  if (record.type === 1) throw reader.corrupt(fieldName(1, LEN), start, 'begins a second Type-1 record')
}

/** Where the field begins; the record, where it has none. */
function offsetOf({ record, start, fieldOffsets }: Located<TaggedRecord>, number: number): number {
  const field = fieldOf(record, number)
  return field === undefined ? start : fieldOffsets[record.fields.indexOf(field)]
}
