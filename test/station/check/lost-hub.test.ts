/** A hub is lost while cases are open that it had found, and another one takes its place. */
import {
  addPeer,
  adjudicate,
  adjudications,
  checkRecords,
  correct,
  createIdentity,
  decide,
  hostTransport,
  publicIdentity,
  receive,
  recordOf,
  revokePeer,
  sync,
  withdraw,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newStation, somebody } from '../enrol/support.js'
import { expectSound } from '../stolen.ts'
import { peopleOf } from './fingers.ts'
import { hubOfTwo, hubWithPair, printsAt, recorded, waitsAt } from './network.ts'

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

type Net = Awaited<ReturnType<typeof hubOfTwo>>

/** The hub is lost: it is revoked at both kiosks, and the next one, which compares, takes its place. */
async function nextHub({ hub, one, two }: Net) {
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
  return { next, kiosks, all }
}

it.each([
  ['fingers', () => hubWithPair(people)],
  ['nik', hubWithNikTwice],
] as const)('a case of %s ends at the kiosks when it is settled at the next hub', async (kind, network) => {
  const net = await network()
  const { one, two, meet, wanted, first, second } = net
  await wanted(one, first)
  await wanted(two, second)
  await meet()
  const { next, kiosks, all } = await nextHub(net)
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

it('a comparison that the lost one owed keeps nobody from a card once the next hub has made it', async () => {
  const net = await hubWithPair(people)
  const { hub, one, two, meet, wanted, first, second } = net
  for (const record of [first, second]) decide(hub, record, READY)
  await wanted(two, second)
  await correct(one.station, first, { fingers: people.firstOf(2) }, { operator: 'operator-7', reason: 'mixed up' })
  await meet()
  const { next, kiosks, all } = await nextHub(net)
  const stand = () => [waitsAt(two), printsAt(two), recordOf(two.station, second)!.check]
  await all()
  expect(stand()).toEqual([['unchecked'], 0, 'unchecked'])
  await checkRecords(next)
  await all()
  expect(stand()).toEqual([[], 1, 'clear'])
  for (const station of [next, ...kiosks]) await expectSound(station)
})

it.each(['withdrawn', 'corrected'] as const)(
  'a case of fingers ends by a word at the next hub, which never finds it: one of the two was %s before',
  async then => {
    const net = await hubWithPair(people)
    const { one, two, meet, wanted, first, second } = net
    await wanted(two, second)
    await meet()
    const { next, kiosks, all } = await nextHub(net)
    const why = { operator: 'operator-7', reason: 'mixed up' }
    if (then === 'withdrawn') withdraw(one.station, first, why)
    else await correct(one.station, first, { fingers: people.firstOf(2) }, why)
    await all()
    await checkRecords(next)
    decide(next, second, READY)
    await all()
    expect([adjudications(next), kiosks.map(kiosk => adjudications(kiosk).length)]).toEqual([[], [1, 1]])
    expect(waitsAt(two)).toEqual(['to-decide'])
    adjudicate(next, second, { candidate: first, verdict: 'different-persons', ...why })
    await all()
    expect([kiosks.map(kiosk => adjudications(kiosk)), printsAt(two)]).toEqual([[[], []], 1])
    for (const station of [next, ...kiosks]) await expectSound(station)
  },
)

it('a case of a NIK ends so where one of the two has another, and goes on where both have it', async () => {
  const net = await hubWithNikTwice()
  const { one, two, meet, wanted, first, second } = net
  await wanted(two, second)
  await meet()
  const { next, kiosks, all } = await nextHub(net)
  const open = () => kiosks.map(kiosk => adjudications(kiosk).length)
  const say = async () => {
    await all()
    adjudicate(next, second, { candidate: first, verdict: 'different-persons', operator: 'expert-1', reason: 'faces' })
    await all()
    return open()
  }
  expect(await say()).toEqual([1, 1])
  const { nik, person } = somebody(7, [])
  await correct(one.station, first, { nik, person }, { operator: 'operator-7', reason: 'typed wrong' })
  expect(await say()).toEqual([0, 0])
  await checkRecords(next)
  decide(next, second, READY)
  await all()
  expect(printsAt(two)).toBe(1)
  for (const station of [next, ...kiosks]) await expectSound(station)
})

it('what a station above had closed counts from the revocation on', async () => {
  const centre = await newStation({ identity: await createIdentity('centre') })
  const net = await hubWithPair(people, centre)
  const { one, two, first, second } = net
  const all = async () => {
    for (let i = 0; i < 2; i++) {
      await net.above!()
      await net.meet()
    }
  }
  await all()
  adjudicate(centre, second, { candidate: first, verdict: 'different-persons', operator: 'expert-1', reason: 'faces' })
  await all()
  const kiosks = [one.station, two.station]
  expect(kiosks.map(kiosk => adjudications(kiosk).length)).toEqual([1, 1])
  for (const kiosk of kiosks) {
    revokePeer(kiosk, 'hub', { operator: 'supervisor-1', reason: 'burnt' })
    expect(adjudications(kiosk)).toEqual([])
    await expectSound(kiosk)
  }
})
