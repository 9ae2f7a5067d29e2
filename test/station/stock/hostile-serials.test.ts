/** A kiosk makes as many ranges of serials as it likes; no entry has all of them looked at in one step. */
import {
  correctStock,
  countStock,
  discrepancies,
  dispatchStock,
  receive,
  receiveStock,
  stock,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { SCENARIOS } from '../../../bench/support/station-hostile/scenarios.js'
import { Random } from '../../../dist/random.js'
import { append } from '../../../dist/station/journal/append.js'
import { differences } from '../../../dist/station/stock/differences.js'
import { MOST_SPLITS } from '../../../dist/station/stock/work.js'
import { opened, taken } from '../sync/steps.ts'
import { newPlace, twoPlaces } from '../sync/support.ts'
import { expectBooksBalance } from './support.ts'

const BY = { operator: 'operator-7' }

it('a step is bounded, however many ranges an entry names at once, and the books balance after it', async () => {
  const places = await twoPlaces()
  const { kiosk, hub } = places
  const random = new Random(7)
  const said = { kiosk: kiosk.station, hub: hub.station, random, entries: 360, mutants: 0 }
  const { before, sealed } = await SCENARIOS.fragments(said)
  for (const message of before) await receive(hub.station, message)
  const { largest, rows } = await taken(places, await opened(hub, sealed))
  expect(largest).toBeLessThan(20_000)
  expect(rows).toBeLessThan(100_000)
  expectBooksBalance(hub.station)
  expect((await verifyStation(hub.station)).findings).toEqual([])
  // What was not moved is on record.
  const short = discrepancies(hub.station).filter(({ code }) => code === 'not-in-stock')
  expect(short.length).toBeGreaterThan(0)
})

it('a count is compared with as many ranges as there are', () => {
  const serials = Array.from({ length: 200_000 }, (_, i) => ({ prefix: 'A', digits: 9, first: 2 * i, last: 2 * i }))
  const [difference] = differences([{ lot: 'lot-1', quantity: 1, serials }], [{ lot: 'lot-1', quantity: 0 }])
  expect(difference).toMatchObject({ before: 200_000, after: 0 })
  expect(difference.missing).toHaveLength(200_000)
})

/** A station of which one serial in two of a lot is missing. */
async function holed(holes: number) {
  const { station } = await newPlace('kiosk-1')
  const lines = [{ lot: 'lot-1', item: 'blank', serials: 'A000000-A009999' }]
  receiveStock(station, { shipment: 'note-1', from: 'the ministry', lines, ...BY })
  const names = Array.from({ length: holes }, (_, i) => `A${String(2 * i).padStart(6, '0')}`)
  const two = { reason: 'a count', operators: ['operator-7', 'operator-8'] as const }
  for (let at = 0; at < names.length; at += 100) {
    const serials = names.slice(at, at + 100).join(', ')
    correctStock(station, { lines: [{ lot: 'lot-1', serials, found: false }], ...two })
  }
  const found = (serials: string) => correctStock(station, { lines: [{ lot: 'lot-1', serials, found: true }], ...two })
  return { station, found }
}

it('what is found in more pieces than an entry may move is refused before it is written, and taken in parts', async () => {
  const { station, found } = await holed(MOST_SPLITS)
  const names = Array.from({ length: MOST_SPLITS }, (_, i) => `A${String(2 * i + 1).padStart(6, '0')}`)
  const rest = `A${String(2 * MOST_SPLITS).padStart(6, '0')}-A009999`
  const sent = { shipment: 'note-2', to: 'kiosk-2', ...BY }
  dispatchStock(station, { ...sent, lines: [{ lot: 'lot-1', serials: [...names, rest].join(', ') }] })
  expect(() => found('A000000-A009999')).toThrow(expect.objectContaining({ code: 'STOCK_FORMAT' }))
  found('A000000-A000249')
  found('A000250-A009999')
  expect(stock(station)).toMatchObject([{ accounts: { available: 10_000 } }])
  expect((await verifyStation(station)).findings).toEqual([])
})

it('an own count names each serial, in however many ranges the lot lies', async () => {
  const { station } = await holed(300)
  const [difference] = countStock(station, {
    lines: [{ lot: 'lot-1', quantity: 0 }],
    operators: ['operator-7', 'operator-8'],
  })
  expect(difference.missing).toHaveLength(300)
  append(station, {
    kind: 'stock-counted',
    direction: 'up',
    body: { lines: [{ lot: 'lot-1', quantity: 9_700 }], operators: ['a', 'b'] },
  })
  expect((await verifyStation(station)).findings).toEqual([])
})
