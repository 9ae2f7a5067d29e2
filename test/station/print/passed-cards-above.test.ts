/** Three levels: what the centre sees of cards that a hub sends, and cards of the centre's own that pass a hub. */
import {
  decide,
  discrepancies,
  handOver,
  hostTransport,
  printCards,
  printJobs,
  printReport,
  receive,
  receiveCards,
  requestCard,
  sendCards,
  serialsTwice,
  shipments,
  spoilCard,
  stock,
  sync,
  verifyStation,
} from 'sidik/station'
import { expect, it, vi } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { record } from '../files.ts'
import { type Place, threePlaces } from '../sync/support.ts'
import { BY, blanks, CLEARED, nikOf, printerThat, render, WHY } from './support.ts'

vi.setConfig({ testTimeout: 60_000 })

async function chain() {
  const { kiosk, hub, centre } = await threePlaces()
  const up = (below: Place, above: Place) => () =>
    sync(
      below.station,
      hostTransport('here', message => receive(above.station, message)),
    )
  const [one, two] = [up(kiosk, hub), up(hub, centre)]
  const meet = async () => {
    for (const each of [one, two, two, one]) await each()
  }
  await meet()
  let number = 0
  const cleared = async (at: Place) => {
    const id = `record-${++number}`
    record(at.station, id, { nik: nikOf(number) })
    await meet()
    decide(centre.station, id, CLEARED)
    await meet()
    return id
  }
  return { kiosk: kiosk.station, hub: hub.station, centre: centre.station, places: { kiosk, hub }, meet, cleared }
}

it('the centre sees the books of both, whoever printed what of one lot', async () => {
  const { kiosk, hub, centre, places, meet, cleared } = await chain()
  blanks(hub, 9)
  blanks(kiosk, 3, { first: 100 })
  for (const at of [places.kiosk, places.kiosk, places.hub]) requestCard(hub, { record: await cleared(at), ...BY })
  requestCard(kiosk, { record: await cleared(places.kiosk), ...BY })
  const { printed } = await printCards(hub, { printer: printerThat(), render })
  await printCards(kiosk, { printer: printerThat(), render })
  const cards = printed.filter(({ record: id }) => id !== 'record-3').map(({ job }) => job)
  expect(cards).toHaveLength(2)
  sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards, ...BY })
  await meet()
  receiveCards(kiosk, { shipment: 'K-1', cards, ...BY })
  handOver(kiosk, cards[0], { to: 'Siti', ...BY })
  spoilCard(kiosk, cards[1], WHY)
  await meet()
  for (const of of ['hub', 'kiosk-1']) {
    const own = of === 'hub' ? hub : kiosk
    expect(stock(centre, { station: of }).map(({ accounts }) => accounts)).toEqual(
      stock(own).map(({ accounts }) => accounts),
    )
  }
  expect(shipments(centre, { state: 'received' })).toMatchObject([{ shipment: 'K-1', from: 'hub', to: 'kiosk-1' }])
  for (const station of [kiosk, hub, centre]) {
    expect(discrepancies(station)).toEqual([])
    expect(serialsTwice(station)).toEqual([])
    expect(printReport(station).reconciliation.filter(({ balances }) => !balances)).toEqual([])
    expect((await verifyStation(station)).findings).toEqual([])
  }
})

it('the centre, which is told of the card of a hub, frees its blank in no books', async () => {
  const { kiosk, hub, centre, places, meet, cleared } = await chain()
  blanks(hub, 9)
  const id = await cleared(places.kiosk)
  requestCard(hub, { record: id, ...BY })
  const { printed } = await printCards(hub, { printer: printerThat(), render })
  const [{ job }] = printed
  sendCards(hub, { shipment: 'K-1', to: 'kiosk-1', cards: [job], ...BY })
  await meet()
  receiveCards(kiosk, { shipment: 'K-1', cards: [job], ...BY })
  handOver(kiosk, job, { to: 'Siti', ...BY })
  const body = { job, found: 'untouched', ...BY } as const
  append(kiosk, { kind: 'card-resolved', direction: 'up', record: id, recordVersion: 1, body })
  await meet()
  expect(printJobs(centre)).toMatchObject([{ station: 'hub', state: 'handed-over' }])
  for (const station of [kiosk, hub, centre]) {
    expect(stock(station, { station: 'kiosk-1' })).toMatchObject([{ accounts: { received: -1, printed: 1 } }])
    expect(discrepancies(station)).toMatchObject([{ station: 'kiosk-1', code: 'card-elsewhere', detail: { job } }])
    expect((await verifyStation(station)).findings).toEqual([])
  }
})

it('a card of the centre passes the hub, which knows where it is', async () => {
  const { kiosk, hub, centre, places, meet, cleared } = await chain()
  blanks(centre, 3)
  requestCard(centre, { record: await cleared(places.kiosk), ...BY })
  const { printed } = await printCards(centre, { printer: printerThat(), render })
  const [{ job }] = printed
  sendCards(centre, { shipment: 'C-1', to: 'kiosk-1', cards: [job], ...BY })
  await meet()
  expect(printJobs(hub)).toMatchObject([{ job, state: 'on-its-way', holder: 'kiosk-1' }])
  expect(() => receiveCards(hub, { shipment: 'C-1', cards: [job], ...BY })).toThrow(
    expect.objectContaining({ code: 'STOCK_UNKNOWN' }),
  )
  receiveCards(kiosk, { shipment: 'C-1', cards: [job], ...BY })
  handOver(kiosk, job, { to: 'Siti', ...BY })
  await meet()
  for (const station of [kiosk, hub, centre]) {
    expect(printJobs(station)).toMatchObject([{ job, state: 'handed-over', holder: 'kiosk-1' }])
    expect(discrepancies(station)).toEqual([])
    expect((await verifyStation(station)).findings).toEqual([])
  }
})
