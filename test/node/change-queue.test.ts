import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ChangeQueue } from '../../dist/node/change-queue.js'
import { TailFile } from '../../dist/node/tail-file.js'

const folder = mkdtempSync(join(tmpdir(), 'sidik-queue-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a queue of changes', () => {
  it('takes a change that comes in any step of its end: none waits for ever', async () => {
    for (let steps = 0; steps < 12; steps++) {
      let later: Promise<void> | undefined
      const add = (id: string): Promise<void> =>
        queue.add({ change: { kind: 'insert', id, template: new Uint8Array(1) }, apply: () => {} })
      const comeLater = async () => {
        for (let i = 0; i < steps; i++) await undefined
        later ??= add('later')
      }
      // The mark is the last thing that a queue does.
      const tail = { append: async () => {}, mark: async () => void comeLater() }
      const queue = new ChangeQueue(tail as unknown as TailFile, () => false)
      await add('first')
      while (later === undefined) await new Promise(resolve => setImmediate(resolve))
      await later
    }
  })

  it('runs what wants the tail for itself between writes, and what comes later after it', async () => {
    const tail = await TailFile.create(join(folder, 'another'), new Uint8Array(32), {
      generation: 1,
      form: { salt: 1 },
    })
    const order: string[] = []
    const queue = new ChangeQueue(tail, () => false)
    const add = (id: string) =>
      queue.add({ change: { kind: 'insert', id, template: new Uint8Array(1) }, apply: () => order.push(id) })
    const errand = async () => {
      order.push('begins')
      await new Promise(resolve => setTimeout(resolve, 10))
      order.push('ends')
      return 7
    }
    const [, , result] = await Promise.all([add('a'), add('b'), queue.alone(errand), add('c')])
    expect([order, result]).toEqual([['a', 'b', 'begins', 'ends', 'c'], 7])
    await expect(queue.alone(() => Promise.reject(new Error('its own')))).rejects.toThrow('its own')
    await add('d')
    await tail.close()
  })
})
