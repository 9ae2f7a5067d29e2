import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { playDay, settle } from '../../../dist/simulate/shortage/days.js'
import { SHORTAGE_INVARIANTS } from '../../../dist/simulate/shortage/invariants.js'
import type { Resident } from '../../../dist/simulate/shortage/plan-types.js'
import { createWorld, everybody } from '../../../dist/simulate/shortage/world.js'
import { temporaryFolder } from '../../cli/run.js'
import { daysOf } from './quiet-days.ts'

const DAYS = 4
/** The hub knows by then that the card may be printed. */
const PRINTS_ON = 2
/**
 * The entries that the hub writes first on that day, and what its people know in the evening of the
 * first card that went to the printer, if the power goes there. A `stock-card` is in one
 * transaction with the entry before it.
 */
const ENTRIES = [
  ['card-reserved', undefined],
  ['stock-card', undefined],
  ['card-sent', undefined],
  ['card-printed', 'open'],
  ['stock-card', 'open'],
  ['card-reserved', 'printed'],
  ['stock-card', 'printed'],
] as const

const resident = (number: number): Resident => ({
  number,
  isUrgent: false,
  decision: { afterDays: 0, state: 'PRINT_READY_RECORD', isSaidTwice: false },
  collectsAfterDays: 0,
})

const folder = temporaryFolder()

it('people know of a card what the station knows, wherever the power goes while the hub prints', async () => {
  const lot = { lot: 'lot-1', item: 'blank', quantity: 2 }
  const box = { shipment: 'note-1', lines: [lot], lacking: 0, isTypedTwice: false, isOverlapping: false }
  for (const [i, [kind, known]] of ENTRIES.entries()) {
    const hub = daysOf(DAYS, day => ({
      ...(day === 0 && { deliveries: [box] }),
      ...(day === PRINTS_ON && { cutAtEntry: i + 1 }),
    }))
    // The office's printer is at the workshop.
    const office = daysOf(DAYS, day => ({ mostCards: 0, ...(day === 0 && { residents: [resident(0), resident(1)] }) }))
    const stations = [
      { name: 'hub', days: hub },
      { name: 'office-1', days: office },
    ]
    const plan = { days: DAYS, offices: 1, seed: 1, stations }
    const world = await createWorld(plan, mkdtempSync(join(folder, 'world-')))
    try {
      for (let day = 0; day < DAYS; day++) {
        const evening = await playDay(world, day)
        const wrong = SHORTAGE_INVARIANTS.flatMap(({ look }) => look(evening).wrong)
        expect({ kind, i, day, wrong }).toEqual({ kind, i, day, wrong: [] })
        if (day === PRINTS_ON) expect(evening.stations[0].cards[0]?.state).toBe(known)
      }
      const evening = await settle(world)
      expect(SHORTAGE_INVARIANTS.flatMap(({ look }) => look(evening).wrong)).toEqual([])
      expect(world.hub.cuts).toBe(1)
    } finally {
      for (const each of everybody(world)) await each.close()
    }
  }
})
