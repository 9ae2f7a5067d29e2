import { correctStock, countStock, discrepancies, receiveStock, stock, verifyStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { stationWith } from '../files.ts'
import { booksOf, expectBooksBalance } from './support.ts'

const TWO = { operators: ['Siti', 'Budi'] as const }
const WHY = { ...TWO, reason: 'as counted' }

async function office() {
  const { station } = await stationWith(0)
  const lines = [
    { lot: 'lot-1', item: 'blank', serials: 'AB001-AB100' },
    { lot: 'loose', item: 'blank', quantity: 50 },
  ]
  receiveStock(station, { shipment: 'note-1', from: 'the ministry', lines, operator: 'Siti' })
  return station
}

describe('a count', () => {
  it('that agrees says so', async () => {
    const station = await office()
    const lines = [
      { lot: 'lot-1', serials: 'AB051-AB100, AB001-AB050' },
      { lot: 'loose', quantity: 50 },
    ]
    expect(countStock(station, { lines, ...TWO })).toEqual([])
    expect(countStock(station, { lines: [{ lot: 'lot-1', quantity: 100 }], ...TWO })).toEqual([])
    expect(discrepancies(station)).toEqual([])
  })

  it('that does not leaves the books, and stays on record; a correction puts them right', async () => {
    const station = await office()
    const before = stock(station)
    const lines = [
      { lot: 'lot-1', serials: 'AB001-AB089, AB091-AB099, AB150' },
      { lot: 'loose', quantity: 0 },
    ]
    const serials = (first: number, last: number) => ({ prefix: 'AB', digits: 3, first, last })
    expect(countStock(station, { lines, ...TWO })).toEqual([
      { lot: 'loose', booked: 50, counted: 0, missing: [], more: [] },
      {
        lot: 'lot-1',
        booked: 100,
        counted: 99,
        missing: [serials(90, 90), serials(100, 100)],
        more: [serials(150, 150)],
      },
    ])
    expect(stock(station)).toEqual(before)
    expect(discrepancies(station)).toMatchObject([
      { code: 'count-differs', detail: { lot: 'loose', booked: 50, counted: 0 } },
      {
        code: 'count-differs',
        detail: { lot: 'lot-1', booked: 100, counted: 99, missing: 'AB090, AB100', more: 'AB150' },
      },
    ])
    const corrections = [
      { lot: 'loose', quantity: 50, found: false },
      { lot: 'lot-1', serials: 'AB090, AB100', found: false },
      { lot: 'lot-1', serials: 'AB150', found: true },
    ]
    correctStock(station, { lines: corrections, ...WHY })
    expect(countStock(station, { lines, ...TWO })).toEqual([])
    expect(stock(station).map(({ accounts }) => accounts)).toEqual([
      { received: -50, missing: 50 },
      { received: -100, found: -1, available: 99, missing: 2 },
    ])
    // What was missing and turns up is not missing any more.
    correctStock(station, { lines: [{ lot: 'lot-1', serials: 'AB090', found: true }], ...WHY })
    expect(stock(station)[1].accounts).toEqual({ received: -100, found: -1, available: 100, missing: 1 })
    expectBooksBalance(station)
    expect((await verifyStation(station)).findings).toEqual([])
  })

  it.each([
    ['one person', ['Siti']],
    ['three persons', ['Siti', 'Budi', 'Ani']],
    ['the same person twice', ['Siti', 'Siti']],
    ['other capitals and spaces', ['Siti Aminah', ' SITI  aminah ']],
    ['wide letters', ['Siti', 'Ｓｉｔｉ']],
    ['composed and decomposed letters', ['Ren\u00e9', 'Rene\u0301']],
    ['a letter of no width', ['Siti', 'Si\u200bti']],
  ])('by %s is none', async (_, operators) => {
    const station = await office()
    const before = booksOf(station)
    const lines = [{ lot: 'loose', quantity: 49 }]
    const count = { lines, operators } as never
    expect(() => countStock(station, count)).toThrow(expect.objectContaining({ code: 'STOCK_WITNESS' }))
    const correction = { lines: [{ lot: 'loose', quantity: 1, found: false }], operators, reason: 'x' } as never
    expect(() => correctStock(station, correction)).toThrow(expect.objectContaining({ code: 'STOCK_WITNESS' }))
    expect(booksOf(station)).toEqual(before)
  })

  it('corrects no more than there is, and finds nothing that is there', async () => {
    const station = await office()
    const correcting = (line: object) => () => correctStock(station, { lines: [line as never], ...WHY })
    expect(correcting({ lot: 'loose', quantity: 51, found: false })).toThrow(
      expect.objectContaining({ code: 'STOCK_SHORT' }),
    )
    expect(correcting({ lot: 'lot-1', serials: 'AB101', found: false })).toThrow(
      expect.objectContaining({ code: 'STOCK_SHORT' }),
    )
    expect(correcting({ lot: 'lot-1', serials: 'AB100-AB101', found: true })).toThrow(
      expect.objectContaining({ code: 'STOCK_OVERLAP' }),
    )
    expect(correcting({ lot: 'lot-9', quantity: 1, found: true })).toThrow(
      expect.objectContaining({ code: 'STOCK_UNKNOWN' }),
    )
    expect(correcting({ lot: 'loose', quantity: 1 })).toThrow(TypeError)
    expect(correcting({ lot: 'loose', quantity: 1.5, found: true })).toThrow(RangeError)
    expect(correcting({ lot: 'loose', quantity: 0, found: true })).toThrow(RangeError)
    expect(correcting({ lot: 'loose', quantity: 1, found: true, of: 7 })).toThrow(TypeError)
  })
})
