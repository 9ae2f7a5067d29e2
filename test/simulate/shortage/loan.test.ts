import { expect, it } from 'vitest'
import { playDay, settle } from '../../../dist/simulate/shortage/days.js'
import { SHORTAGE_INVARIANTS } from '../../../dist/simulate/shortage/invariants.js'
import { createWorld, everybody } from '../../../dist/simulate/shortage/world.js'
import { temporaryFolder } from '../../cli/run.js'
import { daysOf } from './quiet-days.ts'

/** A seed by which a piece of the first loan, sent on day seven, is lost; its box arrives on day nine. */
const SEED = 17

const folders = [temporaryFolder(), temporaryFolder()]

it.each([
  ['has not arrived in the end is not expected to differ', 7, []],
  ['arrives a piece short differs, at both ends', 9, ['hub-loan-6']],
] as const)('a loan that %s', async (_, days, differing) => {
  const lot = { lot: 'lot-1', item: 'blank', quantity: 60 }
  const box = { shipment: 'note-1', lines: [lot], lacking: 0, isTypedTwice: false, isOverlapping: false }
  const stations = [
    { name: 'hub', days: daysOf(days, day => (day === 0 ? { deliveries: [box] } : {})) },
    { name: 'office-1', days: daysOf(days) },
  ]
  const world = await createWorld({ days, offices: 1, seed: SEED, stations }, folders[days === 7 ? 0 : 1])
  try {
    for (let day = 0; day < days; day++) await playDay(world, day)
    const evening = await settle(world)
    expect(evening.lost).toEqual({ 'lot-1': 1 })
    expect(evening.onTheWay).toEqual(days === 7 ? { 'lot-1': expect.any(Number) } : {})
    expect(evening.stations.map(({ expectedDiffering }) => expectedDiffering)).toEqual([differing, differing])
    expect(SHORTAGE_INVARIANTS.flatMap(({ look }) => look(evening).wrong)).toEqual([])
  } finally {
    for (const each of everybody(world)) await each.close()
  }
})
