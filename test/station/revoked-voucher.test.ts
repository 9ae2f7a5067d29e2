/** A hub is revoked from before it made its honest kiosks known: what these wrote counts again when they are known. */
import {
  addPeer,
  adjudications,
  createIdentity,
  decide,
  handOver,
  printCards,
  printJobs,
  publicIdentity,
  receive,
  recordOf,
  records,
  requestCard,
  revokePeer,
  type Station,
  status,
  sync,
  trustStation,
  verifyStation,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../dist/station/station.js'
import { type Below, below } from './check/below.ts'
import { newStation } from './enrol/support.ts'
import { record } from './files.ts'
import { BY, blanks, CLEARED, nikOf, printerThat, render, WHY } from './print/support.ts'
import { acquaint, lineTo, newPlace, type Place, recordAt, threePlaces } from './sync/support.ts'

const known = async ({ station }: { station: Station }) => publicIdentity(partsOf(station).identity)

interface City {
  readonly centre: Station
  readonly hubs: readonly Below[]
  readonly kiosk: Below
}

/** A kiosk behind the first of two hubs, and its record whose card was handed over, as all know. */
async function city(): Promise<City> {
  const centre = await newStation({ identity: await createIdentity('centre') })
  const hubs = [await below(centre, 'hub-1'), await below(centre, 'hub-3')]
  const kiosk = await below(hubs[0].station, 'kiosk')
  blanks(kiosk.station, 2)
  record(kiosk.station, 'record-1', { nik: nikOf(1) })
  await through([kiosk, hubs[0]])
  decide(centre, 'record-1', CLEARED)
  await through([kiosk, hubs[0]])
  requestCard(kiosk.station, { record: 'record-1', ...BY })
  const { printed } = await printCards(kiosk.station, { printer: printerThat(), render })
  handOver(kiosk.station, printed[0].job, { to: 'Siti', ...BY })
  await through([kiosk, hubs[0]])
  expect(printJobs(centre)).toMatchObject([{ state: 'handed-over' }])
  return { centre, hubs, kiosk }
}

/** Whoever is next to the other meets it, until all has come up and down. */
async function through(line: readonly Below[]): Promise<void> {
  for (let round = 0; round < 3; round++) for (const { meet } of line) await meet()
}

/** The kiosk goes on behind the other hub. */
async function moved({ hubs, kiosk }: City): Promise<Below> {
  revokePeer(kiosk.station, 'hub-1', WHY)
  const next = hubs[1].station
  addPeer(next, { ...(await known(kiosk)), relation: 'downstream' })
  addPeer(kiosk.station, { ...(await known({ station: next })), relation: 'upstream' })
  return {
    station: kiosk.station,
    meet: () => sync(kiosk.station, { name: 'here', exchange: message => receive(next, message) }),
  }
}

async function expectAllBack({ centre }: City): Promise<void> {
  expect(records(centre).records.map(({ id }) => id)).toEqual(['record-1'])
  expect(printJobs(centre)).toMatchObject([{ state: 'handed-over', station: 'kiosk' }])
  expect((await verifyStation(centre)).findings).toEqual([])
}

describe('the centre revokes a hub from its first entry', () => {
  it('and trusts its kiosk behind another one afterwards', async () => {
    const all = await city()
    revokePeer(all.centre, 'hub-1', { from: 1, ...WHY })
    expect(records(all.centre).records).toEqual([])
    expect((await verifyStation(all.centre)).findings).toEqual([])
    const kiosk = await moved(all)
    trustStation(all.centre, { ...(await known(kiosk)), voucher: 'hub-3' }, WHY)
    await through([kiosk, all.hubs[1]])
    await expectAllBack(all)
    // The same NIK elsewhere is a case, and nobody gets a second card.
    const other = await below(all.hubs[1].station, 'other')
    record(other.station, 'record-2', { nik: nikOf(1) })
    await through([other, all.hubs[1]])
    expect(adjudications(all.centre)).toMatchObject([{ kind: 'nik' }])
  })

  it('and takes the word of another one for its kiosk', async () => {
    const all = await city()
    revokePeer(all.centre, 'hub-1', { from: 1, ...WHY })
    await through([await moved(all), all.hubs[1]])
    await expectAllBack(all)
  })

  it('when its kiosk was known behind another one before', async () => {
    const all = await city()
    const kiosk = await moved(all)
    trustStation(all.centre, { ...(await known(kiosk)), voucher: 'hub-3' }, WHY)
    record(kiosk.station, 'record-0', { nik: nikOf(2) })
    await through([kiosk, all.hubs[1]])
    revokePeer(all.centre, 'hub-1', { from: 1, ...WHY })
    await through([kiosk, all.hubs[1]])
    expect(records(all.centre).records.map(({ id }) => id)).toEqual(['record-0', 'record-1'])
    expect(printJobs(all.centre)).toMatchObject([{ state: 'handed-over' }])
    expect((await verifyStation(all.centre)).findings).toEqual([])
  })

  it('when its kiosk is a peer of the centre by now', async () => {
    const all = await city()
    const { centre, kiosk } = all
    revokePeer(kiosk.station, 'hub-1', WHY)
    addPeer(centre, { ...(await known(kiosk)), relation: 'downstream' })
    addPeer(kiosk.station, { ...(await known({ station: centre })), relation: 'upstream' })
    const direct = {
      station: kiosk.station,
      meet: () => sync(kiosk.station, { name: 'here', exchange: message => receive(centre, message) }),
    }
    await through([direct])
    revokePeer(centre, 'hub-1', { from: 1, ...WHY })
    await through([direct])
    await expectAllBack(all)
    expect(status(centre).anomalies.count).toBe(0)
  })
})

it('a kiosk that revokes its hub from the first entry hears the centre behind another one', async () => {
  const centre = await newStation({ identity: await createIdentity('centre') })
  const hubs = [await below(centre, 'hub-1'), await below(centre, 'hub-3')]
  const kiosk = await below(hubs[0].station, 'kiosk')
  record(kiosk.station, 'record-1', { nik: nikOf(1) })
  await through([kiosk, hubs[0]])
  decide(centre, 'record-1', CLEARED)
  await through([kiosk, hubs[0]])
  expect(recordOf(kiosk.station, 'record-1')?.centreState).toBe(CLEARED.state)
  revokePeer(kiosk.station, 'hub-1', { from: 1, ...WHY })
  expect(recordOf(kiosk.station, 'record-1')?.centreState).toBeUndefined()
  const next = await moved({ centre, hubs, kiosk })
  trustStation(kiosk.station, { ...(await known({ station: centre })), voucher: 'hub-3' }, WHY)
  trustStation(centre, { ...(await known(kiosk)), voucher: 'hub-3' }, WHY)
  await through([next, hubs[1]])
  expect(recordOf(kiosk.station, 'record-1')?.centreState).toBe(CLEARED.state)
  expect((await verifyStation(kiosk.station)).findings).toEqual([])
})

it('entries that count here by the word of people elsewhere are not dropped for another key', async () => {
  const { kiosk, hub, centre } = await threePlaces()
  recordAt(kiosk, 'record-1')
  for (const [from, to] of [
    [kiosk, hub],
    [hub, centre],
  ]) {
    await sync(from.station, lineTo(to))
  }
  revokePeer(hub.station, 'kiosk-1', { from: 1, ...WHY })
  await sync(hub.station, lineTo(centre))
  const again = await newPlace('kiosk-1')
  const trust = () => trustStation(centre.station, { ...again.known, voucher: 'hub' }, WHY)
  expect(trust).toThrow(
    expect.objectContaining({ code: 'KEY_CONFLICT', message: expect.stringContaining('revokePeer') }),
  )
  expect((await verifyStation(centre.station)).findings).toEqual([])
  revokePeer(centre.station, 'kiosk-1', { from: 1, ...WHY })
  trust()
  expect(records(centre.station).records).toEqual([])
  expect((await verifyStation(centre.station)).findings).toEqual([])
})

it('the journal of another key takes the place of one that was revoked, receipts of which are here', async () => {
  const { kiosk, hub, centre } = await threePlaces()
  const up = async (from: Place) => {
    await sync(from.station, lineTo(hub))
    for (let i = 0; i < 2; i++) await sync(hub.station, lineTo(centre))
    await sync(from.station, lineTo(hub))
  }
  recordAt(kiosk, 'record-1')
  await up(kiosk)
  for (const at of [hub, centre]) revokePeer(at.station, 'kiosk-1', { from: 1, ...WHY })
  const again = await newPlace('kiosk-1')
  acquaint(again, hub)
  recordAt(again, 'record-2')
  await sync(again.station, lineTo(hub))
  expect((await verifyStation(hub.station)).findings).toEqual([])
  trustStation(centre.station, { ...again.known, voucher: 'hub' }, WHY)
  await up(again)
  for (const { station } of [hub, centre, again]) expect((await verifyStation(station)).findings).toEqual([])
  expect(records(centre.station).records.map(({ id }) => id)).toEqual(['record-2'])
})
