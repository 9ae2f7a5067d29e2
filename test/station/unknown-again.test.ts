/** A station that is not known any more, as the hub that had vouched for it was revoked from the beginning. */
import {
  addPeer,
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
import { codeOf } from './guard/support.ts'
import { acquaint, anomaliesOf, lineTo, NIK, newPlace, type Place, recordAt, threePlaces } from './sync/support.js'

const WHY = { reason: 'stolen', operator: 'o' }

async function meet(...lines: readonly (readonly [below: Place, above: Place])[]): Promise<void> {
  for (let round = 0; round < 2; round++) {
    for (const [below, above] of lines) await sync(below.station, lineTo(above), { tryNow: true })
  }
}

const recordsAt = (place: Place) => recordsByNik(place.station, NIK).map(({ id }) => id)

/** What that station refuses is sent to it once more. */
function retryAll(place: Place): void {
  for (const { station, sequence, peer } of refusals(place.station)) {
    retryRefusal(place.station, { station, sequence, peer }, WHY)
  }
}

async function expectSound(...places: readonly Place[]): Promise<void> {
  for (const { station } of places) expect((await verifyStation(station)).findings).toEqual([])
}

it('gives its place to the machine of its name once a person has revoked what it had signed', async () => {
  const { hub, centre } = await threePlaces()
  const [invented, other, real] = [await newPlace('kiosk-9'), await newPlace('hub-2'), await newPlace('kiosk-9')]
  acquaint(invented, hub)
  acquaint(other, centre, { vouches: true })
  acquaint(real, other)
  recordAt(invented, 'invented')
  recordAt(real, 'real')
  await meet([invented, hub], [hub, centre])
  revokePeer(centre.station, 'hub', { ...WHY, from: 1 })
  await meet([real, other], [other, centre])
  expect(refusals(other.station)).toMatchObject([{ kind: 'peer', code: 'KEY_CONFLICT' }])
  expect(anomaliesOf(centre)).toEqual(['key-conflict'])
  const said = { ...real.known, voucher: 'hub-2' }
  expect(() => trustStation(centre.station, said, WHY)).toThrow(/revoked from entry 1 on/)
  expect(revokePeer(centre.station, 'kiosk-9', { ...WHY, from: 1 })).toMatchObject({ undone: 0 })
  trustStation(centre.station, said, WHY)
  await meet([real, other], [other, centre])
  expect(recordsAt(centre)).toEqual(['real'])
  expect(await codeOf(() => addPeer(other.station, { ...invented.known, relation: 'downstream' }))).toBeDefined()
  await expectSound(centre, other, real)
})

it('comes back under a new key by a person’s word where its old one was revoked before', async () => {
  const { kiosk, hub, centre } = await threePlaces()
  const [other, back] = [await newPlace('hub-2'), await newPlace('kiosk-1')]
  acquaint(other, centre, { vouches: true })
  acquaint(back, other)
  recordAt(kiosk, 'before')
  recordAt(back, 'after')
  await meet([kiosk, hub], [hub, centre])
  for (const id of ['kiosk-1', 'hub']) revokePeer(centre.station, id, { ...WHY, from: 1 })
  await meet([back, other], [other, centre])
  expect(recordsAt(centre)).toEqual([])
  trustStation(centre.station, { ...back.known, voucher: 'hub-2' }, WHY)
  await meet([back, other], [other, centre])
  expect(recordsAt(centre)).toEqual(['after'])
  await expectSound(centre, other)
})

it.each(['hub', 'kiosk-1'])('is revoked with its hub, %s first', async first => {
  const { kiosk, hub, centre } = await threePlaces()
  const other = await newPlace('hub-2')
  acquaint(other, centre, { vouches: true })
  recordAt(kiosk, 'before')
  await meet([kiosk, hub], [hub, centre])
  const second = first === 'hub' ? 'kiosk-1' : 'hub'
  for (const id of [first, second]) revokePeer(centre.station, id, { ...WHY, from: id === 'hub' ? 1 : undefined })
  await meet([other, centre])
  expect(await codeOf(() => addPeer(other.station, { ...kiosk.known, relation: 'downstream' }))).toBe('PEER_REVOKED')
  await expectSound(centre, other)
})

it.each(['kiosk-1', 'hub'])('three levels below leaves a file in order, %s revoked first', async first => {
  const [kiosk, sub] = [await newPlace('kiosk-1'), await newPlace('sub')]
  const [hub, centre] = [await newPlace('hub'), await newPlace('centre')]
  acquaint(kiosk, sub)
  acquaint(sub, hub, { vouches: true })
  acquaint(hub, centre, { vouches: true })
  recordAt(kiosk, 'before')
  await meet([kiosk, sub], [sub, hub], [hub, centre])
  const second = first === 'hub' ? 'kiosk-1' : 'hub'
  for (const id of [first, second]) revokePeer(centre.station, id, { ...WHY, from: id === 'hub' ? 1 : undefined })
  expect(revokedStations(centre.station)).toMatchObject([{ station: 'hub' }])
  await expectSound(centre)
})

it('is not known yet: what its hub says of a theft is refused until the hub’s vouching is taken', async () => {
  const { kiosk, hub, centre } = await threePlaces()
  addPeer(centre.station, { ...hub.known, relation: 'downstream', vouches: false })
  recordAt(kiosk, 'before')
  await meet([kiosk, hub], [hub, centre])
  addPeer(centre.station, { ...hub.known, relation: 'downstream', vouches: true })
  revokePeer(hub.station, 'kiosk-1', WHY)
  await meet([hub, centre])
  expect(refusals(hub.station).map(({ kind }) => kind)).toEqual(['peer', 'revoked'])
  retryAll(hub)
  await meet([hub, centre])
  expect(refusals(hub.station)).toEqual([])
  expect(revokedStations(centre.station)).toMatchObject([{ station: 'kiosk-1', by: 'hub' }])
  expect(recordsAt(centre)).toEqual(['before'])
  await expectSound(centre, hub)
})

it('has moved: what its old hub says of it is refused, noted, and counts when it is back there', async () => {
  const { kiosk, hub, centre } = await threePlaces()
  const other = await newPlace('hub-2')
  acquaint(other, centre, { vouches: true })
  await meet([kiosk, hub], [hub, centre], [other, centre])
  revokePeer(hub.station, 'kiosk-1', WHY)
  trustStation(centre.station, { ...kiosk.known, voucher: 'hub-2' }, WHY)
  await meet([hub, centre])
  expect(refusals(hub.station)).toMatchObject([{ kind: 'revoked', code: 'KEY_CONFLICT' }])
  expect(anomaliesOf(centre)).toEqual(['voucher-conflict'])
  expect(revokedStations(centre.station)).toEqual([])
  trustStation(centre.station, { ...kiosk.known, voucher: 'hub' }, WHY)
  retryAll(hub)
  await meet([hub, centre])
  expect(revokedStations(centre.station)).toMatchObject([{ station: 'kiosk-1', by: 'hub' }])
  await expectSound(centre, hub)
})
