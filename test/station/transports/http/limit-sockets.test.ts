/** Sockets that are half open, slow, or too many, against a server on this machine. */
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { limitSockets, type SocketLimits } from 'sidik/station'
import { afterEach, describe, expect, it } from 'vitest'
import { issue } from '../../../support/certificates.js'
import { Hub } from '../../../support/hub.js'
import { bytesOf, expectSame } from '../contract.js'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const slurp: RequestListener = (request, response) => {
  request.resume()
  request.once('end', () => response.end('done'))
}

async function serve(limits: SocketLimits, server: Server = createServer(slurp)): Promise<number> {
  limitSockets(server, limits)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

/**
 * A client that says `text`, then a byte more every now and then; all that it was told when the
 * other side ended it.
 */
async function toldUntilClosed(port: number, text: string, drip = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let told = ''
  socket.on('data', bytes => {
    told += bytes
  })
  socket.on('error', () => {})
  socket.write(text)
  const dripping = drip === '' ? undefined : setInterval(() => socket.write(drip), 20)
  await new Promise(resolve => socket.once('close', resolve))
  clearInterval(dripping)
  return told
}

const BODY = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n'

describe('limitSockets', () => {
  it.each([
    ['says nothing', '', ''],
    ['begins a head and goes no further', 'POST / HTTP/1.1\r\nhost: x\r\n', ''],
    ['sends its head byte by byte', 'POST / HTTP/1.1\r\nx: ', 'a'],
    ['has an answer and stays', 'GET / HTTP/1.1\r\nhost: x\r\n\r\n', ''],
  ])('ends a connection that %s', async (_, text, drip) => {
    const port = await serve({ headersMs: 150 })
    const told = await toldUntilClosed(port, text, drip)
    if (text.startsWith('GET')) expect(told).toMatch(/^HTTP\/1\.1 200/)
  })

  it('ends a body that comes byte by byte, though each comes in time', async () => {
    const port = await serve({ requestMs: 200 })
    expect(await toldUntilClosed(port, BODY, 'x')).toBe('')
  })

  it('ends a handshake of TLS that goes no further', async () => {
    const signer = await issue('localhost', { dnsName: 'localhost' })
    const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', signer.keys.privateKey as CryptoKey))
    const key = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`
    const port = await serve({ headersMs: 150 }, createSecureServer({ key, cert: signer.pem }, slurp))
    expect(await toldUntilClosed(port, '')).toBe('')
  })

  /** Connections that are open once all `count` have been tried. */
  async function openOf(port: number, count: number): Promise<Socket[]> {
    const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1').on('error', () => {}))
    const ended = new Set<Socket>()
    for (const socket of sockets) socket.once('close', () => ended.add(socket))
    // A socket that was let in gets an answer.
    const answered = sockets.map(
      socket =>
        new Promise(resolve => {
          socket.once('data', resolve).once('close', resolve)
          socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
        }),
    )
    await Promise.all(answered)
    closing.push(async () => sockets.forEach(socket => void socket.destroy()))
    return sockets.filter(socket => !ended.has(socket))
  }

  it.each([
    ['of one address', { connectionsPerAddress: 3 }],
    ['in all', { connections: 3 }],
  ])('lets so many connections in %s, and others when they are gone', async (_, limits) => {
    const port = await serve(limits)
    const first = await openOf(port, 10)
    expect(first).toHaveLength(3)
    const gone = first.map(socket => new Promise(resolve => socket.destroy().once('close', resolve)))
    await Promise.all(gone)
    let again: Socket[] = []
    // The server hears of it when it is its turn.
    while (again.length === 0) again = await openOf(port, 1)
    expect(again).toHaveLength(1)
  })

  it('leaves a station its exchanges', async () => {
    const hub = await Hub.open({ sockets: { headersMs: 1_000, connections: 10 } })
    closing.push(() => hub.close())
    const transport = hub.transport()
    closing.push(async () => transport.close?.())
    for (let i = 0; i < 3; i++) expectSame(await transport.exchange(bytesOf(i, 900_000), {}), bytesOf(i, 900_000))
  })

  it('refuses limits that are none', () => {
    expect(() => limitSockets(createServer(), { connections: 0 })).toThrow(RangeError)
    expect(() => limitSockets(createServer(), { connection: 5 } as never)).toThrow(/did you mean 'connections'/)
  })
})
