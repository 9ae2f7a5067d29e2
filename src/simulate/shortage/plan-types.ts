/** What a simulated shortage consists of: data alone, drawn from its seed before anything runs. */
import type { LotRules, SerialRange } from '../../station/stock/types.js'

export interface ShortageSize {
  readonly days: number
  readonly offices: number
  readonly seed: number
}

/** Pieces of a lot in a box. */
export interface BoxLine {
  readonly lot: string
  readonly item: string
  readonly quantity: number
  readonly serials?: readonly SerialRange[]
  readonly yieldCards?: number
  readonly rules?: LotRules
}

/** A box of the ministry's. */
export interface Delivery {
  readonly shipment: string
  /** What the paper says. */
  readonly lines: readonly BoxLine[]
  /** The hub told the office of it so many days before; never unless given. */
  readonly announcedDaysBefore?: number
  /** Pieces of the first line that are not in the box. */
  readonly lacking: number
  /** Somebody types the paper in a second time. */
  readonly isTypedTwice: boolean
  /** Serials of a box before stand on the paper too. */
  readonly isOverlapping: boolean
}

/** Somebody who comes to be recorded, and what becomes of them. */
export interface Resident {
  readonly number: number
  readonly isUrgent: boolean
  /** What the centre says so many days after the record has reached it; never unless given. */
  readonly decision?: { readonly afterDays: number; readonly state: string; readonly isSaidTwice: boolean }
  /** Days after the card is there until somebody comes for it; never unless given. */
  readonly collectsAfterDays?: number
  /** Days after that until the card is lost; never unless given. */
  readonly losesAfterDays?: number
  /** Days after the recording until they ask for a letter, and every week from then on; never unless given. */
  readonly letterAfterDays?: number
  /** The record is withdrawn so many days after it was made. */
  readonly withdrawsAfterDays?: number
}

export type LineDay = 'up' | 'lossy' | 'down'

export interface OfficeDay {
  readonly line: LineDay
  readonly residents: readonly Resident[]
  readonly deliveries: readonly Delivery[]
  /** Cards that its printer makes in the day at most; 0: it is at the workshop. */
  readonly mostCards: number
  /** Blanks that get wet in the store, and pieces that nobody sees go. */
  readonly wet: number
  readonly vanishing: number
  /** Two operators count the store. */
  readonly isCounted: boolean
  /** Blanks go back to the ministry. */
  readonly returning: number
  /** The power goes when so many entries of the day are written, inside the transaction of the last of them. */
  readonly cutAtEntry?: number
}

export interface OfficePlan {
  readonly name: string
  /** Milliseconds by which its clock is ahead, whole days; 0 unless given. */
  readonly clockErrorMs?: number
  readonly days: readonly OfficeDay[]
}

export interface ShortagePlan extends ShortageSize {
  /** The hub first: it has a store and a printer, and records nobody. */
  readonly stations: readonly OfficePlan[]
}
