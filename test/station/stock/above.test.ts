/** The books as stations above keep them: what a hub printed for a kiosk, and entries that wait for images. */
import {
  apply,
  compose,
  consumables,
  countStock,
  decide,
  discrepancies,
  dispatchStock,
  hostTransport,
  installConsumable,
  printCards,
  receive,
  receiveStock,
  requestCard,
  spoilCard,
  stock,
  stockMoves,
  sync,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { record } from '../files.ts'
import { nikOf, PRINTED, printerThat, render } from '../print/support.ts'
import { correctionAt, lineTo, type Place, recordAt, threePlaces, twoPlaces } from '../sync/support.ts'
import { cardStep } from './deeds.ts'
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
    decide(centre.station, `record-${number}`, {
      state: 'PRINT_READY_RECORD',
      by: 'expert-1',
      unchecked: 'the ministry compares them',
    })
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

const lines = [{ lot: 'lot-1', item: 'blank', serials: 'AB001' }]

it('moves stock in the order of the station, whatever images some of its entries wait for', async () => {
  const { kiosk, hub } = await twoPlaces()
  receiveStock(kiosk.station, { shipment: 'note-1', from: 'the ministry', lines, ...BY })
  recordAt(kiosk, 'record-1', { templates: 400 })
  await sync(kiosk.station, lineTo(hub))
  // The record's card waits for the images of its correction, and the dispatch would find the blank reserved, or the card find it gone.
  correctionAt(kiosk, 'record-1', 2, { templates: 400, photo: 60_000 })
  const serial = { prefix: 'AB', digits: 3, number: 1 }
  cardStep(kiosk.station, 'card-reserved', {
    request: 'r',
    job: 'job-1',
    lot: 'lot-1',
    serial,
    printer: 'p',
    consumables: [],
  })
  cardStep(kiosk.station, 'card-released', { job: 'job-1', code: 'jam', reason: 'stuck' })
  dispatchStock(kiosk.station, {
    shipment: 'lent-1',
    to: 'kiosk-2',
    lines: [{ lot: 'lot-1', serials: 'AB001' }],
    ...BY,
  })
  for (let note = 2; note < 40; note++) {
    const more = [{ lot: 'loose', item: 'blank', quantity: 1 }]
    receiveStock(kiosk.station, { shipment: `note-${note}`, from: 'the ministry', lines: more, ...BY })
  }
  const { message } = compose(kiosk.station, 'hub', { maxBytes: 131_072 })
  await apply(hub.station, 'kiosk-1', { ...message, chunks: [] })
  const held = `SELECT count(*) AS n FROM journal WHERE applied IS NULL`
  expect(partsOf(hub.station).file.get(held)).toEqual({ n: 42 })
  expect(stock(hub.station, { station: 'kiosk-1' })).toMatchObject([{ accounts: { received: -1, available: 1 } }])
  await sync(kiosk.station, lineTo(hub))
  expect(partsOf(hub.station).file.get(held)).toEqual({ n: 0 })
  expect([...stockMoves(hub.station, { station: 'kiosk-1' })]).toEqual([...stockMoves(kiosk.station)])
  expect(discrepancies(hub.station)).toEqual([])
  expectBooksBalance(hub.station)
  expect((await verifyStation(hub.station)).findings).toEqual([])
})

it('does not let stock wait for the images of somebody who wants a card', async () => {
  const { kiosk, hub } = await twoPlaces()
  recordAt(kiosk, 'record-1', { templates: 400, photo: 60_000 })
  const body = { request: 'r', at: 'kiosk-1', purpose: 'new', ...BY } as const
  append(kiosk.station, { kind: 'card-requested', direction: 'up', record: 'record-1', body })
  receiveStock(kiosk.station, { shipment: 'note-1', from: 'the ministry', lines, ...BY })
  const { message } = compose(kiosk.station, 'hub', { maxBytes: 131_072 })
  await apply(hub.station, 'kiosk-1', { ...message, chunks: [] })
  expect(stock(hub.station, { station: 'kiosk-1' })).toMatchObject([{ accounts: { received: -1, available: 1 } }])
})
