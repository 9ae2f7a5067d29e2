import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Allocator, UNIT_BYTES } from '../../dist/core/allocator.js'
import { random } from '../support/random-templates.js'

/** Mostly the sizes of records, some of indexes. */
const sizes = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 640 }) },
  { weight: 1, arbitrary: fc.integer({ min: 16_000, max: 200_000 }) },
)

interface Piece {
  readonly at: number
  readonly bytes: number
}

/** The free stretches below `next`, merged, by a plain look at what is out. */
function gapsBetween(out: readonly Piece[], first: number, next: number): number {
  let gaps = 0
  let from = first
  for (const { at, bytes } of out.toSorted((a, b) => a.at - b.at)) {
    if (at > from) gaps++
    from = at + Math.ceil(bytes / UNIT_BYTES) * UNIT_BYTES
  }
  return from < next ? Number.NaN : gaps
}

describe('Allocator', () => {
  it('hands out pieces that do not overlap, counts them, and merges all that is free', () => {
    const [first, end] = [32, 1_048_576]
    fc.assert(
      fc.property(fc.array(fc.tuple(sizes, fc.boolean(), fc.nat()), { maxLength: 200 }), steps => {
        const allocator = new Allocator(first, end)
        const out: Piece[] = []
        for (const [bytes, give, pick] of steps) {
          if (give && out.length > 0) {
            const [piece] = out.splice(pick % out.length, 1)
            allocator.give(piece.at, piece.bytes)
          } else {
            const at = allocator.take(bytes)
            if (at === undefined) continue
            expect(at % UNIT_BYTES).toBe(0)
            expect(at).toBeGreaterThanOrEqual(first)
            expect(at + bytes).toBeLessThanOrEqual(end)
            for (const other of out) expect(at + bytes <= other.at || other.at + other.bytes <= at).toBe(true)
            out.push({ at, bytes })
          }
          expect(allocator.usedBytes).toBe(out.reduce((sum, { bytes }) => sum + Math.ceil(bytes / 16) * 16, 0))
          expect(allocator.freePieces).toBe(gapsBetween(out, first, allocator.next))
        }
        for (const piece of out) allocator.give(piece.at, piece.bytes)
        expect([allocator.usedBytes, allocator.freePieces, allocator.next]).toEqual([0, 0, first])
      }),
    )
  })

  it('refuses only when no free piece that it looks at, and no unused address, is enough', () => {
    const allocator = new Allocator(0, 128)
    allocator.give(allocator.take(128)!, 128)
    expect([48, 48, 48, 32, 16].map(bytes => allocator.take(bytes))).toEqual([0, 48, undefined, 96, undefined])
  })

  it('takes the smallest that fits', () => {
    const allocator = new Allocator(0, 65_536)
    const pieces = [512, 16, 128, 16, 256, 16].map(bytes => ({ at: allocator.take(bytes)!, bytes }))
    for (const i of [0, 2, 4]) allocator.give(pieces[i].at, pieces[i].bytes)
    expect(allocator.take(112)).toBe(pieces[2].at)
    expect(allocator.take(160)).toBe(pieces[4].at)
    expect(allocator.take(160)).toBe(pieces[0].at)
  })

  // Indexes of nearly equal sizes, one replaced by the next while it is still there, among records that come and go.
  it.each([1, 2, 3])('reaches no further than a few indexes beyond what is out, in 200 rebuilds (seed %d)', seed => {
    const next = random(seed)
    const allocator = new Allocator(0, 2 ** 32 - 65_536)
    const record = () => 16 * (20 + Math.floor(next() * 60))
    const indexBytes = () => 16 * Math.floor((8_800_000 + next() * 400_000) / 16)
    const take = (bytes: number) => ({ at: allocator.take(bytes)!, bytes })
    const records = Array.from({ length: 12_000 }, () => take(record()))
    let index = take(indexBytes())
    let furthest = 0
    for (let rebuild = 0; rebuild < 200; rebuild++) {
      for (let change = 0; change < 2_000; change++) {
        const i = Math.floor(next() * records.length)
        // As the gallery replaces: the new one is written before the old one goes.
        const replacement = take(record())
        allocator.give(records[i].at, records[i].bytes)
        records[i] = replacement
      }
      const rebuilt = take(indexBytes())
      allocator.give(index.at, index.bytes)
      index = rebuilt
      furthest = Math.max(furthest, allocator.next - allocator.usedBytes)
    }
    expect(furthest).toBeLessThan(4 * 9_200_000)
    expect(allocator.freePieces).toBeLessThan(records.length)
  })
})
