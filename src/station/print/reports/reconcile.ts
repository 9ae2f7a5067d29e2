/**
 * Whether the books of each lot add up: received + found = printed + used + spoiled + returned + sent + missing + what is left. What is left is
 * taken from the balances that the station keeps, all the rest from its moves, so that a sum that balances says that the two agree.
 */

import type { Account } from '../../stock/types.js'
import type { StationFile } from '../../store/database.js'
import { type Amounts, cameFrom, type LotBooks, sumOf } from './books.js'
import type { Period } from './period.js'
import type { Reconciliation, StockMismatch, StockSums } from './types.js'

/** What a station has. */
const LEFT = ['available', 'reserved', 'installed'] as const

export function reconcile(
  file: StationFile,
  stations: readonly string[],
  books: readonly LotBooks[],
  period: Period,
): Reconciliation[] {
  const counts = readCounts(file, stations)
  const moved = new Map(books.map(each => [nameOf(each), each]))
  const unmoved = [...counts.balances.keys()].filter(name => !moved.has(name)).map(without)
  return [...books, ...unmoved].map(each => {
    const { station, lot, item, days } = each
    const balance = counts.balances.get(nameOf(each)) ?? {}
    const later = sumOf(days, day => day > period.last)
    const left: Amounts = {}
    for (const account of LEFT) left[account] = (balance[account] ?? 0) - (later[account] ?? 0)
    const before = sumOf(days, day => day < period.first)
    const within = sumOf(days, day => day >= period.first && day <= period.last)
    const inAll = sumOf(days, day => day <= period.last)
    const sums = {
      period: sumsOf(leftOf(before), within, left),
      total: sumsOf(0, inAll, left),
    }
    const differences = differencesOf(
      each,
      sumOf(days, () => true),
      counts,
    )
    const balances = sums.period.balances && sums.total.balances && differences.length === 0
    return { station, lot, item, ...sums, differences, balances }
  })
}

function sumsOf(start: number, change: Amounts, end: Amounts): StockSums {
  const { printed = 0, used = 0, spoiled = 0, returned = 0, sent = 0, missing = 0 } = change
  const { available = 0, reserved = 0, installed = 0 } = end
  const [received, found] = [cameFrom(change, 'received'), cameFrom(change, 'found')]
  const cameIn = start + received + found
  const accountedFor = printed + used + spoiled + returned + sent + missing + available + reserved + installed
  return {
    ...{ start, received, found, cameIn },
    ...{ printed, used, spoiled, returned, sent, missing, available, reserved, installed },
    ...{ accountedFor, balances: cameIn === accountedFor },
  }
}

const leftOf = (amounts: Amounts) => LEFT.reduce((sum, account) => sum + (amounts[account] ?? 0), 0)

interface Counts {
  /** By station and lot, as stock_balance has them. */
  readonly balances: ReadonlyMap<string, Amounts>
  /** The same of the serials, for lots that have some. */
  readonly serials: ReadonlyMap<string, Amounts>
  /** The same of the cards. */
  readonly cards: ReadonlyMap<string, Amounts>
}

function differencesOf(
  each: { readonly station: string; readonly lot: string },
  moves: Amounts,
  { balances, serials, cards }: Counts,
): StockMismatch[] {
  const name = nameOf(each)
  const found: StockMismatch[] = []
  const look = (what: StockMismatch['with'], counted: Amounts, accounts: readonly Account[]) => {
    for (const account of accounts) {
      const [a, b] = [moves[account] ?? 0, counted[account] ?? 0]
      if (a !== b) found.push({ account, with: what, moves: a, counted: b })
    }
  }
  const accounts = [...new Set([...Object.keys(moves), ...Object.keys(balances.get(name) ?? {})])] as Account[]
  look('balance', balances.get(name) ?? {}, accounts)
  const ofSerials = serials.get(name)
  // Where pieces come from has no serials: they are elsewhere now.
  if (ofSerials !== undefined) {
    look(
      'serials',
      ofSerials,
      accounts.filter(account => account !== 'received' && account !== 'found'),
    )
  }
  const ofCards = cards.get(name)
  if (ofCards !== undefined) look('cards', ofCards, ['reserved', 'printed'])
  return found
}

interface CountRow {
  readonly station: string
  readonly lot: string
  readonly account: Account
  readonly quantity: number
}

function readCounts(file: StationFile, stations: readonly string[]): Counts {
  const asked = JSON.stringify(stations)
  const grouped = (sql: string) => {
    const groups = new Map<string, Amounts>()
    for (const row of file.all<CountRow>(sql, asked)) {
      const amounts = groups.get(nameOf(row)) ?? {}
      groups.set(nameOf(row), amounts)
      amounts[row.account] = row.quantity
    }
    return groups
  }
  const ours = 'station IN (SELECT value FROM json_each(?))'
  return {
    balances: grouped(`SELECT station, lot, account, quantity FROM stock_balance WHERE ${ours} ORDER BY 1, 2`),
    serials: grouped(
      `SELECT station, lot, account, sum(last - first + 1) AS quantity FROM stock_range WHERE ${ours} GROUP BY 1, 2, 3`,
    ),
    cards: grouped(CARDS),
  }
}

/**
 * Counts the blanks of cards. One lies where it was printed, or where it was sent and received. Of a
 * card for a record below, those above the station that prints it know its blank alone: they go by
 * the books, as far as the entries that tell them so. Parameter: the stations.
 */
const CARDS = `
  WITH asked AS MATERIALIZED (SELECT value AS station FROM json_each(?)),
    lies AS (
      SELECT iif(leg = 'there', sent_to, station) AS station, lot,
        iif(state IN ('printed', 'handed-over'), 'printed', 'reserved') AS account FROM print_job
      WHERE state NOT IN ('spoiled', 'released') AND coalesce(leg, 'there') = 'there'
      UNION ALL
      SELECT station, lot, (
        SELECT to_account FROM stock_move WHERE job = told.job AND station = told.station
        ORDER BY sequence DESC, line DESC LIMIT 1) AS account
      FROM (
        SELECT DISTINCT m.station, m.lot, m.job FROM stock_move m
        JOIN journal j ON j.station = m.station AND j.sequence = m.sequence AND j.kind IN ('stock-card', 'card-arrived')
        WHERE m.job IS NOT NULL AND m.station IN (SELECT station FROM asked)
          AND NOT EXISTS (SELECT 1 FROM print_job p WHERE p.id = m.job)
      ) told
    )
  SELECT station, lot, account, count(*) AS quantity FROM lies
  WHERE station IN (SELECT station FROM asked) AND account IN ('reserved', 'printed') GROUP BY 1, 2, 3`

/** No id and no name of a lot has a space in it. */
const nameOf = ({ station, lot }: { readonly station: string; readonly lot: string }) => `${station} ${lot}`

/** Balances without a move. */
function without(name: string): LotBooks {
  const [station, lot] = name.split(' ')
  return { station, lot, item: '-', days: new Map() }
}
