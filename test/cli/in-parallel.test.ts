import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inParallel } from '../../dist/cli/in-parallel.js'

it('keeps the order and never runs more than the limit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 8 }),
      async (turns, limit) => {
        let running = 0
        let most = 0
        const results = await inParallel(turns, limit, async (count, index) => {
          most = Math.max(most, ++running)
          for (let i = 0; i < count; i++) await Promise.resolve()
          running--
          return index
        })
        expect(results).toEqual(turns.map((_, index) => index))
        expect(most).toBe(Math.min(limit, turns.length))
      },
    ),
  )
})

it('starts nothing more after an error, and rejects once all that run have ended', async () => {
  const started: number[] = []
  let ended = 0
  const all = inParallel([0, 1, 2, 3, 4, 5], 2, async item => {
    started.push(item)
    await new Promise(resolve => setTimeout(resolve, item === 0 ? 1 : 10))
    ended++
    if (item === 0) throw new Error('first')
  })
  await expect(all).rejects.toThrow('first')
  expect(started).toEqual([0, 1])
  expect(ended).toBe(2)
})
