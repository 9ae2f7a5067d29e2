/**
 * Cases: two records that may be one person's. A station opens and closes those that it has found,
 * for itself and for the stations below whose records they are. While one is open, neither record
 * gets a card.
 */
import { FALLEN_STATES } from '../enrol/states.js'
import { append } from '../journal/append.js'
import type { BodyOf } from '../journal/kinds.js'
import { basisTemplates } from '../project/identity-cases.js'
import { partsOf, type Station } from '../station.js'
import type { StationFile } from '../store/database.js'

export type CaseKind = BodyOf<'case-opened'>['kind']
export type Closing = BodyOf<'case-closed'>['why']

/** A record as cases look at it. */
export interface CaseRecord {
  readonly id: string
  readonly station: string
  readonly nik_tag: Uint8Array | null
  readonly client_state: string
  readonly centre_state: string | null
}

export const CASE_RECORD_COLUMNS = 'id, station, nik_tag, client_state, centre_state'

export function caseRecord(file: StationFile, id: string): CaseRecord | undefined {
  return file.get<CaseRecord>(`SELECT ${CASE_RECORD_COLUMNS} FROM record WHERE id = ?`, id)
}

/** Whether a record is still that of a person: not withdrawn, and not one that the centre let fall. */
export function stands({ client_state, centre_state }: Pick<CaseRecord, 'client_state' | 'centre_state'>): boolean {
  return client_state !== 'withdrawn' && !FALLEN_STATES.includes(centre_state ?? '')
}

/** A case of a record, by this station's own word. */
export interface OwnCase {
  readonly record: string
  readonly kind: CaseKind
  readonly other: string
  readonly basis: string | null
  /** Why it was closed; NULL while it is open. */
  readonly closing: Closing | null
}

const OWN = `SELECT record, kind, other, basis, closing FROM identity_case WHERE record = ? AND word_of = ?`

/** Cases that this station has opened, and not closed. */
export function openCases(file: StationFile, self: string, record: string): OwnCase[] {
  return file.all<OwnCase>(`${OWN} AND closed_at IS NULL`, record, self)
}

/** All cases that this station has opened, and not closed. */
export function allOpenCases(file: StationFile, self: string): Pick<OwnCase, 'record' | 'kind' | 'other'>[] {
  return file.all('SELECT record, kind, other FROM identity_case WHERE word_of = ? AND closed_at IS NULL', self)
}

export function caseOf(
  file: StationFile,
  self: string,
  kind: CaseKind,
  record: string,
  other: string,
): OwnCase | undefined {
  return file.get<OwnCase>(`${OWN} AND kind = ? AND other = ?`, record, self, kind, other)
}

/** Cases of a record's fingers that this station closed for that reason. */
export function closedFingerCases(file: StationFile, self: string, record: string, why: Closing): OwnCase[] {
  return file.all<OwnCase>(`${OWN} AND kind = 'fingers' AND closing = ?`, record, self, why)
}

/** Cases of fingers, of a record and of others against it, that this station closed for one of these reasons. */
export function casesEndedBy(file: StationFile, self: string, record: string, why: readonly Closing[]): OwnCase[] {
  const sql = `SELECT record, kind, other, basis, closing FROM identity_case WHERE (record = ? OR other = ?)
    AND word_of = ? AND kind = 'fingers' AND closing IN (SELECT value FROM json_each(?))`
  return file.all<OwnCase>(sql, record, record, self, JSON.stringify(why))
}

/** Most cases of one record that are looked at once a decision has ended them. */
const MOST_ENDED = 256

/** Records whose cases with this one a decision ended. */
export function endedByDecision(file: StationFile, self: string, record: string): string[] {
  const sql = `SELECT DISTINCT iif(record = ?, other, record) AS other FROM identity_case
    WHERE (record = ? OR other = ?) AND record <> other AND word_of = ? AND closing = 'decided' LIMIT ${MOST_ENDED}`
  return file.all<{ other: string }>(sql, record, record, record, self).map(({ other }) => other)
}

/** Whether a case that a decision ended is of the fingers that a record has now, or of its NIK. */
export function restsOnFingersOf(file: StationFile, self: string, record: string, other: string): boolean {
  const now = basisTemplates(file, record)
  const sql = `SELECT record, kind, basis FROM identity_case WHERE word_of = ? AND closing = 'decided'
    AND ((record = ? AND other = ?) OR (record = ? AND other = ?))`
  return file
    .all<Pick<OwnCase, 'record' | 'kind' | 'basis'>>(sql, self, record, other, other, record)
    .some(({ record: of, kind, basis }) => kind === 'nik' || basis?.split(' ')[of === record ? 0 : 1] === now)
}

/**
 * Most cases of fingers that are open of one record: one is enough to keep it from a card, and
 * somebody may record the same fingers many times.
 */
const MOST_OPEN = 8

/** Whether as many cases of fingers are open of a record as there are at most: others are left out. */
export function isFull(file: StationFile, self: string, record: string): boolean {
  return openCases(file, self, record).filter(({ kind }) => kind === 'fingers').length >= MOST_OPEN
}

/**
 * Whether as many cases of a record were ended by decisions as are kept of those that begin and end at
 * once, as one of the two has fallen: others are left out.
 */
export function isFullOfDecided(file: StationFile, self: string, record: string): boolean {
  return closedFingerCases(file, self, record, 'decided').length >= MOST_OPEN
}

/** Opens a case on the side of a record. */
export function openCase(station: Station, record: CaseRecord, body: BodyOf<'case-opened'>): void {
  const { identity } = partsOf(station)
  append(station, { kind: 'case-opened', record: record.id, body, ...readerOf(identity.id, record.station) })
}

/**
 * Closes a case on both sides. What was found of a record counts no more until it is compared again
 * where others may have been left out (it had as many cases as there are at most, or was set against
 * itself), and where one of the two has other fingers: the next correction may bring those back.
 */
export function closeCase(station: Station, kind: CaseKind, id: string, other: string, why: Closing): void {
  const { file, identity } = partsOf(station)
  for (const [record, against] of [
    [id, other],
    [other, id],
  ]) {
    const isOpen = caseOf(file, identity.id, kind, record, against)?.closing === null
    if (!isOpen) continue
    const of = caseRecord(file, record)?.station ?? identity.id
    const isLooked = record === against && why === 'different-persons'
    const isDoubtful = isLooked || why === 'corrected' || isFull(file, identity.id, record)
    const compareAgain = kind === 'fingers' && isDoubtful
    const body = { kind, other: against, why, ...(compareAgain && { compareAgain }) } as const
    append(station, { kind: 'case-closed', record, body, ...readerOf(identity.id, of) })
  }
}

/**
 * Tells the stations of the records that cases are none any more which are gone from here: they
 * rested on entries that are undone.
 */
export function closeGoneCases(station: Station, before: ReturnType<typeof allOpenCases>): void {
  const { file, identity } = partsOf(station)
  for (const { record, kind, other } of before) {
    const of = caseRecord(file, record)?.station
    if (of === undefined || caseOf(file, identity.id, kind, record, other) !== undefined) continue
    // The fingers before those that are undone may be as alike.
    const compareAgain = kind === 'fingers'
    const body = { kind, other, why: 'withdrawn', ...(compareAgain && { compareAgain }) } as const
    append(station, { kind: 'case-closed', record, body, ...readerOf(identity.id, of) })
  }
}

/** Who has to know: the station whose record it is. */
export function readerOf(self: string, of: string): { direction: 'local' | 'down'; to?: string } {
  return of === self ? { direction: 'local' } : { direction: 'down', to: of }
}
