/** Rechecks at another rate and population than those of the program that has the index, and one that is stopped. */
import { checkRecords, createIdentity, recheck, type Station, status, verifyStation } from 'sidik/station'
import { expect, it, vi } from 'vitest'
import { localGalleryOf } from '../../../dist/station/check/local-gallery.js'
import { append } from '../../../dist/station/journal/append.js'
import { bodyOf, entriesApplied } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { engineForTests } from '../../support/engine.js'
import { newPath, newStation } from '../enrol/support.js'
import { below } from './below.ts'
import { peopleOf } from './fingers.ts'
import { recorded } from './network.ts'

const PERSONS = [1, 2, 3, 4, 5, 6]

/** Rates and populations of comparisons, from a place of the journal on. */
function ratesFrom(station: Station, place: number) {
  const { file, keys } = partsOf(station)
  return entriesApplied(file, place, 1_000)
    .filter(({ kind }) => kind === 'checked')
    .map(row => bodyOf(file, keys, row) as { targetFpir: number; population?: number })
    .map(({ targetFpir, population }) => [targetFpir, population])
}

it('is done at the rate, and among the population, that was asked for', async () => {
  const given = { path: newPath(), identity: await createIdentity('hub'), engine: await engineForTests() }
  const serving = await newStation({ ...given, check: { targetFpir: 0.001 } })
  const { firstOf } = peopleOf(113, PERSONS)
  const kiosk = await below(serving, 'kiosk')
  for (const person of PERSONS) await recorded(kiosk.station, person, firstOf(person))
  await kiosk.meet()
  await vi.waitFor(() => expect(status(serving).check.unchecked).toBe(0), 20_000)
  expect(ratesFrom(serving, 1)).toEqual(PERSONS.map(() => [0.001, undefined]))

  const place = partsOf(serving).file.get<{ place: number }>('SELECT max(applied) AS place FROM journal')!.place
  const other = await newStation({ ...given, check: { targetFpir: 0.00001, population: 1_000_000 } })
  await localGalleryOf(other)!.whenOpen()
  expect(localGalleryOf(other)!.isElsewhere).toBe(true)
  await recheck(other, { operator: 'clerk-1', reason: 'a lower rate' })
  await checkRecords(serving)
  expect(ratesFrom(serving, place + 1)).toEqual(PERSONS.map(() => [0.00001, 1_000_000]))
})

it('holds for records that wait for their first check, too', async () => {
  const given = { path: newPath(), identity: await createIdentity('hub'), engine: await engineForTests() }
  const hub = await newStation({ ...given, check: { background: false } })
  const { firstOf } = peopleOf(113, PERSONS)
  const kiosk = await below(hub, 'kiosk')
  for (const person of PERSONS) await recorded(kiosk.station, person, firstOf(person))
  await kiosk.meet()
  const other = await newStation({ ...given, check: { background: false, targetFpir: 0.05 } })
  const asking = new AbortController()
  const stopped = recheck(other, { operator: 'clerk-1', reason: 'a higher rate', signal: asking.signal })
  asking.abort(new Error('stopped'))
  await expect(stopped).rejects.toThrow('stopped')
  await other.close()
  await checkRecords(hub)
  expect(ratesFrom(hub, 1)).toEqual(PERSONS.map(() => [0.05, undefined]))
})

it('is gone on with where it was stopped while the records were asked for', async () => {
  const given = { path: newPath(), identity: await createIdentity('office'), engine: await engineForTests() }
  const check = { background: false }
  const station = await newStation({ ...given, check })
  const RECORDS = 4_500
  partsOf(station).file.transaction(() => {
    for (let i = 0; i < RECORDS; i++) {
      const preCheck = { decision: 'clear', candidates: [], persons: 0 }
      const body = { nik: `3276014107${String(i).padStart(6, '0')}`, person: { name: 'Siti' }, operator: 'o', preCheck }
      append(station, { kind: 'enrolled', direction: 'up', record: `r-${i}`, recordVersion: 1, body } as never)
    }
  })
  const asking = new AbortController()
  const stopped = recheck(station, { operator: 'clerk-1', reason: 'a new network', signal: asking.signal })
  asking.abort(new Error('stopped'))
  await expect(stopped).rejects.toThrow('stopped')
  const due = () => status(station).check.unchecked
  expect(due()).toBeLessThan(RECORDS)
  await station.close()

  const again = await newStation({ ...given, check })
  const checking = new AbortController()
  const onProgress = () => checking.abort(new Error('enough'))
  await expect(checkRecords(again, { signal: checking.signal, onProgress })).rejects.toThrow('enough')
  const { n } = partsOf(again).file.get<{ n: number }>('SELECT count(*) AS n FROM check_due')!
  expect(n).toBeGreaterThan(RECORDS - 10)
  expect((await verifyStation(again)).findings).toEqual([])
}, 120_000)
