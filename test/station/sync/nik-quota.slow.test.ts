import { recordsByNik, refusals, sync, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { MOST_OF_ONE_NIK } from '../../../dist/station/sync/nik-quota.js'
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
