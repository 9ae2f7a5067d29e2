import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Link } from '../../dist/simulate/link.js'
import type { LineState } from '../../dist/simulate/plan-types.js'

/** A hub that answers each byte with its own. */
let hub: Server
const seen: Buffer[] = []
const links: Link[] = []

beforeAll(async () => {
  hub = createServer(socket => socket.on('error', () => {}).pipe(socket))
  await new Promise<void>(resolve => hub.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  for (const link of links) await link.close()
  hub.close()
})

async function linkOf(state: LineState): Promise<Link> {
  const link = new Link(
    () => (hub.address() as AddressInfo).port,
    bytes => seen.push(Buffer.from(bytes)),
  )
  links.push(link)
  await link.set(state)
  return link
}

/** What comes back of so many bytes; how the connection ended: 'whole' when all came back. */
function send(port: number, bytes: Buffer, waitMs = 20_000): Promise<{ back: Buffer; end: string }> {
  return new Promise(resolve => {
    const got: Buffer[] = []
    const socket = connect(port, '127.0.0.1')
    const finish = (end: string) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ back: Buffer.concat(got), end })
    }
    const timer = setTimeout(() => finish('silence'), waitMs)
    socket.on('data', data => {
      got.push(data)
      if (Buffer.concat(got).length >= bytes.length) finish('whole')
    })
    socket.on('error', error => finish((error as NodeJS.ErrnoException).code ?? 'error'))
    socket.on('close', () => finish('closed'))
    socket.write(bytes)
  })
}

const BYTES = Buffer.from(Array.from({ length: 50_000 }, (_, i) => i % 251))

describe('a line', () => {
  it('that is up passes everything, and shows it', async () => {
    const link = await linkOf({ kind: 'up' })
    seen.length = 0
    const { back, end } = await send(link.port, BYTES)
    expect(end).toBe('whole')
    expect(back.equals(BYTES)).toBe(true)
    expect(Buffer.concat(seen).length).toBe(2 * BYTES.length)
    expect(link.tally).toMatchObject({ connections: 1, cut: 0, stalled: 0, corrupted: 0, bytes: 2 * BYTES.length })
  })

  it('that is down refuses, from the first moment and again after it was up', async () => {
    const link = await linkOf({ kind: 'down' })
    expect((await send(link.port, BYTES)).end).toBe('ECONNREFUSED')
    await link.set({ kind: 'up' })
    expect((await send(link.port, BYTES)).end).toBe('whole')
    await link.set({ kind: 'down' })
    expect((await send(link.port, BYTES)).end).toBe('ECONNREFUSED')
  })

  it('that stalls takes everything and answers nothing', async () => {
    const link = await linkOf({ kind: 'stall' })
    const { back, end } = await send(link.port, BYTES, 300)
    expect([back.length, end]).toEqual([0, 'silence'])
    expect(link.tally.stalled).toBe(1)
  })

  it('that is cut breaks after so many bytes, both directions counted', async () => {
    for (const afterBytes of [0, 1, 49_999, 50_000, 70_000]) {
      const link = await linkOf({ kind: 'cut', afterBytes })
      const { back, end } = await send(link.port, BYTES)
      expect(['ECONNRESET', 'closed', 'EPIPE']).toContain(end)
      expect(back.length).toBeLessThanOrEqual(Math.max(0, afterBytes - 1))
      expect(link.tally.cut).toBe(1)
    }
  })

  it('that corrupts alters one byte of a connection, in the direction named', async () => {
    for (const [direction, atByte] of [
      ['up', 0],
      ['down', 49_999],
      ['down', 12_345],
    ] as const) {
      const link = await linkOf({ kind: 'corrupt', atByte, direction })
      const { back, end } = await send(link.port, BYTES)
      expect(end).toBe('whole')
      const altered = [...back.keys()].filter(i => back[i] !== BYTES[i])
      expect(altered).toEqual([atByte])
      expect(link.tally.corrupted).toBe(1)
    }
  })

  it('that is slow takes its time', async () => {
    const link = await linkOf({ kind: 'throttle', bytesPerSecond: 200_000 })
    const startedAt = performance.now()
    expect((await send(link.port, BYTES)).end).toBe('whole')
    expect(performance.now() - startedAt).toBeGreaterThan(100)
  })

  it('breaks its connections when it changes', async () => {
    const link = await linkOf({ kind: 'stall' })
    const sent = send(link.port, BYTES)
    await new Promise(resolve => setTimeout(resolve, 50))
    await link.set({ kind: 'down' })
    expect((await sent).end).not.toBe('silence')
  })
})
