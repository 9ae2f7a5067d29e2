import { describe, expect, it } from 'vitest'
import { untilAborted } from '../dist/until-aborted.js'

describe('untilAborted', () => {
  it('is the work when nobody aborts, and leaves no listener', async () => {
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    Object.assign(signal, {
      addEventListener: (...given: Parameters<typeof add>) => [listeners++, add(...given)],
      removeEventListener: (...given: Parameters<typeof remove>) => [listeners--, remove(...given)],
    })
    expect(await untilAborted(Promise.resolve(7), signal, () => {})).toBe(7)
    await expect(untilAborted(Promise.reject(new Error('no')), signal, () => {})).rejects.toThrow('no')
    expect(listeners).toBe(0)
    await Promise.all([1, 2, 3].map(i => untilAborted(Promise.resolve(i), signal, () => {})))
    expect(listeners).toBe(0)
  })

  it('lets any number of calls share a signal', async () => {
    const controller = new AbortController()
    const warnings: Error[] = []
    const listen = (warning: Error) => void warnings.push(warning)
    process.on('warning', listen)
    const never = new Promise<never>(() => {})
    const calls = Array.from({ length: 30 }, () => untilAborted(never, controller.signal, () => {}))
    controller.abort('enough')
    for (const { status } of await Promise.allSettled(calls)) expect(status).toBe('rejected')
    await new Promise(setImmediate)
    process.off('warning', listen)
    expect(warnings).toEqual([])
  })

  it('rejects with the reason itself, tells the work, and drops what comes of it', async () => {
    const controller = new AbortController()
    const reason = { why: 'the clerk went home' }
    let told = 0
    let fail = (_: Error) => {}
    const work = new Promise<never>((_, reject) => {
      fail = reject
    })
    const waiting = untilAborted(work, controller.signal, () => told++)
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    fail(new Error('nobody is to see this'))
    await expect(untilAborted(work, controller.signal, () => told++)).rejects.toBe(reason)
    expect(told).toBe(2)
  })
})
