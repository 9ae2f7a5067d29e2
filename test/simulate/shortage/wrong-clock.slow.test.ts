import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { playDay, settle } from '../../../dist/simulate/shortage/days.js'
import { SHORTAGE_INVARIANTS } from '../../../dist/simulate/shortage/invariants.js'
import type { Resident } from '../../../dist/simulate/shortage/plan-types.js'
import { createWorld, everybody } from '../../../dist/simulate/shortage/world.js'
import { temporaryFolder } from '../../cli/run.js'
import { daysOf } from './quiet-days.ts'

const DAY_MS = 86_400_000
const DAYS = 12

/** Has a card after some days and has lost it a day later. */
const resident = (number: number): Resident => ({
  number,
  isUrgent: false,
  decision: { afterDays: 0, state: 'PRINT_READY_RECORD', isSaidTwice: false },
  collectsAfterDays: 0,
  losesAfterDays: 1,
})

const folder = temporaryFolder()

it.each([
  [40, 0],
  [-40, 0],
  [0, 40],
  [-1, 1],
  [1, -1],
])(
  'whoever lost a card gets another, with the clock of the hub %d days ahead and the office %d',
  async (hub, office) => {
    const lot = { lot: 'lot-1', item: 'blank', quantity: 9 }
    const box = { shipment: 'note-1', lines: [lot], lacking: 0, isTypedTwice: false, isOverlapping: false }
    // The office's printer is at the workshop: the hub prints.
    const stations = [
      {
        name: 'hub',
        clockErrorMs: hub * DAY_MS,
        days: daysOf(DAYS, day => (day === 0 ? { deliveries: [box] } : {})),
      },
      {
        name: 'office-1',
        clockErrorMs: office * DAY_MS,
        days: daysOf(DAYS, day => ({ mostCards: 0, ...(day === 0 && { residents: [resident(0), resident(1)] }) })),
      },
    ]
    const world = await createWorld({ days: DAYS, offices: 1, seed: 1, stations }, mkdtempSync(join(folder, 'world-')))
    try {
      for (let day = 0; day < DAYS; day++) await playDay(world, day)
      const evening = await settle(world)
      expect(evening.failures).toEqual([])
      expect(evening.persons.map(({ requests }) => requests.map(({ purpose }) => purpose))).toEqual([
        ['new', 'replacement'],
        ['new', 'replacement'],
      ])
      const cards = evening.stations.flatMap(each => each.cards).filter(({ state }) => state !== 'spoiled')
      expect(cards.filter(({ purpose }) => purpose === 'replacement')).toHaveLength(2)
      expect(SHORTAGE_INVARIANTS.flatMap(({ look }) => look(evening).wrong)).toEqual([])
    } finally {
      for (const each of everybody(world)) await each.close()
    }
  },
)
