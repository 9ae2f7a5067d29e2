/** What became of each card that was wanted, and when, as the tables tell. */

import type { Account } from '../../stock/types.js'
import type { StationFile } from '../../store/database.js'
import type { CardPurpose, JobState, RequestState } from '../types.js'

/** Times in milliseconds since 1970. */
export interface WantedCard {
  readonly station: string
  readonly purpose: CardPurpose
  readonly isUrgent: boolean
  readonly requestedMs: number
  readonly cancelledMs?: number
  /** Cards that were printed for it, and until when each was one: until it was spoiled, or somebody saw that there was none. */
  readonly printed: readonly { readonly fromMs: number; readonly untilMs: number }[]
  readonly spoiledMs: readonly number[]
  readonly handedOverMs: readonly number[]
}

interface Row {
  readonly request: string
  readonly station: string
  readonly purpose: CardPurpose
  readonly urgent: number
  readonly request_state: RequestState
  readonly requested_at: string
  readonly request_changed_at: string
  readonly job: string | null
  readonly job_state: JobState | null
  readonly job_changed_at: string | null
  readonly moved_at: string | null
  readonly source: Account | null
  readonly target: Account | null
}

/**
 * One by one. When a card was printed is in the move of its blank: its own row has its last change alone. That has to do where there is no move,
 * because the books could not take it (see discrepancies).
 */
export function* wantedCards(file: StationFile, stations: readonly string[]): Generator<WantedCard, void> {
  const rows = file.each<Row>(
    `SELECT r.id AS request, r.prints AS station, r.purpose, r.urgent, r.state AS request_state, r.requested_at,
       r.changed_at AS request_changed_at, j.id AS job, j.state AS job_state, j.changed_at AS job_changed_at,
       m.at AS moved_at, m.from_account AS source, m.to_account AS target
     FROM card_request r LEFT JOIN print_job j ON j.request = r.id
       LEFT JOIN stock_move m ON m.job = j.id AND (m.station = j.station OR m.station = j.sent_to)
         AND (m.from_account = 'printed' AND m.to_account <> 'sent' OR m.to_account IN ('printed', 'spoiled'))
     WHERE r.prints IN (SELECT value FROM json_each(?))
      ORDER BY r.id, j.id, m.station <> j.station, m.sequence, m.line`,
    JSON.stringify(stations),
  )
  let ofOne: Row[] = []
  for (const row of rows) {
    if (ofOne.length > 0 && ofOne[0].request !== row.request) {
      yield cardOf(ofOne)
      ofOne = []
    }
    ofOne.push(row)
  }
  if (ofOne.length > 0) yield cardOf(ofOne)
}

function cardOf(rows: readonly Row[]): WantedCard {
  const [first] = rows
  const printed: { fromMs: number; untilMs: number }[] = []
  const spoiledMs: number[] = []
  const handedOver = new Map<string, number>()
  for (const { job, job_state: state, job_changed_at, moved_at, source, target } of rows) {
    if (job === null) continue
    const changedMs = Date.parse(job_changed_at!)
    if (moved_at === null) {
      if (state === 'printed' || state === 'handed-over') printed.push(standing(changedMs))
      if (state === 'spoiled') spoiledMs.push(changedMs)
    } else {
      const movedMs = Date.parse(moved_at)
      const last = printed.at(-1)
      if ((source === 'printed' || source === 'sent') && target !== 'printed' && last) last.untilMs = movedMs
      // One that comes from elsewhere is the same, unless it was thought lost.
      if (target === 'printed' && !(isTravelling(source) && last?.untilMs === Number.POSITIVE_INFINITY)) {
        printed.push(standing(movedMs))
      }
      if (target === 'spoiled') spoiledMs.push(movedMs)
    }
    if (state === 'handed-over') handedOver.set(job, changedMs)
  }
  return {
    station: first.station,
    purpose: first.purpose,
    isUrgent: first.urgent === 1,
    requestedMs: Date.parse(first.requested_at),
    ...(first.request_state === 'cancelled' && { cancelledMs: Date.parse(first.request_changed_at) }),
    ...{ printed, spoiledMs, handedOverMs: [...handedOver.values()] },
  }
}

const isTravelling = (account: Account | null) => account === 'received' || account === 'sent'

const standing = (fromMs: number) => ({ fromMs, untilMs: Number.POSITIVE_INFINITY })

/** When the card was printed that there is at `ms`; undefined where there is none. */
export function printedBy({ printed }: WantedCard, ms: number): number | undefined {
  return printed.find(({ fromMs, untilMs }) => fromMs < ms && untilMs >= ms)?.fromMs
}

/** Wanted, and there is no card. */
export function isWaitingAt(card: WantedCard, ms: number): boolean {
  const { requestedMs, cancelledMs } = card
  if (requestedMs >= ms || (cancelledMs !== undefined && cancelledMs < ms)) return false
  return printedBy(card, ms) === undefined
}
