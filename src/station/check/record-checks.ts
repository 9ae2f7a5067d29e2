/** Results of comparisons of a record with all others. */
import type { RecordRow } from '../enrol/held.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow, signedEntryOf } from '../journal/read.js'
import { mayDecide } from '../project/authority.js'
import { awaitedOf, IS_DOUBTED, IS_WAIVED, isResult, RESULTS_NOW } from '../project/standing.js'
import type { StationParts } from '../station.js'
import { type PreCheck, preCheckSchema } from './pre-check.js'
import { isUnchecked } from './unchecked.js'

/** A comparison of a record with all persons that a station knew of. */
export interface RecordCheck extends PreCheck {
  /** The station that compared it. */
  readonly station: string
}

interface CheckRow {
  readonly word_of: string
  readonly decision: PreCheck['decision']
  /** Time that the entry says. */
  readonly at: string
  readonly place: number
}

const CHECKS = `SELECT word_of, decision, at, place FROM record_check c
  WHERE record = ? AND ${isResult('c')} ORDER BY place DESC`

/** See `RecordSummary.check`. */
export function checkOf(parts: StationParts, row: RecordRow): PreCheck['decision'] | 'unchecked' {
  const { file, identity } = parts
  if (isUnchecked(parts, row.id)) return 'unchecked'
  if (file.get(awaitedOf('?'), row.id) !== undefined) return 'unchecked'
  const newest = file.get<CheckRow>(`${RESULTS_NOW} LIMIT 1`, row.id)
  if (newest !== undefined) return newest.decision
  const isOwn = row.station === identity.id && mayDecide({ file, self: identity.id }, identity.id, identity.id)
  return (isOwn ? row.pre_check : null) ?? 'unchecked'
}

/** See `RecordSummary.checkWaived`. */
export function isWaived({ file }: StationParts, { id }: RecordRow): boolean {
  return file.get(`SELECT 1 FROM record r WHERE r.id = ? AND ${IS_WAIVED}`, id) !== undefined
}

/** See `RecordSummary.toDecide`. */
export function isDoubted({ file }: StationParts, { id }: RecordRow): boolean {
  return file.get(`SELECT 1 FROM record r WHERE r.id = ? AND ${IS_DOUBTED}`, id) !== undefined
}

/**
 * The newest comparison by each station, the newest first, with its candidates.
 *
 * @throws SidikError STATION_CORRUPT when one was altered
 */
export function checksOf(parts: StationParts, { id }: RecordRow): RecordCheck[] {
  const { file, keys } = parts
  return file.all<CheckRow>(CHECKS, id).flatMap(check => {
    const entry = entryOf(parts, id, check)
    const body = entry && bodyOf(file, keys, entry)
    return body === undefined ? [] : [{ ...preCheckSchema.parse(body), station: check.word_of }]
  })
}

/**
 * The entry that a result is from. One that was heard of before its record took effect with the
 * record, at the place of the enrolment.
 */
function entryOf({ file }: StationParts, record: string, { word_of, at, place }: CheckRow): EntryRow | undefined {
  const sql = `SELECT ${ENTRY_COLUMNS} FROM journal
    WHERE record = ? AND kind = 'checked' AND +station = ? AND applied <= ? ORDER BY applied DESC`
  return file.all<EntryRow>(sql, record, word_of, place).find(row => signedEntryOf(row).header.at === at)
}
