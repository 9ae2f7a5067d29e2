/** Fingers of records whose hub was revoked, once their kiosk stands behind another hub. */
import {
  addPeer,
  adjudications,
  checkRecords,
  publicIdentity,
  receive,
  removeFromGallery,
  revokePeer,
  type Station,
  sync,
  trustStation,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newStation } from '../enrol/support.js'
import { below } from './below.ts'
import { peopleOf } from './fingers.ts'
import { recorded } from './network.ts'

const engine = await engineForTests()
const { firstOf, againOf } = peopleOf(83, [1, 2, 6, 7])
const WHY = { operator: 'operator-7', reason: 'the hub was stolen' }

const known = async (station: Station) => publicIdentity(partsOf(station).identity)

function fingersAt(station: Station, record: string): boolean | undefined {
  const sql = 'SELECT templates IS NOT NULL AS isIn FROM gallery_entry WHERE record = ?'
  const row = partsOf(station).file.get<{ isIn: number }>(sql, record)
  return row && row.isIn === 1
}

/** A kiosk whose record is known everywhere, its hub, and another hub with a kiosk. */
async function twoHubs() {
  const centre = await newStation({ engine, check: { background: false } })
  const [first, second] = [await below(centre, 'hub-1'), await below(centre, 'hub-2')]
  const [kiosk, other] = [await below(first.station, 'kiosk-1'), await below(second.station, 'kiosk-2')]
  const record = await recorded(kiosk.station, 1, firstOf(1))
  for (let i = 0; i < 2; i++) for (const each of [kiosk, first, second, other]) await each.meet()
  await checkRecords(centre)
  return { centre, second, kiosk, other, record }
}

/** The centre revokes the kiosk's hub from the beginning; the kiosk synchronises with the other one from then on. */
async function moves({ centre, second, kiosk, other }: Awaited<ReturnType<typeof twoHubs>>): Promise<void> {
  revokePeer(centre, 'hub-1', { ...WHY, from: 1 })
  for (const each of [second, other]) await each.meet()
  revokePeer(kiosk.station, 'hub-1', WHY)
  addPeer(second.station, { ...(await known(kiosk.station)), relation: 'downstream' })
  addPeer(kiosk.station, { ...(await known(second.station)), relation: 'upstream' })
  trustStation(centre, { ...(await known(kiosk.station)), voucher: 'hub-2' }, WHY)
  for (let i = 0; i < 3; i++) {
    await sync(kiosk.station, { name: 'line', exchange: message => receive(second.station, message) }, { tryNow: true })
    await second.meet()
    await other.meet()
  }
}

it('are compared again everywhere, so that who is recorded a second time is found', async () => {
  const places = await twoHubs()
  const { centre, second, other, record } = places
  await moves(places)
  for (const station of [centre, second.station, other.station]) expect(fingersAt(station, record)).toBe(true)
  await checkRecords(centre)
  const again = await recorded(other.station, 2, againOf(1))
  for (let i = 0; i < 2; i++) for (const each of [other, second]) await each.meet()
  await expect(checkRecords(centre)).resolves.toMatchObject({ checked: 1, duplicates: 1 })
  const [a, b] = [record, again].sort()
  expect(adjudications(centre)).toMatchObject([{ kind: 'fingers', record: a, other: b }])
  for (const station of [centre, second.station, other.station])
    expect((await verifyStation(station)).findings).toEqual([])
})

it('stay out where a person had taken them out', async () => {
  const places = await twoHubs()
  const { centre, second, other, record } = places
  removeFromGallery(centre, record, { reason: 'a test print', by: 'expert-1' })
  for (const each of [second, other]) await each.meet()
  await moves(places)
  for (const station of [centre, second.station, other.station]) expect(fingersAt(station, record)).toBe(false)
  expect((await verifyStation(centre)).findings).toEqual([])
})
