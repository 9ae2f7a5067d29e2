/**
 * The rows that say how a record stands, and which others bear its NIK: what is looked at before a
 * card or letter follows from them.
 */
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile } from '../store/database.js'
import { type Row, valuesOf } from './values.js'

/** Holds for the records that are asked for, as a list in JSON. */
const ASKED = 'IN (SELECT value FROM json_each(?))'

/**
 * The rows by their record, in the order in which the MAC has them. All columns but the record's
 * `transport_state`, which follows from receipts and authorises nothing. A migration that changes
 * the tables has the guard made anew (adopt.ts).
 */
const ROWS: readonly string[] = [
  `SELECT id AS asked, id, station, version, sequence, nik_tag, client_state, centre_state, pre_check,
     payload_bytes, recorded_at, changed_at FROM record WHERE id ${ASKED}`,
  `SELECT record AS asked, record, other, kind, word_of, other_station, opened_at, closed_at, closing
   FROM identity_case WHERE record ${ASKED} AND basis IS NULL ORDER BY record, other, kind, word_of`,
  `SELECT record AS asked, id, record, station, prints, purpose, urgent, nik_tag, state, requested_at, changed_at,
     replaces FROM card_request WHERE record ${ASKED} ORDER BY id`,
  `SELECT c.record AS asked, j.id, j.request, j.record, j.version, j.station, j.lot, j.prefix, j.digits, j.number,
     j.printer, j.consumables, j.state, j.reserved_at, j.changed_at
   FROM card_request c JOIN print_job j ON j.request = c.id WHERE c.record ${ASKED} ORDER BY j.id`,
  `SELECT record AS asked, id, record, station, number, code, issued_at, until, state, changed_at, beside
   FROM letter WHERE record ${ASKED} ORDER BY id`,
]

/**
 * Rows that a version after 6 added: they follow the others where there are any, so that the MACs
 * of that version stay.
 */
const LATER_ROWS: readonly (readonly [table: string, sql: string])[] = [
  [
    'finger_case',
    `SELECT record AS asked, record, other, kind, word_of, other_station, opened_at, closed_at, closing, basis
     FROM identity_case WHERE record ${ASKED} AND basis IS NOT NULL ORDER BY record, other, kind, word_of`,
  ],
  [
    'record_check',
    `SELECT record AS asked, record, word_of, templates, decision, persons, at, place
     FROM record_check WHERE record ${ASKED} ORDER BY record, word_of`,
  ],
  [
    'card_of_nik',
    `SELECT record AS asked, record, job, word_of, fell
     FROM card_of_nik WHERE record ${ASKED} ORDER BY record, word_of, job`,
  ],
  [
    'passed_card',
    `SELECT c.record AS asked, j.id, j.sent_to, j.shipment, j.leg
     FROM card_request c JOIN print_job j ON j.request = c.id
      WHERE c.record ${ASKED} AND coalesce(j.leg, j.sent_to, j.shipment) IS NOT NULL ORDER BY j.id`,
  ],
]

const RECORDS_AT_ONCE = 500

/** Tables of a record's rows with the column that names it, and the one that is not covered. */
export const RECORD_TABLES: readonly (readonly [table: string, record: string, except?: string])[] = [
  ['record', 'id', 'transport_state'],
  ['card_request', 'record'],
  ['print_job', 'record'],
  ['letter', 'record'],
  ['identity_case', 'record'],
  ['record_check', 'record'],
  ['card_of_nik', 'record'],
]

/**
 * Names in the tree: of a record's rows, and of the fact that cards or letters of a record count
 * for a NIK.
 */
export const recordName = (record: string) => `record ${record}`
export const nikName = (tag: string) => `nik ${tag}`
export const memberName = (tag: string, record: string) => `${nikName(tag)} ${record}`
/** Name of a letter's number in the tree. Numbers are any text: encoded, each has its own bucket. */
export const letterName = (station: string, number: string) =>
  `letter ${station}/${Buffer.from(number).toString('base64url')}`

/** Digits of a tag that are enough to tell two NIKs apart: 128 bits. */
const TAG_DIGITS = 32

/** MAC of the rows about a record; undefined without any. */
export function recordMac(file: StationFile, keys: DataKeys, record: string): Buffer | undefined {
  const [[, mac]] = recordMacs(file, keys, [record])
  return mac
}

/** MACs of the rows about records, which it reads together. */
export function* recordMacs(
  file: StationFile,
  keys: DataKeys,
  records: readonly string[],
): Generator<readonly [record: string, mac: Buffer | undefined]> {
  for (let from = 0; from < records.length; from += RECORDS_AT_ONCE) {
    const asked = records.slice(from, from + RECORDS_AT_ONCE)
    const rowsOf = (sql: string) => byRecord(file.all<Row>(sql, JSON.stringify(asked)))
    const tables = ROWS.map(rowsOf)
    const laterTables = LATER_ROWS.map(([table, sql]) => [table, rowsOf(sql)] as const)
    for (const record of asked) {
      const later = laterTables.map(([table, rows]) => [table, ...(rows.get(record) ?? [])])
      const rows = [...tables.map(table => table.get(record) ?? []), ...later.filter(({ length }) => length > 1)]
      const isNone = rows.every(({ length }) => length === 0)
      yield [record, isNone ? undefined : keys.mac(`record ${JSON.stringify(rows)}`)]
    }
  }
}

function byRecord(rows: readonly Row[]): Map<unknown, unknown[][]> {
  const found = new Map<unknown, unknown[][]>()
  for (const row of rows) {
    const [record, ...values] = valuesOf(row)
    const others = found.get(record)
    if (others === undefined) found.set(record, [values])
    else others.push(values)
  }
  return found
}

/**
 * Tags of the NIKs for which a record's cards and letters count: its own, and those that its cards
 * bear. Without any, none.
 */
export function nikTagsOf(file: StationFile, record: string): string[] {
  const rows = file.all<{ tag: Uint8Array }>(
    `SELECT nik_tag AS tag FROM record WHERE id = ? AND nik_tag IS NOT NULL
     UNION SELECT nik_tag FROM card_request WHERE record = ? AND nik_tag IS NOT NULL`,
    record,
    record,
  )
  return rows.map(({ tag }) => tagText(tag))
}

/** A NIK's tag as it stands in names of the tree. */
export function tagText(tag: Uint8Array): string {
  return Buffer.from(tag).toString('hex').slice(0, TAG_DIGITS)
}

/** Names in the tree of a record's letters. */
export function letterNamesOf(file: StationFile, record: string): string[] {
  const sql = 'SELECT station, number FROM letter WHERE record = ?'
  return file.all<{ station: string; number: string }>(sql, record).map(row => letterName(row.station, row.number))
}

export function hasCards(file: StationFile, record: string): boolean {
  const sql = 'SELECT 1 FROM card_request WHERE record = ? UNION ALL SELECT 1 FROM letter WHERE record = ? LIMIT 1'
  return file.get(sql, record, record) !== undefined
}
