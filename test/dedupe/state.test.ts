import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Stretch } from '../../dist/dedupe/findings.js'
import {
  encodeRun,
  encodeStateHeader,
  encodeStretch,
  readRun,
  readStateHeader,
  readStretch,
} from '../../dist/dedupe/state.js'
import { crc32 } from '../../dist/template/crc32.js'

const SIZE = 1_000

const stretch = fc.integer({ min: 0, max: SIZE - 1 }).chain(from =>
  fc.integer({ min: from + 1, max: SIZE }).chain(to => {
    const probe = fc.integer({ min: from, max: to - 1 })
    const finding = fc.record({
      probe,
      found: fc.integer({ min: 0, max: SIZE - 1 }),
      score: fc.float({ noNaN: true }),
      codes: fc.constantFrom('learned' as const, 'geometric' as const),
    })
    const findings = fc.array(finding.filter(({ probe, found }) => probe !== found))
    return fc.record({ from: fc.constant(from), to: fc.constant(to), findings, truncated: fc.array(probe) })
  }),
)

describe('a stretch of searches', () => {
  it('gives back what was written, where it belongs alone', () => {
    fc.assert(
      fc.property(stretch, (given: Stretch) => {
        const bytes = encodeStretch(given)
        expect(readStretch(bytes, given.from, SIZE)).toEqual(given)
        expect(readStretch(bytes, given.from + 1, SIZE)).toBeUndefined()
        expect(readStretch(bytes, given.from, given.to - 1)).toBeUndefined()
        expect(readStretch(bytes.subarray(0, -1), given.from, SIZE)).toBeUndefined()
      }),
    )
  })

  it('may hold anything, of which only what fits is read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), bytes => {
        const read = readStretch(bytes, 0, SIZE)
        if (read !== undefined) expect(encodeStretch(read).length).toBe(bytes.length)
      }),
    )
  })
})

describe('what a state says it is of', () => {
  it('gives back what was written', () => {
    const run = fc.record({
      size: fc.nat(),
      digest: fc.string(),
      minScore: fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
      exhaustive: fc.boolean(),
      program: fc.string({ unit: 'grapheme' }),
    })
    fc.assert(
      fc.property(run, given => {
        const bytes = encodeRun(given)
        expect(readRun(bytes)).toEqual(given)
        expect(readStateHeader(encodeStateHeader(bytes))).toBe(crc32(bytes))
      }),
    )
    for (const text of ['', '{}', 'null', '[1]', '{"size":1}']) {
      expect(readRun(new TextEncoder().encode(text))).toBeUndefined()
    }
  })

  it('is refused when it is of a newer version', () => {
    const bytes = encodeStateHeader(new Uint8Array(3))
    const view = new DataView(bytes.buffer)
    view.setUint16(8, 2, true)
    view.setUint32(28, crc32(bytes, 0, 28), true)
    expect(() => readStateHeader(bytes)).toThrow(expect.objectContaining({ code: 'STATE_VERSION' }))
  })
})
