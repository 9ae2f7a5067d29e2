import Database from 'better-sqlite3'
import { createIdentity, recordsByNik, refusals, sync, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { newestEntry } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import type { Ground } from '../../../dist/station/sync/ground.js'
import { MOST_OF_ONE_NIK, MOST_OF_ONE_NIK_BY_PEER, whyNotNik } from '../../../dist/station/sync/nik-quota.js'
import { type Below, below } from '../check/below.ts'
import { newStation } from '../enrol/support.js'
import { copyStation, record } from '../files.ts'
import { lineTo, twoPlaces } from './support.js'

const NIK = '3276010101900001'

it('a kiosk’s records of one NIK end at a number that no office has, whatever is done to them', async () => {
  const places = await twoPlaces()
  const { station: kiosk } = places.kiosk
  const said = (nik: string) => ({
    nik,
    person: { name: 'x' },
    operator: 'operator-7',
    preCheck: { decision: 'clear' as const, candidates: [], persons: 0 },
  })
  partsOf(kiosk).file.transaction(() => {
    for (let i = 0; i < MOST_OF_ONE_NIK + 2; i++) {
      append(kiosk, { kind: 'enrolled', direction: 'up', record: `r-${i}`, recordVersion: 1, body: said(NIK) })
      const body = { reason: 'once more', operator: 'operator-7' }
      if (i % 2 === 0) append(kiosk, { kind: 'withdrawn', direction: 'up', record: `r-${i}`, recordVersion: 1, body })
    }
    // Neither by correcting another one to it.
    append(kiosk, {
      kind: 'enrolled',
      direction: 'up',
      record: 'other',
      recordVersion: 1,
      body: said('3276010101900002'),
    })
    const body = { ...said(NIK), reason: 'a digit was wrong' }
    append(kiosk, { kind: 'corrected', direction: 'up', record: 'other', recordVersion: 2, body })
    // One that is there may be corrected.
    const name = { ...said(NIK), person: { name: 'y' }, reason: 'the name was wrong' }
    append(kiosk, { kind: 'corrected', direction: 'up', record: 'r-1', recordVersion: 2, body: name })
  })
  await sync(kiosk, lineTo(places.hub))
  const { station: hub } = places.hub
  expect(recordsByNik(hub, NIK)).toHaveLength(MOST_OF_ONE_NIK)
  expect(recordsByNik(hub, NIK).find(({ id }) => id === 'r-1')?.version).toBe(2)
  const codes = refusals(kiosk).map(({ code }) => code)
  expect(codes).toEqual(Array(3).fill('NIK_QUOTA'))
  for (const station of [kiosk, hub]) expect((await verifyStation(station)).findings).toEqual([])
})

it('kiosks that a hub invents bring no more of one NIK together than one peer may', async () => {
  const centre = await newStation({ identity: await createIdentity('centre') })
  const hub = await below(centre, 'hub')
  const kiosks: Below[] = []
  for (let i = 0; i <= MOST_OF_ONE_NIK_BY_PEER / MOST_OF_ONE_NIK; i++)
    kiosks.push(await below(hub.station, `kiosk-${i}`))
  const [last, ...others] = kiosks
  const bring = async (by: Below, id: string) => {
    record(by.station, id, { nik: NIK })
    await by.meet()
    await hub.meet()
  }
  for (const each of others) await bring(each, `of-${each.station.id}`)
  await bring(last, 'one-more')
  const other = await below(centre, 'other')
  record(other.station, 'of-other', { nik: NIK })
  await other.meet()
  // A copy: no guard looks at it.
  const database = new Database(copyStation(centre.path))
  const file = { get: (sql: string, ...values: unknown[]) => database.prepare(sql).get(...values) }
  const { keys } = partsOf(centre)
  const whyNot = (station: string) =>
    whyNotNik({ file, keys } as unknown as Ground, newestEntry(partsOf(centre).file, station)!)
  expect([whyNot(last.station.id), whyNot('other')]).toEqual([undefined, undefined])
  const columns = database.prepare("SELECT name FROM pragma_table_info('record') WHERE name <> 'id'").pluck().all()
  // As if each of the others had brought as many as it may: their journals would take minutes.
  database.exec(
    `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${MOST_OF_ONE_NIK})
     INSERT INTO record (id, ${columns}) SELECT r.id || '-' || i, ${columns} FROM n, record r
     WHERE r.id LIKE 'of-kiosk%'`,
  )
  expect([whyNot(last.station.id), whyNot('other')]).toEqual(['NIK_QUOTA', undefined])
  database.close()
})
