/** A key that was revoked, where nobody has heard of its station yet, or knows it by another key. */
import {
  addPeer,
  adjudicate,
  createIdentity,
  publicIdentity,
  recordsByNik,
  refusals,
  retryRefusal,
  revokedStations,
  revokePeer,
  sync,
  trustStation,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../dist/station/journal/append.js'
import { codeOf } from './guard/support.ts'
import { acquaint, lineTo, NIK, newPlace, opening, type Place, recordAt, threePlaces } from './sync/support.js'

const WHY = { reason: 'stolen', operator: 'o' }
const LOST = { code: 'PEER_REVOKED' }

const meet = (below: Place, above: Place) => sync(below.station, lineTo(above), { tryNow: true })

/** A kiosk below a hub, and a second hub beside it that has not heard of either. */
async function city(vouches = true) {
  const { kiosk, hub, centre } = await threePlaces()
  if (!vouches) addPeer(centre.station, { ...hub.known, relation: 'downstream', vouches: false })
  const other = await newPlace('hub-2')
  acquaint(other, centre, { vouches: true })
  const all = [kiosk, hub, centre, other]
  const meetAll = async () => {
    for (let round = 0; round < 2; round++) {
      for (const [low, high] of [
        [kiosk, hub],
        [hub, centre],
        [other, centre],
      ])
        await meet(low, high)
    }
  }
  const expectSound = async () => {
    for (const { station } of all) expect((await verifyStation(station)).findings).toEqual([])
  }
  return { kiosk, hub, centre, other, all, meetAll, expectSound }
}

async function taking(at: Place, { known }: Place, relation: 'upstream' | 'downstream' = 'downstream') {
  return codeOf(() => addPeer(at.station, { ...known, relation }))
}

it('is taken by no hub that heard of it before it heard of the station', async () => {
  const { kiosk, centre, other, meetAll, expectSound } = await city()
  recordAt(kiosk, 'a')
  await meetAll()
  revokePeer(centre.station, 'kiosk-1', WHY)
  await meetAll()
  expect(await taking(other, kiosk)).toBe(LOST.code)
  expect(revokedStations(other.station)).toEqual([])
  const again = await opening(other)
  expect(await taking(again, kiosk), 'opened again').toBe(LOST.code)
  const back = { ...kiosk, known: await publicIdentity(await createIdentity('kiosk-1')) }
  expect(await taking(other, back), 'the machine is set up anew').toBeUndefined()
  expect(await taking(other, kiosk), 'the thief comes once more').toBe(LOST.code)
  await expectSound()
})

it('is taken for no hub by a kiosk below another one', async () => {
  const { kiosk, hub, centre, other, meetAll, expectSound } = await city()
  const far = await newPlace('kiosk-2')
  acquaint(far, other)
  await meetAll()
  await meet(far, other)
  revokePeer(centre.station, 'hub', WHY)
  await meetAll()
  await meet(far, other)
  revokePeer(far.station, 'hub-2', WHY)
  expect(await taking(far, hub, 'upstream')).toBe(LOST.code)
  expect(revokedStations(kiosk.station), 'it has the centre by the word of the hub alone').toEqual([])
  await expectSound()
})

it('is revoked also where a station vouches for it afterwards', async () => {
  const { kiosk, centre, other, meetAll, expectSound } = await city()
  const thief = await newPlace('kiosk-9')
  acquaint(thief, other)
  // The centre's own people named it before: it was a peer there, under another hub.
  addPeer(centre.station, { ...thief.known, relation: 'downstream' })
  revokePeer(centre.station, 'kiosk-9', { ...WHY, from: 2 })
  const below = await newPlace('hub-3')
  acquaint(below, other, { vouches: true })
  await meetAll()
  addPeer(below.station, { ...thief.known, relation: 'downstream' })
  await meet(below, other)
  expect(revokedStations(other.station)).toMatchObject([{ station: 'kiosk-9', from: 2, by: 'centre' }])
  expect(await taking(kiosk, thief), 'the word has come down there too').toBe(LOST.code)
  await expectSound()
})

it('is revoked by a hub whose vouching was refused, when a person has granted it', async () => {
  const { kiosk, hub, centre, meetAll, expectSound } = await city(false)
  recordAt(kiosk, 'a')
  await meetAll()
  revokePeer(hub.station, 'kiosk-1', WHY)
  const { from } = revokedStations(hub.station)[0]
  await meetAll()
  expect(revokedStations(centre.station)).toEqual([])
  addPeer(centre.station, { ...hub.known, relation: 'downstream', vouches: true })
  for (const { station, sequence, peer } of refusals(hub.station)) {
    retryRefusal(hub.station, { station, sequence, peer }, WHY)
  }
  await meetAll()
  expect(recordsByNik(centre.station, NIK)).toHaveLength(1)
  expect(revokedStations(centre.station)).toMatchObject([{ station: 'kiosk-1', from, by: 'hub' }])
  const said = { ...kiosk.known, voucher: 'hub' }
  expect(await codeOf(() => trustStation(centre.station, said, WHY))).toBe(LOST.code)
  await expectSound()
})

it.each(['hub', 'centre'] as const)(
  'is revoked by two, the %s first, and each finds its own file in order',
  async first => {
    const { kiosk, hub, centre, meetAll, expectSound } = await city()
    recordAt(kiosk, 'a')
    await meetAll()
    const [one, two] = first === 'hub' ? [hub, centre] : [centre, hub]
    revokePeer(one.station, 'kiosk-1', WHY)
    await meetAll()
    await expectSound()
    expect(revokePeer(two.station, 'kiosk-1', WHY)).toMatchObject({ undone: 0 })
    await meetAll()
    await expectSound()
    for (const { station } of [hub, centre]) expect(revokedStations(station)[0].by).toBe(station.id)
    const back = { ...kiosk, known: await publicIdentity(await createIdentity('kiosk-1')) }
    expect(() => addPeer(hub.station, { ...back.known, relation: 'downstream' })).toThrow(/from entry 1 on/)
    revokePeer(hub.station, 'kiosk-1', { ...WHY, from: 1 })
    addPeer(hub.station, { ...back.known, relation: 'downstream' })
    await expectSound()
  },
)

it('is its own where the machine comes back by the word of another hub', async () => {
  const { centre, other, meetAll, expectSound } = await city()
  await meetAll()
  for (const id of ['kiosk-1', 'hub']) revokePeer(centre.station, id, { ...WHY, from: 1 })
  const back = await newPlace('kiosk-1')
  acquaint(back, other)
  recordAt(back, 'b')
  for (let round = 0; round < 2; round++) {
    await meet(back, other)
    await meet(other, centre)
  }
  expect(recordsByNik(centre.station, NIK), 'the new key was not revoked').toHaveLength(1)
  revokePeer(centre.station, 'kiosk-1', { ...WHY, from: 1 })
  const said = { ...back.known, voucher: 'hub-2' }
  expect(() => trustStation(centre.station, said, WHY)).toThrow(/by the people of 'centre'.*another id and new keys$/)
  await expectSound()
})

it('is revoked by the hub to which a kiosk has moved, once a person at the centre trusts it there', async () => {
  const { kiosk, hub, centre, other, meetAll, expectSound } = await city()
  await meetAll()
  revokePeer(kiosk.station, 'hub', WHY)
  acquaint(kiosk, other)
  recordAt(kiosk, 'a')
  await meet(kiosk, other)
  await meet(other, centre)
  revokePeer(other.station, 'kiosk-1', WHY)
  await meet(other, centre)
  await meet(other, centre)
  expect(refusals(other.station)).toMatchObject([{ kind: 'revoked', code: 'KEY_CONFLICT' }])
  trustStation(centre.station, { ...kiosk.known, voucher: 'hub-2' }, WHY)
  for (const { station, sequence, peer } of refusals(other.station)) {
    retryRefusal(other.station, { station, sequence, peer }, WHY)
  }
  for (const [low, high] of [
    [other, centre],
    [hub, centre],
    [other, centre],
  ])
    await meet(low, high)
  expect(revokedStations(centre.station)).toMatchObject([{ station: 'kiosk-1', by: 'hub-2' }])
  await expectSound()
})

it('of a hub leaves tables as they are made anew, also where none of its entries is undone', async () => {
  const { kiosk, hub, centre, meetAll, expectSound } = await city()
  for (const id of ['r', 'r2']) recordAt(kiosk, id)
  await meetAll()
  const pair = { kind: 'fingers', other: 'r2' } as const
  for (const { station } of [centre, hub]) {
    const body = { ...pair, otherStation: 'kiosk-1' }
    append(station, { kind: 'case-opened', direction: 'down', record: 'r', to: 'kiosk-1', body })
  }
  await meetAll()
  for (const { station } of [centre, hub]) {
    adjudicate(station, 'r', { candidate: 'r2', verdict: 'different-persons', ...WHY })
    await meetAll()
  }
  expect(revokePeer(kiosk.station, 'hub', WHY)).toMatchObject({ undone: 0 })
  await expectSound()
})
