import { describe, expect, it } from 'vitest'
import { recordBytes, viewsOf, writeRecord } from '../../dist/core/records.js'
import { SegmentIndexes } from '../../dist/core/segment-indexes.js'
import { RELEASE } from '../core-targets.js'
import { codedContents, codedFinger } from '../support/learned-templates.js'
import { MatchLab } from '../support/match-lab.js'
import { random } from '../support/random-templates.js'

/** LEAST_LOOSE of src/core/segment-indexes.ts. */
const LEAST = 8_192

/** Indexes of a table whose slots all hold one record, in a memory that has room for an index only when told. */
function indexes() {
  const lab = new MatchLab(RELEASE)
  const contents = codedContents(codedFinger(random(3), 4))
  const record = lab.reserve(recordBytes(lab.core, contents))
  writeRecord(lab.core, lab.memory, record, contents)
  const slots = new Uint32Array(65_536)
  const host = { room: true, given: [] as number[] }
  const segments = new SegmentIndexes({
    core: lab.core,
    memory: lab.memory,
    views: () => viewsOf(lab.memory),
    slots,
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
    const plan = segments.plan(0)!
    expect(segments.lacking, 'being built').toEqual([])
    lab.core.indexSegment(plan.pointer, plan.networkVersion, lab.scratch)
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
    expect(segments.plan(0)).toBeUndefined()
    expect(segments.lacking).toEqual([])
    for (let slot = LEAST; slot < 2 * LEAST; slot++) set(slot, true)
    expect(segments.lacking).toEqual([0])
  })

  it('gives back the room of an index that was not built', () => {
    const { host, segments, set } = indexes()
    for (let slot = 0; slot < LEAST; slot++) set(slot, true)
    const plan = segments.plan(0)!
    segments.abandon(plan)
    expect(host.given).toEqual([plan.pointer])
    expect([segments.lacking, segments.pointers]).toEqual([[0], [0]])
  })
})
