/** Three records of one person: one has a card and was withdrawn, one is called a duplicate, one would get a card. */
import {
  adjudicate,
  adjudications,
  checkRecords,
  decide,
  handOver,
  printCards,
  printJobs,
  recordOf,
  withdraw,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { printerThat, render } from '../print/support.ts'
import { expectSound } from '../stolen.ts'
import { peopleOf } from './fingers.ts'
import { hubOfTwo, printsAt, recorded, waitsAt } from './network.ts'

const RIGHT = [1, 2]
const LEFT = [6, 7]
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }
const BY = { operator: 'operator-7' }
const { firstOf, againOf } = peopleOf(103, [...RIGHT, ...LEFT])
const handOf = (hand: number[]) => firstOf(1).filter(({ position }) => hand.includes(position))

/** Somebody of that hand has a card, and the record was withdrawn. */
async function withdrawnWithCard(hand: number[]) {
  const net = await hubOfTwo()
  const { hub, one, meet } = net
  const compared = async () => {
    await meet()
    await checkRecords(hub)
    await meet()
  }
  const carded = await recorded(one.station, 1, handOf(hand))
  await compared()
  decide(hub, carded, READY)
  await net.wanted(one, carded)
  await printCards(one.station, { printer: printerThat(), render })
  handOver(one.station, printJobs(one.station)[0].job, { to: 'the person', ...BY, note: 'known' })
  withdraw(one.station, carded, { ...BY, reason: 'moved away' })
  await compared()
  return { ...net, compared, carded }
}

it.each(['before', 'after'] as const)(
  'the record that stays is set against the one with the card: called a duplicate %s its check',
  async then => {
    const { hub, one, two, compared, meet, wanted, carded } = await withdrawnWithCard(LEFT)
    const stays = await recorded(two.station, 2, handOf(RIGHT))
    const both = await recorded(one.station, 3, againOf(1))
    await meet()
    const decided = () => decide(hub, both, { state: 'DUPLICATE_RECORD', duplicateOf: stays, by: 'expert-1' })
    if (then === 'before') decided()
    await compared()
    if (then === 'after') decided()
    decide(hub, stays, READY)
    await wanted(two, stays)
    expect(adjudications(hub)).toMatchObject([{ kind: 'fingers', record: [stays, carded].sort()[0] }])
    expect([printsAt(two), waitsAt(two)]).toEqual([0, ['to-decide']])
    adjudicate(hub, stays, { candidate: carded, verdict: 'different-persons', ...BY, reason: 'looked at both' })
    await compared()
    expect([adjudications(hub), printsAt(two)]).toEqual([[], 1])
    for (const station of [hub, one.station, two.station]) await expectSound(station)
  },
)

it('who matches a duplicate of the record with the card alone is set against that one', async () => {
  const { hub, one, two, compared, wanted, carded } = await withdrawnWithCard(RIGHT)
  const both = await recorded(one.station, 2, againOf(1))
  await compared()
  decide(hub, both, { state: 'DUPLICATE_RECORD', duplicateOf: carded, by: 'expert-1' })
  const left = await recorded(two.station, 3, handOf(LEFT))
  await compared()
  decide(hub, left, READY)
  await wanted(two, left)
  expect(adjudications(hub)).toMatchObject([{ kind: 'fingers', record: [left, carded].sort()[0] }])
  expect([printsAt(two), waitsAt(two)]).toEqual([0, ['to-decide']])
  decide(hub, left, { state: 'DUPLICATE_RECORD', duplicateOf: carded, by: 'expert-1' })
  expect([adjudications(hub), recordOf(hub, left)!.centreState]).toEqual([[], 'DUPLICATE_RECORD'])
  await expectSound(hub)
})
