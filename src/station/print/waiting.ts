/** What keeps a card from being printed, whoever is asked: the codes of a plan, and those that follow from the record and the NIK alone. */

import { checksRecords } from '../check/unchecked.js'
import { isReady, READY_STATES } from '../enrol/states.js'
import { IS_DOUBTED, UNCHECKED } from '../project/standing.js'
import type { StationParts } from '../station.js'
import type { StationFile } from '../store/database.js'
import type { ClientState } from '../types.js'
import { isAtWork } from './at-work.js'
import type { CardCandidate } from './policy.js'
import type { CardPurpose, JobState } from './types.js'

export type WaitCode =
  /** The centre has not said that the card may be printed. */
  | 'not-ready'
  | 'withdrawn'
  /** It may be one of two records of one person, and somebody has to decide: `adjudications`. */
  | 'to-decide'
  /**
   * It has still to be compared with all others, here (`status().check` says how far that is) or at a
   * station above.
   */
  | 'unchecked'
  /** Another card for the same NIK was printed, is being printed or comes first. */
  | 'has-card'
  /** A card for the request was sent, and nobody has said yet what became of it: `resolveJob`. */
  | 'uncertain'
  /** It is being printed, or was set aside to be when the program ended: `recoverPrinting`. */
  | 'printing'
  | 'no-blank'
  /** There are blanks, but none that may be used for it: the message says why, of the lot that comes nearest. */
  | 'no-lot-allows'
  /** Of the policy, for today. */
  | 'quota'
  /** What is installed in the printer is used up, or something is missing. */
  | 'no-consumable'
  /** The policy's `accepts` said no. */
  | 'policy'
  /** Another station prints it. */
  | 'elsewhere'
  /** More than were asked for. */
  | 'limit'

export interface WaitingCard {
  readonly request: string
  readonly record: string
  readonly code: WaitCode
  /** In plain words, without personal data. */
  readonly message: string
}

export interface WaitingRow {
  readonly request: string
  readonly record: string
  readonly purpose: CardPurpose
  readonly urgent: number
  readonly requested_at: string
  readonly station: string
  readonly client_state: ClientState
  readonly centre_state: string | null
  readonly recorded_at: string
  /** Number of the entry that made the record what it is. */
  readonly sequence: number
  readonly version: number
  /** A case is open about the record. */
  readonly doubted: number
  /** Where it has still to be compared with all others. */
  readonly unchecked: 'nothing' | 'here' | 'above' | null
  /** The request had a blank before. */
  readonly begun: number
}

export type Why = Pick<WaitingCard, 'code' | 'message'>

const WAITING = `SELECT c.id AS request, c.record, c.purpose, c.urgent, c.requested_at, r.station, r.client_state, r.centre_state,
    r.recorded_at, r.sequence, r.version, ${IS_DOUBTED} AS doubted,
    ${UNCHECKED} AS unchecked,
    EXISTS (SELECT 1 FROM print_job j WHERE j.request = c.id) AS begun
  FROM card_request c JOIN record r ON r.id = c.record WHERE c.state = 'waiting' AND c.prints = ?`

/** Requests that wait for this station to print them. */
export function waitingRows(parts: StationParts): WaitingRow[] {
  return parts.file.all<WaitingRow>(WAITING, Number(checksRecords(parts)), parts.identity.id)
}

/** One of them; undefined when it does not wait any more. */
export function waitingRow(parts: StationParts, request: string): WaitingRow | undefined {
  return parts.file.get<WaitingRow>(`${WAITING} AND c.id = ?`, Number(checksRecords(parts)), parts.identity.id, request)
}

const UNCHECKED_MESSAGES = {
  nothing:
    'the record has no fingers that could be compared with others: have whoever decides say why a card may follow ' +
    'unchecked',
  here: 'the record has still to be compared with all others',
  above:
    'no station above has said that it compared the record with all others: synchronise when one has, or have ' +
    'whoever decides say why a card may follow unchecked',
} as const

/** Why the record cannot be printed now; undefined when it can. */
export function whyNot(row: WaitingRow, other: string | undefined): Why | undefined {
  if (row.client_state === 'withdrawn')
    return { code: 'withdrawn', message: 'the record was withdrawn: cancel the request' }
  if (row.doubted === 1) {
    const message = 'another record has the same NIK or fingers: somebody has to decide about the two'
    return { code: 'to-decide', message }
  }
  if (row.unchecked !== null) return { code: 'unchecked', message: UNCHECKED_MESSAGES[row.unchecked] }
  const state = row.centre_state ?? 'nothing yet'
  if (!isReady(row.centre_state)) {
    return { code: 'not-ready', message: `the centre has not cleared the record: it says ${state}` }
  }
  if (other !== undefined) return { code: 'has-card', message: other }
  if (row.purpose === 'new' && state !== READY_STATES[0] && row.begun === 0) {
    return { code: 'has-card', message: `the centre says ${state}: a card was printed elsewhere` }
  }
  return undefined
}

export function candidateOf(row: WaitingRow): CardCandidate {
  return {
    request: row.request,
    record: row.record,
    station: row.station,
    purpose: row.purpose,
    isUrgent: row.urgent === 1,
    requestedAt: row.requested_at,
    recordedAt: row.recorded_at,
    centreState: row.centre_state!,
  }
}

/** Requests that are begun here, and those that others print. */
export function notToBePlanned({ file, identity }: StationParts): WaitingCard[] {
  const begun = file.all<{ request: string; record: string; job: string; state: JobState }>(
    `SELECT c.id AS request, c.record, j.id AS job, j.state FROM print_job j JOIN card_request c ON c.id = j.request
     WHERE j.state IN ('reserved', 'sent', 'uncertain') AND j.station = ? ORDER BY c.requested_at, c.id`,
    identity.id,
  )
  return [...begun.map(begunCard), ...elsewhere(file, identity.id)]
}

function begunCard({
  request,
  record,
  job,
  state,
}: {
  request: string
  record: string
  job: string
  state: JobState
}): WaitingCard {
  if (state === 'uncertain' || (state === 'sent' && !isAtWork(job))) {
    const message = 'a card was sent to the printer and may be printed or not: look at the tray, and say so'
    return { request, record, code: 'uncertain', message }
  }
  const message = isAtWork(job)
    ? 'the card is being printed'
    : 'a blank is set aside for it: recoverPrinting releases it, or another program is at it'
  return { request, record, code: 'printing', message }
}

function elsewhere(file: StationFile, self: string): WaitingCard[] {
  return file
    .all<{ request: string; record: string; prints: string }>(
      `SELECT c.id AS request, c.record, c.prints FROM card_request c JOIN record r ON r.id = c.record
       WHERE c.state IN ('waiting', 'printing') AND c.prints <> ? AND (c.station = ? OR r.station = ?) ORDER BY c.requested_at, c.id`,
      self,
      self,
      self,
    )
    .map(({ request, record, prints }) => ({
      request,
      record,
      code: 'elsewhere',
      message: `station ${prints} prints the card`,
    }))
}
