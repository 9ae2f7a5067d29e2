import { fieldName } from './field-names.js'
import type { Located, Source } from './source.js'
import { type AnsiNistRecord, CNT, fieldOf, idcOf, LEN, subfieldsOf, type TaggedRecord } from './transaction.js'

/** A record as 1.003 CNT lists it. */
export interface Listed {
  readonly type: number
  readonly idc: number
}

/** Records that are read of one transaction behind its Type-1 record: its count, 1.003, has three digits. */
export const MOST_RECORDS = 4096

const MOST_COUNT_DIGITS = 3

/** Characters of a value that a message quotes. */
const LONGEST_SHOWN = 20

/** Records that one error names. */
const MOST_NAMED = 20

/** The records that 1.003 CNT lists behind the Type-1 record. */
export function contentsOf({ reader }: Source, typeOne: Located<TaggedRecord>): Listed[] {
  const name = fieldName(1, CNT)
  const offset = offsetOf(typeOne, CNT)
  const subfields = subfieldsOf(typeOne.record, CNT)
  const [own, ...others] = subfields
  if (own === undefined) {
    reader.damage(name, offset, 'is missing: no record but the first can be found')
    return []
  }
  if (others.length > MOST_RECORDS) {
    throw reader.corrupt(name, offset, `lists ${others.length} records, ${MOST_RECORDS} are read`)
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

/**
 * Says how the count of the other records differs from the `listed` ones; undefined where it does
 * not.
 */
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

/** Reports a record that has another type or IDC than the list says. */
export function compareToListed(
  { reader }: Source,
  { record, start, fieldOffsets }: Located<AnsiNistRecord>,
  listed: Listed,
): void {
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

/**
 * Names the records that are listed and were not read: by type and IDC, one damage each.
 *
 * @param offset up to where the transaction was read
 * @throws SidikError RECORD_CORRUPT that names them, where nobody listens to damage
 */
export function reportMissing(
  { reader }: Source,
  listed: readonly Listed[],
  read: readonly AnsiNistRecord[],
  offset: number,
): void {
  const missing = withoutRead(listed, read)
  const [first] = missing
  if (first === undefined) return
  if (!reader.takesDamage) {
    const named = missing.slice(0, MOST_NAMED).map(({ type, idc }) => `type ${type} IDC ${idc}`)
    const more = missing.length > named.length ? `, and ${missing.length - named.length} more` : ''
    const counted = `${fieldName(1, CNT)} lists ${listed.length} records, ${read.length} came`
    const problem = `is not there: ${counted}; missing: ${named.join(', ')}${more}`
    throw reader.corrupt(fieldName(first.type, LEN), offset, problem)
  }
  for (const { type, idc } of missing) {
    const listed = `${fieldName(1, CNT)} lists a record of type ${type} with IDC ${idc}`
    const problem = `is not there: ${listed}, which was not read`
    reader.damage(fieldName(type, LEN), offset, problem)
  }
}

/**
 * The listed records but for those that were read: each record stands for one entry of the list.
 */
function withoutRead(listed: readonly Listed[], read: readonly AnsiNistRecord[]): Listed[] {
  const left = new Map<string, number>()
  const keyOf = (type: number, idc: number) => `${type}/${idc}`
  for (const record of read) {
    const key = keyOf(record.type, numberOf(idcOf(record) ?? ''))
    left.set(key, (left.get(key) ?? 0) + 1)
  }
  return listed.filter(({ type, idc }) => {
    const key = keyOf(type, idc)
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count <= 0
  })
}

/** Where the field begins; the record, where it has none. */
export function offsetOf({ record, start, fieldOffsets }: Located<TaggedRecord>, number: number): number {
  const field = fieldOf(record, number)
  return field === undefined ? start : fieldOffsets[record.fields.indexOf(field)]
}
