/** The books of some stations as a report needs them: what each account of each lot gained on which day. */

import { lotField } from '../../stock/lots.js'
import type { Account } from '../../stock/types.js'
import type { StationFile } from '../../store/database.js'

export type Amounts = { [A in Account]?: number }

export interface LotBooks {
  readonly station: string
  readonly lot: string
  readonly item: string
  /** By number of the day, in order: what accounts gained on it, less what they lost. Together 0. */
  readonly days: ReadonlyMap<number, Amounts>
}

/** An item of which nothing says what it is: its lot was never received where the report is made. */
const UNKNOWN_ITEM = '-'

interface MoveRow {
  readonly station: string
  readonly lot: string
  readonly item: string | null
  readonly day: number
  readonly source: Account
  readonly target: Account
  readonly quantity: number
}

/** By station and lot. */
export function readBooks(file: StationFile, stations: readonly string[], utcOffsetMinutes: number): LotBooks[] {
  // Times are ISO 8601 in UTC; unixepoch is of whole seconds, and days begin with one.
  const rows = file.each<MoveRow>(
    `SELECT stock_move.station, stock_move.lot, ${lotField('item', 'stock_move.lot', 'stock_move.station')} AS item,
       (unixepoch(at) + CAST(? AS INTEGER)) / 86400 AS day,
       from_account AS source, to_account AS target, sum(quantity) AS quantity
     FROM stock_move
     WHERE stock_move.station IN (SELECT value FROM json_each(?))
     GROUP BY 1, 2, 4, 5, 6 ORDER BY 1, 2, 4`,
    utcOffsetMinutes * 60,
    JSON.stringify(stations),
  )
  const books: (LotBooks & { readonly days: Map<number, Amounts> })[] = []
  for (const { station, lot, item, day, source, target, quantity } of rows) {
    let last = books.at(-1)
    if (last?.station !== station || last.lot !== lot) {
      last = { station, lot, item: item ?? UNKNOWN_ITEM, days: new Map() }
      books.push(last)
    }
    const amounts = last.days.get(day) ?? {}
    last.days.set(day, amounts)
    add(amounts, source, -quantity)
    add(amounts, target, quantity)
  }
  return books
}

export function add(amounts: Amounts, account: Account, quantity: number): void {
  amounts[account] = (amounts[account] ?? 0) + quantity
}

export function addAll(to: Amounts, amounts: Amounts): void {
  for (const [account, quantity] of Object.entries(amounts)) add(to, account as Account, quantity)
}

/** What accounts gained on days that `wanted` picks. */
export function sumOf(days: ReadonlyMap<number, Amounts>, wanted: (day: number) => boolean): Amounts {
  const sum: Amounts = {}
  for (const [day, amounts] of days) if (wanted(day)) addAll(sum, amounts)
  return sum
}

/** What comes in leaves the accounts where pieces come from: there it is below zero. */
export const cameFrom = (amounts: Amounts, account: 'received' | 'found') => 0 - (amounts[account] ?? 0)
