/** The word of one station about another that comes ahead of a gap, and counts when the gap closes. */
import { randomBytes } from 'node:crypto'
import {
  addPeer,
  createIdentity,
  publicIdentity,
  receive,
  refusals,
  retryRefusal,
  sync,
  trustStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { bodyBytesOf, entriesFrom, newestEntry, signedEntryOf } from '../../../dist/station/journal/read.js'
import { MOST_BEHIND_A_PEER } from '../../../dist/station/project/peers.js'
import { partsOf } from '../../../dist/station/station.js'
import { sealMessage } from '../../../dist/station/sync/seal.js'
import { verifyStation } from '../../../dist/station/verify/verify.js'
import { acquaint, anomaliesOf, lineTo, newPlace, ownBodies, type Place, recordAt, transportOf } from './support.js'

const ME = { operator: 'supervisor-1', reason: 'the letter of office 3' }

/** The newest entry of a station comes alone, as from a stick that is read before those written earlier. */
async function newestComesTo({ station, identity }: Place, to: Place): Promise<void> {
  const { file, keys } = partsOf(station)
  const [row] = entriesFrom(file, identity.id, newestEntry(file, identity.id)!.sequence, 1)
  const { headerBytes, signature } = signedEntryOf(row)
  const entry = {
    header: Buffer.from(headerBytes).toString(),
    signature: Buffer.from(signature).toString('base64'),
    body: bodyBytesOf(file, keys, row)!.toString(),
  }
  const nothing = { holds: [], gaps: [], wants: [], chunks: [], lacks: [], asks: [], receipts: [], refusals: [] }
  const nonce = randomBytes(16).toString('base64url')
  const about = { v: 1 as const, from: identity.id, to: to.identity.id, nonce, at: new Date().toISOString() }
  const message = { ...about, room: 1 << 20, ...nothing, entries: [entry], more: false }
  await receive(to.station, await sealMessage(station, message))
}

async function centreAndHub(): Promise<{ centre: Place; hub: Place; kiosk: Place }> {
  const [centre, hub, kiosk] = [await newPlace('centre'), await newPlace('hub-1'), await newPlace('kiosk-9')]
  acquaint(hub, centre, { vouches: true })
  await sync(hub.station, lineTo(centre))
  recordAt(hub, 'in-the-gap')
  return { centre, hub, kiosk }
}

const vouched = ({ station }: Place) =>
  partsOf(station).file.all(
    'SELECT station, verify_key AS verifyKey, voucher FROM vouched WHERE station = ?',
    'kiosk-9',
  )
const meet = (below: Place, above: Place) => sync(below.station, lineTo(above))

it('is refused and noted where another key has become known meanwhile, and a person decides', async () => {
  const { centre, hub, kiosk } = await centreAndHub()
  const [other, squatter] = [await newPlace('hub-2'), await newPlace('kiosk-9')]
  acquaint(other, centre, { vouches: true })
  acquaint(kiosk, hub)
  await newestComesTo(hub, centre)
  addPeer(other.station, { ...squatter.known, relation: 'downstream' })
  await meet(other, centre)
  await meet(hub, centre)
  expect(refusals(hub.station)).toMatchObject([{ peer: 'centre', code: 'KEY_CONFLICT', kind: 'peer' }])
  expect(anomaliesOf(centre)).toEqual(['key-conflict'])
  expect(ownBodies(centre, 'anomaly')).toMatchObject([{ detail: expect.stringMatching(/hub-1.*kiosk-9.*hub-2/) }])
  trustStation(centre.station, { ...kiosk.known, voucher: 'hub-1' }, ME)
  for (const refusal of refusals(hub.station)) retryRefusal(hub.station, refusal, ME)
  recordAt(kiosk, 'of-the-kiosk')
  for (const [below, above] of [
    [kiosk, hub],
    [hub, centre],
    [hub, centre],
  ] as const)
    await meet(below, above)
  expect(vouched(centre)).toEqual([{ station: 'kiosk-9', verifyKey: kiosk.known.verifyKey, voucher: 'hub-1' }])
  expect(Object.keys(transportOf(centre))).toEqual(['in-the-gap', 'of-the-kiosk'])
  expect(refusals(hub.station)).toEqual([])
  expect((await verifyStation(centre.station)).findings).toEqual([])
})

it('is refused where its station may not vouch any more', async () => {
  const { centre, hub, kiosk } = await centreAndHub()
  acquaint(kiosk, hub)
  await newestComesTo(hub, centre)
  addPeer(centre.station, { ...hub.known, relation: 'downstream', vouches: false })
  await meet(hub, centre)
  expect(refusals(hub.station)).toMatchObject([{ peer: 'centre', code: 'VOUCH_REFUSED', kind: 'peer' }])
  expect(vouched(centre)).toEqual([])
})

it('is refused where there are as many stations behind its peer as may be by then', async () => {
  const { centre, hub, kiosk } = await centreAndHub()
  acquaint(kiosk, hub)
  await newestComesTo(hub, centre)
  const { verifyKey, sealTo } = await publicIdentity(await createIdentity('x'))
  const { file } = partsOf(centre.station)
  file.transaction(() => {
    const sql = `INSERT INTO vouched (station, verify_key, seal_to, voucher, via, relation, vouches)
      VALUES (?, ?, ?, 'hub-1', 'hub-1', 'downstream', 0)`
    for (let i = 0; i < MOST_BEHIND_A_PEER; i++) file.run(sql, `a-${i}`, verifyKey, sealTo)
  })
  await meet(hub, centre)
  expect(refusals(hub.station)).toMatchObject([{ peer: 'centre', code: 'VOUCH_QUOTA', kind: 'peer' }])
  expect(vouched(centre)).toEqual([])
})
