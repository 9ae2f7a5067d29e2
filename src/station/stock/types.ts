/** The nouns of the books of stock. */
import type { LotRules, NewStockLine, SerialRange, StockLine } from '../journal/kinds-stock.js'

export type { LotRules, NewStockLine, SerialRange, StockLine }

/** What is kept in stock. Hosts may name others, which are counted like these. */
export type StockItem = 'blank' | 'ribbon' | 'film' | (string & {})

/**
 * Where a piece can be. Books are kept by each station for itself: of each lot the accounts add up to 0.
 *
 * - `received` and `found`: where pieces come from (shipments; counts that show more than the books). They are 0 or negative.
 * - `available`, `reserved` (set aside for a card that is being printed), `installed` (in a printer): what the station has. Never negative.
 * - `printed` (a card), `used` (a consumable), `spoiled`, `sent` (to another office, a blank or a
 * card), `returned` (to the supplier), `missing` (counts that show less than the books): what
 * became of the others. Never negative.
 */
export const ACCOUNTS = [
  'received',
  'found',
  'available',
  'reserved',
  'installed',
  'printed',
  'used',
  'spoiled',
  'sent',
  'returned',
  'missing',
] as const

export type Account = (typeof ACCOUNTS)[number]

/** Where pieces come from: 0 or negative. */
export const SOURCES: readonly Account[] = ['received', 'found']

/** A quantity of a lot that leaves one account for another: a line of the books. */
export interface Move {
  readonly lot: string
  readonly from: Account
  readonly to: Account
  readonly quantity: number
  /** The pieces, where they have serials: `quantity` of them. */
  readonly serials?: readonly SerialRange[]
  readonly shipment?: string
  readonly job?: string
}

/** What of a lot is where, at one station. */
export interface LotBalance {
  readonly lot: string
  readonly item: StockItem
  readonly yieldCards?: number
  readonly rules?: LotRules
  /** Pieces by account; accounts that hold nothing are absent. */
  readonly accounts: Readonly<Partial<Record<Account, number>>>
}

/** Something that does not agree with the books. It stays on record; what it shows is put right by a correction. */
export type DiscrepancyCode =
  /** A shipment brought other pieces than its note says. */
  | 'shipment-differs'
  /** A station sent, spoiled or printed what by its own books it did not have. */
  | 'not-in-stock'
  /** A count showed other pieces than the books. */
  | 'count-differs'
  /** One serial used up at two stations, or received where it is in stock already. */
  | 'serial-elsewhere'
  /** A lot that two entries describe in two ways. */
  | 'lot-differs'
  /** A consumable that printed more or far fewer cards than its yield. */
  | 'yield-differs'
  /** A card of which the printer said it was printed, and a person that it was not; or the other way round. */
  | 'printer-contradicted'
  /**
   * What is said of one card cannot both be: that it came, was lost, came back or was handed over. Two stations say
   * so, or the one that printed it.
   */
  | 'card-elsewhere'
  /** Two cards for one person, or one blank for two: entries of stations that contradict each other. */
  | 'printed-twice'

export interface Discrepancy {
  readonly station: string
  /** Of the entry that showed it. */
  readonly sequence: number
  readonly code: DiscrepancyCode
  readonly at: string
  readonly detail: Readonly<Record<string, string | number>>
}
