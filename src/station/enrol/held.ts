/** A record's row, for those who are about to change it. */
import { SidikError } from '../../errors.js'
import type { PreCheck } from '../check/pre-check.js'
import type { StationParts } from '../station.js'
import type { ClientState, TransportState } from '../types.js'

export interface RecordRow {
  readonly id: string
  readonly station: string
  readonly version: number
  readonly client_state: ClientState
  readonly transport_state: TransportState
  readonly centre_state: string | null
  readonly pre_check: PreCheck['decision'] | null
  readonly recorded_at: string
  readonly changed_at: string
}

export const RECORD_COLUMNS =
  'id, station, version, client_state, transport_state, centre_state, pre_check, recorded_at, changed_at'

export function findRecord({ file }: StationParts, id: unknown): RecordRow | undefined {
  if (typeof id !== 'string') throw new TypeError('record must be the id of a record (a string)')
  return file.get<RecordRow>(`SELECT ${RECORD_COLUMNS} FROM record WHERE id = ?`, id)
}

/** @throws SidikError RECORD_UNKNOWN */
export function heldRecord(parts: StationParts, id: string): RecordRow {
  const row = findRecord(parts, id)
  if (row !== undefined) return row
  throw recordUnknown(parts)
}

/** Whether a record is known here: held, or at least in the duplicate check. */
export function isKnown(parts: StationParts, id: string): boolean {
  if (findRecord(parts, id) !== undefined) return true
  return parts.file.get('SELECT 1 FROM gallery_entry WHERE record = ?', id) !== undefined
}

/** Without what was asked for: it may be a NIK that was taken for an id. */
export function recordUnknown({ identity }: StationParts): SidikError {
  return new SidikError('RECORD_UNKNOWN', `station ${identity.id} holds no record of this id`)
}

/** One that this station may write another version of. @throws SidikError RECORD_UNKNOWN, RECORD_FOREIGN, RECORD_WITHDRAWN */
export function ownRecord(parts: StationParts, id: string): RecordRow {
  const row = heldRecord(parts, id)
  if (row.station !== parts.identity.id) {
    throw new SidikError('RECORD_FOREIGN', `record ${id} is of station ${row.station}, which alone may change it`)
  }
  if (row.client_state === 'withdrawn') {
    throw new SidikError('RECORD_WITHDRAWN', `record ${id} was withdrawn: record the person again`)
  }
  return row
}
