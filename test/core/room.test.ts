import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemory, RESERVED_BYTES } from '../../dist/core/instance.js'
import { Room } from '../../dist/core/room.js'

const FIRST = RESERVED_BYTES
const MAX_BYTES = 64 * 65_536

const roomOf = () => {
  const memory = createMemory(0, MAX_BYTES - RESERVED_BYTES)
  return { memory, room: new Room(memory, FIRST, MAX_BYTES) }
}

describe('Room', () => {
  it('hands out pieces that the memory has, until there are none', () => {
    const sizes = fc.array(
      fc.integer({ min: 0, max: 30_000 }).map(units => units * 16),
      { minLength: 1 },
    )
    fc.assert(
      fc.property(sizes, pieces => {
        const { memory, room } = roomOf()
        let used = 0
        for (const bytes of pieces) {
          const pointer = room.take(bytes)
          if (bytes === 0) {
            expect(pointer).toBe(0)
            continue
          }
          if (used + bytes > room.bytes) {
            expect(pointer).toBeUndefined()
            continue
          }
          expect(pointer).toBe(FIRST + used)
          used += bytes
          expect(room.usedBytes).toBe(used)
          // Views of the memory as it is now: all of the piece can be written.
          expect(room.views.bytes.length).toBe(memory.buffer.byteLength)
          room.views.bytes.fill(1, pointer, pointer! + bytes)
          expect(room.views.bytes[pointer! + bytes - 1]).toBe(1)
        }
      }),
    )
  })

  it('gives a piece again that was given back', () => {
    const { room } = roomOf()
    const first = room.take(room.bytes)!
    expect(room.take(16)).toBeUndefined()
    room.give(first, room.bytes)
    expect(room.usedBytes).toBe(0)
    expect(room.take(room.bytes)).toBe(first)
  })
})
