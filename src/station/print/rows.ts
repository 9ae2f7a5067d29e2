/** Requests and jobs as they lie in the tables, and as they are told. */
import { SidikError } from '../../errors.js'
import type { StationParts } from '../station.js'
import { isAtWork } from './at-work.js'
import type { CardPurpose, CardRequest, JobState, PrintJob, RequestState } from './types.js'

export interface RequestRow {
  readonly id: string
  readonly record: string
  readonly station: string
  readonly prints: string
  readonly purpose: CardPurpose
  readonly urgent: number
  readonly state: RequestState
  readonly requested_at: string
  readonly changed_at: string
  readonly replaces: string | null
}

export const REQUEST_COLUMNS = 'id, record, station, prints, purpose, urgent, state, requested_at, changed_at, replaces'

export interface JobRow {
  readonly id: string
  readonly request: string
  readonly record: string
  readonly version: number | null
  readonly station: string
  readonly lot: string
  readonly prefix: string | null
  readonly digits: number | null
  readonly number: number | null
  readonly printer: string
  readonly consumables: string
  readonly state: JobState
  readonly reserved_at: string
  readonly changed_at: string
}

export const JOB_COLUMNS =
  'id, request, record, version, station, lot, prefix, digits, number, printer, consumables, state, reserved_at, changed_at'

/** @throws TypeError when it is no id; SidikError PRINT_UNKNOWN */
export function requestRow({ file, identity }: StationParts, id: unknown): RequestRow {
  if (typeof id !== 'string') throw new TypeError('request must be the id of a request (a string)')
  const row = file.get<RequestRow>(`SELECT ${REQUEST_COLUMNS} FROM card_request WHERE id = ?`, id)
  if (row !== undefined) return row
  throw new SidikError('PRINT_UNKNOWN', `station ${identity.id} knows no request of this id`)
}

/** @throws TypeError when it is no id; SidikError PRINT_UNKNOWN */
export function jobRow({ file, identity }: StationParts, id: unknown): JobRow {
  if (typeof id !== 'string') throw new TypeError('job must be the id of a job (a string)')
  const row = file.get<JobRow>(`SELECT ${JOB_COLUMNS} FROM print_job WHERE id = ?`, id)
  if (row !== undefined) return row
  throw new SidikError('PRINT_UNKNOWN', `station ${identity.id} knows no card of this id`)
}

/** One that this station prints: it alone writes about it. @throws as {@link jobRow}, and SidikError PRINT_STATE */
export function ownJob(parts: StationParts, id: unknown): JobRow {
  const row = jobRow(parts, id)
  if (row.station === parts.identity.id) return row
  throw new SidikError(
    'PRINT_STATE',
    `the card is printed at station ${row.station}, which alone says what becomes of it`,
  )
}

export function requestOf(row: RequestRow): CardRequest {
  return {
    request: row.id,
    record: row.record,
    station: row.station,
    at: row.prints,
    purpose: row.purpose,
    ...(row.replaces !== null && { replaces: JSON.parse(row.replaces) as string[] }),
    isUrgent: row.urgent === 1,
    state: row.state,
    requestedAt: row.requested_at,
    changedAt: row.changed_at,
  }
}

/** A card that was sent, and that nobody here is at work on, is uncertain whether or not something could still be written about it. */
export function jobOf(row: JobRow, self: string): PrintJob {
  const isLost = row.state === 'sent' && row.station === self && !isAtWork(row.id)
  return {
    job: row.id,
    request: row.request,
    record: row.record,
    ...(row.version !== null && { version: row.version }),
    station: row.station,
    lot: row.lot,
    ...(row.number !== null && { serial: `${row.prefix}${String(row.number).padStart(row.digits!, '0')}` }),
    printer: row.printer,
    state: isLost ? 'uncertain' : row.state,
    reservedAt: row.reserved_at,
    changedAt: row.changed_at,
  }
}
