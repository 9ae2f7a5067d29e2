import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Space } from '../../dist/core/space.js'

const sizes = fc.integer({ min: 1, max: 40 }).map(units => units * 16)

describe('Space', () => {
  it('never hands out overlapping, unaligned or chunk-crossing pieces, and counts what is out', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(sizes, fc.boolean(), fc.nat()), { maxLength: 200 }), steps => {
        const space = new Space(32, 16_384, 1_024)
        const out: { at: number; bytes: number }[] = []
        for (const [bytes, give, pick] of steps) {
          if (give && out.length > 0) {
            const [piece] = out.splice(pick % out.length, 1)
            space.give(piece.at, piece.bytes)
          } else {
            const at = space.take(bytes)
            if (at === undefined) continue
            expect(at % 16).toBe(0)
            expect(at).toBeGreaterThanOrEqual(32)
            expect(at + bytes).toBeLessThanOrEqual(16_384)
            expect(Math.floor(at / 1_024)).toBe(Math.floor((at + bytes - 1) / 1_024))
            for (const other of out) expect(at + bytes <= other.at || other.at + other.bytes <= at).toBe(true)
            out.push({ at, bytes })
          }
          expect(space.usedBytes).toBe(out.reduce((sum, piece) => sum + piece.bytes, 0))
        }
      }),
    )
  })

  it('hands out a freed piece again before it takes unused addresses', () => {
    const space = new Space(0, 1_024)
    const first = space.take(64)!
    space.take(64)
    space.give(first, 64)
    expect(space.take(64)).toBe(first)
    expect(space.next).toBe(128)
  })

  it('cuts larger freed pieces when nothing else is left, then has no room', () => {
    const space = new Space(0, 128)
    space.give(space.take(128)!, 128)
    expect([space.take(48), space.take(48), space.take(48), space.take(32), space.take(16)]).toEqual([
      0,
      48,
      undefined,
      96,
      undefined,
    ])
  })
})
