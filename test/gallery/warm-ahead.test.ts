import { describe, expect, it } from 'vitest'
import type { GalleryMemory } from '../../dist/core/gallery-memory.js'
import { WarmAhead } from '../../dist/gallery/warm-ahead.js'

const MB = 2 ** 20
const START = 17 * MB
const RECORD = 940

/** Records are written one after the other into a memory of `endMb`; each task is done after `records` more. */
async function fill(endMb: number, toMb: number, records: number, failing = false) {
  let pointer = START
  const asked: { first: number; last: number; atPointer: number }[] = []
  let running: { finish: () => void; left: number } | undefined
  const unused = (bytes: number) => {
    const first = pointer + RECORD
    return { first, last: Math.min(first + bytes, endMb * MB) }
  }
  const memory = { unused } as unknown as GalleryMemory
  const ahead = new WarmAhead(memory, (of, first, last) => {
    expect(of).toBe(memory)
    expect(running).toBeUndefined()
    asked.push({ first, last, atPointer: pointer })
    return new Promise((resolve, reject) => {
      running = { finish: () => (failing ? reject(new Error('gone')) : resolve(undefined)), left: records }
    })
  })
  for (; pointer < toMb * MB; pointer += RECORD) {
    ahead.follow(pointer)
    if (running === undefined || running.left-- > 0) continue
    running.finish()
    running = undefined
    await new Promise(setImmediate)
  }
  return asked
}

describe('WarmAhead', () => {
  it('asks for nothing in a small gallery', async () => {
    expect(await fill(1_000, 17 + 31, 10)).toEqual([])
  })

  it.each([10, 5_000])(
    'has all that comes next touched once, little of it long before (%d records a task)',
    async records => {
      const asked = await fill(1_000, 300, records)
      expect(asked.length).toBeGreaterThan(20)
      let reached = 0
      for (const { first, last, atPointer } of asked) {
        expect(last).toBeGreaterThan(first)
        // Nothing twice, nothing that was written already, and no more than is to be kept ready.
        expect(first).toBeGreaterThanOrEqual(reached)
        expect(first).toBeGreaterThan(atPointer)
        expect(last - atPointer).toBeLessThan(41 * MB)
        reached = last
      }
      expect(asked[0].atPointer - START).toBeLessThan(33 * MB)
      expect(reached).toBeGreaterThan(300 * MB)
      // No gap once it is ahead.
      expect(asked.filter(({ first }, i) => i > 0 && first !== asked[i - 1].last)).toEqual([])
    },
  )

  it('leaves out what was written before its turn came', async () => {
    const asked = await fill(1_000, 300, 60_000)
    for (const { first, atPointer } of asked) expect(first).toBeGreaterThan(atPointer)
    expect(asked.some(({ first }, i) => i > 0 && first > asked[i - 1].last)).toBe(true)
  })

  it('asks for nothing past the end', async () => {
    const asked = await fill(100, 99, 10)
    expect(asked.at(-1)!.last).toBe(100 * MB)
    for (const [i, { first }] of asked.entries()) expect(first).toBeGreaterThanOrEqual(asked[i - 1]?.last ?? 0)
  })

  it('goes on when no worker does it', async () => {
    expect((await fill(1_000, 300, 10, true)).length).toBeGreaterThan(20)
  })
})
