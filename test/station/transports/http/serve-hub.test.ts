import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import {
  createIdentity,
  type HubEvent,
  httpTransport,
  peers,
  type RunningHub,
  revokePeer,
  type ServeHubOptions,
  serveHub,
  status,
  sync,
} from 'sidik/station'
import { afterEach, describe, expect, it } from 'vitest'
import { HostileKiosk } from '../../../../bench/support/station-hostile/kiosk.js'
import { issue } from '../../../support/certificates.js'
import { QUICK } from '../../../support/hub.js'
import { signedRequest } from '../../../support/signed-request.js'
import { TcpProxy } from '../../../support/tcp-proxy.js'
import { acquaint, newPlace, type Place, recordAt, transportOf, twoPlaces } from '../../sync/support.js'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Served extends RunningHub {
  readonly events: HubEvent[]
}

async function served({ station }: Place, options: ServeHubOptions = {}): Promise<Served> {
  const events: HubEvent[] = []
  const hub = await serveHub(station, { port: 0, ...options, onEvent: event => events.push(event) })
  closing.push(() => hub.close())
  return { ...hub, events }
}

function lineOf(kiosk: Place, hub: Place, port: number, more: object = {}) {
  const url = `http://127.0.0.1:${port}/sync`
  const line = httpTransport({ url, identity: kiosk.identity, peer: hub.known, ...QUICK, ...more })
  closing.push(async () => line.close?.())
  return line
}

const kindsOf = ({ events }: Served) => events.map(({ kind }) => kind)
const held = (folder: string) => {
  const sizes = readdirSync(folder)
    .filter(name => !name.endsWith('.json'))
    .map(name => statSync(join(folder, name)).size)
  return Math.max(0, ...sizes)
}

