import {
  consumables,
  forecast,
  installConsumable,
  receiveStock,
  removeConsumable,
  requestCard,
  type Station,
  spoilStock,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { leftFor, lotsAvailable } from '../../../dist/station/stock/available.js'
import { record, stationWith } from '../files.ts'

const BY = { operator: 'operator-7' }
const DAY_MS = 86_400_000
const RIBBON = { printer: 'counter-1', lot: 'ribbons', ...BY }

/** An office of which the clock can be set, with 1,000 blanks of which 300 may become new cards, and three ribbons. */
async function office() {
  const time = { now: Date.parse('2026-03-01T08:00:00Z') }
  const { station } = await stationWith(0, { clock: () => time.now })
  const lines = [
    { lot: 'lot-1', item: 'blank', quantity: 1_000, rules: { quota: { new: 3, replacement: 150 } } },
    { lot: 'ribbons', item: 'ribbon', quantity: 3, yieldCards: 500 },
  ]
  receiveStock(station, { shipment: 'note-1', from: 'the ministry', lines, ...BY })
  return { station, time }
}

let people = 0

/** From the request to what comes of it. */
function card(station: Station, ...ends: object[]): void {
  const id = `record-${++people}`
  record(station, id, { nik: `327601410790${String(people).padStart(4, '0')}` })
  const { request } = requestCard(station, { record: id, ...BY })
  const job = `job-${people}`
  const write = (kind: string, body: object) => append(station, { kind, direction: 'up', record: id, body } as never)
  write('card-reserved', { request, job, lot: 'lot-1', printer: 'counter-1', consumables: ['ribbons'] })
  write('card-sent', { job })
  for (const { kind, ...body } of ends as { kind: string }[]) write(kind, { job, ...body })
}

const PRINTED = { kind: 'card-printed' }
const RUINED = { kind: 'card-resolved', found: 'spoiled', ...BY }

describe('a lot with a quota', () => {
  it('has to give what was not taken of it: spoiled and released cards were not', async () => {
    const { station } = await office()
    const left = () => {
      const [lot] = lotsAvailable(partsOf(station).file, station.id)
      return [lot.quantity, leftFor(lot, 'new'), leftFor(lot, 'replacement')]
    }
    expect(left()).toEqual([1_000, 3, 150])
    card(station)
    expect(left()).toEqual([999, 2, 150])
    card(station, PRINTED)
    expect(left()).toEqual([998, 1, 150])
    card(station, { kind: 'card-released', code: 'offline', reason: 'off' })
    expect(left()).toEqual([998, 1, 150])
    card(station, RUINED)
    expect(left()).toEqual([997, 1, 150])
    card(station, PRINTED, { kind: 'card-spoiled', reason: 'bent', ...BY })
    expect(left()).toEqual([996, 1, 150])
    card(station, PRINTED)
    expect(left()).toEqual([995, 0, 150])
  })
})

describe('a ribbon', () => {
  it('counts what went through the printer, also what was spoiled there, and keeps it when it is put back', async () => {
    const { station } = await office()
    installConsumable(station, RIBBON)
    card(station, PRINTED)
    card(station, RUINED)
    card(station, { kind: 'card-released', code: 'offline', reason: 'off' })
    card(station, PRINTED, { kind: 'card-spoiled', reason: 'bent', ...BY })
    expect(consumables(station)).toMatchObject([{ cards: 3, yieldCards: 500, left: 497 }])
    removeConsumable(station, { ...RIBBON, outcome: 'put-back' })
    expect(forecast(station).consumables).toMatchObject([{ item: 'ribbon', pieces: 3, left: 1_497 }])
    installConsumable(station, { ...RIBBON, printer: 'counter-2' })
    expect(consumables(station)).toMatchObject([{ printer: 'counter-2', cards: 3 }])
    installConsumable(station, RIBBON)
    expect(consumables(station)).toMatchObject([
      { printer: 'counter-1', cards: 0 },
      { printer: 'counter-2', cards: 3 },
    ])
    expect(forecast(station).consumables).toMatchObject([{ item: 'ribbon', pieces: 3, left: 1_497 }])
    removeConsumable(station, { ...RIBBON, printer: 'counter-2', outcome: 'put-back' })
    // Both are written off, and with them what one of them had printed.
    spoilStock(station, { lines: [{ lot: 'ribbons', quantity: 2 }], reason: 'wet', ...BY })
    expect(forecast(station).consumables).toMatchObject([{ item: 'ribbon', pieces: 1, left: 500 }])
  })
})

describe('a forecast', () => {
  it('says how long what is left lasts at the rate of late', async () => {
    const { station, time } = await office()
    expect(forecast(station)).toEqual({
      days: 1,
      cardsPerDay: 0,
      blanks: { left: 1_000, perDay: 0 },
      consumables: [{ item: 'ribbon', pieces: 3, left: 1_500, perDay: 0 }],
    })
    // Two cards and a spoiled blank a day: before, nothing; then for ten days.
    time.now += 30 * DAY_MS
    for (let day = 0; day < 10; day++) {
      card(station, PRINTED)
      card(station, PRINTED)
      spoilStock(station, { lines: [{ lot: 'lot-1', quantity: 1 }], reason: 'wet', ...BY })
      time.now += DAY_MS
    }
    const { days, cardsPerDay, blanks, daysLeft } = forecast(station, { days: 10 })
    expect({ days, cardsPerDay, daysLeft }).toEqual({ days: 10, cardsPerDay: 2, daysLeft: 970 / 3 })
    expect(blanks).toEqual({ left: 970, perDay: 3, daysLeft: 970 / 3 })
    expect(forecast(station, { days: 20 }).cardsPerDay).toBe(1)
    expect(() => forecast(station, { days: 0 })).toThrow(RangeError)
  })
})
