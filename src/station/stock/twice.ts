import { partsOf, type Station } from '../station.js'
import { lotField } from './lots.js'
import type { Account, SerialRange } from './types.js'

/** Where serials lie at one station. */
export interface SerialPlace {
  readonly station: string
  readonly lot: string
  readonly account: Account
}

/** Serials that lie at two stations, or in two lots of a station. */
export interface SerialsTwice {
  readonly item: string
  readonly serials: SerialRange
  readonly places: readonly [SerialPlace, SerialPlace]
}

interface Row extends SerialRange, SerialPlace {
  readonly item: string
}

/** Most that are told: who sees as many has mixed up more than serials. */
const MOST_TOLD = 1_000

/**
 * Serials that, as the books of this station and those below it stand now, lie at two places: not those that were sent on, returned or are
 * missing. Where one of two stations has not synchronised for a while, it may have sent them; where both have, somebody is wrong.
 */
export function serialsTwice(station: Station): SerialsTwice[] {
  const { file } = partsOf(station)
  const rows = file.all<Row>(
    `SELECT r.station, r.lot, ${lotField('item', 'r.lot', 'r.station')} AS item,
       r.prefix, r.digits, r.first, r.last, r.account
     FROM stock_range r WHERE r.account NOT IN ('sent', 'returned', 'missing') AND item IS NOT NULL
     ORDER BY item, r.prefix, r.digits, r.first, r.station, r.lot`,
  )
  const all: SerialsTwice[] = []
  // Ranges that have begun and not ended, where the next begins.
  let open: Row[] = []
  for (const row of rows) {
    open = open.filter(other => isOneSeries(other, row) && other.last >= row.first)
    for (const other of open) {
      if (all.length === MOST_TOLD) return all
      const { prefix, digits, first } = row
      const serials = { prefix, digits, first, last: Math.min(row.last, other.last) }
      all.push({ item: row.item, serials, places: [placeOf(other), placeOf(row)] })
    }
    open.push(row)
  }
  return all
}

function isOneSeries(a: Row, b: Row): boolean {
  return a.item === b.item && a.prefix === b.prefix && a.digits === b.digits
}

function placeOf({ station, lot, account }: Row): SerialPlace {
  return { station, lot, account }
}
