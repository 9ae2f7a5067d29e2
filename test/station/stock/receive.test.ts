import {
  consumables,
  discrepancies,
  installConsumable,
  receiveStock,
  removeConsumable,
  type Station,
  stock,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { lotsAvailable, pickBlank } from '../../../dist/station/stock/available.js'
import { stationWith } from '../files.ts'
import { cardStep } from './deeds.ts'
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

const rowsOf = (station: Station, table: string) =>
  partsOf(station).file.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n

describe('a million blanks', () => {
  it('are a row, and a lot that is used up in order a handful', async () => {
    const { station } = await stationWith(0)
    const { file } = partsOf(station)
    const lines = [{ lot: 'lot-1', item: 'blank', serials: 'AB0000001-AB1000000' }]
    receiveStock(station, { shipment: 'note-1', from: 'the ministry', lines, operator: 'operator-7' })
    expect([rowsOf(station, 'stock_range'), rowsOf(station, 'stock_move')]).toEqual([1, 1])
    for (let card = 1; card <= 60; card++) {
      const { prefix, digits, first: number } = pickBlank(file, station.id, 'lot-1')!
      expect(number).toBe(card)
      const body = {
        request: 'r',
        job: `job-${card}`,
        lot: 'lot-1',
        serial: { prefix, digits, number },
        printer: 'p',
        consumables: [],
      }
      file.transaction(() => {
        cardStep(station, 'card-reserved', body)
        cardStep(station, 'card-printed', { job: body.job })
      })
      expect(rowsOf(station, 'stock_range')).toBeLessThanOrEqual(3)
    }
    expect(stock(station)[0].accounts).toEqual({ received: -1_000_000, available: 999_940, printed: 60 })
    expect(lotsAvailable(file, station.id)).toMatchObject([{ lot: 'lot-1', quantity: 999_940 }])
    expectBooksBalance(station)
    expect((await verifyStation(station)).findings).toEqual([])
  })

  it('are as many as their serials say, no more', async () => {
    const { station } = await stationWith(0)
    const receiving = (line: object) => () =>
      receiveStock(station, {
        shipment: 'n',
        from: 'x',
        lines: [{ lot: 'l', item: 'blank', ...line } as never],
        operator: 'o',
      })
    const lies = { quantity: 1_000_001, serials: 'AB0000001-AB1000000' }
    expect(receiving(lies)).toThrow(expect.objectContaining({ code: 'STOCK_FORMAT' }))
    expect(receiving({ serials: '000000000000001-999999999999999' })).toThrow(RangeError)
    expect(receiving({ quantity: 100_000_001 })).toThrow(RangeError)
    expect(receiving({})).toThrow(TypeError)
    expect(receiving({ serials: [{ prefix: 'A', digits: 2, first: 5, last: 100 }] })).toThrow(
      expect.objectContaining({ code: 'STOCK_FORMAT' }),
    )
    expect(receiving({ serials: [] })).toThrow(expect.objectContaining({ code: 'STOCK_FORMAT' }))
    expect(receiving({ serials: 7 })).toThrow(TypeError)
    expect(stock(station)).toEqual([])
  })
})
