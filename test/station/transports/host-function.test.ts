import { SidikError } from 'sidik'
import { hostTransport } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { bytesOf, contractSuite, failure } from './contract.js'

contractSuite('hostTransport', async () => {
  let make = async (message: Uint8Array) => message
  let gone = false
  let leaving = () => {}
  return {
    transport: hostTransport('the queue', async message => {
      if (gone) throw new Error('the queue is closed')
      const left = new Promise<never>((_, reject) => {
        leaving = () => reject(new Error('the queue was closed'))
      })
      return Promise.race([left, make(message)])
    }),
    answer(made) {
      make = made
    },
    async leave() {
      gone = true
      leaving()
    },
    async comeBack() {
      gone = false
    },
    async close() {},
  }
})

describe('hostTransport', () => {
  it('refuses what is no name and no function', () => {
    expect(() => hostTransport('', async message => message)).toThrow(TypeError)
    expect(() => hostTransport('queue', undefined as never)).toThrow(TypeError)
  })

  it('passes errors of ours on, and keeps others as causes', async () => {
    const own = new SidikError('LINE_PROTOCOL', 'odd')
    const throwing = (error: unknown) => hostTransport('queue', () => Promise.reject(error)).exchange(bytesOf(1, 5), {})
    await expect(throwing(own)).rejects.toBe(own)
    const foreign = new Error('ECONNREFUSED')
    const down = await failure(throwing(foreign))
    expect(down).toMatchObject({ code: 'LINE_DOWN', cause: foreign })
    expect(down.message).toContain('queue')
  })

  it('wraps what a function throws at once', async () => {
    const transport = hostTransport('queue', () => {
      throw new Error('not even a promise')
    })
    expect((await failure(transport.exchange(bytesOf(1, 5), {}))).code).toBe('LINE_DOWN')
  })

  it.each([undefined, null, 'text', new ArrayBuffer(4), [1, 2]])('does not take %s for an answer', async answer => {
    const transport = hostTransport('queue', async () => answer as never)
    expect((await failure(transport.exchange(bytesOf(1, 5), {}))).code).toBe('LINE_PROTOCOL')
  })

  it('lets only progress through that is some', async () => {
    const told: number[] = []
    const transport = hostTransport('queue', async (message, { onSent }) => {
      for (const bytes of [2, 1, 2, Number.NaN, 4, 99]) onSent?.(bytes)
      return message
    })
    await transport.exchange(bytesOf(1, 5), { onSent: bytes => told.push(bytes) })
    expect(told).toEqual([2, 4, 5])
  })

  it('ends when it is told to, with a function that does not heed the signal', async () => {
    const stop = new AbortController()
    const exchange = hostTransport('queue', () => new Promise(() => {})).exchange(bytesOf(1, 5), {
      signal: stop.signal,
    })
    stop.abort(new Error('enough'))
    await expect(exchange).rejects.toThrow('enough')
  })
})
