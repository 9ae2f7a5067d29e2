/** Records as they stand: what can be shown and looked for without opening a seal, and all of one. */

import { readOptions, wholeNumber } from '../../options.js'
import type { PreCheck } from '../check/pre-check.js'
import { checkOf, checksOf, isDoubted, isWaived, type RecordCheck } from '../check/record-checks.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { getPayload, type PayloadReference } from '../store/payloads.js'
import type { ClientState, TransportState } from '../types.js'
import { type Contents, newestVersion, type RecordVersion, versionsOf } from './contents.js'
import { type RecordDecision, standingDecision } from './decisions.js'
import { findRecord, heldRecord, RECORD_COLUMNS, type RecordRow } from './held.js'
import { NIK_TAG } from './nik.js'
import { type CentreState, centreState } from './states.js'

/** What is known of a record without opening it. */
export interface RecordSummary {
  readonly id: string
  /** That recorded it. */
  readonly station: string
  /** From 1; each correction is another. */
  readonly version: number
  /** What its station did with it. */
  readonly clientState: ClientState
  /** Whether upstream's signed receipt of this version is here. */
  readonly transportState: TransportState
  /** What the centre says; absent until it does. */
  readonly centreState?: string
  /** What is known of that state; absent for one that is not known here. */
  readonly centreMeaning?: CentreState
  readonly preCheck?: PreCheck['decision']
  /**
   * The newest result of a comparison of its fingers with all others, at this station or one above; of
   * an own record of a station without any above, its pre-check. `unchecked` while that is still to come: then
   * nothing is known.
   */
  readonly check: PreCheck['decision'] | 'unchecked'
  /**
   * A card may follow although the fingers were not compared: whoever decided said why
   * (`decision.unchecked`). Absent otherwise.
   */
  readonly checkWaived?: true
  /**
   * It may be one of two records of one person, whatever `check` says, which is what was known when this one was
   * compared: no card before somebody decides (`adjudications`). Absent otherwise.
   */
  readonly toDecide?: true
  /** ISO 8601. */
  readonly recordedAt: string
  readonly changedAt: string
}

export interface RecordDetails extends RecordSummary {
  /** The decision that gave the record its `centreState`: who said so, when, and what else. */
  readonly decision?: RecordDecision
  /** Comparisons with all others, the newest of each station, the newest first. */
  readonly checks: readonly RecordCheck[]
  /** Of the newest version; absent where its body is not here. */
  readonly contents?: Contents
  readonly payloads: readonly PayloadReference[]
  /** All that its station wrote, the oldest first. */
  readonly versions: readonly RecordVersion[]
}

export interface RecordFilter {
  /** Of this station alone. */
  readonly station?: string
  readonly clientState?: ClientState
  readonly transportState?: TransportState
  readonly centreState?: string
  readonly preCheck?: PreCheck['decision']
  /** Opens each record's newest version: a few a millisecond. */
  readonly contents?: boolean
  /** Most records of a page, 1 to 1,000; 100 unless given. */
  readonly limit?: number
  /** `next` of the page before. */
  readonly after?: string
}

export interface RecordPage {
  /** Those recorded last first. */
  readonly records: readonly (RecordSummary & { readonly contents?: Contents })[]
  /** Absent on the last page. */
  readonly next?: string
}

const LIMIT = 100
const MOST_LIMIT = 1_000

/**
 * A record with all that it holds, opened; undefined where this station does not hold it.
 *
 * @throws SidikError STATION_CORRUPT, RECORD_CORRUPT, STATION_CLOSED
 */
export function recordOf(station: Station, recordId: string): RecordDetails | undefined {
  const parts = partsOf(station)
  const row = findRecord(parts, recordId)
  if (row === undefined) return undefined
  const versions = versionsOf(parts, recordId, row.station)
  const newest = versions.at(-1)
  const decision = standingDecision(parts, row)
  return {
    ...summaryOf(parts, row),
    checks: checksOf(parts, row),
    ...(decision && { decision }),
    ...(newest?.contents && { contents: newest.contents }),
    payloads: newest?.payloads ?? [],
    versions,
  }
}

