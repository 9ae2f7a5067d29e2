/** A kiosk corrects a record that is called a duplicate of another kiosk's: whom it keeps from a card so. */
import { adjudications, checkRecords, correct, decide, recheck } from 'sidik/station'
import { expect, it } from 'vitest'
import { countKeptFromCard, keptFromCards } from '../../../dist/station/quotas/use.js'
import { partsOf } from '../../../dist/station/station.js'
import { expectSound } from '../stolen.ts'
import { peopleOf } from './fingers.ts'
import { hubWithPair, recorded } from './network.ts'

const people = peopleOf(113, [1, 2, 3, 6, 7, 8])
const { firstOf, againOf } = people
/** One person for each finger. */
const OTHERS = [2, 3, 4, 5, 6, 7]
const WHY = { operator: 'operator-7', reason: 'typed wrong' }
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }

type Fingers = ReturnType<typeof firstOf>

/** The second kiosk's record is a duplicate of the first kiosk's, at which others are recorded. */
async function hubWithDuplicate() {
  const net = await hubWithPair(people)
  const { hub, one, two, meet, first, second } = net
  const others: string[] = []
  for (const person of OTHERS) others.push(await recorded(one.station, 10 + person, firstOf(person)))
  await meet()
  await checkRecords(hub)
  decide(hub, second, { state: 'DUPLICATE_RECORD', duplicateOf: first, by: 'expert-1' })
  decide(hub, first, READY)
  const corrected = async (change: { fingers: Fingers } | { person: { name: string } }) => {
    await correct(two.station, second, change as never, WHY)
    await meet()
    await checkRecords(hub)
  }
  const cases = () => adjudications(hub).filter(({ kind }) => kind === 'fingers')
  const kept = () => keptFromCards(hub, 'kiosk-2', 'kiosk-2').by
  return { ...net, others, corrected, cases, kept }
}

it('nobody, where it took each finger from another person, whatever it corrects then', async () => {
  const { hub, corrected, cases, kept } = await hubWithDuplicate()
  const before = kept()
  await corrected({ fingers: OTHERS.map((person, i) => againOf(person)[i]) })
  expect(cases()).toEqual([])
  await corrected({ person: { name: 'Siti Rahayu' } })
  await recheck(hub, WHY)
  expect([cases(), kept()]).toEqual([[], before])
  await expectSound(hub)
})

it('no more than a kiosk may keep in a day, and each is counted', async () => {
  const { hub, first, others, corrected, cases, kept } = await hubWithDuplicate()
  const before = kept()
  await corrected({ fingers: againOf(3) })
  expect(cases()).toMatchObject([{ kind: 'fingers', record: [first, others[1]].sort()[0] }])
  expect(kept()).toBe(before + 2)
  partsOf(hub).file.transaction(() => {
    while (kept() < 64) countKeptFromCard(hub, 'kiosk-2', 'kiosk-2')
  })
  await corrected({ fingers: againOf(4) })
  await corrected({ person: { name: 'Siti Rahayu' } })
  expect(cases()).toHaveLength(1)
  await expectSound(hub)
})
