/** Behind which hub a person may say that a station lies, and when the conflict is over. */
import {
  addPeer,
  createIdentity,
  publicIdentity,
  receive,
  revokePeer,
  type Station,
  status,
  sync,
  trustStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../dist/station/station.js'
import { below } from './check/below.ts'
import { newStation } from './enrol/support.js'
import { expectSound } from './stolen.ts'

const ME = { operator: 'supervisor-1', reason: 'the letter of office 3' }
const keysOf = (station: Station) => publicIdentity(partsOf(station).identity)

/** A kiosk below a hub, which was lost, below a centre; the next hub has taken its place at the kiosk. */
async function network() {
  const centre = await newStation({ identity: await createIdentity('centre') })
  const lost = await below(centre, 'hub-1')
  const kiosk = await below(lost.station, 'kiosk')
  for (const each of [kiosk, lost, kiosk]) await each.meet()
  const next = await below(centre, 'hub-2')
  for (const station of [centre, kiosk.station]) revokePeer(station, 'hub-1', ME)
  addPeer(kiosk.station, { ...(await keysOf(next.station)), relation: 'upstream' })
  addPeer(next.station, { ...(await keysOf(kiosk.station)), relation: 'downstream', vouches: false })
  const meet = async () => {
    for (let i = 0; i < 2; i++) {
      await sync(kiosk.station, { name: 'here', exchange: message => receive(next.station, message) })
      await next.meet()
    }
  }
  await meet()
  return { centre, next: next.station, kiosk: kiosk.station, meet }
}

it('takes no hub that was revoked, nor the station itself, nor one that may not vouch', async () => {
  const { centre, next, kiosk } = await network()
  const told = await keysOf(kiosk)
  const behind = (voucher: string, at = centre, station = told) => {
    try {
      trustStation(at, { ...station, voucher }, ME)
    } catch (error) {
      return (error as { code?: string }).code ?? (error as Error).name
    }
    return undefined
  }
  expect([behind('hub-1'), behind('kiosk'), behind('hub-9'), behind('centre')]).toEqual([
    'PEER_REVOKED',
    'TypeError',
    'PEER_UNKNOWN',
    'PEER_UNKNOWN',
  ])
  const other = await publicIdentity(await createIdentity('kiosk-9'))
  expect(behind('kiosk', next, other)).toBe('PEER_UNKNOWN')
  expect(behind('hub-2')).toBeUndefined()
  // Of two stations, none lies behind the other and before it.
  trustStation(centre, { ...told, voucher: 'hub-2', vouches: true }, ME)
  trustStation(centre, { ...other, voucher: 'kiosk', vouches: true }, ME)
  expect(behind('kiosk-9')).toBe('TypeError')
  await expectSound(centre)
})

it('ends the conflict in status, and it stays ended when they synchronise', async () => {
  const { centre, next, kiosk, meet } = await network()
  const conflicts = () => [centre, kiosk].map(station => status(station).anomalies)
  const wanted = { count: 1, newest: [{ code: 'voucher-conflict' }] }
  expect(conflicts()).toMatchObject([wanted, wanted])
  trustStation(centre, { ...(await keysOf(kiosk)), voucher: 'hub-2' }, ME)
  trustStation(kiosk, { ...(await keysOf(centre)), voucher: 'hub-2' }, ME)
  await meet()
  expect(conflicts()).toEqual(Array(2).fill({ count: 0, newest: [] }))
  for (const station of [centre, next, kiosk]) await expectSound(station)
})
