/** Three records of one person, of which two have no finger in common. */
import { adjudicate, adjudications, checkRecords, decide, recordOf, withdraw } from 'sidik/station'
import { expect, it } from 'vitest'
import { expectSound } from '../stolen.ts'
import { peopleOf } from './fingers.ts'
import { hubOfTwo, printsAt, recorded, waitsAt } from './network.ts'

const RIGHT = [1, 2]
const LEFT = [6, 7]
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }
const LOOKED = { operator: 'expert-1', reason: 'looked at both faces' }
const { firstOf, againOf } = peopleOf(97, [...RIGHT, ...LEFT])
const handOf = (hand: number[]) => firstOf(1).filter(({ position }) => hand.includes(position))

/** The right hand and both hands are here and compared; the second record is called a duplicate of the first. */
async function hubWithRightAndBoth(isLeftHere: boolean) {
  const net = await hubOfTwo()
  const { hub, one, two, meet } = net
  const right = await recorded(one.station, 1, handOf(RIGHT))
  const both = await recorded(one.station, 2, againOf(1))
  const left = isLeftHere ? await recorded(two.station, 3, handOf(LEFT)) : undefined
  await meet()
  await checkRecords(hub)
  decide(hub, both, { state: 'DUPLICATE_RECORD', duplicateOf: right, by: 'expert-1' })
  decide(hub, right, READY)
  await meet()
  return { ...net, right, both, left: left ?? (await recorded(two.station, 3, handOf(LEFT))) }
}

for (const isLeftHere of [true, false]) {
  const then = isLeftHere ? 'before' : 'after'
  it(`who matched the duplicate alone, ${then} it was called one, is set against the record that stays`, async () => {
    const { hub, one, two, meet, wanted, right, both, left } = await hubWithRightAndBoth(isLeftHere)
    await meet()
    await checkRecords(hub)
    expect(adjudications(hub)).toMatchObject([{ kind: 'fingers', record: [right, left].sort()[0] }])
    decide(hub, left, READY)
    await wanted(one, right)
    await wanted(two, left)
    expect([waitsAt(one), waitsAt(two)]).toEqual([['to-decide'], ['to-decide']])
    adjudicate(hub, left, { candidate: right, verdict: 'different-persons', ...LOOKED })
    await meet()
    await checkRecords(hub)
    expect(adjudications(hub)).toEqual([])
    expect([printsAt(one), printsAt(two)]).toEqual([1, 1])
    expect(recordOf(hub, both)!.centreState).toBe('DUPLICATE_RECORD')
    for (const station of [hub, one.station, two.station]) await expectSound(station)
  })
}

it('and is free when that is withdrawn, and set against the duplicate when that one stands again', async () => {
  const { hub, one, meet, right, both, left } = await hubWithRightAndBoth(true)
  withdraw(one.station, right, { operator: 'operator-7', reason: 'moved away' })
  await meet()
  expect(adjudications(hub)).toEqual([])
  decide(hub, both, { state: 'ADJUDICATION', by: 'expert-1' })
  expect(adjudications(hub)).toMatchObject([{ kind: 'fingers', record: [both, left].sort()[0] }])
  await expectSound(hub)
})

it('is not where somebody has said that it is not the duplicate', async () => {
  const net = await hubOfTwo()
  const { hub, one, two, meet } = net
  const right = await recorded(one.station, 1, handOf(RIGHT))
  const both = await recorded(one.station, 2, againOf(1))
  const left = await recorded(two.station, 3, handOf(LEFT))
  await meet()
  await checkRecords(hub)
  adjudicate(hub, left, { candidate: both, verdict: 'different-persons', ...LOOKED })
  decide(hub, both, { state: 'DUPLICATE_RECORD', duplicateOf: right, by: 'expert-1' })
  expect(adjudications(hub)).toEqual([])
})
