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

it('counts what a peer took, and not what it waited for others that held the file, or for the processor', async () => {
  let nowMs = 0
  let processorMs = 0
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  const spent = vi
    .spyOn(process, 'cpuUsage')
    .mockImplementation(before => ({ user: processorMs * 1_000 - (before?.user ?? 0), system: 0 }))
  const works = (clockMs: number, spentMs: number) => {
    nowMs += clockMs
    processorMs += spentMs
  }
  const heldByOthersMs = 5_000
  const file = {
    transaction<T>(work: () => T): T {
      nowMs += heldByOthersMs
      return work()
    },
  }
  const counted: number[] = []
  const steps = function* () {
    works(30, 30)
    yield
    works(40, 40)
  }
  const starved = function* () {
    works(90, 8)
    yield
    works(40, 3)
  }
  // Other threads of the process work meanwhile.
  const beside = function* () {
    works(10, 35)
    yield
  }
  for (const each of [steps, starved, beside]) {
    await inSlices(file as unknown as StationFile, each(), ms => counted.push(ms))
  }
  clock.mockRestore()
  spent.mockRestore()
  expect(counted).toEqual([70, 8, 3, 10])
})
