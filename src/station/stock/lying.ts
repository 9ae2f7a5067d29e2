/** What of a lot lies where, read from the books. */
import type { StationFile } from '../store/database.js'
import { lotAt } from './lots.js'
import type { JobBlank } from './moves.js'
import { countOf } from './ranges.js'
import { type Account, type Move, type SerialRange, SOURCES } from './types.js'
import type { Work } from './work.js'

/** Serials of a lot in one account. */
export interface LyingRange extends SerialRange {
  readonly account: Account
}

/** A part of a move that can be booked. */
export interface Piece {
  readonly from: Account
  readonly quantity: number
  readonly serials?: SerialRange
}

/** How much of a move the books allow. */
export interface Allowed {
  readonly pieces: readonly Piece[]
  /** Pieces that are not in the account that they are to be taken from. */
  readonly short: number
  /** Serials that would come in, and are in already. */
  readonly present: number
  /** Ranges of the books beyond one for each range of the move that were looked at. */
  readonly split: number
}

/** What has left. If it comes again, it comes from there. */
const GONE: readonly Account[] = ['sent', 'returned', 'missing']

/** What is here, or was used up here. */
const HELD: readonly Account[] = ['available', 'reserved', 'installed', 'printed', 'used', 'spoiled']

export function balanceOf(file: StationFile, station: string, lot: string, account: Account): number {
  const sql = 'SELECT quantity FROM stock_balance WHERE station = ? AND lot = ? AND account = ?'
  return file.get<{ quantity: number }>(sql, station, lot, account)?.quantity ?? 0
}

/** Whether the station's pieces of the lot have serials; undefined where it never had any. */
export function hasSerials(file: StationFile, station: string, lot: string): boolean | undefined {
  if (file.get('SELECT 1 FROM stock_range WHERE station = ? AND lot = ? LIMIT 1', station, lot)) return true
  return file.get('SELECT 1 FROM stock_balance WHERE station = ? AND lot = ? LIMIT 1', station, lot) ? false : undefined
}

/**
 * The first ranges of a lot that share serials with this one, in order. They don't overlap, so that the search begins
 * at the last one before it.
 *
 * @param most of them, at most
 */
export function rangesAt(
  file: StationFile,
  station: string,
  lot: string,
  asked: SerialRange,
  most = Number.MAX_SAFE_INTEGER,
): LyingRange[] {
  const { prefix, digits, first, last } = asked
  const at = [station, lot, prefix, digits] as const
  return file.all<LyingRange>(
    `SELECT prefix, digits, first, last, account FROM stock_range
     WHERE station = ? AND lot = ? AND prefix = ? AND digits = ? AND first <= ? AND last >= ? AND first >= ifnull(
       (SELECT max(first) FROM stock_range WHERE station = ? AND lot = ? AND prefix = ? AND digits = ? AND first <= ?), ?)
     ORDER BY first LIMIT ?`,
    ...at,
    last,
    first,
    ...at,
    first,
    first,
    most,
  )
}

/**
 * How much of a move can be booked at a station, and from where.
 *
 * @param work that is left for it: serials of the move beyond that count as short
 * @param item what the lot is, where it is not known yet
 */
export function allowed(file: StationFile, station: string, move: Move, work: Work, item?: string): Allowed {
  const bySerials = hasSerials(file, station, move.lot)
  const isSource = SOURCES.includes(move.from)
  if (bySerials !== undefined && bySerials !== (move.serials !== undefined)) {
    return { pieces: [], short: move.quantity, present: 0, split: 0 }
  }
  if (move.serials !== undefined) {
    const comes = isSource ? (item ?? lotAt(file, station, move.lot)?.item) : undefined
    return allowedSerials(file, station, move, work, comes)
  }
  const quantity = isSource ? move.quantity : Math.min(move.quantity, balanceOf(file, station, move.lot, move.from))
  const pieces = quantity > 0 ? [{ from: move.from, quantity }] : []
  return { pieces, short: move.quantity - quantity, present: 0, split: 0 }
}

