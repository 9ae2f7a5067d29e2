import { readOptions } from '../../options.js'
import { stationId } from '../identity.js'
import { partsOf, type Station } from '../station.js'
import { lotField, rulesOf } from './lots.js'
import type { Account, LotBalance } from './types.js'

export interface StockFilter {
  /** This station, unless given; stations below are seen as far as they have synchronised. */
  readonly station?: string
}

interface Row {
  readonly lot: string
  readonly item: string
  readonly yieldCards: number | null
  readonly rules: string | null
  readonly account: Account
  readonly quantity: number
}

/** What of each lot is where, in the order of the lots' names. The accounts of a lot add up to 0. */
export function stock(station: Station, filter?: StockFilter): LotBalance[] {
  const { file, identity } = partsOf(station)
  const asked = readOptions('stock', filter, ['station'])
  const of = asked.station === undefined ? identity.id : stationId('station', asked.station)
  const rows = file.all<Row>(
    `SELECT b.lot, ${lotField('item', 'b.lot', 'b.station')} AS item,
       ${lotField('yield_cards', 'b.lot', 'b.station')} AS yieldCards,
       ${lotField('rules', 'b.lot', 'b.station')} AS rules, b.account, b.quantity
     FROM stock_balance b WHERE b.station = ? AND item IS NOT NULL ORDER BY b.lot`,
    of,
  )
  const all: (Omit<LotBalance, 'accounts'> & { accounts: Partial<Record<Account, number>> })[] = []
  for (const { lot, item, yieldCards, rules, account, quantity } of rows) {
    if (all.at(-1)?.lot !== lot) {
      const read = rulesOf(file, { id: lot, rules })
      all.push({ lot, item, ...(yieldCards !== null && { yieldCards }), ...(read && { rules: read }), accounts: {} })
    }
    all.at(-1)!.accounts[account] = quantity
  }
  return all
}
