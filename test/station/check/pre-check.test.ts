/** Records whose pre-check a kiosk has signed, and no program of ours writes: they are shown. */
import fc from 'fast-check'
import { recordOf, records, sync, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { lineTo, NIK, twoPlaces } from '../sync/support.js'

const CANDIDATE = { record: 'somebody', score: 70, fpir: 0.001 }
const PRE_CHECK = { decision: 'duplicate', candidates: [CANDIDATE], persons: 3 }

/** Members that may stand beside those that a pre-check must hold. */
const odd = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(null, true, -1, 1.5, [], {}, ['x'], [[1, 2, 3]], [[0, 11]], [{}], { 1: 'x' }, 'x'.repeat(100)),
)
const some = <T extends string>(...names: T[]) =>
  fc.record(Object.fromEntries(names.map(name => [name, odd])) as Record<T, typeof odd>, { requiredKeys: [] })

it('a hub shows a record whatever its kiosk has written beside what a pre-check must hold', async () => {
  const { kiosk, hub } = await twoPlaces()
  let number = 0
  await fc.assert(
    fc.asyncProperty(
      some('reasons', 'through', 'absent', 'missRate', 'software', 'at'),
      some('fingers', 'alike'),
      async (ofCheck, ofCandidate) => {
        const record = `r-${number++}`
        const preCheck = { ...PRE_CHECK, ...ofCheck, candidates: [{ ...CANDIDATE, ...ofCandidate }] }
        const body = { nik: NIK, person: {}, operator: 'operator-7', preCheck }
        append(kiosk.station, { kind: 'enrolled', direction: 'up', record, recordVersion: 1, body } as never)
        const { refused } = await sync(kiosk.station, lineTo(hub))
        expect(refused).toEqual([])
        const shown = recordOf(hub.station, record)
        expect(shown).toMatchObject({ id: record, station: 'kiosk-1' })
        expect(shown?.contents?.preCheck.candidates).toMatchObject([CANDIDATE])
      },
    ),
    { numRuns: 30 },
  )
  expect(records(hub.station, { contents: true, limit: 100 }).records).toHaveLength(number)
  expect((await verifyStation(hub.station)).findings).toEqual([])
})
