/** Of a record that is set against as many others as one can be, further ones are left out: until it is compared again. */
import {
  adjudicate,
  checkRecords,
  createIdentity,
  decide,
  enrol,
  planPrinting,
  type Recorded,
  recordOf,
  requestCard,
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

const engine = await engineForTests()

const { firstOf, againOf } = peopleOf(61, [1, 2, 6, 7])
const WHO = { operator: 'operator-7', reason: 'laid down again' }
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }
/** As many as are kept open of one record. */
const COPIES = 8

const recorded = async (station: Station, nik: number, fingers: ReturnType<typeof firstOf>) =>
  ((await enrol(station, somebody(nik, fingers))) as Recorded).recordId

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
})
