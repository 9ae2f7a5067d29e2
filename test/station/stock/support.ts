/** Stations with stock, and the laws that books keep whatever was done. */

import type { Station } from 'sidik/station'
import { expect } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'

/** Accounts that hold pieces: never negative. */
const SOURCES = ['received', 'found']

interface RangeRow {
  readonly station: string
  readonly lot: string
  readonly prefix: string
  readonly digits: number
  readonly first: number
  readonly last: number
  readonly account: string
}

/** Ways that pieces go. */
const WAYS: Readonly<Record<string, readonly string[]>> = {
  received: ['available'],
  found: ['available'],
  available: ['reserved', 'installed', 'sent', 'returned', 'spoiled', 'missing', 'printed'],
  reserved: ['printed', 'spoiled', 'available'],
  installed: ['used', 'spoiled', 'available'],
  printed: ['spoiled', 'available'],
  // What left and came again.
  sent: ['available'],
  returned: ['available'],
  missing: ['available'],
}

/** Of all stations whose books are in the file. */
export function expectBooksBalance(station: Station): void {
  const { file } = partsOf(station)
  const sums = file.all(
    'SELECT station, lot, sum(quantity) AS sum FROM stock_balance GROUP BY station, lot HAVING sum <> 0',
  )
  expect(sums).toEqual([])
  const signs = file.all<{ account: string; quantity: number }>('SELECT account, quantity FROM stock_balance')
  expect(signs.filter(({ account, quantity }) => (SOURCES.includes(account) ? quantity > 0 : quantity < 0))).toEqual([])
  const ways = file.all<{ from: string; to: string }>(
    'SELECT DISTINCT from_account AS "from", to_account AS "to" FROM stock_move',
  )
  expect(ways.filter(({ from, to }) => !WAYS[from]?.includes(to))).toEqual([])
  expectRangesFit(station)
}

function expectRangesFit(station: Station): void {
  const { file } = partsOf(station)
  const ranges = file.all<RangeRow>('SELECT * FROM stock_range ORDER BY station, lot, prefix, digits, first')
  const held = new Map<string, number>()
  for (const [place, range] of ranges.entries()) {
    const before = ranges[place - 1]
    const isSame =
      before && ['station', 'lot', 'prefix', 'digits'].every(key => before[key as 'lot'] === range[key as 'lot'])
    if (isSame) {
      expect(range.first).toBeGreaterThan(before.last)
      // Joined where they can be.
      if (before.account === range.account) expect(range.first).toBeGreaterThan(before.last + 1)
    }
    expect(range.last).toBeGreaterThanOrEqual(range.first)
    const key = `${range.station} ${range.lot} ${range.account}`
    held.set(key, (held.get(key) ?? 0) + range.last - range.first + 1)
  }
  const lots = new Set(ranges.map(({ station, lot }) => `${station} ${lot}`))
  const balances = file.all<{ station: string; lot: string; account: string; quantity: number }>(
    'SELECT * FROM stock_balance',
  )
  const booked = balances
    .filter(({ station, lot, account }) => lots.has(`${station} ${lot}`) && !SOURCES.includes(account))
    .map(({ station, lot, account, quantity }) => [`${station} ${lot} ${account}`, quantity] as const)
  expect(new Map(booked)).toEqual(held)
}

/** All tables of stock, as one value. */
export function booksOf(station: Station): unknown {
  const { file } = partsOf(station)
  const tables = [
    'lot',
    'stock_move',
    'stock_balance',
    'stock_range',
    'shipment',
    'consumable',
    'opened_consumable',
    'discrepancy',
  ]
  return tables.map(table => file.all(`SELECT * FROM ${table}`))
}

/** An entry about a card, as printing writes them. */
export function cardEntry(station: Station, kind: string, body: object): void {
  append(station, { kind, direction: 'up', record: 'record-1', body } as never)
}
