/** Somebody says that two records are of different persons, and takes it back while that opens no case. */
import {
  adjudicate,
  adjudications,
  checkRecords,
  correct,
  decide,
  recheck,
  type Station,
  type Verdict,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { expectSound } from '../stolen.ts'
import { peopleOf } from './fingers.ts'
import { hubOfTwo, hubWithPair, printsAt, recorded, waitsAt } from './network.ts'

const RIGHT = [1, 2]
const LEFT = [6, 7]
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }
const FAILED = { state: 'ENROLL_FAILURE_AT_CENTRAL', by: 'expert-1' }
const WHY = { operator: 'operator-7', reason: 'looked at both faces' }
const people = peopleOf(107, [...RIGHT, ...LEFT])
const { firstOf, againOf } = people

const say = (hub: Station, [record, candidate]: readonly string[], verdict: Verdict) =>
  adjudicate(hub, record, { candidate, verdict, ...WHY })

for (const way of ['the same', 'the other'] as const) {
  it(`while one of the two has fallen, said ${way} way round: the case is open when both stand again`, async () => {
    const { hub, one, two, meet, wanted, first, second } = await hubWithPair(people)
    say(hub, [first, second], 'different-persons')
    expect(adjudications(hub)).toEqual([])
    decide(hub, second, FAILED)
    say(hub, way === 'the same' ? [first, second] : [second, first], 'same-person')
    expect(adjudications(hub)).toEqual([])
    for (const record of [first, second]) decide(hub, record, READY)
    await wanted(one, first)
    await wanted(two, second)
    await meet()
    expect(adjudications(hub)).toMatchObject([{ kind: 'fingers' }])
    expect([waitsAt(one), waitsAt(two)]).toEqual([['to-decide'], ['to-decide']])
    say(hub, [second, first], 'different-persons')
    await meet()
    expect([adjudications(hub), printsAt(one), printsAt(two)]).toEqual([[], 1, 1])
    for (const station of [hub, one.station, two.station]) await expectSound(station)
  })
}

it('while one of the two has other fingers: the case is open when it has the first ones again', async () => {
  const { hub, two, meet, first, second } = await hubWithPair(people)
  say(hub, [first, second], 'different-persons')
  const corrected = async (fingers: ReturnType<typeof firstOf>) => {
    await correct(two.station, second, { fingers }, WHY)
    await meet()
    await checkRecords(hub)
  }
  await corrected(firstOf(2))
  say(hub, [first, second], 'same-person')
  expect(adjudications(hub)).toEqual([])
  await corrected(againOf(1))
  expect(adjudications(hub)).toMatchObject([{ kind: 'fingers' }])
  await expectSound(hub)
})

it('while one of the two is called a duplicate: the other is set against the record that stays', async () => {
  const { hub, one, two, meet, wanted } = await hubOfTwo()
  const handOf = (hand: number[]) => firstOf(1).filter(({ position }) => hand.includes(position))
  const left = await recorded(one.station, 1, handOf(LEFT))
  const both = await recorded(two.station, 2, againOf(1))
  const right = await recorded(two.station, 3, handOf(RIGHT))
  await meet()
  await checkRecords(hub)
  say(hub, [left, both], 'different-persons')
  decide(hub, both, { state: 'DUPLICATE_RECORD', duplicateOf: right, by: 'expert-1' })
  expect(adjudications(hub)).toEqual([])
  say(hub, [left, both], 'same-person')
  expect(adjudications(hub)).toMatchObject([{ kind: 'fingers', record: [left, right].sort()[0] }])
  for (const record of [left, right]) decide(hub, record, READY)
  await wanted(one, left)
  await wanted(two, right)
  expect([waitsAt(one), waitsAt(two)]).toEqual([['to-decide'], ['to-decide']])
  await expectSound(hub)
})

it('while one of the two has fallen, and says it again: it stays said when both stand again', async () => {
  const { hub, first, second } = await hubWithPair(people)
  say(hub, [first, second], 'different-persons')
  decide(hub, second, FAILED)
  say(hub, [second, first], 'same-person')
  say(hub, [first, second], 'different-persons')
  say(hub, [first, second], 'undecided')
  decide(hub, second, READY)
  expect(adjudications(hub)).toEqual([])
  await recheck(hub, WHY)
  expect(adjudications(hub)).toEqual([])
  await expectSound(hub)
})

it('by an entry that was altered: the check stops there, and says so', async () => {
  const { hub, first, second } = await hubWithPair(people)
  say(hub, [first, second], 'different-persons')
  partsOf(hub).file.run("UPDATE journal SET body = zeroblob(60) WHERE kind = 'adjudicated'")
  await expect(recheck(hub, WHY)).rejects.toMatchObject({ code: 'STATION_CORRUPT' })
})
