/** Cards of which a station hears in another order than they came about, and ids that somebody else takes. */
import {
  cardRequests,
  decide,
  discrepancies,
  handOver,
  printCards,
  printJobs,
  receiveCards,
  requestCard,
  type Station,
  sendCards,
  spoilCard,
  sync,
  verifyStation,
  withdraw,
} from 'sidik/station'
import { describe, expect, it, vi } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { record } from '../files.ts'
import { acquaint, lineTo, newPlace, type Place } from '../sync/support.ts'
import { cleared, network } from './network.ts'
import { BY, blanks, CLEARED, corrected, nikOf, printerThat, render, WHY } from './support.ts'

vi.setConfig({ testTimeout: 60_000 })

const RECORD = 'record-1'
const refused = expect.objectContaining({ code: 'PRINT_REQUESTED' })

/** Each below the next: a kiosk and the stations above it. */
async function chain(...ids: string[]): Promise<{ places: Place[]; meet: (lines?: number) => Promise<void> }> {
  const places: Place[] = []
  for (const id of ids) places.push(await newPlace(id))
  for (const [i, above] of places.slice(1).entries()) acquaint(places[i], above, i > 0 ? { vouches: true } : {})
  const meet = async (lines = places.length - 1) => {
    for (let round = 0; round < 3; round++) {
      for (const [i, { station }] of places.slice(0, lines).entries()) await sync(station, lineTo(places[i + 1]))
    }
  }
  await meet()
  return { places, meet }
}

async function prints(station: Station, first = 1): Promise<string> {
  blanks(station, 3, { lot: `lot-of-${station.id}`, first })
  const [{ job }] = (await printCards(station, { render, printer: printerThat() })).printed
  handOver(station, job, { to: 'the person', ...BY })
  return job
}

const jobs = (station: Station) => printJobs(station).map(({ job, station: by, state }) => [job, by, state])

async function expectWhole(...stations: Station[]): Promise<void> {
  for (const station of stations) expect((await verifyStation(station)).findings).toEqual([])
}

describe('a card that a kiosk prints because one above it asked', () => {
  // Journals go up in the order of the ids of stations.
  for (const id of ['a-kiosk', 'z-kiosk']) {
    it(`is known to a centre that hears all at once, from ${id}`, async () => {
      const { places, meet } = await chain(id, 'hub', 'office', 'centre')
      const stations = places.map(({ station }) => station)
      const [kiosk, hub, , centre] = stations
      record(kiosk, RECORD)
      await meet(1)
      decide(hub, RECORD, CLEARED)
      requestCard(hub, { record: RECORD, at: id, ...BY })
      await meet(1)
      const job = await prints(kiosk)
      await meet()
      for (const station of stations) {
        expect(cardRequests(station)).toMatchObject([{ station: 'hub', at: id, state: 'handed-over' }])
        expect(jobs(station)).toEqual([[job, id, 'handed-over']])
        expect(discrepancies(station)).toEqual([])
      }
      expect(() => requestCard(centre, { record: RECORD, ...BY })).toThrow(refused)
      await expectWhole(...stations)
    })

    it(`is known to one that has the record, and hears of ${id} before it hears of the request`, async () => {
      const { places, meet } = await chain(id, 'office', 'region', 'top')
      const stations = places.map(({ station }) => station)
      const [kiosk, office, , top] = stations
      record(kiosk, RECORD)
      await meet()
      decide(top, RECORD, CLEARED)
      await meet()
      requestCard(office, { record: RECORD, at: id, ...BY })
      await meet(1)
      const job = await prints(kiosk)
      await meet()
      for (const station of stations) expect(jobs(station)).toEqual([[job, id, 'handed-over']])
      for (const station of stations) expect(discrepancies(station)).toEqual([])
      await expectWhole(...stations)
    })
  }
})

