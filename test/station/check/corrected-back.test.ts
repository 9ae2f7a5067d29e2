/** A record of a case that is corrected to other fingers, and to the first ones again, is compared before a card. */
import { checkRecords, correct, decide } from 'sidik/station'
import { expect, it } from 'vitest'
import { expectSound } from '../stolen.ts'
import { peopleOf } from './fingers.ts'
import { hubWithPair, printsAt, waitsAt } from './network.ts'

const people = peopleOf(101, [1, 2, 6, 7])
const { firstOf, againOf } = people
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }
const WHY = { operator: 'operator-7', reason: 'the prints were mixed up' }

it.each([
  ['at once', false],
  ['one by one', true],
])('when the hub hears of both %s', async (_, isHeardBetween) => {
  const { hub, one, two, meet, wanted, first, second } = await hubWithPair(people)
  await correct(two.station, second, { fingers: firstOf(2) }, WHY)
  if (isHeardBetween) await meet()
  await correct(two.station, second, { fingers: againOf(1) }, WHY)
  await meet()
  for (const record of [first, second]) decide(hub, record, READY)
  await wanted(one, first)
  await wanted(two, second)
  await meet()
  expect([waitsAt(one), waitsAt(two)]).toEqual([['unchecked'], ['unchecked']])
  await checkRecords(hub)
  await meet()
  expect([waitsAt(one), waitsAt(two)]).toEqual([['to-decide'], ['to-decide']])
  await expectSound(hub)
})

it('and both may have their cards once the fingers are two persons’', async () => {
  const { hub, one, two, meet, wanted, first, second } = await hubWithPair(people)
  await correct(two.station, second, { fingers: firstOf(2) }, WHY)
  await meet()
  for (const record of [first, second]) decide(hub, record, READY)
  await wanted(one, first)
  await wanted(two, second)
  await checkRecords(hub)
  await meet()
  expect([printsAt(one), printsAt(two)]).toEqual([1, 1])
})
