/** Records of which nothing can be compared: nobody is cleared by that, and no case ends. */
import {
  adjudicate,
  adjudications,
  checkRecords,
  correct,
  decide,
  importDecisions,
  recheck,
  recordOf,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { exceptFor, newStation } from '../enrol/support.js'
import { expectSound } from '../stolen.ts'
import { peopleOf } from './fingers.ts'
import { hubOfTwo, hubWithPair, printsAt, recorded, waitsAt } from './network.ts'

const people = peopleOf(89, [1, 2, 6, 7])
const { firstOf: otherHandOf } = peopleOf(89, [3, 4, 8])
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }
const WHY = { operator: 'operator-7', reason: 'the hand is bandaged' }
const WAIVED = { unchecked: 'the ministry compares irises' }

it('a card of one follows when somebody says why', async () => {
  const { hub, one, meet, wanted } = await hubOfTwo()
  const record = await recorded(one.station, 1, [])
  await meet()
  await checkRecords(hub)
  decide(hub, record, READY)
  await wanted(one, record)
  await meet()
  expect([waitsAt(one), printsAt(one)]).toEqual([['unchecked'], 0])
  for (const station of [hub, one.station]) expect(recordOf(station, record)).toMatchObject({ check: 'not-run' })
  expect(recordOf(one.station, record)!.decision).toMatchObject({ comparison: 'elsewhere' })
  const file = Buffer.from(`record,state\n${record},PRR\n`)
  expect(await importDecisions(hub, file, { operator: 'clerk-1' })).toMatchObject({ left: 1 })
  expect(await importDecisions(hub, file, { operator: 'clerk-1', ...WAIVED })).toMatchObject({ taken: 1 })
  await meet()
  expect([waitsAt(one), printsAt(one)]).toEqual([[], 1])
  await expectSound(hub)
})

it('and that word holds when a check finds nothing to compare, before or once more', async () => {
  const { hub, one, meet, wanted } = await hubOfTwo()
  const record = await recorded(one.station, 1, [])
  await meet()
  decide(hub, record, { ...READY, ...WAIVED })
  await wanted(one, record)
  for (let i = 0; i < 2; i++) {
    await checkRecords(hub)
    await meet()
    for (const station of [hub, one.station]) expect(recordOf(station, record)).toMatchObject({ checkWaived: true })
    expect(printsAt(one)).toBe(1)
    await recheck(hub, { operator: 'clerk-1', reason: 'a new network' })
  }
  await expectSound(hub)
})

it('the same at an office that is its own centre', async () => {
  const station = await newStation({ ownCentre: true })
  const record = await recorded(station, 1, [])
  decide(station, record, READY)
  expect(recordOf(station, record)!.decision).toMatchObject({ comparison: 'elsewhere' })
  decide(station, record, { ...READY, ...WAIVED })
  expect(recordOf(station, record)).toMatchObject({ checkWaived: true })
})

it.each<[string, ReturnType<typeof otherHandOf>]>([
  ['no fingers', []],
  ['fingers that the other has not', otherHandOf(1)],
])(
  'a decision that is taken back after a correction to %s leaves the case as it was, here and below',
  async (...[, fingers]) => {
    const { hub, one, two, meet, first, second } = await hubWithPair(people)
    await correct(two.station, second, { fingers, exceptions: exceptFor(fingers) }, WHY)
    await meet()
    await checkRecords(hub)
    const opened = () => [hub, one.station, two.station].map(station => adjudications(station).length)
    for (let round = 0; round < 2; round++) {
      decide(hub, second, { state: 'DUPLICATE_RECORD', duplicateOf: first, by: 'expert-1' })
      await meet()
      expect(opened()).toEqual([0, 0, 0])
      decide(hub, second, { state: 'ADJUDICATION', by: 'expert-2' })
      await meet()
      await checkRecords(hub)
      expect(opened()).toEqual([1, 1, 1])
    }
    adjudicate(hub, first, { candidate: second, verdict: 'different-persons', operator: 'expert-1', reason: 'looked' })
    await meet()
    expect(opened()).toEqual([0, 0, 0])
    for (const station of [hub, one.station, two.station]) await expectSound(station)
  },
)

it.each<[string, ReturnType<typeof otherHandOf>]>([
  ['no fingers', []],
  ['fingers that the other has not', otherHandOf(1)],
])('a correction to %s ends no case', async (_, fingers) => {
  const { hub, one, two, meet, wanted, first, second } = await hubWithPair(people)
  await correct(two.station, second, { fingers, exceptions: exceptFor(fingers) }, WHY)
  await meet()
  await checkRecords(hub)
  for (const record of [first, second]) decide(hub, record, { ...READY, ...WAIVED })
  await meet()
  await wanted(one, first)
  await wanted(two, second)
  expect(adjudications(hub)).toHaveLength(1)
  expect([waitsAt(one), waitsAt(two)]).toEqual([['to-decide'], ['to-decide']])
  adjudicate(hub, second, {
    candidate: first,
    verdict: 'different-persons',
    operator: 'expert-1',
    reason: 'two people of one name, seen together',
  })
  await meet()
  expect([printsAt(one), printsAt(two)]).toEqual([1, 1])
  await expectSound(hub)
})
