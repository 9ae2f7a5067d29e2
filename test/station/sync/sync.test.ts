import fc from 'fast-check'
import { receive, type SyncOptions, sync } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { verifyStation } from '../../../dist/station/verify/verify.js'
import {
  acquaint,
  anomaliesOf,
  badLineTo,
  centreOf,
  chainOf,
  decisionAt,
  lineTo,
  NAME,
  NIK,
  newPlace,
  ownBodies,
  type Place,
  recordAt,
  threePlaces,
  transportOf,
  twoPlaces,
} from './support.js'

/** A line that is bad is not left alone for minutes. */
const HASTY: SyncOptions = {
  retry: { attempts: 2, firstPauseMs: 1, longestPauseMs: 1, firstRestMs: 1, longestRestMs: 1 },
}

/** Every record of a journal is at `place` once, whole, in order, and as it was signed; and nothing that is not for it. */
function expectAll(place: Place, from: Place): void {
  const own = chainOf(from, from.identity.id).filter(({ header }) => header.direction === 'up')
  const there = chainOf(place, from.identity.id)
  const entries = there.filter(({ header }) => header.direction === 'up')
  expect(entries.map(({ hash }) => hash)).toEqual(own.map(({ hash }) => hash))
  expect(entries.map(({ body }) => body)).toEqual(own.map(({ body }) => body))
  expect(entries.every(({ isWhole, applied }) => isWhole && applied !== null)).toBe(true)
  expect(there.filter(({ header, body }) => header.direction !== 'up' && body !== undefined)).toEqual([])
}

describe('three stations', () => {
  it('bring records up and decisions down', async () => {
    const { kiosk, hub, centre } = await threePlaces()
    const ids = ['a', 'b', 'c', 'd', 'e']
    for (const id of ids) recordAt(kiosk, id, { templates: 900, 'finger-1': 5_000, photo: 400_000 })
    const up = await sync(kiosk.station, lineTo(hub))
    expect(up).toMatchObject({ peer: 'hub', receipts: 5, unsent: 0, refused: [] })
    expect(up.stopped).toBeUndefined()
    expect(Object.values(transportOf(kiosk))).toEqual(ids.map(() => 'synchronised'))
    expect(Object.values(transportOf(hub))).toEqual(ids.map(() => 'waiting'))
    await sync(hub.station, lineTo(centre))
    expectAll(hub, kiosk)
    expectAll(centre, kiosk)
    decisionAt(centre, 'c', 'kiosk-1')
    await sync(hub.station, lineTo(centre))
    await sync(kiosk.station, lineTo(hub))
    expect(centreOf(kiosk)).toEqual({ a: null, b: null, c: 'unique', d: null, e: null })
    for (const place of [kiosk, hub, centre]) expect(anomaliesOf(place)).toEqual([])
  })

  it('say nothing when there is nothing to say: local chatter starts no conversation', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'a')
    await sync(kiosk.station, lineTo(hub))
    await sync(kiosk.station, lineTo(hub))
    const quiet = await sync(kiosk.station, lineTo(hub))
    expect(quiet).toMatchObject({ sent: 0, received: 0, exchanges: 1 })
    expect(quiet.sentBytes).toBeLessThan(1_500)
  })

  it('let other kiosks know templates, never photos or images', async () => {
    const { kiosk, hub } = await twoPlaces()
    const other = await newPlace('kiosk-2')
    acquaint(other, hub)
    const { header } = recordAt(kiosk, 'a', { templates: 900, photo: 3_000, 'finger-1': 4_000 })
    await sync(kiosk.station, lineTo(hub))
    await sync(other.station, lineTo(hub))
    const { file } = partsOf(other.station)
    const known = file.all<{ record: string; templates: Uint8Array }>('SELECT record, templates FROM gallery_entry')
    expect(known.map(({ record, templates }) => [record, Buffer.from(templates).toString('hex')])).toEqual([
      ['a', header.payloads.find(({ role }) => role === 'templates')!.hash],
    ])
    expect(file.all('SELECT hash FROM payload')).toHaveLength(1)
    expect(file.all(`SELECT 1 FROM journal WHERE station = 'kiosk-1'`)).toEqual([])
  })

  it('come to the same over lines that lose, double, delay, replay, cut and alter', async () => {
    const steps = fc.array(fc.constantFrom('record', 'up', 'up', 'relay', 'decide'), { minLength: 5, maxLength: 10 })
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), steps, comesToTheSame), { numRuns: 6 })
  })
})

async function comesToTheSame(seed: number, steps: readonly string[]): Promise<void> {
  const { kiosk, hub, centre } = await threePlaces()
  const options = { ...HASTY, messageBytes: 16_384 }
  const [toHub, toCentre] = [badLineTo(hub, seed, 0.5), badLineTo(centre, seed + 1, 0.5)]
  const ids: string[] = []
  for (const step of ['record', ...steps]) {
    if (step === 'record') {
      ids.push(`r${ids.length + 10}`)
      recordAt(kiosk, ids.at(-1)!, { templates: 700, 'finger-1': 9_000, photo: 20_000 })
    }
    if (step === 'up') await sync(kiosk.station, toHub, options)
    if (step === 'relay') await sync(hub.station, toCentre, options)
    const [undecided] = Object.entries(centreOf(centre)).find(([, state]) => state === null) ?? []
    if (step === 'decide' && undecided !== undefined) decisionAt(centre, undecided, 'kiosk-1')
  }
  await sync(kiosk.station, lineTo(hub), HASTY)
  await sync(hub.station, lineTo(centre), HASTY)
  await sync(kiosk.station, lineTo(hub), HASTY)
  expectAll(hub, kiosk)
  expectAll(centre, kiosk)
  const done = Object.fromEntries(ids.map(id => [id, 'synchronised']))
  expect(transportOf(kiosk)).toEqual(done)
  expect(transportOf(hub)).toEqual(done)
  expect(centreOf(kiosk)).toEqual(centreOf(centre))
  const receipts = ownBodies(kiosk, 'receipts').flatMap(body => (body as { receipts: unknown[] }).receipts)
  expect(receipts).toHaveLength(ids.length)
  for (const place of [kiosk, hub, centre]) {
    // What the line did is no anomaly: nobody lied.
    expect(anomaliesOf(place)).toEqual([])
    expect((await verifyStation(place.station)).findings).toEqual([])
  }
}

describe('sync', () => {
  it('tells progress by counts, and errors without what was sent', async () => {
    const { kiosk, hub } = await twoPlaces()
    recordAt(kiosk, 'a')
    const told: unknown[] = []
    await sync(kiosk.station, lineTo(hub), { onProgress: progress => told.push(progress) })
    expect(told.length).toBeGreaterThan(1)
    expect(told.flatMap(progress => Object.values(progress as object)).every(Number.isInteger)).toBe(true)
    const personal = new TextEncoder().encode(`${NIK} ${NAME}`)
    const message = await receive(hub.station, personal).catch(error => error.message)
    expect(message).not.toContain(NIK)
    expect(message).not.toContain(NAME)
  })
})
