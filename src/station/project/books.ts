/** The books: moves, the sums of them, and where each serial lies. */
import type { EntryHeader } from '../journal/entry.js'
import { allowed, type LyingRange, type Piece, rangesAt } from '../stock/lying.js'
import { countOf, isSameSeries, serialText } from '../stock/ranges.js'
import type { Account, Move, SerialRange } from '../stock/types.js'
import { Work } from '../stock/work.js'
import type { StationFile } from '../store/database.js'
import { noteDiscrepancy } from './discrepancies.js'
import { noteTwice } from './serial-twice.js'

/**
 * Books what an entry moves. What its station cannot have moved is not booked, and put on record: an own entry was checked before it was
 * written, so that this is another station's. Likewise what is in more pieces than one entry may move.
 *
 * @returns pieces that were booked
 */
export function book(file: StationFile, header: EntryHeader, moves: readonly Move[]): number {
  const { station } = header
  const work = new Work()
  let [line, booked] = [0, 0]
  for (const move of moves) {
    // Range by range: a list that names a serial twice finds it gone the second time.
    for (const part of partsOf(move)) {
      const { pieces, short, present, split } = allowed(file, station, part, work)
      work.splits -= split
      for (const piece of pieces) {
        write(file, header, part, piece, line++)
        booked += piece.quantity
        noteTwice(file, header, part, piece, work)
      }
      const { lot, from } = move
      if (short > 0) noteDiscrepancy(file, header, 'not-in-stock', { lot, account: from, quantity: short })
      if (present > 0) {
        const serials = part.serials?.[0]
        const detail = {
          lot,
          ...(serials && { serial: serialText(serials, serials.first) }),
          quantity: present,
          station,
        }
        noteDiscrepancy(file, header, 'serial-elsewhere', detail)
      }
    }
  }
  return booked
}

function partsOf(move: Move): readonly Move[] {
  return move.serials?.map(range => ({ ...move, quantity: countOf(range), serials: [range] })) ?? [move]
}

function write(
  file: StationFile,
  header: EntryHeader,
  move: Move,
  { from, quantity, serials }: Piece,
  line: number,
): void {
  const { station, sequence, at } = header
  const { lot, to, shipment = null, job = null } = move
  file.run(
    `INSERT INTO stock_move (station, sequence, line, at, lot, from_account, to_account, quantity, prefix, digits, first, last,
       shipment, job)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    station,
    sequence,
    line,
    at,
    lot,
    from,
    to,
    quantity,
    serials?.prefix ?? null,
    serials?.digits ?? null,
    serials?.first ?? null,
    serials?.last ?? null,
    shipment,
    job,
  )
  add(file, station, lot, from, -quantity)
  add(file, station, lot, to, quantity)
  if (serials !== undefined) lay(file, station, lot, serials, to)
}

function add(file: StationFile, station: string, lot: string, account: Account, quantity: number): void {
  file.run(
    `INSERT INTO stock_balance (station, lot, account, quantity) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity`,
    station,
    lot,
    account,
    quantity,
  )
  file.run(
    'DELETE FROM stock_balance WHERE station = ? AND lot = ? AND account = ? AND quantity = 0',
    station,
    lot,
    account,
  )
}

/** Lets serials lie in an account: out of the ranges in which they are, joined with those beside them in the same account. */
function lay(file: StationFile, station: string, lot: string, serials: SerialRange, account: Account): void {
  const { prefix, digits } = serials
  const beside = { ...serials, first: Math.max(0, serials.first - 1), last: serials.last + 1 }
  const before = rangesAt(file, station, lot, beside)
  const after: LyingRange[] = []
  for (const range of before) {
    if (range.first < serials.first) after.push({ ...range, last: Math.min(range.last, serials.first - 1) })
  }
  after.push({ ...serials, account })
  for (const range of before) {
    if (range.last > serials.last) after.push({ ...range, first: Math.max(range.first, serials.last + 1) })
  }
  const key = [station, lot, prefix, digits] as const
  for (const { first } of before) {
    const sql = 'DELETE FROM stock_range WHERE station = ? AND lot = ? AND prefix = ? AND digits = ? AND first = ?'
    file.run(sql, ...key, first)
  }
  for (const range of joinedByAccount(after)) {
    file.run(
      'INSERT INTO stock_range (station, lot, prefix, digits, first, last, account) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...key,
      range.first,
      range.last,
      range.account,
    )
  }
}

function joinedByAccount(ranges: readonly LyingRange[]): LyingRange[] {
  const all: LyingRange[] = []
  for (const range of ranges) {
    const last = all.at(-1)
    const follows = last !== undefined && isSameSeries(last, range) && range.first === last.last + 1
    if (follows && last.account === range.account) all[all.length - 1] = { ...last, last: range.last }
    else all.push(range)
  }
  return all
}
