/** An office that was its own centre joins a hub, which knows a person of its already. */
import {
  addPeer,
  adjudications,
  checkRecords,
  createIdentity,
  decide,
  handOver,
  planPrinting,
  printCards,
  publicIdentity,
  receive,
  recordOf,
  requestCard,
  sync,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newStation } from '../enrol/support.js'
import { BY, blanks, printerThat, READY, render } from '../print/support.ts'
import { peopleOf } from './fingers.ts'
import { hubOfTwo, recorded } from './network.ts'

it('its cards wait for the check of the hub, which finds who has one', async () => {
  const { firstOf, againOf } = peopleOf(109, [1, 2])
  const { hub, one, meet } = await hubOfTwo()
  const there = await recorded(one.station, 1, firstOf(1))
  await meet()
  await checkRecords(hub)
  decide(hub, there, { state: READY, by: 'expert-1' })
  await meet()
  requestCard(one.station, { record: there, ...BY })
  const { printed } = await printCards(one.station, { printer: printerThat(), render })
  handOver(one.station, printed[0].job, { to: 'Siti', ...BY })
  await meet()

  const options = { engine: await engineForTests(), check: { background: false }, ownCentre: true }
  const office = await newStation({ ...options, identity: await createIdentity('office') })
  blanks(office, 2, { lot: 'lot-office' })
  const [again, other] = [await recorded(office, 2, againOf(1)), await recorded(office, 3, firstOf(2))]
  for (const record of [again, other]) {
    decide(office, record, { state: READY, by: 'head-1' })
    requestCard(office, { record, ...BY })
  }
  expect(planPrinting(office).prints).toHaveLength(2)

  addPeer(office, { ...(await publicIdentity(partsOf(hub).identity)), relation: 'upstream' })
  addPeer(hub, { ...(await publicIdentity(partsOf(office).identity)), relation: 'downstream' })
  const join = () => sync(office, { name: 'here', exchange: message => receive(hub, message) })
  const printer = printerThat()
  await join()
  expect(await printCards(office, { printer, render })).toMatchObject({ printed: [] })
  expect(planPrinting(office).waits.map(({ code }) => code)).toEqual(['unchecked', 'unchecked'])
  await checkRecords(hub)
  await join()
  expect(adjudications(hub)).toHaveLength(1)
  expect(recordOf(office, other)).toMatchObject({ centreState: READY })
  expect(await printCards(office, { printer, render })).toMatchObject({ printed: [{ record: other }] })
  expect(planPrinting(office).waits).toMatchObject([{ record: again, code: 'to-decide' }])
})