it('a kiosk that was told the id of a card does not take it from the one that printed it', async () => {
  const [bad, good, hub, centre, other] = await Promise.all(
    ['a-kiosk', 'm-kiosk', 'hub', 'centre', 'z-kiosk'].map(id => newPlace(id)),
  )
  for (const kiosk of [bad, good]) acquaint(kiosk, hub)
  acquaint(hub, centre, { vouches: true })
  acquaint(other, centre)
  const lines: readonly (readonly [Place, Place])[] = [
    [bad, hub],
    [good, hub],
    [hub, centre],
    [other, centre],
  ]
  const meet = async (...which: number[]) => {
    for (let round = 0; round < 3; round++) {
      for (const line of which) await sync(lines[line][0].station, lineTo(lines[line][1]))
    }
  }
  await meet(0, 1, 2, 3)
  record(good.station, RECORD, { nik: nikOf(1) })
  record(bad.station, 'record-0', { nik: nikOf(7) })
  await meet(0, 1, 2, 3)
  decide(centre.station, RECORD, CLEARED)
  await meet(0, 1, 2, 3)
  requestCard(good.station, { record: RECORD, ...BY })
  const job = await prints(good.station)
  withdraw(good.station, RECORD, WHY)
  await meet(1)
  record(bad.station, 'record-bad', { nik: nikOf(1) })
  await meet(0)
  expect(partsOf(bad.station).file.all('SELECT job FROM card_of_nik')).toEqual([{ job }])

  const says = (kind: string, body: object) => {
    const entry = { kind, direction: 'up', record: 'record-0', recordVersion: 1, body: { ...body, ...BY } }
    append(bad.station, entry as never)
  }
  const [{ request }] = printJobs(good.station)
  for (const name of ['request-bad', request]) {
    says('card-requested', { request: name, at: bad.station.id, purpose: 'new' })
    says('card-reserved', { request: name, job, lot: 'none', printer: 'p', consumables: [] })
  }
  says('card-printed', { job })
  says('card-spoiled', { job, reason: 'x' })
  withdraw(bad.station, 'record-bad', WHY)
  await meet(0, 1, 2, 3)
  for (const { station } of [hub, centre]) {
    expect(jobs(station)).toEqual([[job, 'm-kiosk', 'handed-over']])
    expect(cardRequests(station).find(each => each.request === request)?.station).toBe('m-kiosk')
    expect(discrepancies(station).map(each => each.station)).not.toContain('m-kiosk')
  }
  record(other.station, 'record-9', { nik: nikOf(1) })
  await meet(3)
  decide(centre.station, 'record-9', CLEARED)
  await meet(3)
  expect(() => requestCard(other.station, { record: 'record-9', ...BY })).toThrow(refused)
  await expectWhole(hub.station, centre.station)
})

describe('a card that was taken for lost, and turns up beside a newer one of its request', () => {
  for (const fate of ['is destroyed', 'is kept']) {
    it(`leaves the NIK of the newer one to that, when it ${fate}`, async () => {
      const { hub, below } = await network('kiosk-1', 'kiosk-2')
      const [first, second] = below
      const id = await cleared(hub, first, 1, nikOf(1))
      blanks(hub, 9)
      requestCard(hub, { record: id, ...BY })
      const print = async () => (await printCards(hub, { render, printer: printerThat() })).printed[0].job
      const lost = await print()
      sendCards(hub, { shipment: 'K-1', to: first.station.id, cards: [lost], ...BY })
      await first.meet()
      spoilCard(hub, lost, { reason: 'lost on its way', ...BY })
      corrected(first.station, id, nikOf(2))
      await first.meet()
      decide(hub, id, CLEARED)
      handOver(hub, await print(), { to: 'the person', ...BY })
      await first.meet()
      receiveCards(first.station, { shipment: 'K-1', cards: [lost], ...BY })
      if (fate === 'is destroyed') spoilCard(first.station, lost, { reason: 'it turned up', ...BY })
      withdraw(first.station, id, WHY)
      await first.meet()
      record(second.station, 'next', { nik: nikOf(2) })
      await second.meet()
      decide(hub, 'next', CLEARED)
      await second.meet()
      for (const station of [hub, second.station]) {
        expect(() => requestCard(station, { record: 'next', ...BY })).toThrow(refused)
      }
      await expectWhole(hub, first.station, second.station)
    })
  }
})
