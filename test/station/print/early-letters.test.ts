/** Letters that come before their record: each judgement of letters looks at all of the person's. */
import { receive, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { SCENARIOS } from '../../../bench/support/station-hostile/scenarios.js'
import { Random } from '../../../dist/random.js'
import { MOST_LETTERS } from '../../../dist/station/project/letters.js'
import { partsOf } from '../../../dist/station/station.js'
import { opened, taken } from '../sync/steps.ts'
import { twoPlaces } from '../sync/support.ts'

it('are judged a few times in the step in which the record comes, however many they are', async () => {
  const places = await twoPlaces()
  const { kiosk, hub } = places
  const said = { kiosk: kiosk.station, hub: hub.station, random: new Random(7), entries: 390, mutants: 0 }
  const { before, sealed } = await SCENARIOS.earlyLetters(said)
  for (const message of before) await receive(hub.station, message)
  const { rows } = await taken(places, await opened(hub, sealed))
  // Each judgement reads those letters of one station that can be valid.
  expect(rows).toBeLessThan(20 * MOST_LETTERS)
  const { file } = partsOf(hub.station)
  // All is as when they come one after the other: the first of the person's letters by their ids are valid.
  const valid = file.all<{ id: string }>(`SELECT id FROM letter WHERE state = 'valid' ORDER BY id`)
  const first = file.all<{ id: string }>(`SELECT id FROM letter ORDER BY id LIMIT ${MOST_LETTERS}`)
  expect(valid).toEqual(first)
  expect(file.all("SELECT 1 FROM letter WHERE record = 'late'")).toHaveLength(MOST_LETTERS)
  expect((await verifyStation(hub.station)).findings).toEqual([])
})