/** @param item what comes in; undefined where nothing does */
function allowedSerials(file: StationFile, station: string, move: Move, work: Work, item: string | undefined): Allowed {
  const isSource = item !== undefined
  const pieces: Piece[] = []
  let [booked, present, split] = [0, 0, 0]
  const take = (from: Account, serials: SerialRange) => {
    const quantity = countOf(serials)
    pieces.push({ from, quantity, serials })
    booked += quantity
  }
  for (const asked of move.serials!) {
    if (isSource && isInOtherLot(file, station, { lot: move.lot, item, serials: asked }, work)) {
      present += countOf(asked)
      continue
    }
    let next = asked.first
    const most = 1 + work.splits - split
    const ranges = rangesAt(file, station, move.lot, asked, most + 1)
    const isWhole = ranges.length <= most
    if (!isWhole) ranges.pop()
    split += Math.max(0, ranges.length - 1)
    for (const { account, ...range } of ranges) {
      const [first, last] = [Math.max(range.first, asked.first), Math.min(range.last, asked.last)]
      if (isSource && first > next) take(move.from, { ...asked, first: next, last: first - 1 })
      const isThere = isSource ? GONE.includes(account) : account === move.from
      if (isThere) take(account, { ...asked, first, last })
      else if (isSource) present += last - first + 1
      next = last + 1
    }
    if (isSource && isWhole && next <= asked.last) take(move.from, { ...asked, first: next })
  }
  return { pieces, short: move.quantity - booked - present, present, split }
}

/** The blank of a job at the station that prints it; undefined where none was booked. */
export function blankOf(file: StationFile, station: string, job: string): JobBlank | undefined {
  const row = file.get<{ lot: string; prefix: string | null; digits: number; first: number; to_account: Account }>(
    `SELECT lot, prefix, digits, first, to_account FROM stock_move WHERE job = ? AND station = ?
     ORDER BY sequence DESC, line DESC LIMIT 1`,
    job,
    station,
  )
  if (row === undefined) return undefined
  const { lot, prefix, digits, first, to_account: lies } = row
  return { job, lot, lies, ...(prefix !== null && { serial: { prefix, digits, first, last: first } }) }
}

/** Whether the station's blank of a job came with the card on it: else it was taken from those that lay there. */
export function isBrought(file: StationFile, station: string, job: string): boolean {
  const sql = 'SELECT from_account FROM stock_move WHERE job = ? AND station = ? ORDER BY sequence, line LIMIT 1'
  const first = file.get<{ from_account: Account }>(sql, job, station)
  return first !== undefined && first.from_account !== 'available'
}

/** Whether the station has one of these serials in another lot of the same item. */
function isInOtherLot(
  file: StationFile,
  station: string,
  { lot, item, serials }: { lot: string; item: string; serials: SerialRange },
  work: Work,
): boolean {
  return HELD.some(account =>
    overlapping(file, serials, account, work).some(
      other => other.station === station && other.lot !== lot && work.itemOf(file, station, other.lot) === item,
    ),
  )
}

interface OverlappingRange {
  readonly station: string
  readonly lot: string
  readonly first: number
  readonly last: number
}

/**
 * Ranges in an account, of any station and lot, that share serials with this one, by station and lot. Those that begin
 * nearest to its end are found first, as far as `work` allows: of ranges that begin before it, any may reach into it.
 */
export function overlapping(
  file: StationFile,
  { prefix, digits, first, last }: SerialRange,
  account: Account,
  work: Work,
): OverlappingRange[] {
  const of = 'prefix = ? AND digits = ? AND account = ?'
  const key = [prefix, digits, account] as const
  const sql = `SELECT max(last - first) AS longest FROM stock_range WHERE ${of}`
  const { longest } = file.get<{ longest: number | null }>(sql, ...key)!
  if (longest === null) return []
  const near = file.all<OverlappingRange>(
    `SELECT station, lot, first, last FROM stock_range INDEXED BY stock_range_serial
     WHERE ${of} AND first BETWEEN ? AND ? ORDER BY first DESC LIMIT ?`,
    ...key,
    first - longest,
    last,
    work.rows,
  )
  work.rows -= near.length
  return near.filter(range => range.last >= first).sort(inBooks)
}

function inBooks(a: OverlappingRange, b: OverlappingRange): number {
  if (a.station !== b.station) return a.station < b.station ? -1 : 1
  if (a.lot !== b.lot) return a.lot < b.lot ? -1 : 1
  return a.first - b.first
}
