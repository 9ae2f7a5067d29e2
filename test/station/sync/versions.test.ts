/** The cost of one record's versions for those who compare with it. */
import { recordOf, refusals, sync, verifyStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { MOST_VERSIONS } from '../../../dist/station/sync/version-quota.js'
import {
  acquaint,
  correctionAt,
  lineTo,
  NIK,
  newPlace,
  type Place,
  recordAt,
  twoPlaces,
  withdrawalAt,
} from './support.js'

/** Two kiosks of a hub: one corrects, the other compares. */
async function threeAtHub() {
  const { kiosk, hub } = await twoPlaces()
  const other = await newPlace('kiosk-2')
  acquaint(other, hub)
  return { kiosk, hub, other }
}

const galleryAt = ({ station }: Place) =>
  partsOf(station).file.all<{ record: string; templates: Uint8Array | null }>(
    'SELECT record, templates FROM gallery_entry ORDER BY record',
  )
const galleryEntries = ({ station }: Place) =>
  partsOf(station).file.all("SELECT 1 FROM journal WHERE kind = 'gallery' AND station = 'hub'").length
const payloadsAt = ({ station }: Place) => partsOf(station).file.all('SELECT hash FROM payload').length
const findingsOf = async (places: readonly Place[]) =>
  (await Promise.all(places.map(({ station }) => verifyStation(station)))).flatMap(({ findings }) => findings)

describe('a record that is corrected again and again', () => {
  it('sends others its newest templates alone, as if there had been no versions before', async () => {
    const { kiosk, hub, other } = await threeAtHub()
    recordAt(kiosk, 'a', { templates: 20_000 })
    for (let version = 2; version <= 40; version++) correctionAt(kiosk, 'a', version, { templates: 20_000 })
    await sync(kiosk.station, lineTo(hub))
    expect(recordOf(hub.station, 'a')?.version).toBe(40)
    const { receivedBytes, stopped } = await sync(other.station, lineTo(hub))
    expect(stopped).toBeUndefined()
    // One version's templates, and a header for each of the others.
    expect(receivedBytes).toBeLessThan(20_000 + 40 * 1_500)
    expect(payloadsAt(other)).toBe(1)
    expect(galleryAt(other)).toEqual(galleryAt(hub))
    expect(refusals(hub.station)).toEqual([])
    recordAt(kiosk, 'b')
    correctionAt(kiosk, 'a', 41, { templates: 700 })
    for (const each of [kiosk, other]) await sync(each.station, lineTo(hub))
    expect(galleryAt(other)).toEqual(galleryAt(hub))
    expect(await findingsOf([kiosk, hub, other])).toEqual([])
  })

  it('says nothing to others where its templates stay as they are', async () => {
    const { kiosk, hub, other } = await threeAtHub()
    const { header } = recordAt(kiosk, 'a')
    await sync(kiosk.station, lineTo(hub))
    const person = { nik: NIK, person: { name: 'Another' }, operator: 'operator-7', reason: 'a letter' }
    for (let recordVersion = 2; recordVersion <= 5; recordVersion++) {
      const body = { ...person, preCheck: { decision: 'clear' as const, candidates: [], persons: 0 } }
      const { payloads } = header
      append(kiosk.station, { kind: 'corrected', direction: 'up', record: 'a', recordVersion, body, payloads } as never)
    }
    await sync(kiosk.station, lineTo(hub))
    expect(recordOf(hub.station, 'a')?.version).toBe(5)
    expect(galleryEntries(hub)).toBe(1)
    // Other fingers, and those before again.
    correctionAt(kiosk, 'a', 6, { templates: 900 })
    await sync(kiosk.station, lineTo(hub))
    expect(galleryEntries(hub)).toBe(2)
    await sync(other.station, lineTo(hub))
    expect(galleryAt(other)).toEqual(galleryAt(hub))
  })

  it('is gone for others when it is withdrawn, whether they had its templates before or not', async () => {
    const { kiosk, hub, other } = await threeAtHub()
    const early = await newPlace('kiosk-3')
    acquaint(early, hub)
    recordAt(kiosk, 'a')
    for (const each of [kiosk, early]) await sync(each.station, lineTo(hub))
    withdrawalAt(kiosk, 'a')
    for (const each of [kiosk, early, other]) await sync(each.station, lineTo(hub))
    for (const each of [hub, early, other]) {
      expect(galleryAt(each).filter(({ templates }) => templates !== null)).toEqual([])
    }
    expect(payloadsAt(other)).toBe(0)
    expect(refusals(hub.station)).toEqual([])
    expect(await findingsOf([hub, early, other])).toEqual([])
  })

  it('goes its way through a hub to those below it', async () => {
    const { kiosk, hub, other } = await threeAtHub()
    const far = await newPlace('far-hub')
    const beyond = await newPlace('far-kiosk')
    acquaint(far, hub, { vouches: true })
    acquaint(beyond, far)
    recordAt(kiosk, 'a')
    for (let version = 2; version <= 10; version++) correctionAt(kiosk, 'a', version, { templates: 5_000 })
    await sync(kiosk.station, lineTo(hub))
    for (const [below, above] of [
      [far, hub],
      [beyond, far],
      [other, hub],
    ]) {
      await sync(below.station, lineTo(above))
      expect(galleryAt(below)).toEqual(galleryAt(hub))
    }
    expect(await findingsOf([far, beyond, other])).toEqual([])
  })

  it('ends at a number of versions that no office has', async () => {
    const { kiosk, hub, other } = await threeAtHub()
    recordAt(kiosk, 'a', {})
    for (let version = 2; version <= MOST_VERSIONS + 3; version++) correctionAt(kiosk, 'a', version, {})
    // Nor does it help to count from the beginning again.
    correctionAt(kiosk, 'a', 2, {})
    recordAt(kiosk, 'b')
    await sync(kiosk.station, lineTo(hub))
    expect(recordOf(hub.station, 'a')?.version).toBe(MOST_VERSIONS)
    expect(recordOf(hub.station, 'b')?.version).toBe(1)
    expect(refusals(kiosk.station).map(({ code }) => code)).toEqual([
      ...Array(3).fill('VERSION_QUOTA'),
      'ENTRY_CORRUPT',
    ])
    await sync(other.station, lineTo(hub))
    expect(await findingsOf([kiosk, hub, other])).toEqual([])
  })
})
