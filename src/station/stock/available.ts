/** Blanks that a card could be printed on. */
import type { StationFile } from '../store/database.js'
import { rulesOf } from './lots.js'
import type { LotRules, SerialRange } from './types.js'

/** A lot of blanks of which some are available. */
export interface AvailableLot {
  readonly lot: string
  /** Available blanks. */
  readonly quantity: number
  readonly rules?: LotRules
  /** Cards of each purpose that were taken of it at this station: reserved and printed ones, not those that were spoiled. */
  readonly taken: { readonly new: number; readonly replacement: number }
}

/** Lots of blanks with something available, the oldest at this station first. One query, however many cards were printed. */
export function lotsAvailable(file: StationFile, station: string): AvailableLot[] {
  const rows = file.all<{ lot: string; quantity: number; rules: string | null; fresh: number; replaced: number }>(
    `SELECT b.lot, b.quantity, l.rules,
       (SELECT cards FROM lot_cards WHERE station = b.station AND lot = b.lot AND purpose = 'new') AS fresh,
       (SELECT cards FROM lot_cards WHERE station = b.station AND lot = b.lot AND purpose = 'replacement') AS replaced
     FROM stock_balance b JOIN lot l ON l.id = b.lot
     WHERE b.station = ? AND b.account = 'available' AND b.quantity > 0 AND l.item = 'blank'
     ORDER BY (SELECT min(sequence) FROM stock_move WHERE station = b.station AND lot = b.lot), b.lot`,
    station,
  )
  return rows.map(({ lot, quantity, rules, fresh, replaced }) => {
    const read = rulesOf(file, { id: lot, rules })
    return { lot, quantity, ...(read && { rules: read }), taken: { new: fresh ?? 0, replacement: replaced ?? 0 } }
  })
}

/**
 * Cards of a purpose that a lot has still to give at this station, by its quota and by the blanks that are there.
 */
export function leftFor({ quantity, rules, taken }: AvailableLot, purpose: 'new' | 'replacement'): number {
  const quota = rules?.quota?.[purpose]
  return quota === undefined ? quantity : Math.max(0, Math.min(quantity, quota - taken[purpose]))
}

/** The blank to take next: the lowest serial that is available. Undefined where the lot has no serials, or nothing is available. */
export function pickBlank(file: StationFile, station: string, lot: string): SerialRange | undefined {
  const row = file.get<SerialRange>(
    `SELECT prefix, digits, first, last FROM stock_range WHERE station = ? AND lot = ? AND account = 'available'
     ORDER BY prefix, digits, first LIMIT 1`,
    station,
    lot,
  )
  return row && { ...row, last: row.first }
}
