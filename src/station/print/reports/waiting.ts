/** How long people waited for their cards, and who has waited longest. */
import { isWaitingAt, printedBy, type WantedCard } from './cards.js'
import { endOfDay, type Period } from './period.js'
import type { WaitingSpread, WaitingTimes } from './types.js'

const HOUR_MS = 3_600_000

interface Times {
  readonly toPrint: number[]
  readonly toHandOver: number[]
  waiting: number
  oldestMs: number
}

export class WaitingTally {
  readonly #startMs: number
  readonly #endMs: number
  readonly #byStation = new Map<string, Times>()

  constructor({ first, last, utcOffsetMinutes }: Period) {
    this.#startMs = endOfDay(first - 1, utcOffsetMinutes)
    this.#endMs = endOfDay(last, utcOffsetMinutes)
  }

  take(card: WantedCard): void {
    const { station, requestedMs, handedOverMs } = card
    const times = this.#byStation.get(station) ?? none()
    this.#byStation.set(station, times)
    const isWithin = (ms: number) => ms >= this.#startMs && ms < this.#endMs
    const printedMs = printedBy(card, this.#endMs)
    if (printedMs !== undefined && isWithin(printedMs)) times.toPrint.push(printedMs - requestedMs)
    for (const ms of handedOverMs) if (isWithin(ms)) times.toHandOver.push(ms - requestedMs)
    if (!isWaitingAt(card, this.#endMs)) return
    times.waiting++
    times.oldestMs = Math.min(times.oldestMs, requestedMs)
  }

  /** @param nowMs until when who still waits has waited, where the period goes on */
  rows(stations: readonly string[], nowMs: number): WaitingTimes[] {
    const untilMs = Math.min(this.#endMs, nowMs)
    const all = none()
    const rows = stations.map(station => {
      const times = this.#byStation.get(station) ?? none()
      for (const name of ['toPrint', 'toHandOver'] as const) for (const ms of times[name]) all[name].push(ms)
      all.waiting += times.waiting
      all.oldestMs = Math.min(all.oldestMs, times.oldestMs)
      return { station, ...timesOf(times, untilMs) }
    })
    return [...rows, timesOf(all, untilMs)]
  }
}

const none = (): Times => ({ toPrint: [], toHandOver: [], waiting: 0, oldestMs: Number.POSITIVE_INFINITY })

function timesOf({ toPrint, toHandOver, waiting, oldestMs }: Times, untilMs: number): WaitingTimes {
  const oldest = waiting > 0 && {
    oldestRequestedAt: new Date(oldestMs).toISOString(),
    oldestHours: hours(untilMs - oldestMs),
  }
  return { toPrint: spread(toPrint), toHandOver: spread(toHandOver), waiting, ...oldest }
}

function spread(times: readonly number[]): WaitingSpread {
  const count = times.length
  if (count === 0) return { count }
  const sorted = times.toSorted((a, b) => a - b)
  const rank = (share: number) => hours(sorted[Math.ceil(share * count) - 1])
  return { count, medianHours: rank(0.5), p90Hours: rank(0.9) }
}

/** To a hundredth. */
const hours = (ms: number) => Math.round((ms / HOUR_MS) * 100) / 100
