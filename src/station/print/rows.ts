/** Requests and jobs as they lie in the tables, and as they are told. */
import { SidikError } from '../../errors.js'
import { keptJson, keptNames } from '../guard/kept-json.js'
import type { StationParts } from '../station.js'
import type { StationFile } from '../store/database.js'
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
  readonly state: Exclude<JobState, 'on-its-way'>
  /** Where it was sent, under which number, and how far it is: on its way there, there, or on its way back. */
  readonly sent_to: string | null
  readonly shipment: string | null
  readonly leg: 'out' | 'there' | 'back' | null
  readonly reserved_at: string
  readonly changed_at: string
}

export const JOB_COLUMNS =
  'id, request, record, version, station, lot, prefix, digits, number, printer, consumables, ' +
  'state, sent_to, shipment, leg, ' +
  'reserved_at, changed_at'

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

/** One that lies at this station, or that it sent away. @throws as {@link jobRow}, and SidikError PRINT_STATE */
export function cardInHand(parts: StationParts, id: unknown): JobRow {
  const row = jobRow(parts, id)
  const { station, sent_to, leg } = row
  const self = parts.identity.id
  if (leg === null && station === self) return row
  if (leg === null) return ownJob(parts, id)
  if (leg === 'out' ? station === self : sent_to === self) return row
  throw new SidikError('PRINT_STATE', `the card is not here: ${whereIs(row)}`)
}

/** Where a card is that was sent away, in words. */
export function whereIs({ station, sent_to, leg }: JobRow): string {
  if (leg === 'there') return `station ${sent_to} has received it, and says what becomes of it`
  const [from, to] = leg === 'out' ? [station, sent_to] : [sent_to, station]
  return `station ${from} has sent it to station ${to}, which has not received it`
}

/** @throws SidikError STATION_ALTERED where a list in it is none */
export function requestOf(file: StationFile, row: RequestRow): CardRequest {
  const named = row.replaces
  const replaces = named === null ? undefined : keptJson(file, keptNames, named, `what is kept of request ${row.id}`)
  return {
    request: row.id,
    record: row.record,
    station: row.station,
    at: row.prints,
    purpose: row.purpose,
    ...(replaces && { replaces }),
    isUrgent: row.urgent === 1,
    state: row.state,
    requestedAt: row.requested_at,
    changedAt: row.changed_at,
  }
}

/** A card that was sent, and that nobody here is at work on, is uncertain whether or not something could still be written about it. */
export function jobOf(row: JobRow, self: string): PrintJob {
  const { leg, sent_to, shipment } = row
  const isOnItsWay = row.state === 'printed' && (leg === 'out' || leg === 'back')
  const isLost = row.state === 'sent' && row.station === self && !isAtWork(row.id)
  return {
    job: row.id,
    request: row.request,
    record: row.record,
    ...(row.version !== null && { version: row.version }),
    station: row.station,
    ...(leg !== null && { holder: leg === 'back' ? row.station : sent_to!, shipment: shipment! }),
    lot: row.lot,
    ...(row.number !== null && { serial: `${row.prefix}${String(row.number).padStart(row.digits!, '0')}` }),
    printer: row.printer,
    state: isOnItsWay ? 'on-its-way' : isLost ? 'uncertain' : row.state,
    reservedAt: row.reserved_at,
    changedAt: row.changed_at,
  }
}
