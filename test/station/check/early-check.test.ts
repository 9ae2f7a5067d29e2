/** The centre's comparison of a record comes to the next hub before the record itself. */
import {
  addPeer,
  checkRecords,
  createIdentity,
  publicIdentity,
  receive,
  recordOf,
  records,
  revokePeer,
  sync,
  trustStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newStation } from '../enrol/support.js'
import { expectSound } from '../stolen.ts'
import { below } from './below.ts'
import { peopleOf } from './fingers.ts'
import { recorded } from './network.ts'

const { firstOf, againOf } = peopleOf(109, [1, 2])
const WHY = { operator: 'supervisor-1', reason: 'burnt' }

it('is shown with its candidates once the record has come', async () => {
  const centre = await newStation({
    engine: await engineForTests(),
    check: { background: false },
    identity: await createIdentity('centre'),
  })
  const lost = await below(centre, 'hub-1')
  const kiosk = await below(lost.station, 'kiosk')
  const first = await recorded(kiosk.station, 1, firstOf(1))
  const second = await recorded(kiosk.station, 2, againOf(1))
  for (let i = 0; i < 2; i++) for (const each of [kiosk, lost]) await each.meet()
  await checkRecords(centre)
  for (let i = 0; i < 2; i++) for (const each of [lost, kiosk]) await each.meet()

  const next = await below(centre, 'hub-2')
  for (const station of [centre, kiosk.station]) revokePeer(station, 'hub-1', WHY)
  const keys = await publicIdentity(partsOf(kiosk.station).identity)
  addPeer(kiosk.station, { ...(await publicIdentity(partsOf(next.station).identity)), relation: 'upstream' })
  addPeer(next.station, { ...keys, relation: 'downstream', vouches: true })
  await next.meet()
  trustStation(centre, { ...keys, voucher: 'hub-2' }, WHY)
  for (let i = 0; i < 2; i++) await next.meet()
  await sync(kiosk.station, { name: 'here', exchange: message => receive(next.station, message) })

  const found = (id: string) => {
    const { checks } = recordOf(next.station, id)!
    return checks.map(({ station, candidates }) => [station, ...candidates.map(each => each.record)])
  }
  expect([found(first), found(second)]).toEqual([[['centre', second]], [['centre', first]]])
  expect(records(next.station).records.map(({ check }) => check)).toEqual(['duplicate', 'duplicate'])
  await expectSound(next.station)
})
