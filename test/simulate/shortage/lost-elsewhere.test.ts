import { expect, it } from 'vitest'
import { playDay, settle } from '../../../dist/simulate/shortage/days.js'
import { SHORTAGE_INVARIANTS } from '../../../dist/simulate/shortage/invariants.js'
import type { Resident } from '../../../dist/simulate/shortage/plan-types.js'
import { createWorld, everybody } from '../../../dist/simulate/shortage/world.js'
import { temporaryFolder } from '../../cli/run.js'
import { daysOf } from './quiet-days.ts'

const DAYS = 14
/** The last day on which the office hears of the hub. */
const LAST_UP = 1

/** Has a card after three days and has lost it a day later. */
const resident = (number: number): Resident => ({
  number,
  isUrgent: false,
  decision: { afterDays: 0, state: 'PRINT_READY_RECORD', isSaidTwice: false },
  collectsAfterDays: 0,
  losesAfterDays: 1,
})

const folder = temporaryFolder()

it('whoever lost a card that the hub handed over, of which the office has not heard, gets another', async () => {
  const lot = { lot: 'lot-1', item: 'blank', quantity: 9 }
  const box = { shipment: 'note-1', lines: [lot], lacking: 0, isTypedTwice: false, isOverlapping: false }
  // Two residents ask while the office's printer is at the workshop: the hub prints, and the line is down from then on.
  const hub = daysOf(DAYS, day => (day === 0 ? { deliveries: [box] } : {}))
  const office = daysOf(DAYS, day => ({
    line: day > LAST_UP ? 'down' : 'up',
    ...(day === 0 && { residents: [resident(0), resident(1)], mostCards: 0 }),
  }))
  const stations = [
    { name: 'hub', days: hub },
    { name: 'office-1', days: office },
  ]
  const world = await createWorld({ days: DAYS, offices: 1, seed: 1, stations }, folder)
  try {
    for (let day = 0; day < DAYS; day++) await playDay(world, day)
    const evening = await settle(world)
    expect(evening.failures).toEqual([])
    // Both are refused at the office. One goes to the hub at once, the other comes again after a
    // week, and when the line is up.
    expect(world.offices[0].refused).toEqual({ 'requestCard PRINT_REQUESTED': 3 })
    const asked = evening.persons.map(({ requests }) => requests.map(({ at, purpose }) => `${purpose} at ${at}`))
    expect(asked).toEqual([
      ['new at hub', 'replacement at hub'],
      ['new at hub', 'replacement at office-1'],
    ])
    expect(SHORTAGE_INVARIANTS.flatMap(({ look }) => look(evening).wrong)).toEqual([])
  } finally {
    for (const each of everybody(world)) await each.close()
  }
})
