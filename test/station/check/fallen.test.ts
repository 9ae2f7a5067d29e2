/** Records that a decision lets fall, and lets stand again: whoever was compared meanwhile is set against them. */
import { adjudications, checkRecords, decide, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { expectSound } from '../stolen.ts'
import type { Below } from './below.ts'
import { peopleOf } from './fingers.ts'
import { hubOfTwo, printsAt, recorded, waitsAt } from './network.ts'

const { firstOf, againOf } = peopleOf(61, [1, 2, 6, 7])
const READY = { state: 'PRINT_READY_RECORD', by: 'expert-1' }
const FALLEN = { state: 'ENROLL_FAILURE_AT_CENTRAL', by: 'expert-1' }

async function network() {
  const net = await hubOfTwo()
  const taken = async (at: Below, nik: number, fingers: ReturnType<typeof firstOf>) => {
    const id = await recorded(at.station, nik, fingers)
    await net.meet()
    return id
  }
  return { ...net, recorded: taken }
}

it.each<[string, 'first' | 'second']>([
  ['the one that was there', 'first'],
  ['the one that came', 'second'],
])('of two records of one person neither gets a card when %s stands again', async (_, which) => {
  const { hub, one, two, meet, recorded, wanted } = await network()
  const first = await recorded(one, 1, firstOf(1))
  await checkRecords(hub)
  if (which === 'first') decide(hub, first, FALLEN)
  const second = await recorded(two, 2, againOf(1))
  if (which === 'second') decide(hub, second, FALLEN)
  expect((await checkRecords(hub)).left).toBe(0)
  expect(adjudications(hub).filter(({ kind }) => kind === 'fingers')).toEqual([])
  const [fallen, standing] = which === 'first' ? [first, second] : [second, first]
  decide(hub, standing, READY)
  await meet()
  await wanted(one, first)
  await wanted(two, second)
  expect(printsAt(which === 'first' ? two : one)).toBe(1)

  decide(hub, fallen, READY)
  await meet()
  expect([waitsAt(one), printsAt(one), waitsAt(two), printsAt(two)]).toEqual([['to-decide'], 0, ['to-decide'], 0])
  // Compared once more they are the same case, however often one of them falls.
  for (let i = 0; i < 3; i++) {
    decide(hub, fallen, FALLEN)
    expect((await checkRecords(hub)).left).toBe(0)
    decide(hub, fallen, READY)
  }
  await meet()
  expect([printsAt(one), printsAt(two)]).toEqual([0, 0])
  for (const { station } of [{ station: hub }, one, two]) expect((await verifyStation(station)).findings).toEqual([])
  await expectSound(hub)
})

it('more of them than are kept as cases are compared again, each that stands again', async () => {
  const { hub, one, two, meet, recorded, wanted } = await network()
  const copies: string[] = []
  for (let i = 0; i < 10; i++) copies.push(await recorded(two, 10 + i, i === 0 ? firstOf(1) : againOf(1)))
  for (const id of copies) decide(hub, id, FALLEN)
  await checkRecords(hub)
  const first = await recorded(one, 1, againOf(1))
  await checkRecords(hub)
  decide(hub, first, READY)
  await meet()
  await wanted(one, first)
  const { file } = partsOf(hub)
  const kept = file.all<{ other: string }>('SELECT other FROM identity_case WHERE record = ?', first)
  expect(kept).toHaveLength(8)
  const leftOut = copies.find(id => kept.every(({ other }) => other !== id))!
  expect(file.get('SELECT 1 FROM identity_case WHERE record = ? AND other = ?', leftOut, first)).toBeUndefined()
  decide(hub, leftOut, READY)
  await meet()
  await wanted(two, leftOut)
  expect(waitsAt(two)).toEqual(['unchecked'])
  await checkRecords(hub)
  await meet()
  expect([waitsAt(one), waitsAt(two)]).toEqual([['to-decide'], ['to-decide']])
  expect((await verifyStation(hub)).findings).toEqual([])
})

it('one finger under two positions of a fallen record is looked at when it stands again', async () => {
  const { hub, one, meet, recorded, wanted } = await network()
  const [thumb, , , index] = firstOf(1)
  const first = await recorded(one, 1, [thumb, { ...againOf(1)[0], position: index.position }])
  decide(hub, first, FALLEN)
  await checkRecords(hub)
  decide(hub, first, READY)
  await meet()
  await wanted(one, first)
  expect([waitsAt(one), printsAt(one)]).toEqual([['to-decide'], 0])
  expect(partsOf(hub).file.all('SELECT record, other FROM identity_case WHERE closed_at IS NULL')).toEqual([
    { record: first, other: first },
  ])
})
