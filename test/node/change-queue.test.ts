import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ChangeQueue } from '../../dist/node/change-queue.js'
import { TailFile } from '../../dist/node/tail-file.js'

const folder = mkdtempSync(join(tmpdir(), 'sidik-queue-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a queue of changes', () => {
  it('takes a change that comes in any step after the one before: none waits for ever', async () => {
    const tail = await TailFile.create(join(folder, 'tail'), { generation: 1, snapshotCrc: 0 })
    const held = new Set<string>()
    const queue = new ChangeQueue(tail, id => held.has(id))
    for (let steps = 0; steps < 40; steps++) {
      const id = `${steps}`
      const change = { kind: 'insert', id, template: new Uint8Array(1) } as const
      await queue.add({ change, apply: () => held.add(id) })
      // Past the wait in which the queue looks whether more comes, then so many steps on.
      if (steps % 2 === 0) await new Promise(resolve => setImmediate(resolve))
      if (steps % 4 === 0) await queue.alone(async () => {})
      for (let i = 0; i < steps; i++) await undefined
    }
    expect(held.size).toBe(40)
    await tail.close()
  })

  it('runs what wants the tail for itself between writes, and what comes later after it', async () => {
    const tail = await TailFile.create(join(folder, 'another'), { generation: 1, snapshotCrc: 0 })
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
