import { type IncomingMessage, request } from 'node:http'
import { SidikError } from 'sidik'
import { createIdentity, httpReceiver, publicIdentity } from 'sidik/station'
import { afterEach, describe, expect, it } from 'vitest'
import { HttpMiddle } from '../../../support/http-middle.js'
import { Hub, type HubOptions } from '../../../support/hub.js'
import { signedRequest } from '../../../support/signed-request.js'
import { bytesOf, expectSame, failure, inverted } from '../contract.js'

/** What a hub takes, keeps and says of itself. */

const KIB = 1_024

describe('httpReceiver', () => {
  const closing: (() => Promise<unknown>)[] = []

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  async function hubOf(options: HubOptions) {
    const hub = await Hub.open(options)
    closing.push(() => hub.close())
    const middle = await HttpMiddle.to(() => hub.port)
    closing.push(() => middle.close())
    return { hub, middle }
  }

  const create = (length: number) => ({ method: 'POST', path: '/sync', headers: { 'upload-length': String(length) } })

  it('takes messages of its limit and none that are longer', async () => {
    const { hub } = await hubOf({ maxBytes: 50 * KIB })
    expectSame(await hub.transport().exchange(bytesOf(1, 50 * KIB), {}), bytesOf(1, 50 * KIB))
    const error = await failure(hub.transport().exchange(bytesOf(1, 50 * KIB + 1), {}))
    expect(error).toMatchObject({ code: 'LINE_REFUSED', message: expect.stringContaining('size') })
    expect(hub.received).toHaveLength(1)
  })

  it('does not let a station take more answer than it wants', async () => {
    const { hub } = await hubOf({})
    expect((await failure(hub.transport({ maxAnswerBytes: 99 }).exchange(bytesOf(1, 100), {}))).code).toBe(
      'LINE_PROTOCOL',
    )
  })

  it('receives so many messages of a station at a time that others find a place beside them', async () => {
    const { hub } = await hubOf({})
    const other = await createIdentity('kiosk-2')
    hub.keys.set(other.id, (await publicIdentity(other)).verifyKey)
    const open: (() => void)[] = []
    let [ofFirst, mostOfFirst] = [0, 0]
    hub.receive = async (message, from) => {
      if (from === 'kiosk-2') return message
      mostOfFirst = Math.max(mostOfFirst, ++ofFirst)
      await new Promise<void>(resolve => open.push(resolve))
      ofFirst--
      return message
    }
    const many = Array.from({ length: 6 }, (_, i) => hub.transport().exchange(bytesOf(i, 10), {}))
    while (hub.received.length < 3) await new Promise(resolve => setTimeout(resolve, 5))
    expectSame(await hub.transport({ identity: other }).exchange(bytesOf(9, 10), {}), bytesOf(9, 10))
    expect(hub.received.filter(({ from }) => from === 'kiosk-1')).toHaveLength(3)
    let answered = 0
    for (const each of many) void each.then(() => answered++)
    while (answered < many.length) {
      open.shift()?.()
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    expect(mostOfFirst).toBe(3)
  })

  it('holds so many uploads of a station, and lets those make room that nobody goes on with', async () => {
    let aheadMs = 0
    const { hub, middle } = await hubOf({ uploadsPerStation: 2, now: () => Date.now() + aheadMs })
    await hub.transport().exchange(bytesOf(1, 10), {})
    const begin = async () =>
      (await middle.send(await signedRequest(hub.kiosk, { ...create(5), created: new Date(Date.now() + aheadMs) })))
        .headers
    aheadMs = 5_000
    const first = (await begin()).location
    expect((await begin()).location).toBeDefined()
    expect((await begin())['sidik-refusal']).toBe('busy')
    expect((await failure(hub.transport().exchange(bytesOf(1, 10), {}))).code).toBe('LINE_DOWN')
    aheadMs = 12_000
    expect((await begin()).location).toBeDefined()
    expect(await hub.uploads()).toHaveLength(2)
    expect(await hub.uploads()).not.toContain(first.split('/').at(-1))
  })

  it('lets none make room whose first bytes are still coming', async () => {
    let aheadMs = 0
    const { hub } = await hubOf({ uploadsPerStation: 2, maxBytes: 50 * KIB, now: () => Date.now() + aheadMs })
    aheadMs = 5_000
    const body = bytesOf(1, 50 * KIB)
    const begins = async (bytes: number) => {
      const made = { ...create(body.length), body, created: new Date(Date.now() + aheadMs) }
      const { headers } = await signedRequest(hub.kiosk, made)
      const to = { host: '127.0.0.1', port: hub.port, method: 'POST', path: '/sync' }
      const begun = request({ ...to, headers: { ...headers, 'content-length': String(body.length) } })
      closing.push(async () => begun.destroy())
      const answer = new Promise<IncomingMessage | Error>(resolve => begun.on('response', resolve).on('error', resolve))
      begun.write(body.subarray(0, bytes))
      return answer
    }
    for (let i = 1; i <= 2; i++) {
      void begins(body.length - 1)
      while ((await hub.uploads()).length < i) await new Promise(resolve => setTimeout(resolve, 5))
    }
    aheadMs = 60_000
    const refused = (await begins(body.length)) as IncomingMessage
    expect(refused.headers['sidik-refusal']).toBe('busy')
    expect(await hub.uploads()).toHaveLength(2)
  })

  it('lets the message go, and has the answer for a station that fetches it again', async () => {
    const { hub, middle } = await hubOf({})
    hub.receive = async message => inverted(message)
    await hub.transport({ port: middle.port }).exchange(bytesOf(1, 100), {})
    while ((await hub.uploads()).length > 0) await new Promise(resolve => setTimeout(resolve, 5))
    const path = middle.requests.at(-1)?.path as string
    const again = await middle.send(await signedRequest(hub.kiosk, { method: 'GET', path }))
    expectSame(again.body, inverted(bytesOf(1, 100)))
    const etag = again.headers.etag
    const part = async (headers: Record<string, string>) => {
      const { status, body } = await middle.send(await signedRequest(hub.kiosk, { method: 'GET', path, headers }))
      return [status, body.length]
    }
    expect(await part({ range: 'bytes=40-', 'if-range': etag })).toEqual([206, 60])
    expect(await part({ range: 'bytes=100-', 'if-range': etag })).toEqual([200, 100])
    expect(await part({ range: 'bytes=40-', 'if-range': '"another"' })).toEqual([200, 100])
    expect(await part({ range: 'bytes=40-' })).toEqual([200, 100])
    expect(await part({ range: 'bytes=40-50', 'if-range': etag })).toEqual([200, 100])
    expect(hub.received).toHaveLength(1)
  })

  it('keeps no more of answers than it is told to', async () => {
    const { hub, middle } = await hubOf({ keptAnswerBytes: 5 * KIB })
    const transport = hub.transport({ port: middle.port })
    for (const seed of [1, 2, 3])
      expectSame(await transport.exchange(bytesOf(seed, 3 * KIB), {}), bytesOf(seed, 3 * KIB))
    const paths = middle.requests.filter(({ method }) => method === 'GET').map(({ path }) => path)
    const statuses: number[] = []
    for (const path of paths)
      statuses.push((await middle.send(await signedRequest(hub.kiosk, { method: 'GET', path }))).status)
    expect(statuses).toEqual([404, 404, 200])
    // Of that size none is kept; it is answered all the same.
    expectSame(await transport.exchange(bytesOf(4, 9 * KIB), {}), bytesOf(4, 9 * KIB))
  })

  it('tries a message again after a failure of its own, and never after one of the message', async () => {
    const { hub } = await hubOf({})
    let times = 0
    hub.receive = async message => {
      if (++times < 3) throw new SidikError('STATION_BUSY', 'another process writes')
      return message
    }
    expectSame(await hub.transport().exchange(bytesOf(1, 100), {}), bytesOf(1, 100))
    expect([times, hub.errors.length]).toEqual([3, 2])
    hub.receive = async () => {
      times++
      throw new SidikError('RECORD_CORRUPT', 'Budi, 3276015503990001')
    }
    const error = await failure(hub.transport().exchange(bytesOf(2, 100), {}))
    expect(error.code).toBe('LINE_REFUSED')
    expect(error.message).not.toContain('Budi')
    expect([times, hub.errors.length]).toEqual([4, 3])
  })

  it('lets a station wait for as long as it is at the message', async () => {
    const { hub, middle } = await hubOf({ timeoutMs: 1_000 })
    hub.receive = async message => {
      await new Promise(resolve => setTimeout(resolve, 1_600))
      return inverted(message)
    }
    const transport = hub.transport({ port: middle.port, timeoutMs: 1_500 })
    expectSame(await transport.exchange(bytesOf(1, 100), {}), inverted(bytesOf(1, 100)))
    expect(middle.responses.filter(({ status }) => status === 202).length).toBeGreaterThan(0)
    expect(hub.received).toHaveLength(1)
  })

  it('is given a message again when it has lost it', async () => {
    const { hub } = await hubOf({})
    hub.receive = async message => {
      if (hub.received.length > 1) return inverted(message)
      await hub.stop()
      await hub.lose()
      await hub.start()
      return message
    }
    const sent: number[] = []
    const answer = await hub.transport().exchange(bytesOf(1, 100_000), { onSent: bytes => sent.push(bytes) })
    expectSame(answer, inverted(bytesOf(1, 100_000)))
    expect(sent).toEqual([100_000])
  })

  it('fails at what its functions do wrong, tells the host, and no station why', async () => {
    const { hub } = await hubOf({})
    hub.receive = async () => 'text' as never
    expect((await failure(hub.transport().exchange(bytesOf(1, 10), {}))).code).toBe('LINE_DOWN')
    expect(hub.errors[0]).toBeInstanceOf(TypeError)
    const { hub: second } = await hubOf({
      peerOf: () => {
        throw new Error('the list of stations is away')
      },
    })
    const error = await failure(second.transport().exchange(bytesOf(1, 10), {}))
    expect(error.code).toBe('LINE_DOWN')
    expect(error.message).not.toContain('list of stations')
    expect(second.errors[0]).toMatchObject({ message: 'the list of stations is away' })
    const { hub: third } = await hubOf({ peerOf: () => 'no key' })
    expect((await failure(third.transport().exchange(bytesOf(1, 10), {}))).code).toBe('LINE_DOWN')
    expect(third.errors[0]).toMatchObject({ code: 'STATION_IDENTITY' })
  })

  it('answers 404 beside its path', async () => {
    const { hub, middle } = await hubOf({})
    for (const path of ['/', '/synchronise', '/other/sync', '//sync']) {
      expect((await middle.send(await signedRequest(hub.kiosk, { ...create(5), path }))).status).toBe(404)
    }
  })

  it('refuses options that are none', async () => {
    const { hub } = await hubOf({})
    const good = {
      identity: hub.identity,
      peerOf: () => undefined,
      receive: async (message: Uint8Array) => message,
      store: {} as never,
    }
    expect(httpReceiver(good).serverOptions.path).toBe('/sync')
    for (const path of ['sync', '/', '/sync/', '/a b', '/a?b'])
      expect(() => httpReceiver({ ...good, path }), path).toThrow(TypeError)
    expect(() => httpReceiver({ ...good, recieve: 1 } as never)).toThrow(/did you mean 'receive'/)
    expect(() => httpReceiver({ ...good, receive: undefined as never })).toThrow(/receive/)
    expect(() => httpReceiver({ ...good, maxBytes: -1 })).toThrow(RangeError)
    for (const identity of [undefined, null, {}])
      expect(() => httpReceiver({ ...good, identity: identity as never })).toThrow(
        /^httpReceiver: identity\.id must be/,
      )
  })
})
