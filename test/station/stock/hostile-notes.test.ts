/**
 * What one kiosk says that it sent another: announced is what it had, and no more of it than an
 * office sends in a day.
 */
import { hostTransport, QUOTAS, raiseQuota, receive, shipments, status, sync, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
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
