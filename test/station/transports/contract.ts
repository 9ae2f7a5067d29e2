import { SidikError } from 'sidik'
import type { Transport } from 'sidik/station'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Random } from '../../../dist/random.js'

/** A transport with its other end. Made anew for every test. */
export interface Rig {
  readonly transport: Transport
  /** What the other side makes of a message from now on. */
  answer(make: (message: Uint8Array) => Promise<Uint8Array>): void
  /** The other side goes away, in the middle of whatever runs. */
  leave(): Promise<void>
  /** After `leave`: it is there again. */
  comeBack(): Promise<void>
  close(): Promise<void>
}

const KIB = 1_024

/** Bytes that no two tests share. */
export function bytesOf(seed: number, length: number): Uint8Array {
  const random = new Random(seed)
  const words = Uint32Array.from({ length: Math.ceil(length / 4) }, () => random.bits())
  return new Uint8Array(words.buffer, 0, length)
}

/** Every byte another. */
export function inverted(message: Uint8Array): Uint8Array {
  return message.map(byte => ~byte)
}

/** Bytes that are compared by the thousand are better not printed by the thousand. */
export function expectSame(actual: Uint8Array, expected: Uint8Array): void {
  expect(actual.length).toBe(expected.length)
  expect(Buffer.compare(actual, expected)).toBe(0)
}

/** What an exchange ended with, when it must not have ended well. */
export async function failure(exchange: Promise<Uint8Array>): Promise<SidikError> {
  const error = await exchange.then(
    answer => new Error(`an answer of ${answer.length} bytes`),
    error => error,
  )
  if (!(error instanceof SidikError)) throw error
  return error
}

/** What every transport promises (src/station/sync/transport.ts), for one of them. */
export function contractSuite(name: string, setup: () => Promise<Rig>): void {
  describe(`${name} keeps the contract of transports`, () => {
    let rig: Rig

    beforeEach(async () => {
      rig = await setup()
      rig.answer(async message => inverted(message))
    })

    afterEach(async () => {
      await rig.transport.close?.()
      await rig.close()
    })

    it.each([0, 1, 64 * KIB + 1, 5 * KIB * KIB])('carries %i bytes there and back as they are', async length => {
      const message = bytesOf(length, length)
      const sent: number[] = []
      const answer = await rig.transport.exchange(message, { onSent: bytes => sent.push(bytes) })
      expectSame(answer, inverted(bytesOf(length, length)))
      expectSame(message, bytesOf(length, length))
      expect(sent.at(-1)).toBe(length)
      expect(sent).toEqual([...new Set(sent)].sort((a, b) => a - b))
    })

    it('has a name, and carries views of larger memory', async () => {
      expect(rig.transport.name).not.toBe('')
      const memory = bytesOf(5, 1_000)
      expectSame(await rig.transport.exchange(memory.subarray(100, 300), {}), inverted(memory.slice(100, 300)))
    })

    it('carries an answer of another size than the message', async () => {
      rig.answer(async () => bytesOf(6, 700 * KIB))
      expectSame(await rig.transport.exchange(bytesOf(7, 10), {}), bytesOf(6, 700 * KIB))
      rig.answer(async () => new Uint8Array(0))
      expectSame(await rig.transport.exchange(bytesOf(8, 100 * KIB), {}), new Uint8Array(0))
    })

    it('gives each of several exchanges its own answer', async () => {
      const messages = Array.from({ length: 12 }, (_, i) => bytesOf(i, 30 * KIB * i))
      const answers = await Promise.all(messages.map(message => rig.transport.exchange(message, {})))
      for (const [i, answer] of answers.entries()) expectSame(answer, inverted(messages[i]))
    })

    it('ends with the reason of its signal, before and in the middle, and carries the next', async () => {
      const reason = new Error('the operator went home')
      await expect(rig.transport.exchange(bytesOf(1, 10), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
      for (const length of [10, 300 * KIB]) {
        const stop = new AbortController()
        rig.answer(async () => {
          setTimeout(() => stop.abort(reason), 5)
          return new Promise(() => {})
        })
        const sentAfter: number[] = []
        const exchange = rig.transport.exchange(bytesOf(2, length), {
          signal: stop.signal,
          onSent: bytes => stop.signal.aborted && sentAfter.push(bytes),
        })
        let abortedAt = 0
        stop.signal.addEventListener('abort', () => {
          abortedAt = performance.now()
        })
        await expect(exchange).rejects.toBe(reason)
        expect(performance.now() - abortedAt).toBeLessThan(2_000)
        expect(sentAfter).toEqual([])
      }
      rig.answer(async message => inverted(message))
      expectSame(await rig.transport.exchange(bytesOf(3, 1_000), {}), inverted(bytesOf(3, 1_000)))
    })

    it('says that the line is down when nobody is there, and carries on when somebody is again', async () => {
      await rig.leave()
      expect((await failure(rig.transport.exchange(bytesOf(1, 1_000), {}))).code).toBe('LINE_DOWN')
      await rig.comeBack()
      expectSame(await rig.transport.exchange(bytesOf(2, 1_000), {}), inverted(bytesOf(2, 1_000)))
    })

    it('says that the line is down when the other side goes away in the middle', async () => {
      rig.answer(async () => {
        await rig.leave()
        return new Promise(() => {})
      })
      expect((await failure(rig.transport.exchange(bytesOf(1, 100 * KIB), {}))).code).toBe('LINE_DOWN')
      rig.answer(async message => inverted(message))
      await rig.comeBack()
      expectSame(await rig.transport.exchange(bytesOf(2, 1_000), {}), inverted(bytesOf(2, 1_000)))
    })

    it('tells failures of the other side from its refusals, without a byte of the message', async () => {
      const secret = 'NIK 3276015503990001'
      const message = new TextEncoder().encode(secret)
      rig.answer(async () => {
        throw new Error(secret)
      })
      const failed = await failure(rig.transport.exchange(message, {}))
      expect(failed.code).toBe('LINE_DOWN')
      rig.answer(async () => {
        throw new SidikError('LINE_REFUSED', 'no such station')
      })
      const refused = await failure(rig.transport.exchange(message, {}))
      expect(refused.code).toBe('LINE_REFUSED')
      for (const error of [failed, refused]) expect(error.message).not.toContain('3276015503990001')
    })
  })
}
