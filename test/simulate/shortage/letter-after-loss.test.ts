import { expect, it } from 'vitest'
import { playDay, settle } from '../../../dist/simulate/shortage/days.js'
import { SHORTAGE_INVARIANTS } from '../../../dist/simulate/shortage/invariants.js'
import type { Resident } from '../../../dist/simulate/shortage/plan-types.js'
import { createWorld, everybody } from '../../../dist/simulate/shortage/world.js'
import { temporaryFolder } from '../../cli/run.js'
import { daysOf } from './quiet-days.ts'

const DAYS = 7
/** A seed by which the card comes out at the first try. */
const SEED = 3

/** Gets the only blank on the third day, loses the card on the fifth, and asks for a letter on the sixth. */
const RESIDENT: Resident = {
  number: 0,
  isUrgent: false,
  decision: { afterDays: 0, state: 'PRINT_READY_RECORD', isSaidTwice: false },
  collectsAfterDays: 0,
  losesAfterDays: 1,
  letterAfterDays: 5,
}

const folder = temporaryFolder()

it('a letter for who has lost the card and waits for another is valid, beside the lost one', async () => {
  const lot = { lot: 'lot-1', item: 'blank', quantity: 1 }
  const box = { shipment: 'note-1', lines: [lot], lacking: 0, isTypedTwice: false, isOverlapping: false }
  const stations = [
    { name: 'hub', days: daysOf(DAYS) },
    { name: 'office-1', days: daysOf(DAYS, day => (day === 0 ? { deliveries: [box], residents: [RESIDENT] } : {})) },
  ]
  const world = await createWorld({ days: DAYS, offices: 1, seed: SEED, stations }, folder)
  try {
    const wrong: string[] = []
    const look = (evening: Awaited<ReturnType<typeof settle>>) =>
      wrong.push(...SHORTAGE_INVARIANTS.flatMap(invariant => invariant.look(evening).wrong))
    for (let day = 0; day < DAYS; day++) look(await playDay(world, day))
    const evening = await settle(world)
    look(evening)
    const { says, tray } = evening.stations[1]
    expect(tray).toHaveLength(1)
    expect(says.letters).toMatchObject([{ state: 'valid' }])
    expect(wrong).toEqual([])
    // Beside the next card it would not be.
    const { request } = evening.persons[0].requests[1]
    const card = { ...evening.stations[1].cards[0], job: 'next', request }
    evening.stations[1].cards.push(card)
    tray.push({ ...tray[0], job: 'next' })
    const beside = SHORTAGE_INVARIANTS.find(({ name }) => name === 'no-letter-beside-card')!
    expect(beside.look(evening).wrong.length).toBeGreaterThan(0)
  } finally {
    for (const each of everybody(world)) await each.close()
  }
})
