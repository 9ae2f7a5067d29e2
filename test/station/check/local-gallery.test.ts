import { readFileSync } from 'node:fs'
import { createEngine, type DurableGallery } from 'sidik'
import {
  checkRecords,
  createIdentity,
  encodeTemplates,
  enrol,
  galleryState,
  type Recorded,
  revokePeer,
  type Station,
  status,
  withdraw,
} from 'sidik/station'
import { syntheticProbe, syntheticTemplate } from 'sidik/synthesize'
import { describe, expect, it, vi } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'
import { engineForTests } from '../../support/engine.js'
import { newPath, newStation, somebody } from '../enrol/support.js'
import { below } from './below.ts'
import { told } from './told.ts'

const engine = await engineForTests()

const templatesOf = (person: number) =>
  encodeTemplates(
    Array.from({ length: 10 }, (_, i) => ({ position: i + 1, template: syntheticTemplate(5, person * 10 + i) })),
  )
const probeOf = (person: number) =>
  Array.from({ length: 10 }, (_, i) => ({ position: i + 1, template: syntheticProbe(5, person * 10 + i, 'clean') }))

async function searched(station: Station, seed: number, person: number) {
  const { recordId, preCheck } = (await enrol(station, somebody(seed, probeOf(person)))) as Recorded
  withdraw(station, recordId, { operator: 'operator-7', reason: 'only to look' })
  const { decision, candidates, persons, absent } = preCheck
  return { decision, found: candidates.map(({ record }) => record), persons, absent }
}

/** 255 minutiae with both codes: some 10 KiB. */
const most = readFileSync(new URL('../../../fixtures/templates/v2/most.sdkt', import.meta.url))

/** Fills a gallery with templates that are of no person. */
async function fill(gallery: DurableGallery): Promise<void> {
  for (const [name, template] of Object.entries({ most, synthetic: syntheticTemplate(5, 1) })) {
    for (let i = 0, isFull = false; !isFull; i += 500) {
      const some = Array.from({ length: 500 }, (_, k) => gallery.insert(`${name}-${i + k}`, template))
      isFull = (await Promise.allSettled(some)).some(({ status }) => status === 'rejected')
    }
  }
}

