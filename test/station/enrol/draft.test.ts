import fc from 'fast-check'
import { SidikError } from 'sidik'
import { createIdentity, discardDraft, drafts, type PartialEnrolment, readDraft, saveDraft } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { saveTry } from '../../../dist/station/enrol/draft.js'
import { type Packable, pack, unpack } from '../../../dist/station/enrol/packed.js'
import { partsOf } from '../../../dist/station/station.js'
import { newPath, newStation } from './support.js'

const bytes = fc.uint8Array({ minLength: 1, maxLength: 50 })
const frame = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.boolean(), fc.nat(255))
  .map(([widthPx, heightPx, deep, value]) => {
    const size = widthPx * heightPx
    const data = deep ? new Uint16Array(size).fill(value * 257) : new Uint8Array(size).fill(value)
    return { data, widthPx, heightPx, ...(value > 99 && { ppi: 500.25 }) }
  })
const finger = fc.record(
  { position: fc.integer({ min: 1, max: 10 }), image: fc.oneof(bytes, frame), ppi: fc.constant(569), template: bytes },
  { requiredKeys: ['position', 'image'] },
)
const partial = fc.record(
  {
    nik: fc.string({ maxLength: 20 }),
    person: fc.record({ name: fc.string(), address: fc.record({ street: fc.string() }), sex: fc.constant('fe') }),
    fingers: fc.array(finger, { maxLength: 12 }),
    exceptions: fc.constant({ 3: 'bandaged' as const, 10: 'amputated' as const }),
    photo: bytes,
    signature: bytes,
    operator: fc.string(),
    overrides: fc.constant([{ code: 'finger-unusable', position: 3, reason: 'worn' }] as const),
  },
  { requiredKeys: [] },
)

describe('drafts', () => {
  it('hold what was captured so far, as it was given, also after the station was opened again', async () => {
    const options = { path: newPath(), identity: await createIdentity('3276-03') }
    let station = await newStation(options)
    const kept = new Map<string, PartialEnrolment>()
    await fc.assert(
      fc.asyncProperty(partial, partial, async (first, second) => {
        const id = saveDraft(station, first as PartialEnrolment)
        expect(readDraft(station, id)).toEqual(first)
        expect(saveDraft(station, second as PartialEnrolment, { draft: id })).toBe(id)
        kept.set(id, second as PartialEnrolment)
      }),
      { numRuns: 20 },
    )
    await station.close()
    station = await newStation(options)
    expect(new Set(drafts(station).map(({ id }) => id))).toEqual(new Set(kept.keys()))
    for (const [id, given] of kept) expect(readDraft(station, id)).toEqual(given)
  })

  it('say when they were begun and changed, and go when they are discarded', async () => {
    let now = Date.UTC(2026, 0, 1)
    const station = await newStation({ clock: () => now })
    const [one, two] = [saveDraft(station, {}), saveDraft(station, { nik: '3' })]
    now += 1_000
    saveDraft(station, { nik: '32' }, { draft: one })
    const [startedAt, changedAt] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z']
    expect(drafts(station).find(({ id }) => id === one)).toEqual({ id: one, startedAt, changedAt })
    expect(drafts(station).find(({ id }) => id === two)).toEqual({ id: two, startedAt, changedAt: startedAt })
    discardDraft(station, one)
    for (const gone of [
      () => discardDraft(station, one),
      () => readDraft(station, one),
      () => saveDraft(station, {}, { draft: one }),
    ]) {
      expect(gone).toThrow(expect.objectContaining({ code: 'DRAFT_UNKNOWN' }))
    }
    expect(drafts(station).map(({ id }) => id)).toEqual([two])
    expect(() => saveDraft(station, { fingers: [{ position: 0, template: new Uint8Array(1) }] })).toThrow(RangeError)
    expect(() => saveDraft(station, { names: 'x' } as never)).toThrow(TypeError)
    expect(() => readDraft(station, 1 as never)).toThrow(TypeError)
  })

  it('cannot be taken for one another, nor altered', async () => {
    const station = await newStation()
    const [one, two] = [saveDraft(station, { nik: '1' }), saveDraft(station, { nik: '2' })]
    const { file } = partsOf(station)
    const { sealed } = file.get<{ sealed: Uint8Array }>('SELECT sealed FROM draft WHERE id = ?', one)!
    file.run('UPDATE draft SET sealed = ? WHERE id = ?', sealed, two)
    expect(() => readDraft(station, two)).toThrow(expect.objectContaining({ code: 'STATION_CORRUPT' }))
    expect(readDraft(station, one)).toEqual({ nik: '1' })
  })
})

describe('packed', () => {
  const json = fc.letrec<{ value: Packable }>(tie => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, 1.5, -3),
      fc.string(),
      fc.uint8Array({ maxLength: 20 }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ maxLength: 6 }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ) as fc.Arbitrary<Packable>,
  })).value

  it('comes back as it was', () => {
    fc.assert(
      fc.property(json, value => {
        expect(unpack(pack(value))).toEqual(value)
      }),
    )
    expect(() => pack({ $bytes: [0, 1] })).toThrow(TypeError)
    expect(() => pack({ run: (() => 1) as never })).toThrow(TypeError)
  })

  it('gives a documented error for bytes that were cut, or are of a newer version', () => {
    const packed = pack({ a: new Uint8Array(5), b: 'text' })
    for (let length = 0; length < packed.length; length++) {
      expect(() => unpack(packed.subarray(0, length)), String(length)).toThrow(SidikError)
    }
    expect(() => unpack(new Uint8Array([2, 0, 0, 0, 0]))).toThrow(expect.objectContaining({ code: 'STATE_VERSION' }))
  })

  it('are one for who is tried again, and never one for two of whom nobody has said who they are', async () => {
    const station = await newStation({ path: newPath(), identity: await createIdentity('3276-04') })
    const named = { nik: '3276010101900001', person: { name: 'Siti', birthDate: '1990-01-01' } }
    expect(saveTry(station, named)).toBe(saveTry(station, { ...named, operator: 'o' }))
    const unnamed = [{}, { nik: '', person: {} }, { ...named, nik: ' ' }, { ...named, person: { name: 'Siti' } }]
    const ids = [...unnamed, ...unnamed].map(given => saveTry(station, given))
    expect(new Set(ids).size).toBe(ids.length)
  })
})
