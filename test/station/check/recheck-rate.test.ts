/** A recheck at another rate and among another population than those of the program that has the index. */
import { checkRecords, createIdentity, recheck, status } from 'sidik/station'
import { expect, it, vi } from 'vitest'
import { localGalleryOf } from '../../../dist/station/check/local-gallery.js'
import { bodyOf, entriesApplied } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newPath, newStation } from '../enrol/support.js'
import { below } from './below.ts'
import { peopleOf } from './fingers.ts'
import { recorded } from './network.ts'

const PERSONS = [1, 2, 3, 4, 5, 6]

it('is done at the rate, and among the population, that was asked for', async () => {
  const given = { path: newPath(), identity: await createIdentity('hub'), engine: await engineForTests() }
  const serving = await newStation({ ...given, check: { targetFpir: 0.001 } })
  const { firstOf } = peopleOf(113, PERSONS)
  const kiosk = await below(serving, 'kiosk')
  for (const person of PERSONS) await recorded(kiosk.station, person, firstOf(person))
  await kiosk.meet()
  await vi.waitFor(() => expect(status(serving).check.unchecked).toBe(0), 20_000)
  const { file, keys } = partsOf(serving)
  const ratesFrom = (place: number) =>
    entriesApplied(file, place, 1_000)
      .filter(({ kind }) => kind === 'checked')
      .map(row => bodyOf(file, keys, row) as { targetFpir: number; population?: number })
      .map(({ targetFpir, population }) => [targetFpir, population])
  expect(ratesFrom(1)).toEqual(PERSONS.map(() => [0.001, undefined]))

  const place = file.get<{ place: number }>('SELECT max(applied) AS place FROM journal')!.place
  const other = await newStation({ ...given, check: { targetFpir: 0.00001, population: 1_000_000 } })
  await localGalleryOf(other)!.whenOpen()
  expect(localGalleryOf(other)!.isElsewhere).toBe(true)
  await recheck(other, { operator: 'clerk-1', reason: 'a lower rate' })
  await checkRecords(serving)
  expect(ratesFrom(place + 1)).toEqual(PERSONS.map(() => [0.00001, 1_000_000]))
})
