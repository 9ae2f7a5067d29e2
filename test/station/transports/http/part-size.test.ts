import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { httpTransport } from 'sidik/station'
import { afterEach, describe, expect, it } from 'vitest'
import { PartSize } from '../../../../dist/station/transports/http/part-size.js'
import { Hub, QUICK } from '../../../support/hub.js'
import { bytesOf, expectSame } from '../contract.js'

const KIB = 1_024

describe('PartSize', () => {
  it('grows with what the line carries, and begins anew after a failure', () => {
    const part = new PartSize(64 * KIB)
    expect(part.bytes).toBe(64 * KIB)
    part.took(4_000_000, 1_000)
    expect(part.bytes).toBe(1_000_000)
    part.took(4_000_000, 40_000)
    expect(part.bytes).toBe(64 * KIB)
    part.took(4_000_000, 1)
    expect(part.bytes).toBe(8_388_608)
    part.failed()
    expect(part.bytes).toBe(64 * KIB)
  })

  it('learns nothing from a message of less than a part', () => {
    const part = new PartSize(64 * KIB)
    part.took(64 * KIB - 1, 0)
    expect(part.bytes).toBe(64 * KIB)
  })

  it('stays short where longer ones do not get through', () => {
    const part = new PartSize(64 * KIB)
    expect(part.limit()).toBe(false)
    part.took(4_000_000, 100)
    expect(part.limit()).toBe(true)
    part.took(4_000_000, 100)
    expect(part.bytes).toBe(64 * KIB)
  })
})

describe('httpTransport', () => {
  const closing: (() => Promise<unknown>)[] = []

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  it('sends longer parts on a quick line, and shorter ones again when a proxy refuses them', async () => {
    const hub = await Hub.open()
    closing.push(() => hub.close())
    const limit = 1_048_576
    const bodies: number[] = []
    const proxy = createServer((from, to) => {
      const length = Number(from.headers['content-length'] ?? 0)
      bodies.push(length)
      if (length > limit) {
        from.resume()
        to.writeHead(413).end()
        return
      }
      const options = { port: hub.port, path: from.url, method: from.method, headers: from.headers, agent: false }
      from.pipe(
        request({ ...options, host: '127.0.0.1' }, answer => {
          to.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(to)
        }),
      )
    })
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise(resolve => proxy.close(resolve)))
    const transport = httpTransport({
      url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/sync`,
      identity: hub.kiosk,
      peer: hub.peer,
      chunkBytes: 256 * KIB,
      ...QUICK,
    })
    closing.push(async () => transport.close?.())
    const message = bytesOf(1, 3_000_000)
    for (let i = 0; i < 3; i++) expectSame(await transport.exchange(message, {}), message)
    expect(Math.max(...bodies)).toBeGreaterThan(limit)
    // Refused once, and not tried again.
    expect(bodies.filter(length => length > limit)).toHaveLength(1)
  })
})
