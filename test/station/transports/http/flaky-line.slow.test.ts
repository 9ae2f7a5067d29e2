import { SidikError } from 'sidik'
import type { Transport } from 'sidik/station'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Random } from '../../../../dist/random.js'
import { Hub } from '../../../support/hub.js'
import { type Mishap, TcpProxy } from '../../../support/tcp-proxy.js'
import { bytesOf, expectSame, failure, inverted } from '../contract.js'

/** A line that breaks, stalls, crawls and turns bits, between a transport and a real hub. */

const KIB = 1_024

describe('over a line that is not to be relied on, httpTransport', () => {
  let hub: Hub
  let line: TcpProxy
  let transport: Transport

  beforeEach(async () => {
    hub = await Hub.open({ timeoutMs: 10_000 })
    hub.receive = async message => inverted(message)
    line = await TcpProxy.to(() => hub.port)
    transport = hub.transport({ port: line.port, chunkBytes: 512 * KIB })
  })

  afterEach(async () => {
    await transport.close?.()
    await line.close()
    await hub.close()
  })

  it('goes on where it was when the line breaks in the middle of a part, again and again', async () => {
    line.mishap = () => ({ cutAfter: { up: 100 * KIB } })
    const message = bytesOf(1, 1_000 * KIB)
    expectSame(await transport.exchange(message, {}), inverted(message))
    expect(line.connections).toBeGreaterThan(9)
    expect(hub.received).toEqual([{ from: 'kiosk-1', bytes: message.length }])
    // Each connection spends some 1.5 KB on fields.
    expect(line.bytes.up).toBeLessThan(1.1 * message.length)
  })

  it('goes on with the answer where it was when the line breaks, and has the message received once', async () => {
    line.mishap = () => ({ cutAfter: { down: 100 * KIB } })
    hub.receive = async () => bytesOf(2, 1_000 * KIB)
    expectSame(await transport.exchange(bytesOf(3, 100), {}), bytesOf(2, 1_000 * KIB))
    expect(line.connections).toBeGreaterThan(9)
    expect(hub.received).toHaveLength(1)
    expect(line.bytes.down).toBeLessThan(1.1 * 1_000 * KIB)
  })

  it('reports what the hub has, and no more of it than before when the line breaks', async () => {
    line.mishap = () => ({ cutAfter: { up: 80 * KIB } })
    const sent: number[] = []
    await transport.exchange(bytesOf(4, 300 * KIB), { onSent: bytes => sent.push(bytes) })
    expect(sent.length).toBeGreaterThan(2)
    expect(sent).toEqual([...new Set(sent)].sort((a, b) => a - b))
    expect(sent.at(-1)).toBe(300 * KIB)
  })

  it('gets over a line that stands still, in either direction, by asking anew', async () => {
    const retryDelaysMs = [0, 10, 20, 40, 80, 160, 320]
    const asking = hub.transport({ port: line.port, timeoutMs: 500, retryDelaysMs })
    for (const way of ['up', 'down'] as const) {
      hub.received.length = 0
      const first = line.connections
      line.mishap = connection => (connection === first ? { stallAfter: { [way]: 60 * KIB } } : {})
      expectSame(await asking.exchange(bytesOf(5, 200 * KIB), {}), inverted(bytesOf(5, 200 * KIB)))
      expect(line.connections - first).toBeGreaterThan(1)
      expect(hub.received).toHaveLength(1)
      line.cut()
    }
  })

  it('gives up on a line that always stands still, and says so', async () => {
    line.mishap = () => ({ stallAfter: { up: 0 } })
    const begun = performance.now()
    const error = await failure(
      hub.transport({ port: line.port, timeoutMs: 400, retryDelaysMs: [10] }).exchange(bytesOf(6, 100), {}),
    )
    expect(error).toMatchObject({ code: 'LINE_DOWN', message: expect.stringContaining('nothing moved for 0.4 s') })
    expect(performance.now() - begun).toBeLessThan(10_000)
  })

  it('is patient with a slow line', async () => {
    line.mishap = () => ({ bytesPerSecond: 60_000 })
    // A piece is on its way for longer than the line may stand still; pieces of it move all the time.
    const slow = hub.transport({ port: line.port, timeoutMs: 2_000, retryDelaysMs: [] })
    hub.receive = async () => bytesOf(7, 200_000)
    expectSame(await slow.exchange(bytesOf(8, 20_000), {}), bytesOf(7, 200_000))
  })

  it('does not take waiting for its turn for a line that stands still', async () => {
    line.mishap = () => ({ bytesPerSecond: 50_000 })
    const slow = hub.transport({ port: line.port, timeoutMs: 2_000, retryDelaysMs: [] })
    const messages = Array.from({ length: 13 }, (_, i) => bytesOf(20 + i, 31_000))
    hub.receive = async message => message.subarray(0, 60_000)
    const begun = performance.now()
    const answers = await Promise.all(messages.map(message => slow.exchange(message, {})))
    expect(performance.now() - begun).toBeGreaterThan(2_000)
    for (const [i, answer] of answers.entries()) expectSame(answer, messages[i])
  })

  it('ends at once when it is told to, while the line stands still', async () => {
    for (const way of ['up', 'down'] as const) {
      line.cut()
      line.mishap = () => ({ stallAfter: { [way]: 10 * KIB } })
      const stop = new AbortController()
      const still = hub.transport({ port: line.port, timeoutMs: 60_000 })
      // More than are on the line at a time.
      const exchanges = Array.from({ length: 6 }, (_, i) =>
        still.exchange(bytesOf(i, 100 * KIB), { signal: stop.signal }),
      )
      const ended = Promise.all(exchanges.map(exchange => expect(exchange).rejects.toThrow('enough')))
      await new Promise(resolve => setTimeout(resolve, 100))
      const abortedAt = performance.now()
      stop.abort(new Error('enough'))
      await ended
      expect(performance.now() - abortedAt).toBeLessThan(2_000)
    }
    line.mishap = () => ({})
    expectSame(await transport.exchange(bytesOf(10, 50), {}), inverted(bytesOf(10, 50)))
  })

  it('gets over a hub that restarts in the middle of an upload', async () => {
    let parts = 0
    hub.spy = ({ method }) => {
      if (method === 'PATCH' && ++parts === 3) void hub.stop().then(() => hub.start())
    }
    const patient = hub.transport({ port: line.port, chunkBytes: 64 * KIB, retryDelaysMs: [50, 100, 200, 400, 800] })
    expectSame(await patient.exchange(bytesOf(11, 400 * KIB), {}), inverted(bytesOf(11, 400 * KIB)))
    expect(hub.received).toHaveLength(1)
    expect(parts).toBeLessThan(12)
  })

  it('gets over a hub that restarts while it is at the message, which it then receives again', async () => {
    let times = 0
    hub.receive = async message => {
      if (++times > 1) return inverted(message)
      void hub.stop().then(() => hub.start())
      return new Promise(() => {})
    }
    const patient = hub.transport({ port: line.port, retryDelaysMs: [50, 100, 200, 400, 800] })
    expectSame(await patient.exchange(bytesOf(12, 10 * KIB), {}), inverted(bytesOf(12, 10 * KIB)))
    expect(times).toBe(2)
  })

  /** What 24 exchanges end with on a line of which each connection has its mishap. */
  async function fates(mishapOf: (random: Random) => Mishap): Promise<Record<string, number>> {
    const fate: Record<string, number> = {}
    const one = async (seed: number) => {
      const random = new Random(seed).child('fate')
      const lane = await TcpProxy.to(() => hub.port)
      lane.mishap = () => mishapOf(random)
      const message = bytesOf(seed, random.below(200 * KIB))
      const own = hub.transport({ port: lane.port, chunkBytes: 64 * KIB, timeoutMs: 1_000 })
      const end = await own.exchange(message, {}).then(
        answer => {
          expectSame(answer, inverted(message))
          return 'done'
        },
        error => {
          expect(error).toBeInstanceOf(SidikError)
          return (error as SidikError).code
        },
      )
      fate[end] = (fate[end] ?? 0) + 1
      await own.close?.()
      await lane.close()
    }
    for (let seed = 0; seed < 24; seed += 8) await Promise.all(Array.from({ length: 8 }, (_, i) => one(seed + i)))
    return fate
  }

  it('carries it right or says that the line is down, wherever it breaks and stalls', async () => {
    const fate = await fates(random => {
      const at = { [random.uniform() < 0.6 ? 'up' : 'down']: random.below(40 * KIB) }
      const kind = random.uniform()
      return kind < 0.7 ? { cutAfter: at } : kind < 0.75 ? { stallAfter: at } : {}
    })
    expect(Object.keys(fate).filter(end => end !== 'done' && end !== 'LINE_DOWN')).toEqual([])
    expect(fate.done).toBeGreaterThan(10)
  })

  it('never takes a message or an answer of which a bit was turned, wherever that is', async () => {
    const seen: Uint8Array[] = []
    hub.receive = async message => {
      seen.push(message)
      return inverted(message)
    }
    const fate = await fates(random => ({
      flipAt: {
        [random.uniform() < 0.5 ? 'up' : 'down']:
          random.uniform() < 0.5 ? random.below(2 * KIB) : random.below(200 * KIB),
      },
    }))
    expect(Object.keys(fate).sort()).toEqual(expect.arrayContaining(['LINE_PROTOCOL', 'done']))
    // What the hub received is what some station sent: each begins with the bytes of its seed.
    const sent = Array.from({ length: 24 }, (_, seed) => Buffer.from(bytesOf(seed, 300 * KIB)))
    for (const message of seen) {
      expect(sent.some(bytes => bytes.subarray(0, message.length).equals(message))).toBe(true)
    }
  })
})
