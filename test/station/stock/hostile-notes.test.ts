/**
 * What one kiosk says that it sent another: announced is what it had, and no more of it than an
 * office sends in a day.
 */
import {
  announceShipment,
  discrepancies,
  hostTransport,
  QUOTAS,
  raiseQuota,
  receive,
  receiveStock,
  shipments,
  status,
  sync,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { acquaint, anomaliesOf, newPlace, type Place } from '../sync/support.ts'

const BY = { operator: 'operator-7' }
const serials = (first: number, last: number) => [{ prefix: 'A', digits: 9, first, last }]

async function meet(below: Place, above: Place): Promise<void> {
  await sync(
    below.station,
    hostTransport('a line', message => receive(above.station, message)),
  )
}

async function offices() {
  const [hostile, honest, hub] = [await newPlace('a-kiosk'), await newPlace('kiosk-2'), await newPlace('hub')]
  for (const below of [hostile, honest]) acquaint(below, hub)
  return { hostile, honest, hub }
}

function says({ station }: Place, kind: 'stock-received' | 'stock-dispatched', body: object): void {
  append(station, { kind, direction: 'up', body: { ...body, ...BY } } as never)
}

it('what the sender does not have is not announced, and of a part that it has, that part', async () => {
  const { hostile, honest, hub } = await offices()
  const came = { lot: 'lot-1', item: 'blank', quantity: 10, serials: serials(1, 10) }
  says(hostile, 'stock-received', { shipment: 'note-1', from: 'x', lines: [came] })
  const sends = (shipment: string, first: number, last: number) => {
    const lines = [{ lot: 'lot-1', quantity: last - first + 1, serials: serials(first, last) }]
    says(hostile, 'stock-dispatched', { shipment, to: 'kiosk-2', lines })
  }
  sends('part', 6, 50)
  sends('none', 6, 50)
  sends('whole', 1, 5)
  await meet(hostile, hub)
  await meet(honest, hub)
  expect(shipments(honest.station).map(({ shipment, lines }) => [shipment, lines])).toEqual([
    ['part', [expect.objectContaining({ lot: 'lot-1', quantity: 5, serials: serials(6, 10) })]],
    ['whole', [expect.objectContaining({ lot: 'lot-1', quantity: 5, serials: serials(1, 5) })]],
  ])
  for (const { station } of [honest, hub]) expect((await verifyStation(station)).findings).toEqual([])
})

it('no more bytes of notes go to others in a day than the quota, which a person raises', async () => {
  const { hostile, honest, hub } = await offices()
  const lots = Array.from({ length: 400 }, (_, i) => ({ lot: `${'L'.repeat(55)}${i}`, quantity: 1 }))
  const rounds = 100
  for (let i = 0; i < rounds; i++) {
    const lines = lots.map(line => ({ ...line, item: 'i'.repeat(64) }))
    says(hostile, 'stock-received', { shipment: `came-${i}`, from: 'x', lines })
    says(hostile, 'stock-dispatched', { shipment: `sent-${i}`, to: 'kiosk-2', lines: lots })
  }
  await meet(hostile, hub)
  await meet(honest, hub)
  const told = shipments(honest.station).length
  expect(told).toBeGreaterThan(50)
  expect(told).toBeLessThan(rounds)
  const { announced } = status(hub.station).peers.find(({ peer }) => peer === 'a-kiosk')!.quotas!
  expect(announced.quota).toBe(QUOTAS.announced)
  expect(announced.used).toBeLessThanOrEqual(announced.quota)
  expect(anomaliesOf(hub)).toEqual(['quota-reached'])
  const raised = { amount: 2 * QUOTAS.announced, until: '2100-01-01T00:00:00.000Z', reason: 'a warehouse' }
  raiseQuota(hub.station, { peer: 'a-kiosk', quota: 'announced', ...raised, ...BY })
  says(hostile, 'stock-received', { shipment: 'came', from: 'x', lines: [{ ...lots[0], item: 'blank' }] })
  says(hostile, 'stock-dispatched', { shipment: 'after', to: 'kiosk-2', lines: [lots[0]] })
  await meet(hostile, hub)
  await meet(honest, hub)
  expect(shipments(honest.station)).toHaveLength(told + 1)
})

describe('a number that a hostile kiosk uses too', () => {
  const lineOf = (first: number, last: number) => ({
    lot: 'lot-1',
    quantity: last - first + 1,
    serials: serials(first, last),
  })

  async function threeOffices() {
    const { hostile, honest, hub } = await offices()
    const sender = await newPlace('kiosk-c')
    acquaint(sender, hub)
    for (const [place, first] of [
      [hostile, 1],
      [sender, 101],
    ] as const) {
      const came = { ...lineOf(first, first + 9), item: 'blank' }
      says(place, 'stock-received', { shipment: `first-${place.station.id}`, from: 'x', lines: [came] })
    }
    const guesses = () => says(hostile, 'stock-dispatched', { shipment: 'N-17', to: 'kiosk-2', lines: [lineOf(1, 1)] })
    const sends = () => says(sender, 'stock-dispatched', { shipment: 'N-17', to: 'kiosk-2', lines: [lineOf(101, 110)] })
    const gets = (from: string, last = 110) =>
      receiveStock(honest.station, {
        shipment: 'N-17',
        from,
        lines: [{ lot: 'lot-1', item: 'blank', serials: `A000000101-A${String(last).padStart(9, '0')}` }],
        ...BY,
      }).discrepancies
    const meetAll = async () => {
      for (const place of [hostile, sender, honest, hostile, sender, honest]) await meet(place, hub)
    }
    return { hostile, honest, sender, hub, guesses, sends, gets, meetAll }
  }

  const ORDERS = {
    'before the sender does': ['guesses', 'sends', 'gets'],
    'after the sender did': ['sends', 'guesses', 'gets'],
    'before the note has come': ['guesses', 'gets', 'sends'],
    'after it was received': ['sends', 'gets', 'guesses'],
  } as const

  for (const [what, order] of Object.entries(ORDERS)) {
    it(`${what} makes no difference of what came, and hides no shipment`, async () => {
      const { honest, hub, meetAll, ...does } = await threeOffices()
      await meetAll()
      for (const step of order) {
        if (step === 'gets') expect(does.gets('kiosk-c')).toEqual([])
        else does[step]()
        await meetAll()
      }
      for (const { station } of [honest, hub]) {
        expect(discrepancies(station)).toEqual([])
        const listed = shipments(station).filter(({ shipment }) => shipment === 'N-17')
        expect(listed).toMatchObject([
          { from: 'kiosk-c', to: 'kiosk-2', state: 'received', lines: [{ quantity: 10 }] },
          { from: 'a-kiosk', to: 'kiosk-2', state: 'on-its-way', lines: [{ quantity: 1 }] },
        ])
        expect((await verifyStation(station)).findings).toEqual([])
      }
    })
  }

  it('of cards keeps nobody from receiving the blanks of another', async () => {
    const { hostile, hub, gets, meetAll, honest } = await threeOffices()
    append(hostile.station, {
      kind: 'cards-sent',
      direction: 'up',
      body: { shipment: 'N-17', to: 'kiosk-2', lines: [lineOf(1, 1)], ...BY },
    } as never)
    await meetAll()
    expect(gets('kiosk-c')).toEqual([])
    await meetAll()
    for (const { station } of [honest, hub]) expect(discrepancies(station)).toEqual([])
  })

  it('that the sender itself has received under before is on its way all the same', async () => {
    const { hostile, honest, sender, hub, sends, gets, meetAll } = await threeOffices()
    says(hostile, 'stock-dispatched', { shipment: 'N-17', to: 'kiosk-c', lines: [lineOf(1, 1)] })
    await meetAll()
    const came = [{ lot: 'lot-1', item: 'blank', serials: 'A000000001-A000000001' }]
    receiveStock(sender.station, { shipment: 'N-17', from: 'a-kiosk', lines: came, ...BY })
    sends()
    await meetAll()
    const stateAt = ({ station }: Place) =>
      shipments(station).find(({ shipment, to }) => shipment === 'N-17' && to === 'kiosk-2')?.state
    expect([hub, sender, honest].map(stateAt)).toEqual(['on-its-way', 'on-its-way', 'on-its-way'])
    gets('kiosk-c')
    await meetAll()
    expect([hub, honest].map(stateAt)).toEqual(['received', 'received'])
  })

  it('puts no note of the hub aside, nor that of the sender that is named', async () => {
    const { honest, hub, guesses, sends, gets, meetAll } = await threeOffices()
    for (const step of [guesses, sends]) step()
    await meetAll()
    expect(gets('kiosk-c', 109)).toMatchObject([{ code: 'shipment-differs', detail: { sent: 10, received: 9 } }])
    const lines = [{ lot: 'lot-1', item: 'blank', serials: 'A000000201-A000000210' }]
    announceShipment(hub.station, { to: 'kiosk-2', shipment: 'N-18', lines })
    await meetAll()
    const less = [{ lot: 'lot-1', item: 'blank', serials: 'A000000201-A000000205' }]
    const { discrepancies: found } = receiveStock(honest.station, {
      shipment: 'N-18',
      from: 'kiosk-c',
      lines: less,
      ...BY,
    })
    expect(found).toMatchObject([{ code: 'shipment-differs', detail: { sent: 10, received: 5 } }])
  })
})