describe('the local gallery', () => {
  it('forgets who was recorded by a station that is revoked', async () => {
    const station = await newStation({ engine })
    const { station: kiosk, meet } = await below(station, 'below')
    await enrol(kiosk, somebody(1, probeOf(1)))
    await meet()
    expect(await searched(station, 2, 1)).toMatchObject({ decision: 'duplicate', persons: 1 })
    revokePeer(station, 'below', { from: 1, operator: 'operator-7', reason: 'stolen' })
    expect(await searched(station, 3, 1)).toMatchObject({ decision: 'clear', persons: 0 })
  })

  it('checks nobody while there is no memory for somebody, and goes on when there is', async () => {
    const small = await createEngine({ threads: 1 })
    let gallery: DurableGallery | undefined
    const openDurableGallery = small.openDurableGallery.bind(small)
    small.openDurableGallery = async (folder, options) => {
      const full = await openDurableGallery(folder, { ...options, maxBytes: 67_108_864 })
      await fill(full)
      gallery = full
      return full
    }
    const station = await newStation({ engine: small, check: { background: false } })
    const { station: kiosk, meet } = await below(station, 'below')
    await vi.waitFor(() => expect(gallery).toBeDefined(), { timeout: 30_000 })
    told(station, 'early', templatesOf(100))
    await enrol(kiosk, somebody(1, probeOf(1)))
    await meet()
    await expect(checkRecords(station)).rejects.toMatchObject({ code: 'GALLERY_FULL' })
    expect(galleryState(station)).toMatchObject({ loaded: 0, total: 2, absent: 0, withoutFingers: 0, withoutRoom: 2 })
    expect(status(station).check).toMatchObject({ unchecked: 1 })
    const { preCheck } = (await enrol(station, somebody(2, probeOf(2)))) as Recorded
    expect(preCheck).toMatchObject({ persons: 0, absent: 2, missed: 2 })
    expect(status(station).check).toMatchObject({ unchecked: 2 })

    for (let i = 0; i < 100; i++) await gallery!.remove(`most-${i}`)
    expect(await checkRecords(station)).toMatchObject({ duplicates: 0, left: 0 })
    expect(galleryState(station)).toMatchObject({ loaded: 3, total: 3, withoutRoom: 0 })
    await station.close()
    await small.close()
  })

  it('follows what comes from other stations: late templates, new versions, removals, records that cannot be read', async () => {
    const station = await newStation({ engine })
    told(station, 'early', templatesOf(1))
    told(station, 'late', templatesOf(2), false)
    told(station, 'broken', new Uint8Array(100).fill(9))
    told(station, 'torn', encodeTemplates([{ position: 1, template: new Uint8Array(50) }]))
    expect(await searched(station, 1, 1)).toEqual({ decision: 'duplicate', found: ['early'], persons: 1, absent: 1 })
    expect(await searched(station, 2, 2)).toEqual({ decision: 'clear', found: [], persons: 1, absent: 1 })
    await vi.waitFor(() => expect(galleryState(station)).toMatchObject({ loaded: 1, absent: 1, withoutFingers: 2 }))

    putPayload(partsOf(station).file, partsOf(station).keys, 'templates', templatesOf(2))
    expect(await searched(station, 3, 2)).toEqual({ decision: 'duplicate', found: ['late'], persons: 2, absent: 0 })

    // Another version with other fingers; until its templates come, those before are compared with.
    told(station, 'early', templatesOf(3), false)
    expect(await searched(station, 4, 1)).toMatchObject({ found: ['early'], absent: 1 })
    putPayload(partsOf(station).file, partsOf(station).keys, 'templates', templatesOf(3))
    expect(await searched(station, 5, 1)).toMatchObject({ decision: 'clear', persons: 2, absent: 0 })
    expect(await searched(station, 6, 3)).toMatchObject({ decision: 'duplicate', found: ['early'] })

    append(station, { kind: 'removal', direction: 'down', record: 'early', body: { reason: 'deleted' } })
    expect(await searched(station, 7, 3)).toMatchObject({ decision: 'clear', persons: 1 })
  })

  it('is read in slices, and a search that waits for it says how far it is and can be ended', async () => {
    const options = { path: newPath(), identity: await createIdentity('3276-05') }
    const first = await newStation(options)
    const bytes = Array.from({ length: 4 }, (_, i) => templatesOf(10 + i))
    partsOf(first).file.transaction(() => {
      for (let i = 0; i < 200; i++) told(first, `record-${i}`, bytes[i % 4], i < 4)
    })
    await first.close()
    const station = await newStation({ ...options, engine })
    expect(galleryState(station)!.loaded).toBeLessThan(200)
    const loads: number[] = []
    const stop = new AbortController()
    const reason = new Error('the person left')
    const onProgress = ({ step, done, total }: { step: string; done: number; total: number }) => {
      if (step !== 'load') return
      expect(total).toBe(200)
      loads.push(done)
      stop.abort(reason)
    }
    const given = somebody(20, probeOf(99))
    await expect(enrol(station, given, { signal: stop.signal, onProgress })).rejects.toBe(reason)
    expect(loads[0]).toBeLessThan(200)
    const whole = await enrol(station, given)
    expect((whole as Recorded).preCheck).toMatchObject({ persons: 200, absent: 0 })
  })

  it('stops reading when the station is closed', async () => {
    const options = { path: newPath(), identity: await createIdentity('3276-06') }
    const first = await newStation(options)
    const bytes = templatesOf(30)
    partsOf(first).file.transaction(() => {
      for (let i = 0; i < 100; i++) told(first, `record-${i}`, bytes, i === 0)
    })
    await first.close()
    const station = await newStation({ ...options, engine })
    const waiting = expect(enrol(station, somebody(21, probeOf(98)))).rejects.toMatchObject({ code: 'STATION_CLOSED' })
    await station.close()
    await waiting
    expect(() => galleryState(station)).toThrow(expect.objectContaining({ code: 'STATION_CLOSED' }))
  })
})
