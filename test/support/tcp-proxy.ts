import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** What befalls a connection. Byte counts are of this connection, from its beginning. */
export interface Mishap {
  /** Both sides are cut off (RST) once so many bytes have gone up or come down. */
  readonly cutAfter?: { readonly up?: number; readonly down?: number }
  /** Nothing goes through any more, either way, once so many bytes have gone up or come down; nobody is told. */
  readonly stallAfter?: { readonly up?: number; readonly down?: number }
  /** One bit of the byte at this place is turned. */
  readonly flipAt?: { readonly up?: number; readonly down?: number }
  readonly bytesPerSecond?: number
}

type Way = 'up' | 'down'

/** A line between a station and a hub, over real sockets, on which things happen. */
export class TcpProxy {
  /** By the number of the connection, from 0. */
  mishap: (connection: number) => Mishap = () => ({})
  connections = 0
  readonly bytes = { up: 0, down: 0 }
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
  }

  static async to(targetPort: () => number): Promise<TcpProxy> {
    const server = createServer({ noDelay: true })
    const proxy = new TcpProxy(server)
    server.on('connection', client =>
      proxy.#join(client, connect({ port: targetPort(), host: '127.0.0.1', noDelay: true })),
    )
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Breaks what is open now. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise(resolve => this.#server.close(resolve))
  }

  #join(client: Socket, hub: Socket): void {
    const mishap = this.mishap(this.connections++)
    const state = { stalled: false }
    const ends = [client, hub]
    const cut = () => {
      for (const end of ends) end.resetAndDestroy()
    }
    for (const end of ends) {
      this.#sockets.add(end)
      end.on('error', cut)
      end.on('close', () => {
        this.#sockets.delete(end)
        cut()
      })
    }
    this.#pass('up', client, hub, mishap, state, cut)
    this.#pass('down', hub, client, mishap, state, cut)
  }

  #pass(way: Way, from: Socket, to: Socket, mishap: Mishap, state: { stalled: boolean }, cut: () => void): void {
    const cutAfter = mishap.cutAfter?.[way] ?? Number.POSITIVE_INFINITY
    const stallAfter = mishap.stallAfter?.[way] ?? Number.POSITIVE_INFINITY
    const flipAt = mishap.flipAt?.[way] ?? Number.POSITIVE_INFINITY
    let passed = 0
    from.on('data', data => {
      if (state.stalled) return
      const bytes = data.subarray(0, Math.max(0, Math.min(cutAfter, stallAfter) - passed))
      if (flipAt >= passed && flipAt < passed + bytes.length) bytes[flipAt - passed] ^= 1
      passed += bytes.length
      this.bytes[way] += bytes.length
      if (bytes.length > 0) to.write(bytes)
      if (passed >= cutAfter) {
        // What was let through arrives first.
        setImmediate(cut)
      } else if (passed >= stallAfter) {
        state.stalled = true
      } else if (mishap.bytesPerSecond !== undefined) {
        from.pause()
        setTimeout(() => from.resume(), (1000 * data.length) / mishap.bytesPerSecond)
      }
    })
    from.on('end', () => !state.stalled && to.end())
  }
}
