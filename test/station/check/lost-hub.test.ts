/** A hub is lost while cases are open that it had found, and another one takes its place. */
import {
  addPeer,
  adjudications,
  checkRecords,
  createIdentity,
  decide,
  hostTransport,
  publicIdentity,
  receive,
  revokePeer,
  sync,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newStation } from '../enrol/support.js'
import { expectSound } from '../stolen.ts'
import { peopleOf } from './fingers.ts'
import { hubOfTwo, hubWithPair, printsAt, recorded } from './network.ts'

const people = peopleOf(101, [1, 2, 6, 7])
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }

/** The same NIK at both kiosks. */
async function hubWithNikTwice() {
  const net = await hubOfTwo()
  const first = await recorded(net.one.station, 1, people.firstOf(1))
  const second = await recorded(net.two.station, 1, people.firstOf(2))
  await net.meet()
  await checkRecords(net.hub)
  return { ...net, first, second }
}

it.each([
  ['fingers', () => hubWithPair(people)],
  ['nik', hubWithNikTwice],
] as const)('a case of %s ends at the kiosks when it is settled at the next hub', async (kind, network) => {
  const { hub, one, two, meet, wanted, first, second } = await network()
  await wanted(one, first)
  await wanted(two, second)
  await meet()
  await hub.close()
  const next = await newStation({
    engine: await engineForTests(),
    check: { background: false },
    identity: await createIdentity('hub-2'),
  })
  const keys = await publicIdentity(partsOf(next).identity)
  const kiosks = [one.station, two.station]
  for (const kiosk of kiosks) {
    revokePeer(kiosk, 'hub', { operator: 'supervisor-1', reason: 'burnt' })
    addPeer(kiosk, { ...keys, relation: 'upstream' })
    addPeer(next, { ...(await publicIdentity(partsOf(kiosk).identity)), relation: 'downstream' })
  }
  const line = hostTransport('here', message => receive(next, message))
  const all = async () => {
    for (const kiosk of [...kiosks, ...kiosks]) await sync(kiosk, line)
  }
  await all()
  await checkRecords(next)
  await all()
  expect(adjudications(next)).toMatchObject([{ kind }])
  expect(kiosks.map(kiosk => adjudications(kiosk).length)).toEqual([1, 1])
  decide(next, second, { state: 'DUPLICATE_RECORD', duplicateOf: first, by: 'expert-1' })
  decide(next, first, READY)
  await all()
  expect(kiosks.map(kiosk => adjudications(kiosk))).toEqual([[], []])
  expect([printsAt(one), printsAt(two)]).toEqual([1, 0])
  for (const station of [next, ...kiosks]) await expectSound(station)
})
