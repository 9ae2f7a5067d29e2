/** Records that are corrected after the centre has cleared them: a card shows what was decided about. */
import fc from 'fast-check'
import {
  decide,
  issueLetter,
  printCards,
  recordOf,
  requestCard,
  type Station,
  sync,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { copyStation, record } from '../files.ts'
import { lineTo, opening, twoPlaces } from '../sync/support.js'
import { network } from './network.ts'
import { BY, blanks, CLEARED, corrected, nikOf, printerThat, render } from './support.ts'

const ID = 'record-1'

const print = (station: Station) => printCards(station, { printer: printerThat(), render })

/** One record of a kiosk, and a request for its card. */
async function asked() {
  const { hub, below } = await network('kiosk-1')
  const [{ station, meet }] = below
  record(station, ID, { nik: nikOf(1) })
  blanks(station, 3)
  requestCard(station, { record: ID, ...BY })
  await meet()
  return { hub, kiosk: station, meet }
}

it('print nothing for somebody else by the word about another', async () => {
  const { hub, kiosk, meet } = await asked()
  decide(hub, ID, CLEARED)
  await meet()
  corrected(kiosk, ID, nikOf(2))
  for (const step of [async () => {}, meet]) {
    await step()
    expect(await print(kiosk)).toMatchObject({ printed: [], waits: [{ record: ID, code: 'not-ready' }] })
    expect(recordOf(kiosk, ID)!.centreState).toBeUndefined()
  }
  decide(hub, ID, CLEARED)
  await meet()
  expect((await print(kiosk)).printed).toMatchObject([{ record: ID, version: 2 }])
})

it('get a letter that does not say that they were cleared', async () => {
  const { hub, below } = await network('kiosk-1')
  const [{ station: kiosk, meet }] = below
  record(kiosk, ID, { nik: nikOf(1) })
  await meet()
  decide(hub, ID, CLEARED)
  await meet()
  corrected(kiosk, ID, nikOf(2))
  expect(issueLetter(kiosk, { record: ID, ...BY }).code).not.toBe('PRR')
})

it('stay fallen where the centre has let them fall', async () => {
  const { hub, kiosk, meet } = await asked()
  decide(hub, ID, { state: 'DUPLICATE_RECORD', by: 'expert-1' })
  await meet()
  corrected(kiosk, ID, nikOf(2))
  await meet()
  for (const station of [hub, kiosk]) expect(recordOf(station, ID)!.centreState).toBe('DUPLICATE_RECORD')
})

it('are not cleared at a kiosk that was restored, by what was decided about a version that it has lost', async () => {
  const { hub, kiosk } = await twoPlaces()
  record(kiosk.station, ID, { nik: nikOf(1) })
  blanks(kiosk.station, 3)
  requestCard(kiosk.station, { record: ID, ...BY })
  await sync(kiosk.station, lineTo(hub))
  const backup = copyStation(kiosk.path)
  corrected(kiosk.station, ID, nikOf(2))
  await sync(kiosk.station, lineTo(hub))
  decide(hub.station, ID, CLEARED)
  const { station } = await opening({ ...kiosk, path: backup })
  for (let i = 0; i < 3; i++) await sync(station, lineTo(hub))
  expect((await print(station)).printed).toEqual([])
  // Nor does that word clear another version which it writes under the number of the one that was lost.
  corrected(station, ID, nikOf(3))
  expect((await print(station)).printed).toEqual([])
  expect((await verifyStation(station)).findings).toEqual([])
})

it('are cleared, or fallen, at both stations or at neither, in whatever order they hear of it', async () => {
  const act = fc.constantFrom('clear', 'fall', 'correct', 'meet')
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 2, maxLength: 7 }), async acts => {
      const { hub, kiosk, meet } = await asked()
      let [version, known, cleared, decided, nik] = [1, 1, 0, 0, 1]
      for (const each of acts) {
        if (each === 'clear') {
          decide(hub, ID, CLEARED)
          decided = known
          cleared = known
        } else if (each === 'fall') {
          decide(hub, ID, { state: 'DUPLICATE_RECORD', by: 'expert-1' })
          decided = 0
        } else if (each === 'correct') {
          corrected(kiosk, ID, nikOf(++nik))
          version++
        } else {
          await meet()
          known = version
        }
        const { printed } = version === cleared ? { printed: [] } : await print(kiosk)
        expect(printed).toEqual([])
      }
      await meet()
      await meet()
      const [atHub, atKiosk] = [hub, kiosk].map(station => recordOf(station, ID)!.centreState)
      expect(atKiosk).toBe(atHub)
      expect(atHub === 'PRINT_READY_RECORD').toBe(decided === version)
      if (!acts.includes('fall') && decided !== version) expect(atHub).toBeUndefined()
      for (const station of [hub, kiosk]) expect((await verifyStation(station)).findings).toEqual([])
    }),
    { numRuns: 20 },
  )
})
