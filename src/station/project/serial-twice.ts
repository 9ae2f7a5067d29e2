/**
 * A serial that is used up (printed, spoiled, used) at two stations, and not by one card that went
 * from one to the other. Only that contradicts for certain: journals come in any order, and a blank
 * that one station has, and another has still in its books, may have been sent there and back again.
 * Serials that lie at two stations as the books stand now are told by serialsTwice, of stock/twice.ts.
 */
import type { EntryHeader } from '../journal/entry.js'
import { lotAt } from '../stock/lots.js'
import { overlapping, type Piece } from '../stock/lying.js'
import { serialText } from '../stock/ranges.js'
import type { Account, Move } from '../stock/types.js'
import type { Work } from '../stock/work.js'
import type { StationFile } from '../store/database.js'
import { noteDiscrepancy } from './discrepancies.js'

const USED_UP: readonly Account[] = ['printed', 'spoiled', 'used']

export function noteTwice(
  file: StationFile,
  header: EntryHeader,
  { lot, to, job }: Move,
  { from, serials }: Piece,
  work: Work,
): void {
  if (serials === undefined || !USED_UP.includes(to) || USED_UP.includes(from)) return
  const item = lotAt(file, header.station, lot)?.item
  const others = new Map<string, { first: number; quantity: number }>()
  for (const range of USED_UP.flatMap(account => overlapping(file, serials, account, work))) {
    if (range.station === header.station || work.itemOf(file, range.station, range.lot) !== item) continue
    if (job !== undefined && isOfJob(file, range.station, job)) continue
    const [first, last] = [Math.max(range.first, serials.first), Math.min(range.last, serials.last)]
    const known = others.get(range.station) ?? { first, quantity: 0 }
    others.set(range.station, { first: Math.min(first, known.first), quantity: known.quantity + last - first + 1 })
  }
  for (const [station, { first, quantity }] of [...others].sort(([a], [b]) => (a < b ? -1 : 1))) {
    noteDiscrepancy(file, header, 'serial-elsewhere', { lot, serial: serialText(serials, first), quantity, station })
  }
}

/** Whether the station has the same card in its books: which of the two had it first may not be known yet. */
function isOfJob(file: StationFile, station: string, job: string): boolean {
  return file.get('SELECT 1 FROM stock_move WHERE job = ? AND station = ?', job, station) !== undefined
}
