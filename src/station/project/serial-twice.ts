/**
 * A serial at two stations. Journals come in any order: a blank that one station has, and another has still in its books, may be one that
 * was sent, of which only the receipt is known yet. So what contradicts is this alone:
 *
 * - a serial that is used up (printed, spoiled, used) at two stations;
 * - one that comes in at a station and is used up at another;
 * - one that comes in with a shipment of which it is known what was sent, and lies at another station all the same.
 */
import type { EntryHeader } from '../journal/entry.js'
import type { Piece } from '../stock/lying.js'
import { serialText } from '../stock/ranges.js'
import type { Account, Move } from '../stock/types.js'
import type { StationFile } from '../store/database.js'
import { noteDiscrepancy } from './discrepancies.js'

const USED_UP: readonly Account[] = ['printed', 'spoiled', 'used']

const HELD: readonly Account[] = [...USED_UP, 'available', 'reserved', 'installed']

export function noteTwice(
  file: StationFile,
  header: EntryHeader,
  move: Move,
  { from, quantity, serials }: Piece,
): void {
  if (serials === undefined) return
  const comesIn = !HELD.includes(from)
  // Of what is used up already, it was said before.
  const isUsedUp = USED_UP.includes(move.to) && !USED_UP.includes(from)
  if (!comesIn && !isUsedUp) return
  const accounts = comesIn && isSent(file, move.shipment) ? HELD : USED_UP
  const { prefix, digits, first, last } = serials
  const other = file.get<{ station: string; lot: string; first: number }>(
    `SELECT r.station, r.lot, max(r.first, ?) AS first FROM stock_range r JOIN lot l ON l.id = r.lot
     WHERE r.prefix = ? AND r.digits = ? AND r.first <= ? AND r.last >= ? AND r.station <> ?
       AND r.account IN (${accounts.map(() => '?').join(', ')}) AND l.item = (SELECT item FROM lot WHERE id = ?)
     ORDER BY r.station, r.lot, r.first LIMIT 1`,
    first,
    prefix,
    digits,
    last,
    first,
    header.station,
    ...accounts,
    move.lot,
  )
  if (other === undefined) return
  const serial = serialText(serials, other.first)
  noteDiscrepancy(file, header, 'serial-elsewhere', { lot: move.lot, serial, quantity, station: other.station })
}

/** Whether what was sent with the shipment is in the books of who sent it, if that is a station. */
function isSent(file: StationFile, shipment: string | undefined): boolean {
  if (shipment === undefined) return false
  return (
    file.get(`SELECT 1 FROM shipment WHERE id = ? AND way IN ('sent', 'announced') LIMIT 1`, shipment) !== undefined
  )
}
