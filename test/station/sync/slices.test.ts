import { expect, it, vi } from 'vitest'
import { IN_MEMORY, StationFile } from '../../../dist/station/store/database.js'
import { inSlices } from '../../../dist/station/sync/slices.js'

it('the slices of several messages have turns of the event loop of their own', async () => {
  const file = new StationFile(IN_MEMORY, { create: true })
  let turn = 0
  let isOver = false
  const count = () => {
    turn++
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  const turns: number[] = []
  const slow = function* () {
    for (let step = 0; step < 4; step++) {
      turns.push(turn)
      // Each step is longer than a slice.
      for (const began = performance.now(); performance.now() - began < 100; );
      yield
    }
  }
  await Promise.all(Array.from({ length: 5 }, () => inSlices(file, slow())))
  isOver = true
  expect(turns).toHaveLength(20)
  expect(new Set(turns).size).toBe(20)
  file.close()
})

it('counts what a peer took, and not what it waited for others that held the file', async () => {
  let nowMs = 0
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  const heldByOthersMs = 5_000
  const file = {
    transaction<T>(work: () => T): T {
      nowMs += heldByOthersMs
      return work()
    },
  }
  const counted: number[] = []
  const steps = function* () {
    nowMs += 30
    yield
    nowMs += 40
  }
  await inSlices(file as unknown as StationFile, steps(), ms => counted.push(ms))
  clock.mockRestore()
  expect(counted).toEqual([70])
})
