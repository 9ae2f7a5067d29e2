/** A record that is set against as many others as one can be: further ones are left out until it is compared again. */
import {
  addPeer,
  adjudicate,
  checkRecords,
  correct,
  createIdentity,
  decide,
  planPrinting,
  publicIdentity,
  recordOf,
  requestCard,
  revokePeer,
  type Station,
  verifyStation,
  withdraw,
} from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newStation, somebody } from '../enrol/support.js'
import { blanks } from '../print/support.ts'
import { below } from './below.ts'
import { peopleOf } from './fingers.ts'
import { recorded } from './network.ts'

const engine = await engineForTests()

const { firstOf, againOf } = peopleOf(61, [1, 2, 6, 7])
const WHO = { operator: 'operator-7', reason: 'laid down again' }
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }
/** As many as are kept open of one record. */
const COPIES = 8

/** On the side of that record: a pair is listed where either side is open. */
const casesOf = (station: Station, id: string) =>
  partsOf(station)
    .file.all<{ other: string }>('SELECT other FROM identity_case WHERE record = ? AND closed_at IS NULL', id)
    .map(({ other }) => other)

/** Somebody at one kiosk, copies at another; then the same person at a third, whose case is open on that side alone. */
async function leftOut() {
  const hub = await newStation({ engine, check: { background: false }, identity: await createIdentity('hub') })
  const [one, copying, two] = [await below(hub, 'kiosk-1'), await below(hub, 'kiosk-2'), await below(hub, 'kiosk-3')]
  const meet = async () => {
    for (const each of [one, copying, two, one]) await each.meet()
  }
  const first = await recorded(one.station, 1, firstOf(1))
  await meet()
  await checkRecords(hub)
  const copies: string[] = []
  for (let i = 0; i < COPIES; i++) copies.push(await recorded(copying.station, 10 + i, firstOf(1)))
  await meet()
  await checkRecords(hub)
  const second = await recorded(two.station, 2, againOf(1))
  await meet()
  await checkRecords(hub)
  decide(hub, first, READY)
  requestCard(one.station, { record: first, operator: 'operator-7' })
  blanks(one.station, 2)
  await meet()
  expect(casesOf(hub, first).sort()).toEqual([...copies].sort())
  return { hub, one, copying, meet, first, second, copies }
}

const waitsAt = (station: Station) => planPrinting(station).waits.map(({ code }) => code)

