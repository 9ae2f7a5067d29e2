import { describe, expect, it } from 'vitest'
import { recordBytes, viewsOf, writeRecord } from '../../dist/core/records.js'
import { SegmentIndexes } from '../../dist/core/segment-indexes.js'
import { RELEASE } from '../core-targets.js'
import { codedContents, codedFinger } from '../support/learned-templates.js'
import { MatchLab } from '../support/match-lab.js'
import { random } from '../support/random-templates.js'

/** LEAST_LOOSE of src/core/segment-indexes.ts. */
const LEAST = 8_192

/** Slots of a segment. */
const SEGMENT = 65_536

/** Indexes of a table whose slots all hold one record, in a memory that has room for an index only when told. */
function indexes() {
  const lab = new MatchLab(RELEASE)
  const contents = codedContents(codedFinger(random(3), 4))
  const record = lab.reserve(recordBytes(lab.core, contents))
  writeRecord(lab.core, lab.memory, record, contents)
  const slots = new Uint32Array(2 * SEGMENT)
  const host = { room: true, given: [] as number[] }
  const segments = new SegmentIndexes({
    core: lab.core,
    memory: lab.memory,
    views: () => viewsOf(lab.memory),
    slots,
    fits: () => host.room,
    take: bytes => (host.room ? lab.reserve(bytes) : undefined),
    give: pointer => host.given.push(pointer),
  })
  const set = (slot: number, filled: boolean) => {
    segments.change(slot, filled ? record : 0)
    slots[slot] = filled ? record / 16 : 0
  }
  return { lab, host, segments, set }
}

describe('SegmentIndexes', () => {
  it('lacks an index once so many templates are in none, and again after as many more', () => {
    const { lab, segments, set } = indexes()
    for (let slot = 0; slot < LEAST - 1; slot++) set(slot, true)
    expect(segments.lacking).toEqual([])
    set(LEAST - 1, true)
    expect(segments.lacking).toEqual([0])
    const plan = segments.plan(0, true)!
    expect(segments.lacking, 'being built').toEqual([])
    lab.core.indexSegment(plan.pointer, plan.networkVersion, plan.centres, plan.like, lab.scratch)
    // What changes while it is built is not in it.
    set(5, false)
    set(LEAST, true)
    expect(segments.publish(plan)).toEqual({ pointer: 0, bytes: 0 })
    expect([segments.pointers, segments.bytes]).toEqual([[plan.pointer], plan.bytes])
    for (let slot = LEAST + 1; slot < 2 * LEAST - 1; slot++) set(slot, true)
    expect(segments.lacking).toEqual([])
    set(2 * LEAST - 1, true)
    expect(segments.lacking).toEqual([0])
  })

  it('does not ask again for an index that there is no room for, until many more have come', () => {
    const { host, segments, set } = indexes()
    host.room = false
    for (let slot = 0; slot < LEAST; slot++) set(slot, true)
    expect(segments.plan(0, true)).toBeUndefined()
    expect(segments.lacking).toEqual([])
    for (let slot = LEAST; slot < 2 * LEAST; slot++) set(slot, true)
    expect(segments.lacking).toEqual([0])
  })

  it('gives back the room of an index that was not built', () => {
    const { host, segments, set } = indexes()
    for (let slot = 0; slot < LEAST; slot++) set(slot, true)
    const plan = segments.plan(0, true)!
    segments.abandon(plan)
    expect(host.given).toEqual([plan.pointer])
    expect([segments.lacking, segments.pointers]).toEqual([[0], [0]])
  })

  it('has centres found among most codes, and when built alone new ones of four times as many', () => {
    const { lab, segments, set } = indexes()
    const build = (segment: number, alone: boolean) => {
      const plan = segments.plan(segment, alone)!
      lab.core.indexSegment(plan.pointer, plan.networkVersion, plan.centres, plan.like, lab.scratch)
      return plan
    }
    for (let slot = 0; slot < LEAST; slot++) set(slot, true)
    expect(segments.plan(0, false)).toBeUndefined()
    const first = build(0, true)
    expect(first).toMatchObject({ centres: 1, like: 0 })
    segments.publish(first)
    for (let slot = 0; slot < LEAST; slot++) set(SEGMENT + slot, true)
    const second = build(1, true)
    expect(second).toMatchObject({ centres: 1, like: first.pointer })
    segments.publish(second)
    for (let slot = LEAST; slot < 4 * LEAST; slot++) set(SEGMENT + slot, true)
    const beside = build(1, false)
    expect(beside.centres).toBe(1)
    segments.abandon(beside)
    const own = build(1, true)
    expect(own).toMatchObject({ centres: 2, like: 0 })
    segments.publish(own)
    for (let slot = LEAST; slot < 3 * LEAST; slot++) set(slot, true)
    expect(segments.plan(0, true)).toMatchObject({ centres: 2, like: own.pointer })
  })
})