/** @throws TypeError, RangeError naming the member of the filter */
export function records(station: Station, filter?: RecordFilter): RecordPage {
  const parts = partsOf(station)
  const asked = readOptions('records', filter, [
    'station',
    'clientState',
    'transportState',
    'centreState',
    'preCheck',
    'contents',
    'limit',
    'after',
  ])
  const limit = wholeNumber('limit', asked.limit ?? LIMIT, 1, MOST_LIMIT)
  const wanted: [sql: string, value: string][] = []
  const only = (column: string, value: string | undefined) =>
    value !== undefined && wanted.push([`${column} = ?`, value])
  only('station', asked.station)
  only('client_state', asked.clientState)
  only('transport_state', asked.transportState)
  only('centre_state', asked.centreState)
  only('pre_check', asked.preCheck)
  const [at, id] = cursorOf(asked.after)
  const where = [...wanted.map(([sql]) => sql), '(recorded_at, id) < (?, ?)'].join(' AND ')
  const sql = `SELECT ${RECORD_COLUMNS} FROM record WHERE ${where} ORDER BY recorded_at DESC, id DESC LIMIT ?`
  const rows = parts.file.all<RecordRow>(sql, ...wanted.map(([, value]) => value), at, id, limit + 1)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    records: page.map(row => ({ ...summaryOf(parts, row), ...(asked.contents === true && contentsOf(parts, row)) })),
    ...(rows.length > limit && { next: `${last!.recorded_at} ${last!.id}` }),
  }
}

/** All records of a NIK that are held, withdrawn ones too, the oldest first: found by a keyed hash, without opening any. */
export function recordsByNik(station: Station, nik: string): RecordSummary[] {
  if (typeof nik !== 'string') throw new TypeError('nik must be a string')
  const parts = partsOf(station)
  const sql = `SELECT ${RECORD_COLUMNS} FROM record WHERE nik_tag = ? ORDER BY recorded_at, id`
  return parts.file.all<RecordRow>(sql, parts.keys.tag(NIK_TAG + nik)).map(row => summaryOf(parts, row))
}

/**
 * A payload of a record's newest version: 'templates', 'finger-<position>', 'photo', 'signature'. Undefined where it has none, or it
 * has not come yet.
 *
 * @throws SidikError RECORD_UNKNOWN, STATION_CORRUPT
 */
export function payloadOf(station: Station, recordId: string, role: string): Uint8Array | undefined {
  const parts = partsOf(station)
  const row = heldRecord(parts, recordId)
  const reference = newestVersion(parts, recordId, row.station).payloads.find(each => each.role === role)
  const bytes = reference && getPayload(parts.file, parts.keys, Buffer.from(reference.hash, 'hex'))
  return bytes && new Uint8Array(bytes)
}

function contentsOf(parts: StationParts, row: RecordRow): { contents?: Contents } {
  const { contents } = newestVersion(parts, row.id, row.station)
  return contents === undefined ? {} : { contents }
}

function summaryOf(parts: StationParts, row: RecordRow): RecordSummary {
  const meaning = row.centre_state === null ? undefined : centreState(row.centre_state)
  return {
    id: row.id,
    station: row.station,
    version: row.version,
    clientState: row.client_state,
    transportState: row.transport_state,
    ...(row.centre_state !== null && { centreState: row.centre_state }),
    ...(meaning && { centreMeaning: meaning }),
    ...(row.pre_check !== null && { preCheck: row.pre_check }),
    check: checkOf(parts, row),
    ...(isWaived(parts, row) && { checkWaived: true }),
    ...(isDoubted(parts, row) && { toDecide: true }),
    recordedAt: row.recorded_at,
    changedAt: row.changed_at,
  }
}

/** From the newest on, unless told. */
function cursorOf(after: string | undefined): [at: string, id: string] {
  if (after === undefined) return ['￿', '']
  const space = typeof after === 'string' ? after.indexOf(' ') : -1
  if (space > 0) return [after.slice(0, space), after.slice(space + 1)]
  throw new TypeError("after must be 'next' of a page before")
}
