/** Decisions that call a record a duplicate, and the record that stays instead: of some there is none. */
import { endedByDecision, restsOnFingersOf } from '../check/cases.js'
import { hasCardOut } from '../check/kept-fingers.js'
import { isComparedHere } from '../check/unchecked.js'
import { isRevoked } from '../project/peers.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { forgetAnomaly, noteAnomaly } from '../sync/noted.js'
import { standingDecision } from './decisions.js'
import { findRecord, type RecordRow } from './held.js'
import { DUPLICATE_STATE, FALLEN_STATES } from './states.js'

/**
 * Whether `other` is called a duplicate of `record`, itself or by way of others: then `record` can
 * be none of `other`.
 */
export function isDuplicateOf(parts: StationParts, other: string, record: string): boolean {
  return chainOf(parts, other).includes(record)
}

/** The record that stays of the person of `id`: itself where it is called no duplicate. */
export function staysInsteadAtLast(parts: StationParts, id: string): string {
  return chainOf(parts, id).at(-1)!
}

/**
 * Why nobody's record stays where a record is called a duplicate of `id`; undefined where one does,
 * as far as this station knows.
 */
export function lostInstead(parts: StationParts, id: string): string | undefined {
  const last = staysInsteadAtLast(parts, id)
  const row = findRecord(parts, last)
  if (row === undefined)
    return isUndone(parts, last) ? `record ${last} was undone, as its station was revoked` : undefined
  if (row.client_state === 'withdrawn') {
    return hasCardOut(parts.file, row.id) ? undefined : `record ${row.id} was withdrawn`
  }
  const isOut = row.centre_state !== DUPLICATE_STATE && FALLEN_STATES.includes(row.centre_state ?? '')
  return isOut ? `record ${row.id} could not be taken in` : undefined
}

/**
 * Notes duplicates of which no record stays, where a record has changed: those that are called
 * duplicates of one another, as decisions from several stations may say, and those whose other
 * record was withdrawn, could not be taken in, or has been compared with other fingers than those
 * that were alike.
 */
export function noteNoneStays(station: Station, record: string): void {
  const parts = partsOf(station)
  const { file, identity } = parts
  noteCircle(station, record)
  const own = staysInstead(parts, record)
  if (own !== undefined) noteAlone(station, record, lostInstead(parts, own))
  const hasFingersOfNoCase = (other: string) =>
    isComparedHere(parts, record) && !restsOnFingersOf(file, identity.id, record, other)
  for (const other of endedByDecision(file, identity.id, record)) {
    const [duplicate, stays] = isDuplicateOf(parts, record, other) ? [record, other] : [other, record]
    if (!isDuplicateOf(parts, duplicate, stays)) continue
    const changed = hasFingersOfNoCase(other) ? `record ${record} has other fingers now` : undefined
    noteAlone(station, duplicate, lostInstead(parts, stays) ?? changed)
  }
}

/** Notes the duplicates of which no record stays, as a station was revoked and its records are undone. */
export function noteNoneStaysOfAll(station: Station): void {
  const { file } = partsOf(station)
  const sql = 'SELECT id FROM record WHERE centre_state = ? ORDER BY id'
  for (const { id } of file.all<{ id: string }>(sql, DUPLICATE_STATE)) noteNoneStays(station, id)
}

/** Recorded by an entry that is not believed any more. */
function isUndone({ file }: StationParts, id: string): boolean {
  const sql = "SELECT station, sequence FROM journal WHERE record = ? AND kind = 'enrolled'"
  const rows = file.all<{ station: string; sequence: number }>(sql, id)
  return rows.some(({ station, sequence }) => isRevoked(file, station, sequence))
}

function noteAlone(station: Station, record: string, why: string | undefined): void {
  if (why === undefined) return
  const detail = `record ${record} is called a duplicate, and it may be that none stays: ${why}. Decide about it again`
  noteAnomaly(station, 'duplicate-alone', record, detail)
}

/** Forgets what was noted of a record that somebody decides about: it may come to the same again. */
export function forgetNotes(station: Station, record: string): void {
  for (const code of ['duplicate-alone', 'duplicate-with-card'] as const) forgetAnomaly(station, code, record)
}

/** Notes a duplicate whose card somebody has: the record that stays brings a second one. */
export function noteCardOfDuplicate(station: Station, record: string): void {
  const parts = partsOf(station)
  if (findRecord(parts, record)?.centre_state !== DUPLICATE_STATE || !hasCardOut(parts.file, record)) return
  const detail = `record ${record} is called a duplicate, and its card was handed over: have that one handed in first`
  noteAnomaly(station, 'duplicate-with-card', record, detail)
}

function noteCircle(station: Station, record: string): void {
  const parts = partsOf(station)
  const other = staysInstead(parts, record)
  if (other === undefined || !isDuplicateOf(parts, other, record)) return
  const pair = [record, other].sort()
  const detail =
    `record ${pair[0]} and record ${pair[1]} are each called a duplicate of the other, so that neither stays: ` +
    'decide which one does'
  noteAnomaly(station, 'duplicate-circle', pair.join(' '), detail)
}

/** A record, the one that stays instead of it, and so on. */
function chainOf(parts: StationParts, id: string): string[] {
  const chain = new Set<string>()
  for (let at: string | undefined = id; at !== undefined && !chain.has(at); at = staysInstead(parts, at)) chain.add(at)
  return [...chain]
}

/** The record that stays instead of one, by the decision that stands. */
function staysInstead(parts: StationParts, id: string): string | undefined {
  const row: RecordRow | undefined = findRecord(parts, id)
  if (row?.centre_state !== DUPLICATE_STATE) return undefined
  return standingDecision(parts, row)?.duplicateOf
}
