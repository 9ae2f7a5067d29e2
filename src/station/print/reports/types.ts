/** The nouns of reports on stock and cards. Nothing in them names a person or a record. */
import type { DiscrepancyCode, StockItem } from '../../stock/types.js'

/** What there is of an item at the end of a day, and what came in and went out on it: pieces. */
export interface StockDay {
  /** '2017-04-10', as the offices' clocks have it. */
  readonly day: string
  readonly station: string
  readonly item: StockItem
  /** At the end of the day. */
  readonly available: number
  readonly reserved: number
  readonly installed: number
  /** On the day. */
  readonly received: number
  readonly found: number
  /**
   * Its blanks, and cards that came from another station. Negative where more cards of days
   * before were thrown away or sent on than were printed; likewise the others.
   */
  readonly printed: number
  readonly used: number
  readonly spoiled: number
  readonly returned: number
  readonly sent: number
  readonly missing: number
}

/** The queue of a station on a day: persons. */
export interface QueueDay {
  readonly day: string
  readonly station: string
  /** Wanted, and not printed, at the end of the day. */
  readonly waiting: number
  readonly waitingNew: number
  readonly waitingReplacement: number
  /** Of these, new or replacement. */
  readonly waitingUrgent: number
  /** Of these, at a station that has no blank left at the end of the day. */
  readonly waitingWithoutBlanks: number
  /** On the day. */
  readonly requested: number
  readonly cancelled: number
  readonly printed: number
  /** Blanks that were spoiled by printing, on the day or found so later. */
  readonly spoiled: number
  readonly handedOver: number
  readonly lettersIssued: number
  readonly lettersRevoked: number
}

/** What came in = what went out + what is left, of one lot. */
export interface StockSums {
  /** What the station had before. */
  readonly start: number
  readonly received: number
  readonly found: number
  /** start + received + found. */
  readonly cameIn: number
  readonly printed: number
  readonly used: number
  readonly spoiled: number
  readonly returned: number
  readonly sent: number
  readonly missing: number
  /** At the end. */
  readonly available: number
  readonly reserved: number
  readonly installed: number
  /** printed + used + spoiled + returned + sent + missing + available + reserved + installed. */
  readonly accountedFor: number
  /** cameIn = accountedFor: what is left comes from the balances, the rest from the moves. */
  readonly balances: boolean
}

/** Two ways of counting the same pieces that come to different numbers. */
export interface StockMismatch {
  readonly account: string
  /** `balance`: what the station keeps as its balance. `serials`: where its serials lie. `cards`: the blanks of its cards. */
  readonly with: 'balance' | 'serials' | 'cards'
  /** As the moves have it. */
  readonly moves: number
  readonly counted: number
}

export interface Reconciliation {
  readonly station: string
  readonly lot: string
  readonly item: StockItem
  /** From the first to the last day of the report. */
  readonly period: StockSums
  /** From the first entry of the station to the last day of the report. */
  readonly total: StockSums
  /** As things stand when the report is made. Empty where all is well. */
  readonly differences: readonly StockMismatch[]
  /** Both sums do, and there are no differences. */
  readonly balances: boolean
}

/** How long cards took. Percentiles are by nearest rank: at least so many took no longer. Absent where there was no card. */
export interface WaitingSpread {
  readonly count: number
  readonly medianHours?: number
  readonly p90Hours?: number
}

export interface WaitingTimes {
  /** Absent: all stations of the report together. */
  readonly station?: string
  /** Cards printed in the period that stood at its end: from the request. */
  readonly toPrint: WaitingSpread
  /** Cards handed over in the period: from the request. */
  readonly toHandOver: WaitingSpread
  /** At the end of the period. */
  readonly waiting: number
  /** Of them. Absent where nobody waits. */
  readonly oldestRequestedAt?: string
  readonly oldestHours?: number
}

/** Why those who wait do so when the report is made, as far as tables tell: rules of lots and quotas are seen by `planPrinting` alone. */
export interface WaitingReasons {
  readonly station: string
  /** The centre has not said that the card may be printed; by what it has said ('-': nothing yet). */
  readonly notReady: Readonly<Record<string, number>>
  readonly withdrawn: number
  /** Another record has the same NIK or fingers, and somebody has to decide. */
  readonly toDecide: number
  /** Still to be compared with all others. */
  readonly unchecked: number
  /** A blank is set aside, or in a printer. */
  readonly inHand: number
  /** Nobody knows whether the card was printed before somebody looks at the tray. */
  readonly uncertain: number
  /** May be printed, and there is no blank. */
  readonly noBlank: number
  /** May be printed. */
  readonly ready: number
}

/** A card of which nobody knows whether it was printed, when the report is made. */
export interface UncertainCard {
  readonly station: string
  readonly job: string
  readonly printer: string
  readonly lot: string
  readonly since: string
}

/** Cards that one station has sent to another, which has not received them, when the report is made. */
export interface CardsOnTheirWay {
  readonly from: string
  readonly to: string
  /** Number under which the station that printed them sent them. */
  readonly shipment: string
  readonly cards: number
  readonly since: string
}

export interface ReportedDiscrepancy {
  readonly station: string
  /** Of the entry that showed it. */
  readonly sequence: number
  readonly code: DiscrepancyCode
  readonly at: string
  readonly detail: Readonly<Record<string, string | number>>
}

/** JSON as it is. */
export interface PrintReport {
  /** That made it. */
  readonly madeBy: string
  readonly madeAt: string
  /** First and last day. */
  readonly from: string
  readonly to: string
  /** What the days go by: 420 is UTC+7. */
  readonly utcOffsetMinutes: number
  readonly stations: readonly string[]
  /** By day, station and item; items that a station has had by then. */
  readonly stock: readonly StockDay[]
  /** By day and station. */
  readonly queue: readonly QueueDay[]
  readonly reconciliation: readonly Reconciliation[]
  /** Of each station, and of all together last. */
  readonly waiting: readonly WaitingTimes[]
  readonly reasons: readonly WaitingReasons[]
  readonly uncertain: readonly UncertainCard[]
  /** Those of the stations, and those to them; the oldest first. */
  readonly onTheirWay: readonly CardsOnTheirWay[]
  /** Shown in the period. */
  readonly discrepancies: readonly ReportedDiscrepancy[]
  /** All of `reconciliation` does. */
  readonly balances: boolean
}

export interface ReportOptions {
  /** First day, '2017-04-10'; 29 days before the last unless given. */
  readonly from?: string
  /** Last day; today unless given. */
  readonly to?: string
  /** Stations to report on: this one, and those below. All of them that have stock or a queue unless given. */
  readonly stations?: readonly string[]
  /** What days go by, minutes ahead of UTC: 420 for UTC+7. That of the machine unless given. */
  readonly utcOffsetMinutes?: number
}
