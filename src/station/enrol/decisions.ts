/** Decisions about a record, read from the journal. */
import { altered } from '../guard/altered.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow, signedEntryOf } from '../journal/read.js'
import { mayDecide } from '../project/authority.js'
import { isRevoked } from '../project/peers.js'
import type { StationParts } from '../station.js'
import type { StationFile } from '../store/database.js'
import type { RecordRow } from './held.js'
import { isReady, stateName } from './states.js'

/** A decision as its station wrote it. */
export interface RecordDecision {
  readonly state: string
  /** The record of the same person that stays. */
  readonly duplicateOf?: string
  /** The station that recorded it, where this one knows. */
  readonly duplicateOfStation?: string
  readonly note?: string
  /**
   * In a state in which a card may be printed: whether the record had been compared with all others
   * by then; see `DecisionInput.unchecked`. Absent from a program before that was recorded.
   */
  readonly comparison?: 'done' | 'awaited' | 'elsewhere' | 'waived'
  /** Why a card may follow although it was not. */
  readonly unchecked?: string
  /** Who decided. */
  readonly by: string
  /** SHA-256 (hex) of the file that it was imported from; absent where it was none. */
  readonly file?: string
  /** At which it was said. */
  readonly station: string
  /** ISO 8601. */
  readonly at: string
}

const DECISIONS = `SELECT ${ENTRY_COLUMNS} FROM journal
  WHERE record = ? AND kind = 'decision' AND body IS NOT NULL AND applied IS NOT NULL ORDER BY applied DESC`

/**
 * The decisions about a record by stations that may decide about it, the newest first. What a
 * station said after it was revoked is none.
 *
 * @throws SidikError STATION_CORRUPT when one was altered
 */
export function decisionsOn(parts: StationParts, record: RecordRow): RecordDecision[] {
  return decisionRows(parts, record).map(row => decisionOf(parts, row))
}

/**
 * The decision that stands: the newest that gave the record its state. One that came before its
 * station was believed gave none, nor did one that cleared another version of the record.
 */
export function standingDecision(parts: StationParts, record: RecordRow): RecordDecision | undefined {
  if (record.centre_state === null) return undefined
  return decisionRows(parts, record)
    .map(row => ({ row, decision: decisionOf(parts, row) }))
    .filter(({ decision }) => stateName(decision.state) === record.centre_state)
    .find(({ row }) => !isReady(record.centre_state) || isOfVersion(row, record.version))?.decision
}

/**
 * @throws SidikError STATION_ALTERED for a record that has a state, and no decision of anybody that
 *   gave it: one was taken out of the journal, or is not found there
 */
export function assertExplained(parts: StationParts, record: RecordRow): void {
  const { file } = parts
  const { id, centre_state: state } = record
  const isGiven = (row: EntryRow) => stateName(decisionOf(parts, row).state) === state
  if (state === null || file.all<EntryRow>(DECISIONS, id).some(isGiven)) return
  throw altered(file, `what was decided about record ${id}`)
}

/** Their entries. */
export function decisionRows({ file, identity }: StationParts, record: RecordRow): EntryRow[] {
  const authority = { file, self: identity.id }
  const isSaid = ({ station, sequence }: EntryRow) =>
    mayDecide(authority, station, record.station) && (station === identity.id || !isRevoked(file, station, sequence))
  return file.all<EntryRow>(DECISIONS, record.id).filter(isSaid)
}

const isOfVersion = (row: EntryRow, version: number) => (signedEntryOf(row).header.recordVersion ?? version) === version

/** The station of a record that may be known by its fingers alone, or by a case. */
function stationOf(file: StationFile, record: string): string | undefined {
  const sql = `SELECT station FROM record WHERE id = ? UNION ALL SELECT station FROM gallery_entry WHERE record = ?
    UNION ALL SELECT other_station FROM identity_case WHERE other = ? AND other_station <> '-' LIMIT 1`
  return file.get<{ station: string }>(sql, record, record, record)?.station
}

function decisionOf({ file, keys }: StationParts, row: EntryRow): RecordDecision {
  const body = bodyOf(file, keys, row) as BodyOf<'decision'>
  const { state, duplicateOf, note, comparison, unchecked, by, file: from } = body
  const duplicateOfStation = duplicateOf === undefined ? undefined : stationOf(file, duplicateOf)
  return {
    state,
    ...(duplicateOf !== undefined && { duplicateOf }),
    ...(duplicateOfStation !== undefined && { duplicateOfStation }),
    ...(note !== undefined && { note }),
    ...(comparison !== undefined && { comparison }),
    ...(unchecked !== undefined && { unchecked }),
    ...(from !== undefined && { file: from }),
    ...{ by, station: row.station, at: signedEntryOf(row).header.at },
  }
}
