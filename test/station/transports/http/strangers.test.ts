import { createServer, type RequestListener } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { createIdentity, type HttpTransportOptions, httpTransport, publicIdentity } from 'sidik/station'
import { afterEach, describe, expect, it } from 'vitest'
import { issue } from '../../../support/certificates.js'
import { Hub, QUICK } from '../../../support/hub.js'
import { bytesOf, expectSame, failure, inverted } from '../contract.js'

/** Where a hub should be and something else is. */

const SECRET = new TextEncoder().encode('NIK 3276015503990001 '.repeat(5_000))

describe('httpTransport, when another answers', () => {
  const closing: (() => Promise<unknown>)[] = []

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  async function portOf(server: Server): Promise<number> {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise(resolve => server.close(resolve)))
    return (server.address() as AddressInfo).port
  }

  async function errorAt(port: number, options: Partial<HttpTransportOptions> = {}) {
    const transport = httpTransport({
      url: `http://127.0.0.1:${port}/sync`,
      identity: await createIdentity('kiosk-1'),
      peer: await publicIdentity(await createIdentity('hub')),
      ...QUICK,
      ...options,
    })
    closing.push(async () => transport.close?.())
    const error = await failure(transport.exchange(SECRET, {}))
    expect(error.message).toMatch(/127\.0\.0\.1|localhost/)
    expect(error.message).not.toContain('3276015503990001')
    return error
  }

  it.each<[string, string, RequestListener]>([
    [
      'a captive portal',
      'LINE_PROTOCOL',
      (_, to) => to.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Log in</h1>'),
    ],
    [
      'a captive portal that leads elsewhere',
      'LINE_PROTOCOL',
      (_, to) => to.writeHead(302, { location: 'http://login.example/' }).end(),
    ],
    [
      'a tus server that is nobody we know',
      'LINE_PROTOCOL',
      (_, to) => to.writeHead(201, { location: '/sync/1' }).end(),
    ],
    ['a server that knows nothing of it', 'LINE_PROTOCOL', (_, to) => to.writeHead(404).end('no')],
    ['a proxy that takes only small requests', 'LINE_PROTOCOL', (_, to) => to.writeHead(413).end()],
    ['a proxy that cannot reach the hub', 'LINE_DOWN', (_, to) => to.writeHead(502).end('bad gateway')],
    ['a proxy that is told to wait', 'LINE_DOWN', (_, to) => to.writeHead(503).end()],
    [
      'a page without end',
      'LINE_PROTOCOL',
      (_, to) => {
        to.writeHead(200)
        const more = setInterval(() => to.write('x'.repeat(10_000)), 1)
        to.on('close', () => clearInterval(more))
      },
    ],
  ])('tells %s from the hub (%s)', async (_, code, listener) => {
    const port = await portOf(createServer(listener))
    expect((await errorAt(port)).code).toBe(code)
  })

  it.each<[string, string, string]>([
    ['no HTTP', 'LINE_PROTOCOL', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['noise', 'LINE_PROTOCOL', '\0\x01\x02\xff'.repeat(100)],
    ['nothing', 'LINE_DOWN', ''],
  ])('tells %s from the hub (%s)', async (_, code, text) => {
    const port = await portOf(
      createTcpServer(socket => {
        socket.on('error', () => {}).resume()
        socket.end(Buffer.from(text, 'latin1'))
      }),
    )
    const error = await errorAt(port)
    expect(error.code).toBe(code)
    expect(JSON.stringify(error)).not.toContain('rawPacket')
  })

  it('says that nobody is there', async () => {
    const server = createTcpServer()
    const port = await portOf(server)
    await new Promise(resolve => server.close(resolve))
    expect(await errorAt(port)).toMatchObject({ code: 'LINE_DOWN', message: expect.stringContaining('ECONNREFUSED') })
  })

  it('carries over TLS, to a hub whose certificate it trusts and to no other', async () => {
    const authority = await issue('Sidik test authority', { mayIssue: true, usage: 'certificates' })
    const signer = await issue('localhost', { issuer: authority, dnsName: 'localhost' })
    const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', signer.keys.privateKey as CryptoKey))
    const key = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`
    const hub = await Hub.open({ tls: { key, cert: signer.pem } })
    closing.push(() => hub.close())
    hub.receive = async message => inverted(message)
    const url = `https://localhost:${hub.port}/sync`
    const agent = new HttpsAgent({ ca: authority.pem, keepAlive: true })
    closing.push(async () => agent.destroy())
    expectSame(await hub.transport({ url, agent }).exchange(bytesOf(1, 300_000), {}), inverted(bytesOf(1, 300_000)))
    expect(await errorAt(0, { url })).toMatchObject({
      code: 'LINE_PROTOCOL',
      message: expect.stringContaining('certificate'),
    })
    const plain = await errorAt(0, { url: `https://localhost:${await portOf(createServer())}/sync` })
    expect(['LINE_PROTOCOL', 'LINE_DOWN']).toContain(plain.code)
    expect((await errorAt(0, { url: `http://localhost:${hub.port}/sync` })).code).toBe('LINE_DOWN')
  })
})

describe('httpTransport', () => {
  it('refuses options that are none', async () => {
    const [identity, peer] = [await createIdentity('kiosk-1'), await publicIdentity(await createIdentity('hub'))]
    const good = { url: 'https://hub.example/sync', identity, peer }
    expect(httpTransport(good).name).toBe('https://hub.example')
    expect(httpTransport({ ...good, url: new URL('https://hub.example/a/b/') }).name).toBe('https://hub.example')
    for (const url of [
      'hub',
      'ftp://hub/sync',
      'http://hub',
      'http://a:b@hub/sync',
      'http://hub/sync?x=1',
      'http://hub/sync#x',
    ]) {
      expect(() => httpTransport({ ...good, url }), url).toThrow(TypeError)
    }
    expect(() => httpTransport({ ...good, chunkByte: 5 } as never)).toThrow(/did you mean 'chunkBytes'/)
    expect(() => httpTransport({ ...good, chunkBytes: 5 })).toThrow(RangeError)
    expect(() => httpTransport({ ...good, timeoutMs: 0 })).toThrow(RangeError)
    expect(() => httpTransport({ ...good, retryDelaysMs: [5, -1] })).toThrow(/retryDelaysMs\[1\]/)
    expect(() => httpTransport({ ...good, identity: { ...identity, signingKey: 'x' } })).toThrow(/signingKey/)
    expect(() => httpTransport({ ...good, peer: { ...peer, verifyKey: 'x' } })).toThrow(/verifyKey/)
    const transport = httpTransport(good)
    await expect(transport.exchange('text' as never, {})).rejects.toThrow(TypeError)
    await expect(transport.exchange(new Uint8Array(1), { signal: 5 as never })).rejects.toThrow(TypeError)
  })
})
