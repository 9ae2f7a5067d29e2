/**
 * A serial that is used up (printed, spoiled, used) at two stations. Only that contradicts for certain: journals come in any order, and a
 * blank that one station has, and another has still in its books, may have been sent there and back again. What lies at two stations as
 * the books stand now is told by serialsTwice, of stock/twice.ts.
 */
import type { EntryHeader } from '../journal/entry.js'
import type { Piece } from '../stock/lying.js'
import { serialText } from '../stock/ranges.js'
import type { Account, Move } from '../stock/types.js'
import type { StationFile } from '../store/database.js'
import { noteDiscrepancy } from './discrepancies.js'

const USED_UP: readonly Account[] = ['printed', 'spoiled', 'used']

export function noteTwice(file: StationFile, header: EntryHeader, { lot, to }: Move, { from, serials }: Piece): void {
  if (serials === undefined || !USED_UP.includes(to) || USED_UP.includes(from)) return
  const { prefix, digits, first, last } = serials
  const others = file.all<{ station: string; first: number; quantity: number }>(
    `SELECT r.station, max(min(r.first), ?) AS first, sum(min(r.last, ?) - max(r.first, ?) + 1) AS quantity
     FROM stock_range r JOIN lot l ON l.id = r.lot
     WHERE r.prefix = ? AND r.digits = ? AND r.first <= ? AND r.last >= ? AND r.station <> ?
       AND r.account IN ('printed', 'spoiled', 'used') AND l.item = (SELECT item FROM lot WHERE id = ?)
     GROUP BY r.station ORDER BY r.station`,
    first,
    last,
    first,
    prefix,
    digits,
    last,
    first,
    header.station,
    lot,
  )
  for (const { station, first, quantity } of others) {
    noteDiscrepancy(file, header, 'serial-elsewhere', { lot, serial: serialText(serials, first), quantity, station })
  }
}
