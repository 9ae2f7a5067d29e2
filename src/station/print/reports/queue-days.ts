/** How the queue of each station went, day by day. */
import type { StationFile } from '../../store/database.js'
import { isWaitingAt, type WantedCard } from './cards.js'
import { dayOf, daysOf, dayText, endOfDay, type Period } from './period.js'
import type { QueueDay } from './types.js'

/** What is counted on a day; of those that wait by how much they became more. */
type Tally = { -readonly [K in Counted]: number }
type Counted = Exclude<keyof QueueDay, 'day' | 'station' | 'waitingWithoutBlanks'>

const NOTHING: Tally = {
  waiting: 0,
  waitingNew: 0,
  waitingReplacement: 0,
  waitingUrgent: 0,
  requested: 0,
  cancelled: 0,
  printed: 0,
  spoiled: 0,
  handedOver: 0,
  lettersIssued: 0,
  lettersRevoked: 0,
}

const WAITING = ['waiting', 'waitingNew', 'waitingReplacement', 'waitingUrgent'] as const

/** Takes cards in whatever order, and then says how each day was. */
export class QueueTally {
  readonly #period: Period
  readonly #days = new Map<string, Map<number, Tally>>()

  constructor(period: Period) {
    this.#period = period
  }

  take(card: WantedCard): void {
    const { station, purpose, isUrgent, requestedMs, cancelledMs, printed, spoiledMs, handedOverMs } = card
    const { utcOffsetMinutes } = this.#period
    const at = (ms: number) => this.#on(station, dayOf(ms, utcOffsetMinutes))
    const changes = [requestedMs]
    at(requestedMs).requested++
    if (cancelledMs !== undefined) {
      at(cancelledMs).cancelled++
      changes.push(cancelledMs)
    }
    for (const { fromMs, untilMs } of printed) {
      at(fromMs).printed++
      changes.push(fromMs)
      if (Number.isFinite(untilMs)) changes.push(untilMs)
    }
    for (const ms of spoiledMs) at(ms).spoiled++
    for (const ms of handedOverMs) at(ms).handedOver++
    let waited = false
    for (const day of [...new Set(changes.map(ms => dayOf(ms, utcOffsetMinutes)))].sort((a, b) => a - b)) {
      const waits = isWaitingAt(card, endOfDay(day, utcOffsetMinutes))
      if (waits === waited) continue
      const by = waits ? 1 : -1
      const tally = this.#on(station, day)
      tally.waiting += by
      tally[purpose === 'new' ? 'waitingNew' : 'waitingReplacement'] += by
      if (isUrgent) tally.waitingUrgent += by
      waited = waits
    }
  }

  takeLetters(file: StationFile, stations: readonly string[]): void {
    const rows = file.each<{ station: string; issued_at: string; changed_at: string; state: string }>(
      'SELECT station, issued_at, changed_at, state FROM letter WHERE station IN (SELECT value FROM json_each(?))',
      JSON.stringify(stations),
    )
    const { utcOffsetMinutes } = this.#period
    for (const { station, issued_at, changed_at, state } of rows) {
      this.#on(station, dayOf(Date.parse(issued_at), utcOffsetMinutes)).lettersIssued++
      if (state === 'revoked') this.#on(station, dayOf(Date.parse(changed_at), utcOffsetMinutes)).lettersRevoked++
    }
  }

  /** @param hasBlanks whether the station has a blank at the end of the day */
  rows(stations: readonly string[], hasBlanks: (station: string, day: string) => boolean): QueueDay[] {
    const waiting = new Map(stations.map(station => [station, this.#before(station)]))
    return daysOf(this.#period).flatMap(number =>
      stations.map(station => {
        const day = dayText(number)
        const tally = this.#days.get(station)?.get(number) ?? NOTHING
        const now = waiting.get(station)!
        for (const name of WAITING) now[name] += tally[name]
        const { waiting: _, waitingNew: _n, waitingReplacement: _r, waitingUrgent: _u, ...onTheDay } = tally
        const waitingWithoutBlanks = hasBlanks(station, day) ? 0 : now.waiting
        return { day, station, ...now, waitingWithoutBlanks, ...onTheDay }
      }),
    )
  }

  /** Who waits when the first day begins. */
  #before(station: string): Record<(typeof WAITING)[number], number> {
    const sum = { waiting: 0, waitingNew: 0, waitingReplacement: 0, waitingUrgent: 0 }
    for (const [day, tally] of this.#days.get(station) ?? []) {
      if (day < this.#period.first) for (const name of WAITING) sum[name] += tally[name]
    }
    return sum
  }

  #on(station: string, day: number): Tally {
    const days = this.#days.get(station) ?? new Map<number, Tally>()
    this.#days.set(station, days)
    const tally = days.get(day) ?? { ...NOTHING }
    days.set(day, tally)
    return tally
  }
}