describe('serveHub', () => {
  it('takes the records of two kiosks over HTTP, and says what it does without a name of anybody', async () => {
    const { kiosk, hub } = await twoPlaces()
    const other = await newPlace('kiosk-2')
    acquaint(other, hub)
    const server = await served(hub)
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/sync`)
    for (const [place, record] of [
      [kiosk, 'a'],
      [other, 'b'],
    ] as const) {
      recordAt(place, record, { templates: 700, photo: 200_000 })
      const { stopped, unsent } = await sync(place.station, lineOf(place, hub, server.port))
      expect([stopped, unsent]).toEqual([undefined, 0])
      expect(transportOf(place)).toMatchObject({ [record]: 'synchronised' })
    }
    expect(Object.keys(transportOf(hub))).toEqual(['a', 'b'])
    await server.close()
    const [first, ...rest] = server.events
    expect(first).toEqual({ kind: 'listening', url: server.url })
    expect(rest.slice(-2)).toEqual([
      { kind: 'closing', requests: 0 },
      { kind: 'closed', cut: 0 },
    ])
    const messages = rest.slice(0, -2) as Extract<HubEvent, { kind: 'message' }>[]
    expect(new Set(messages.map(({ kind }) => kind))).toEqual(new Set(['message']))
    expect(new Set(messages.map(({ peer }) => peer))).toEqual(new Set(['kiosk-1', 'kiosk-2']))
    expect(Math.max(...messages.map(({ bytes }) => bytes))).toBeGreaterThan(200_000)
    // The station is the host's, and goes on.
    expect(peers(hub.station)).toHaveLength(2)
    expect(await sync(kiosk.station, lineOf(kiosk, hub, server.port))).toMatchObject({ stopped: { code: 'LINE_DOWN' } })
  })

  it('counts a message that names another station to the one that signed the request', async () => {
    const { kiosk, hub } = await twoPlaces()
    const other = await newPlace('kiosk-2')
    acquaint(other, hub)
    const server = await served(hub)
    const hostile = new HostileKiosk(other.station, 'hub')
    const forged = await hostile.seal({ ...hostile.message({}), from: kiosk.station.id })
    const said = lineOf(other, hub, server.port).exchange(forged, {})
    await expect(said).rejects.toMatchObject({ code: 'LINE_REFUSED' })
    const used = status(hub.station).peers.map(({ quotas }) => quotas!.bytes.used)
    expect(used).toEqual([0, forged.length])
  })

  it('lets in neither strangers nor who was revoked a moment ago', async () => {
    const { kiosk, hub } = await twoPlaces()
    const server = await served(hub)
    const stranger = { ...kiosk, identity: await createIdentity('kiosk-9') }
    const said = lineOf(stranger, hub, server.port).exchange(new Uint8Array(10), {})
    await expect(said).rejects.toMatchObject({ code: 'LINE_REFUSED' })
    expect((await sync(kiosk.station, lineOf(kiosk, hub, server.port))).stopped).toBeUndefined()
    revokePeer(hub.station, 'kiosk-1', { operator: 'op', reason: 'stolen' })
    recordAt(kiosk, 'a')
    expect((await sync(kiosk.station, lineOf(kiosk, hub, server.port))).stopped?.code).toBe('LINE_REFUSED')
    expect(transportOf(hub)).toEqual({})
  })

  it('lets a request that is open finish when it ends, and waits for no stranger', async () => {
    const { kiosk, hub } = await twoPlaces()
    const server = await served(hub, { graceMs: 3_600_000 })
    const body = randomBytes(100_000)
    const sha256 = Buffer.from(createHash('sha256').update(body).digest('hex')).toString('base64')
    // Ahead of the clock: what was signed in the second in which a hub begins is refused.
    const created = new Date(Date.now() + 5_000)
    const about = { 'upload-length': String(body.length), 'upload-metadata': `sha256 ${sha256}` }
    const signed = await signedRequest(kiosk.identity, { method: 'POST', path: '/sync', headers: about, body, created })
    const upload = request({ port: server.port, host: '127.0.0.1', method: 'POST', path: '/sync' })
    for (const [name, value] of Object.entries(signed.headers)) upload.setHeader(name, value)
    upload.setHeader('content-length', body.length)
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      upload.once('response', resolve).once('error', reject)
    })
    upload.write(body.subarray(0, 50_000))
    const folder = `${hub.path}.hub/uploads`
    await expect.poll(() => existsSync(folder) && held(folder), { timeout: 20_000 }).toBe(50_000)
    const idle = connect(server.port, '127.0.0.1').on('error', () => {})
    await new Promise<void>(resolve => idle.once('connect', () => resolve()))
    const ended = server.close()
    await expect.poll(() => server.events.at(-1)).toEqual({ kind: 'closing', requests: 1 })
    expect(await sync(kiosk.station, lineOf(kiosk, hub, server.port))).toMatchObject({ stopped: { code: 'LINE_DOWN' } })
    upload.end(body.subarray(50_000))
    const { statusCode, headers } = await answered
    expect([statusCode, headers.connection]).toEqual([201, 'close'])
    await ended
    expect(server.events.at(-1)).toEqual({ kind: 'closed', cut: 0 })
    expect(held(folder)).toBe(100_000)
  })

  it('cuts what is not done in time, and loses nothing: the kiosk goes on with the next hub', async () => {
    const { kiosk, hub } = await twoPlaces()
    const server = await served(hub, { graceMs: 0 })
    const line = await TcpProxy.to(() => server.port)
    closing.push(() => line.close())
    line.mishap = () => ({ stallAfter: { up: 300_000 } })
    recordAt(kiosk, 'a', { photo: 600_000 })
    const done = sync(kiosk.station, lineOf(kiosk, hub, line.port, { retryDelaysMs: [] }))
    const folder = `${hub.path}.hub/uploads`
    await expect.poll(() => existsSync(folder) && held(folder), { timeout: 20_000 }).toBeGreaterThan(100_000)
    await server.close()
    expect(server.events.at(-1)).toEqual({ kind: 'closed', cut: 1 })
    expect((await done).stopped?.code).toBe('LINE_DOWN')
    const next = await served(hub)
    expect((await sync(kiosk.station, lineOf(kiosk, hub, next.port))).stopped).toBeUndefined()
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
    expect(transportOf(hub)).toMatchObject({ a: expect.anything() })
  })

  it('ends with its signal, and with its station', async () => {
    const { hub } = await twoPlaces()
    const stop = new AbortController()
    const first = await served(hub, { signal: stop.signal })
    stop.abort()
    await first.closed
    expect(kindsOf(first)).toEqual(['listening', 'closing', 'closed'])
    await expect(serveHub(hub.station, { signal: stop.signal })).rejects.toBe(stop.signal.reason)
    const second = await served(hub)
    await hub.station.close()
    await second.closed
    expect(kindsOf(second)).toEqual(['listening', 'closing', 'closed'])
  })

  it('says who is there already', async () => {
    const { hub } = await twoPlaces()
    const server = await served(hub)
    await expect(serveHub(hub.station, { port: 0 })).rejects.toMatchObject({
      code: 'HUB_RUNNING',
      message: expect.stringContaining(`process ${process.pid} on `),
    })
    await server.close()
    const taken = createServer()
    await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise(resolve => taken.close(resolve)))
    const { port } = taken.address() as { port: number }
    await expect(serveHub(hub.station, { port })).rejects.toMatchObject({
      code: 'HUB_ADDRESS',
      message:
        `the hub cannot listen at 127.0.0.1, port ${port}: ` +
        'another program listens there: stop it, or take another port',
    })
    await expect(serveHub(hub.station, { port: 0, host: '203.0.113.7' })).rejects.toMatchObject({ code: 'HUB_ADDRESS' })
    await expect(serveHub(hub.station, { port: 0, tls: { key: 'x', cert: 'y' } })).rejects.toMatchObject({
      code: 'HUB_TLS',
    })
    // None of these has left a lock.
    await (await served(hub)).close()
  })

  it('serves over TLS', async () => {
    const { kiosk, hub } = await twoPlaces()
    const authority = await issue('Sidik test authority', { mayIssue: true, usage: 'certificates' })
    const signer = await issue('localhost', { issuer: authority, dnsName: 'localhost' })
    const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', signer.keys.privateKey as CryptoKey))
    const key = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`
    const server = await served(hub, { host: 'localhost', tls: { key, cert: signer.pem } })
    expect(server.url).toBe(`https://localhost:${server.port}/sync`)
    const agent = new HttpsAgent({ ca: authority.pem, keepAlive: true })
    recordAt(kiosk, 'a')
    expect((await sync(kiosk.station, lineOf(kiosk, hub, 0, { url: server.url, agent }))).stopped).toBeUndefined()
    // Who never ends a handshake does not keep it.
    const idle = connect(server.port, 'localhost').on('error', () => {})
    await new Promise<void>(resolve => idle.once('connect', () => resolve()))
    await server.close()
    agent.destroy()
    expect(transportOf(kiosk)).toEqual({ a: 'synchronised' })
  })

  it('bounds what strangers can hold', async () => {
    const { hub } = await twoPlaces()
    const server = await served(hub, { sockets: { connectionsPerAddress: 2 } })
    const closed: number[] = []
    for (const each of [0, 1, 2]) {
      const socket = connect(server.port, '127.0.0.1').on('error', () => {})
      socket.once('close', () => closed.push(each))
      await new Promise<void>(resolve => socket.once('connect', () => resolve()))
    }
    await expect.poll(() => closed).toEqual([2])
  })

  it('refuses options that are none', async () => {
    const { hub } = await twoPlaces()
    const refusal = (options: object) => serveHub(hub.station, options as never)
    await expect(refusal({ prot: 5 })).rejects.toThrow(/did you mean 'port'/)
    await expect(refusal({ port: 65_536 })).rejects.toThrow(RangeError)
    await expect(refusal({ port: '80' })).rejects.toThrow(/serveHub: port must be a number/)
    await expect(refusal({ host: '' })).rejects.toThrow(/serveHub: host/)
    await expect(refusal({ tls: 'cert' })).rejects.toThrow(/serveHub: tls/)
    await expect(refusal({ graceMs: -1 })).rejects.toThrow(/serveHub: graceMs/)
    await expect(refusal({ onEvent: 5 })).rejects.toThrow(/serveHub: onEvent/)
    await expect(refusal({ path: 'sync' })).rejects.toThrow(/path must begin/)
    await expect(refusal({ sockets: { connections: 0 } })).rejects.toThrow(RangeError)
    await expect(serveHub({} as never)).rejects.toThrow(/station must be a Station/)
    expect(existsSync(`${hub.path}.hub`) ? readdirSync(`${hub.path}.hub`) : ['uploads']).toEqual(['uploads'])
  })
})
