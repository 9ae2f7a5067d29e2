import {
  consumables,
  discrepancies,
  installConsumable,
  receiveStock,
  removeConsumable,
  stock,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { stationWith } from '../files.ts'
import { booksOf, expectBooksBalance } from './support.ts'

const BY = { from: 'the ministry', operator: 'operator-7' }

describe('receiveStock', () => {
  it('books what came, by serials or counted', async () => {
    const { station } = await stationWith(0)
    const lines = [
      { lot: 'lot-1', item: 'blank', serials: 'AB000001-AB000500, AB000601' },
      { lot: 'ribbons', item: 'ribbon', quantity: 4, yieldCards: 500 },
    ]
    expect(receiveStock(station, { shipment: 'note-1', ...BY, lines })).toEqual({ discrepancies: [] })
    expect(stock(station)).toEqual([
      { lot: 'lot-1', item: 'blank', accounts: { available: 501, received: -501 } },
      { lot: 'ribbons', item: 'ribbon', yieldCards: 500, accounts: { available: 4, received: -4 } },
    ])
    expectBooksBalance(station)
    expect((await verifyStation(station)).findings).toEqual([])
  })

  it('refuses what is there already, and changes nothing then', async () => {
    const { station } = await stationWith(0)
    const blanks = (shipment: string, serials: string, lot = 'lot-1') =>
      receiveStock(station, { shipment, ...BY, lines: [{ lot, item: 'blank', serials }] })
    blanks('note-1', 'AB000001-AB000500')
    const before = booksOf(station)
    expect(() => blanks('note-1', 'AB000501')).toThrow(expect.objectContaining({ code: 'STOCK_RECEIVED' }))
    expect(() => blanks('note-2', 'AB000500-AB000900')).toThrow(expect.objectContaining({ code: 'STOCK_OVERLAP' }))
    expect(() => blanks('note-2', 'AB000500', 'lot-2')).toThrow(expect.objectContaining({ code: 'STOCK_OVERLAP' }))
    expect(() => blanks('note-2', 'AB000600-AB000601, AB000601')).toThrow(
      expect.objectContaining({ code: 'STOCK_OVERLAP' }),
    )
    expect(booksOf(station)).toEqual(before)
  })

  it('knows what is in a printer', async () => {
    const { station } = await stationWith(0)
    const lines = [{ lot: 'ribbons', item: 'ribbon', quantity: 2, yieldCards: 500 }]
    receiveStock(station, { shipment: 'note-1', ...BY, lines })
    const ribbon = { printer: 'counter-1', lot: 'ribbons', operator: 'operator-7' }
    installConsumable(station, ribbon)
    expect(() => installConsumable(station, ribbon)).toThrow(expect.objectContaining({ code: 'STOCK_INSTALLED' }))
    expect(consumables(station)).toMatchObject([{ printer: 'counter-1', lot: 'ribbons', cards: 0, left: 500 }])
    removeConsumable(station, { ...ribbon, outcome: 'used-up' })
    expect(consumables(station)).toEqual([])
    expect(discrepancies(station)).toMatchObject([{ code: 'yield-differs', detail: { cards: 0, yieldCards: 500 } }])
    expect(stock(station)[0].accounts).toEqual({ received: -2, available: 1, used: 1 })
    expect((await verifyStation(station)).findings).toEqual([])
  })
})
