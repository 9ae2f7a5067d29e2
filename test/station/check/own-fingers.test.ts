/** One finger under two positions of a record: it makes nobody a case, and hides nobody either. */
import {
  adjudicate,
  adjudications,
  checkRecords,
  correct,
  decide,
  handOver,
  printCards,
  printJobs,
  recheck,
  recordOf,
  verifyStation,
} from 'sidik/station'
import { syntheticProbe } from 'sidik/synthesize'
import { expect, it } from 'vitest'
import { printerThat, render } from '../print/support.ts'
import type { Below } from './below.ts'
import { peopleOf } from './fingers.ts'
import { hubOfTwo, printsAt, recorded, waitsAt } from './network.ts'

const SEED = 61
const { firstOf, againOf } = peopleOf(SEED, [1, 2, 3, 6, 7])
const BY = { operator: 'operator-7' }
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }
const DIFFERENT = { verdict: 'different-persons', ...BY, reason: 'two fingers, one scar' } as const

/** Fingers with another touch of somebody's thumb as the middle finger. */
const doubled = (fingers: ReturnType<typeof firstOf>, person: number) =>
  fingers.map(each =>
    each.position === 3 ? { position: 3, template: syntheticProbe(SEED, person * 10 + 1, 'typical') } : each,
  )

async function network() {
  const net = await hubOfTwo()
  const { hub, meet } = net
  const compared = async () => {
    await meet()
    await checkRecords(hub)
    await meet()
  }
  const taken = async (at: Below, nik: number, fingers: ReturnType<typeof firstOf>) => {
    const id = await recorded(at.station, nik, fingers)
    await compared()
    return id
  }
  const wanted = async (at: Below, record: string) => {
    decide(hub, record, READY)
    await net.wanted(at, record)
  }
  const handedOver = async (at: Below, record: string) => {
    await wanted(at, record)
    await printCards(at.station, { printer: printerThat(), render })
    handOver(at.station, printJobs(at.station)[0].job, { to: 'the person', ...BY, note: 'known' })
    await compared()
  }
  return { ...net, compared, recorded: taken, wanted, handedOver }
}

const kindsAt = ({ hub }: Awaited<ReturnType<typeof network>>) => adjudications(hub).map(({ kind }) => kind)

it('of a newcomer: once they are said to be different ones it is compared with all others before a card', async () => {
  const net = await network()
  const { hub, one, two, meet, compared, recorded, wanted, handedOver } = net
  const first = await recorded(one, 1, firstOf(1))
  await handedOver(one, first)
  const second = await recorded(two, 2, doubled(againOf(1), 1))
  expect(kindsAt(net)).toEqual(['own-fingers'])
  await wanted(two, second)
  adjudicate(hub, second, { ...DIFFERENT, candidate: second })
  await meet()
  expect([recordOf(hub, second)!.check, waitsAt(two), printsAt(two)]).toEqual(['unchecked', ['unchecked'], 0])
  await compared()
  expect([kindsAt(net), waitsAt(two), printsAt(two)]).toEqual([['fingers'], ['to-decide'], 0])
  // The word stays with these fingers.
  await recheck(hub, { ...BY, reason: 'another rate' })
  expect(kindsAt(net)).toEqual(['fingers'])
  adjudicate(hub, second, { ...DIFFERENT, verdict: 'same-person', candidate: second })
  expect(kindsAt(net).sort()).toEqual(['fingers', 'own-fingers'])
  expect((await verifyStation(hub)).findings).toEqual([])
})

it('of somebody who has a card: whoever comes then is a case all the same', async () => {
  const net = await network()
  const { hub, one, two, compared, recorded, wanted, handedOver } = net
  const first = await recorded(one, 1, doubled(firstOf(1), 1))
  adjudicate(hub, first, { ...DIFFERENT, candidate: first })
  await compared()
  await handedOver(one, first)
  const second = await recorded(two, 2, againOf(1))
  await wanted(two, second)
  expect([kindsAt(net), waitsAt(two), printsAt(two)]).toEqual([['fingers'], ['to-decide'], 0])
})

it('of somebody who was compared with a newcomer before it was said: both are a case when it is', async () => {
  const net = await network()
  const { hub, one, two, compared, recorded, wanted } = net
  const first = await recorded(one, 1, doubled(firstOf(1), 1))
  const second = await recorded(two, 2, againOf(1))
  // Nobody is doubted for the fingers of another record before somebody has looked at these.
  await wanted(two, second)
  expect([kindsAt(net), waitsAt(two), printsAt(two)]).toEqual([['own-fingers', 'check'], [], 1])
  adjudicate(hub, first, { ...DIFFERENT, candidate: first })
  await compared()
  await wanted(one, first)
  expect([kindsAt(net), waitsAt(one), waitsAt(two)]).toEqual([['fingers'], ['to-decide'], ['to-decide']])
})

it('to which a record was corrected: the fingers under its card count as they were', async () => {
  const net = await network()
  const { one, two, compared, recorded, wanted, handedOver } = net
  const first = await recorded(one, 1, firstOf(1))
  await handedOver(one, first)
  await correct(one.station, first, { fingers: doubled(againOf(1), 1) }, { ...BY, reason: 'again' })
  await compared()
  const second = await recorded(two, 2, againOf(1))
  await wanted(two, second)
  expect([kindsAt(net).sort(), waitsAt(two), printsAt(two)]).toEqual([['fingers', 'own-fingers'], ['to-decide'], 0])
})
