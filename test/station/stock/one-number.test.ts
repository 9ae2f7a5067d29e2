/** Printed cards that come under one number: all that anybody sends is kept, and no more. */
import { discrepancies, receive, shipments, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { SCENARIOS } from '../../../bench/support/station-hostile/scenarios.js'
import { Random } from '../../../dist/random.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { newPlace, twoPlaces } from '../sync/support.ts'

it('a kiosk that receives under one number again and again makes no row that grows without end', async () => {
  const { kiosk, hub } = await twoPlaces()
  const said = { kiosk: kiosk.station, hub: hub.station, random: new Random(7), entries: 600, mutants: 0 }
  const { before, sealed } = await SCENARIOS.oneNumber(said)
  for (const message of [...before, ...sealed]) await receive(hub.station, message)
  const sql = 'SELECT length(lines) AS bytes FROM shipment'
  expect(partsOf(hub.station).file.get<{ bytes: number }>(sql)!.bytes).toBeLessThan(500_000)
  const beyond = discrepancies(hub.station).filter(({ code }) => code === 'shipment-differs')
  expect(beyond.map(({ detail }) => detail)).toEqual(Array(8).fill({ shipment: 'note-1', notKept: 500 }))
  expect((await verifyStation(hub.station)).findings).toEqual([])
})

it('a note of 500 cards that come one by one is kept whole', async () => {
  const { station } = await newPlace('kiosk-1')
  for (let i = 0; i < 500; i++) {
    const lines = [{ lot: 'lot-1', quantity: 1, serials: [{ prefix: 'A', digits: 9, first: 2 * i, last: 2 * i }] }]
    append(station, { kind: 'cards-received', direction: 'up', body: { shipment: 'note-1', lines, operator: 'o' } })
  }
  const [{ lines }] = shipments(station)
  expect(lines).toHaveLength(500)
  expect(discrepancies(station)).toEqual([])
})
