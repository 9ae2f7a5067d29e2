/** What a report must say, counted from what offices kept on paper. Days by the calendar of Jakarta. */
import type { Office, PaperCard } from './offices.js'

const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' })

const known = new Map<number, string>()

/** Each asked for hundreds of times: a calendar is slow. */
export function jakartaDay(ms: number): string {
  const day = known.get(ms) ?? calendar.format(ms)
  known.set(ms, day)
  return day
}

const LEFT = ['available', 'reserved', 'installed']

/** A row as `StockDay` has it. */
export function stockDay(office: Office, item: string, day: string) {
  const until = office.moves.filter(move => move.item === item && jakartaDay(move.ms) <= day)
  const on = until.filter(move => jakartaDay(move.ms) === day)
  const gained = (moves: typeof until, account: string) =>
    moves.reduce(
      (sum, { from, to, quantity }) => sum + (to === account ? quantity : 0) - (from === account ? quantity : 0),
      0,
    )
  const row: Record<string, string | number> = { day, station: office.id, item }
  for (const account of LEFT) row[account] = gained(until, account)
  for (const account of ['received', 'found']) row[account] = 0 - gained(on, account)
  for (const account of ['printed', 'used', 'spoiled', 'returned', 'sent', 'missing'])
    row[account] = gained(on, account)
  return row
}

/** Whether the item was ever there by then. */
export function isKnown(office: Office, item: string, day: string): boolean {
  return office.moves.some(move => move.item === item && jakartaDay(move.ms) <= day)
}

/** There is a card at the end of the day. */
function hasCard({ events }: PaperCard, day: string): boolean {
  const last = events.filter(({ ms, what }) => what !== 'spoiled' && jakartaDay(ms) <= day).at(-1)
  return last?.what === 'printed'
}

export function waits(card: PaperCard, day: string): boolean {
  const isAsked = jakartaDay(card.requestedMs) <= day
  const isCancelled = card.cancelledMs !== undefined && jakartaDay(card.cancelledMs) <= day
  return isAsked && !isCancelled && !hasCard(card, day)
}

/** A row as `QueueDay` has it. */
export function queueDay(office: Office, day: string) {
  const waiting = office.cards.filter(card => waits(card, day))
  const is = (ms: number | undefined) => ms !== undefined && jakartaDay(ms) === day
  const events = office.cards.flatMap(card => card.events.filter(({ ms }) => is(ms)))
  const hasBlanks = isKnown(office, 'blank', day) && Number(stockDay(office, 'blank', day).available) > 0
  return {
    day,
    station: office.id,
    waiting: waiting.length,
    waitingNew: waiting.filter(({ purpose }) => purpose === 'new').length,
    waitingReplacement: waiting.filter(({ purpose }) => purpose === 'replacement').length,
    waitingUrgent: waiting.filter(({ isUrgent }) => isUrgent).length,
    waitingWithoutBlanks: hasBlanks ? 0 : waiting.length,
    requested: office.cards.filter(({ requestedMs }) => is(requestedMs)).length,
    cancelled: office.cards.filter(({ cancelledMs }) => is(cancelledMs)).length,
    printed: events.filter(({ what }) => what === 'printed').length,
    spoiled: events.filter(({ what }) => what === 'spoiled').length,
    handedOver: office.cards.filter(({ handedOverMs }) => is(handedOverMs)).length,
    lettersIssued: office.letters.filter(({ issuedMs }) => is(issuedMs)).length,
    lettersRevoked: office.letters.filter(({ revokedMs }) => is(revokedMs)).length,
  }
}

/** Of times in hours: how many, and the times that half and nine of ten did not exceed. */
export function spread(hours: readonly number[]) {
  if (hours.length === 0) return { count: 0 }
  const isEnough = (most: number, share: number) => hours.filter(each => each <= most).length >= share * hours.length
  const least = (share: number) => Math.min(...hours.filter(most => isEnough(most, share)))
  const round = (value: number) => Math.round(value * 100) / 100
  return { count: hours.length, medianHours: round(least(0.5)), p90Hours: round(least(0.9)) }
}
