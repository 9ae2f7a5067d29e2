import { readOptions } from '../../options.js'
import { stationId } from '../identity.js'
import { partsOf, type Station } from '../station.js'
import type { Value } from '../store/database.js'
import { nameOf, timeIn } from './input.js'
import type { Account, Move } from './types.js'

export interface MoveFilter {
  /** This station, unless given. */
  readonly station?: string
  /** ISO 8601; from then on. */
  readonly from?: string
  /** ISO 8601; before then. */
  readonly to?: string
  readonly lot?: string
}

/** A line of the books, and the entry that it follows from. */
export interface BookedMove extends Move {
  readonly station: string
  readonly sequence: number
  /** ISO 8601. */
  readonly at: string
}

interface Row {
  readonly station: string
  readonly sequence: number
  readonly line: number
  readonly at: string
  readonly lot: string
  readonly from_account: Account
  readonly to_account: Account
  readonly quantity: number
  readonly prefix: string | null
  readonly digits: number
  readonly first: number
  readonly last: number
  readonly shipment: string | null
  readonly job: string | null
}

/** Read at once: the books can be written between two pages. */
const PAGE_ROWS = 1_000

/**
 * The books, line by line, in the order of the station's entries.
 *
 * @throws TypeError, RangeError naming the member of the filter
 */
export function stockMoves(station: Station, filter?: MoveFilter): Iterable<BookedMove> {
  const { identity } = partsOf(station)
  const asked = readOptions('stockMoves', filter, ['station', 'from', 'to', 'lot'])
  const of = asked.station === undefined ? identity.id : stationId('station', asked.station)
  const [from, to] = [timeIn('from', asked.from) ?? '', timeIn('to', asked.to) ?? '￿']
  const lot = asked.lot === undefined ? null : nameOf('lot', asked.lot)
  return { [Symbol.iterator]: () => pages(station, [of, from, to, lot]) }
}

function* pages(station: Station, filter: readonly Value[]): Generator<BookedMove, void> {
  for (let [sequence, line] = [0, -1]; ; ) {
    const rows = partsOf(station).file.all<Row>(
      `SELECT * FROM stock_move WHERE station = ? AND at >= ? AND at < ? AND lot = ifnull(?, lot)
         AND (sequence, line) > (?, ?) ORDER BY sequence, line LIMIT ?`,
      ...filter,
      sequence,
      line,
      PAGE_ROWS,
    )
    for (const row of rows) yield moveOf(row)
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE_ROWS) return
    ;[sequence, line] = [last.sequence, last.line]
  }
}

function moveOf({
  from_account,
  to_account,
  prefix,
  digits,
  first,
  last,
  line: _,
  shipment,
  job,
  ...row
}: Row): BookedMove {
  return {
    ...row,
    from: from_account,
    to: to_account,
    ...(prefix !== null && { serials: [{ prefix, digits, first, last }] }),
    ...(shipment !== null && { shipment }),
    ...(job !== null && { job }),
  }
}
