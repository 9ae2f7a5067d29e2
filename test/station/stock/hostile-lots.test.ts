/** A kiosk's words of lots bind its own books alone. */
import {
  announceShipment,
  decide,
  discrepancies,
  dispatchStock,
  hostTransport,
  planPrinting,
  receive,
  receiveStock,
  requestCard,
  revokePeer,
  shipments,
  stock,
  sync,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { record } from '../files.ts'
import { acquaint, newPlace, type Place } from '../sync/support.ts'
import { expectBooksBalance } from './support.ts'

const BY = { operator: 'operator-7' }

async function meet(below: Place, above: Place): Promise<void> {
  await sync(
    below.station,
    hostTransport('a line', message => receive(above.station, message)),
  )
}

/** A hostile kiosk and an honest one below a hub, which is the centre. */
async function offices() {
  const [hostile, honest, hub] = [await newPlace('a-kiosk'), await newPlace('kiosk-2'), await newPlace('hub')]
  acquaint(hostile, hub)
  acquaint(honest, hub)
  return { hostile, honest, hub }
}

/** Entries that a station of ours writes only about stock that it has. */
function claims({ station }: Place, what: object): void {
  const line = { lot: 'lot-1', item: 'blank', quantity: 1, ...what }
  const received = { shipment: 'claim-1', from: 'x', lines: [line], ...BY }
  append(station, { kind: 'stock-received', direction: 'up', body: received } as never)
  const sent = { shipment: 'claim-2', to: 'kiosk-2', lines: [{ lot: 'lot-1', quantity: 1 }], ...BY }
  append(station, { kind: 'stock-dispatched', direction: 'up', body: sent } as never)
}

const real = (serials: string) => ({
  shipment: 'note-1',
  from: 'the ministry',
  lines: [{ lot: 'lot-1', item: 'blank', serials }],
  ...BY,
})

const CLAIMS = [
  { rules: { until: '2000-01-01T00:00:00.000Z' } },
  { rules: { quota: { new: 0, replacement: 0 } } },
  { rules: { states: ['NO_SUCH'] } },
  { item: 'ribbon', yieldCards: 1 },
]

async function expectUsable(place: Place, hub: Place): Promise<void> {
  const id = `record-${place.station.id}`
  record(place.station, id)
  if (place !== hub) await meet(place, hub)
  decide(hub.station, id, { state: 'PRINT_READY_RECORD', by: 'expert-1', unchecked: 'the ministry compares them' })
  if (place !== hub) await meet(place, hub)
  requestCard(place.station, { record: id, ...BY })
  expect(planPrinting(place.station).prints).toMatchObject([{ record: id, lot: 'lot-1' }])
}

it.each(CLAIMS)('a claim about a lot that is in use changes nothing elsewhere: %j', async claim => {
  const { hostile, honest, hub } = await offices()
  receiveStock(hub.station, real('AB001-AB010'))
  receiveStock(honest.station, real('AB011-AB020'))
  claims(hostile, claim)
  for (const place of [hostile, honest]) await meet(place, hub)
  for (const place of [hub, honest]) {
    const [lot] = stock(place.station)
    expect(lot).toMatchObject({ lot: 'lot-1', item: 'blank' })
    expect(lot.rules).toBeUndefined()
    expect(lot.yieldCards).toBeUndefined()
  }
  await expectUsable(hub, hub)
})

it.each(CLAIMS)(
  'a lot that a kiosk has named first is received as it is, at the hub and elsewhere: %j',
  async claim => {
    const { hostile, honest, hub } = await offices()
    claims(hostile, claim)
    await meet(hostile, hub)
    await meet(honest, hub)
    receiveStock(hub.station, real('AB001-AB010'))
    receiveStock(honest.station, real('AB011-AB020'))
    await meet(honest, hub)
    await expectUsable(hub, hub)
    const { hostile: other, honest: second, hub: above } = await offices()
    claims(other, claim)
    await meet(other, above)
    await meet(second, above)
    receiveStock(second.station, real('AB011-AB020'))
    await expectUsable(second, above)
    for (const place of [hub, honest, second, above]) {
      expectBooksBalance(place.station)
      expect((await verifyStation(place.station)).findings).toEqual([])
    }
  },
)

it('what a kiosk says of its own lots counts in its books, and is told where it contradicts', async () => {
  const { hostile, honest, hub } = await offices()
  const rules = { quota: { new: 5 } }
  receiveStock(honest.station, { ...real('AB001-AB010'), lines: [{ ...real('AB001-AB010').lines[0], rules }] })
  claims(hostile, { item: 'ribbon', yieldCards: 500 })
  for (const place of [honest, hostile]) await meet(place, hub)
  expect(stock(hub.station, { station: 'kiosk-2' })).toEqual(stock(honest.station))
  expect(stock(hub.station, { station: 'kiosk-2' })).toMatchObject([{ item: 'blank', rules }])
  expect(stock(hub.station, { station: 'a-kiosk' })).toMatchObject([{ item: 'ribbon', yieldCards: 500 }])
  expect(discrepancies(hub.station)).toMatchObject([
    { station: 'a-kiosk', code: 'lot-differs', detail: { lot: 'lot-1', field: 'item' } },
  ])
  // The hub's word stands above both.
  receiveStock(hub.station, real('AB021-AB030'))
  expect(stock(hub.station, { station: 'a-kiosk' })).toMatchObject([{ item: 'blank' }])
  revokePeer(hub.station, 'a-kiosk', { from: 1, reason: 'stolen', ...BY })
  expect(stock(hub.station, { station: 'kiosk-2' })).toMatchObject([{ item: 'blank', rules }])
  expect((await verifyStation(hub.station)).findings).toEqual([])
})

/** Says to have sent one piece to another kiosk, under a number that is not its own. */
function guesses({ station }: Place, shipment: string): void {
  const claimed = { shipment: 'claim-1', from: 'x', lines: [{ lot: 'lot-1', item: 'blank', quantity: 1 }], ...BY }
  append(station, { kind: 'stock-received', direction: 'up', body: claimed } as never)
  const sent = { shipment, to: 'kiosk-2', lines: [{ lot: 'lot-1', quantity: 1 }], ...BY }
  append(station, { kind: 'stock-dispatched', direction: 'up', body: sent } as never)
}

it('a kiosk that guesses the number of a shipment keeps nobody from announcing or sending it', async () => {
  const { hostile, honest, hub } = await offices()
  receiveStock(hub.station, real('AB001-AB020'))
  const toKiosk = { to: 'kiosk-2', shipment: 'note-7' }
  for (const number of ['note-7', 'note-8']) guesses(hostile, number)
  for (const place of [hostile, honest]) await meet(place, hub)
  announceShipment(hub.station, { ...toKiosk, from: 'the ministry', lines: real('AB101-AB110').lines })
  dispatchStock(hub.station, {
    ...toKiosk,
    shipment: 'note-8',
    lines: [{ lot: 'lot-1', serials: 'AB001-AB010' }],
    ...BY,
  })
  await meet(honest, hub)
  for (const [shipment, serials] of [
    ['note-7', 'AB101-AB110'],
    ['note-8', 'AB001-AB010'],
  ]) {
    expect(receiveStock(honest.station, { ...real(serials), shipment })).toEqual({ discrepancies: [] })
  }
  await meet(honest, hub)
  for (const { station } of [honest, hub]) {
    const noted = shipments(station).filter(({ to, shipment }) => to === 'kiosk-2' && shipment.startsWith('note-'))
    const received = noted.filter(({ state }) => state !== 'on-its-way')
    expect(received).toMatchObject(['note-7', 'note-8'].map(shipment => ({ shipment, state: 'received', from: 'hub' })))
    expect(new Set(noted.filter(({ state }) => state === 'on-its-way').map(({ from }) => from))).toEqual(
      new Set(['a-kiosk']),
    )
    expect(discrepancies(station, { station: 'kiosk-2' })).toEqual([])
    expect((await verifyStation(station)).findings).toEqual([])
  }
})

it('rules that a hub of an older version passed on end with the kiosk that made them up', async () => {
  const { hostile, honest, hub } = await offices()
  receiveStock(hub.station, real('AB001-AB010'))
  await meet(hostile, hub)
  await meet(honest, hub)
  // As versions before wrote it: with what the kiosk says of the lot, and without saying whose word it is.
  const lines = [{ lot: 'lot-1', item: 'blank', quantity: 1, rules: { until: '2000-01-01T00:00:00.000Z' } }]
  const body = { shipment: 'claim-2', from: 'a-kiosk', to: 'kiosk-2', lines }
  append(hub.station, { kind: 'shipment', direction: 'down', to: 'kiosk-2', body } as never)
  await expectUsable(hub, hub)
  revokePeer(hub.station, 'a-kiosk', { from: 1, reason: 'stolen', ...BY })
  expect(stock(hub.station)).not.toMatchObject([{ rules: {} }])
  expect((await verifyStation(hub.station)).findings).toEqual([])
})
