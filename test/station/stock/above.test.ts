/** A hub that prints for a record of a kiosk: the card goes down with its record, and the centre keeps the hub's books all the same. */
import {
  consumables,
  countStock,
  decide,
  discrepancies,
  hostTransport,
  installConsumable,
  printCards,
  receive,
  receiveStock,
  requestCard,
  spoilCard,
  stock,
  sync,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { record } from '../files.ts'
import { nikOf, PRINTED, printerThat, render } from '../print/support.ts'
import { type Place, threePlaces } from '../sync/support.ts'
import { expectBooksBalance } from './support.ts'

const BY = { operator: 'operator-7' }

async function meet(below: Place, above: Place): Promise<void> {
  await sync(
    below.station,
    hostTransport('a line', message => receive(above.station, message)),
  )
}

it('tells the centre what it moved in the books of the hub', async () => {
  const { kiosk, hub, centre } = await threePlaces()
  for (const number of [1, 2, 3]) record(kiosk.station, `record-${number}`, { nik: nikOf(number) })
  await meet(kiosk, hub)
  await meet(hub, centre)
  const lines = [
    { lot: 'lot-1', item: 'blank', serials: 'AB001-AB100' },
    { lot: 'ribbons', item: 'ribbon', quantity: 2, yieldCards: 500 },
  ]
  receiveStock(hub.station, { shipment: 'note-1', from: 'the ministry', lines, ...BY })
  installConsumable(hub.station, { printer: 'counter-1', lot: 'ribbons', ...BY })
  for (const number of [1, 2, 3]) {
    decide(centre.station, `record-${number}`, { state: 'PRINT_READY_RECORD', by: 'expert-1' })
  }
  await meet(hub, centre)
  await meet(kiosk, hub)
  for (const number of [1, 2, 3]) requestCard(kiosk.station, { record: `record-${number}`, at: 'hub', ...BY })
  await meet(kiosk, hub)
  const refused = { outcome: 'not-printed', problem: 'refused', message: 'not this card' } as const
  const { printed } = await printCards(hub.station, { printer: printerThat(PRINTED, refused, PRINTED), render })
  spoilCard(hub.station, printed[0].job, { reason: 'bent', ...BY })
  const books = stock(hub.station)
  expect(books[0].accounts).toMatchObject({ printed: 1, spoiled: 1, available: 98 })
  await meet(hub, centre)
  await meet(kiosk, hub)
  expect(stock(centre.station, { station: 'hub' })).toEqual(books)
  const cards = `SELECT printer, lot, cards FROM consumable WHERE station = 'hub'`
  expect(partsOf(centre.station).file.all(cards)).toEqual(partsOf(hub.station).file.all(cards))
  expect(consumables(hub.station)).toMatchObject([{ cards: 2 }])
  countStock(hub.station, { lines: [{ lot: 'lot-1', quantity: 98 }], operators: ['a', 'b'] })
  await meet(hub, centre)
  for (const { station } of [kiosk, hub, centre]) {
    expect(discrepancies(station)).toEqual([])
    expectBooksBalance(station)
    expect((await verifyStation(station)).findings).toEqual([])
  }
})