describe('a record with as many cases as are kept', () => {
  it.each<[string, (net: Awaited<ReturnType<typeof leftOut>>) => unknown]>([
    ['are withdrawn', ({ copying, copies }) => copies.map(id => withdraw(copying.station, id, WHO))],
    [
      'are said to be of others',
      ({ hub, first, copies }) =>
        copies.map(candidate => adjudicate(hub, first, { ...WHO, candidate, verdict: 'different-persons' })),
    ],
    [
      'are called duplicates',
      ({ hub, first, copies }) =>
        copies.map(id => decide(hub, id, { state: 'DUPLICATE_RECORD', duplicateOf: first, by: 'expert-1' })),
    ],
  ])('gets no card when those %s before it is compared with whom they left out', async (_, end) => {
    const net = await leftOut()
    const { hub, one, meet, first, second } = net
    await end(net)
    await meet()
    // Told of the end of each, the kiosk knows as well as the hub that the result before says too little.
    expect([recordOf(hub, first)!.check, planPrinting(one.station).prints]).toEqual(['unchecked', []])
    expect(waitsAt(one.station)).toEqual(['unchecked'])
    await checkRecords(hub)
    await meet()
    expect(casesOf(hub, first)).toContain(second)
    expect(waitsAt(one.station)).toEqual(['to-decide'])
    decide(hub, second, { state: 'DUPLICATE_RECORD', duplicateOf: first, by: 'expert-1' })
    await meet()
    expect(planPrinting(one.station).prints).toHaveLength(1)
    for (const station of [hub, one.station]) expect((await verifyStation(station)).findings).toEqual([])
  })

  it('gets none either when a revocation undoes them', async () => {
    const hub = await newStation({ engine, check: { background: false }, identity: await createIdentity('hub') })
    const [one, copying, two] = [await below(hub, 'kiosk-1'), await below(hub, 'kiosk-2'), await below(hub, 'kiosk-3')]
    const first = await recorded(one.station, 1, firstOf(1))
    const copies: string[] = []
    for (let i = 0; i < COPIES; i++) copies.push(await recorded(copying.station, 10 + i, firstOf(100 + i)))
    const compared = async () => {
      for (const { meet } of [one, copying, two]) await meet()
      await checkRecords(hub)
    }
    await compared()
    const { through } = partsOf(hub).file.get<{ through: number }>(
      "SELECT through FROM heard WHERE station = 'kiosk-2'",
    )!
    for (const id of copies) await correct(copying.station, id, { fingers: firstOf(1) }, WHO)
    await compared()
    const second = await recorded(two.station, 2, againOf(1))
    await compared()
    expect(casesOf(hub, first)).not.toContain(second)
    decide(hub, first, READY)
    requestCard(one.station, { record: first, operator: 'operator-7' })
    blanks(one.station, 2)
    await one.meet()
    revokePeer(hub, 'kiosk-2', { from: through + 1, ...WHO })
    await one.meet()
    expect([casesOf(hub, first), waitsAt(one.station)]).toEqual([[], ['unchecked']])
    await checkRecords(hub)
    await one.meet()
    expect([casesOf(hub, first), waitsAt(one.station)]).toEqual([[second], ['to-decide']])
    for (const station of [hub, one.station]) expect((await verifyStation(station)).findings).toEqual([])
  })

  it('is compared again at a centre that recorded it itself, whatever else is corrected', async () => {
    const office = await newStation({ engine, check: { background: false }, identity: await createIdentity('office') })
    addPeer(office, { ...(await publicIdentity(await createIdentity('below'))), relation: 'downstream' })
    const first = await recorded(office, 1, firstOf(1))
    for (let i = 0; i <= COPIES; i++) await recorded(office, 10 + i, againOf(1))
    const open = casesOf(office, first)
    expect(open).toHaveLength(COPIES)
    for (const candidate of open) {
      adjudicate(office, first, { ...WHO, candidate, verdict: 'different-persons' })
      decide(office, candidate, { state: 'ENROLL_FAILURE_AT_CENTRAL', by: 'expert-1' })
    }
    const { name, ...person } = somebody(1, []).person
    expect(await correct(office, first, { person: { ...person, name: `${name} Putri` } }, WHO)).toMatchObject({
      recorded: true,
    })
    decide(office, first, READY)
    blanks(office, 2)
    requestCard(office, { record: first, operator: 'operator-7' })
    expect([recordOf(office, first)!.check, waitsAt(office)]).toEqual(['unchecked', ['unchecked']])
    // The row is under no guard; what was found before counts no more all the same.
    partsOf(office).file.run('DELETE FROM check_due')
    decide(office, first, READY)
    expect(waitsAt(office)).toEqual(['unchecked'])
    partsOf(office).file.run(
      'INSERT INTO check_due (record, station, since) VALUES (?, ?, (SELECT max(applied) FROM journal))',
      first,
      'office',
    )
    await checkRecords(office)
    expect([casesOf(office, first).length, waitsAt(office)]).toEqual([1, ['to-decide']])
  })

  it('gets none by a waiver of the centre that was given before', async () => {
    const centre = await newStation({ check: { background: false }, identity: await createIdentity('centre') })
    const hub = await below(centre, 'hub', { engine, check: { background: false } })
    const [one, copying] = [await below(hub.station, 'kiosk-1'), await below(hub.station, 'kiosk-2')]
    const compared = async () => {
      for (const { meet } of [one, copying, hub, one, copying]) await meet()
      await checkRecords(hub.station)
      for (const { meet } of [hub, one]) await meet()
    }
    const first = await recorded(one.station, 1, firstOf(1))
    await compared()
    decide(centre, first, { ...READY, unchecked: 'the ministry says so' })
    const copies: string[] = []
    for (let i = 0; i <= COPIES; i++) copies.push(await recorded(copying.station, 10 + i, firstOf(1)))
    await compared()
    requestCard(one.station, { record: first, operator: 'operator-7' })
    blanks(one.station, 2)
    expect(waitsAt(one.station)).toEqual(['to-decide'])
    const open = casesOf(hub.station, first)
    expect(open).toHaveLength(COPIES)
    for (const id of open) withdraw(copying.station, id, WHO)
    for (const { meet } of [copying, hub, one]) await meet()
    expect(waitsAt(one.station)).toEqual(['unchecked'])
    await compared()
    expect(waitsAt(one.station)).toEqual(['to-decide'])
  })
})
