import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { playDay, settle } from '../../../dist/simulate/shortage/days.js'
import { SHORTAGE_INVARIANTS } from '../../../dist/simulate/shortage/invariants.js'
import type { OfficeDay, Resident } from '../../../dist/simulate/shortage/plan-types.js'
import { createWorld, everybody, type World } from '../../../dist/simulate/shortage/world.js'
import { temporaryFolder } from '../../cli/run.js'
import { daysOf } from './quiet-days.ts'

/** The blanks come on the first day. The last day's count finds those that are gone. */
const DAYS = 4
/** The office knows by then that the card may be printed. */
const PRINTS_ON = 2
/** The entries of two cards for which no blank is found: reserved, sent and released. */
const ENTRIES = 6

const SERIALS = [{ prefix: 'CA', digits: 6, first: 1, last: 2 }]

const resident: Resident = {
  number: 0,
  isUrgent: false,
  decision: { afterDays: 0, state: 'PRINT_READY_RECORD', isSaidTwice: false },
}

const folder = temporaryFolder()

/** An office with two blanks, and one resident who waits for a card. */
async function withOffice(serials: object, printing: Partial<OfficeDay>, play: (world: World) => Promise<void>) {
  const lot = { lot: 'lot-1', item: 'blank', quantity: 2, ...serials }
  const box = { shipment: 'note-1', lines: [lot], lacking: 0, isTypedTwice: false, isOverlapping: false }
  const office = daysOf(DAYS, day => ({
    ...(day === 0 && { residents: [resident], deliveries: [box] }),
    ...(day === PRINTS_ON && printing),
    isCounted: day === DAYS - 1,
  }))
  const stations = [
    { name: 'hub', days: daysOf(DAYS) },
    { name: 'office-1', days: office },
  ]
  const plan = { days: DAYS, offices: 1, seed: 1, stations }
  const world = await createWorld(plan, mkdtempSync(join(folder, 'world-')))
  try {
    await play(world)
  } finally {
    for (const each of everybody(world)) await each.close()
  }
}

const wrongIn = (evening: Awaited<ReturnType<typeof playDay>>) =>
  SHORTAGE_INVARIANTS.flatMap(({ look }) => look(evening).wrong)

it.each([
  ['serials', { serials: SERIALS }],
  ['no serials', {}],
])('the shelves are true wherever the power goes while a blank is gone, of a lot with %s', async (_, serials) => {
  const open: number[] = []
  for (let cutAtEntry = 1; cutAtEntry <= ENTRIES; cutAtEntry++) {
    await withOffice(serials, { vanishing: 2, cutAtEntry }, async world => {
      for (let day = 0; day < DAYS; day++) {
        const evening = await playDay(world, day)
        expect({ cutAtEntry, day, wrong: wrongIn(evening) }).toEqual({ cutAtEntry, day, wrong: [] })
        if (evening.stations[1].cards.some(({ state }) => state === 'open')) open.push(cutAtEntry)
      }
      expect(wrongIn(await settle(world))).toEqual([])
      expect(world.offices[0].cuts).toBe(1)
    })
  }
  // The printer's answer is lost with the power: nobody knows what became of the card.
  expect(open).toContain(3)
})

it('a blank that the station names, that is not there and did not vanish, is a failure of the station', async () => {
  await withOffice({ serials: SERIALS }, {}, async world => {
    for (let day = 0; day < PRINTS_ON; day++) await playDay(world, day)
    // As many blanks as in the books lie there, but not the one that is printed on next.
    const { shelf } = world.offices[0].store.lot('lot-1')
    shelf.delete(1)
    shelf.add(3)
    // The operator tries four times.
    const evening = await playDay(world, PRINTS_ON)
    const named = expect.stringContaining('the station names CA000001 of lot-1, which is not there')
    expect(wrongIn(evening)).toEqual([named, named, named, named])
  })
})
