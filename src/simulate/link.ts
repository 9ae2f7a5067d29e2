import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { LineState } from './plan-types.js'

/** What a line did, over its whole life. */
export interface LinkTally {
  connections: number
  /** Connections that were broken in the middle, and those that were never answered. */
  cut: number
  stalled: number
  /** Bytes that passed, and those of them that were altered. */
  bytes: number
  corrupted: number
}

/**
 * The line between a kiosk and its hub: a TCP proxy on 127.0.0.1 that does to each connection what its state says. It sees
 * every byte; `watch` is shown them all, as they were sent.
 */
export class Link {
  readonly tally: LinkTally = { connections: 0, cut: 0, stalled: 0, bytes: 0, corrupted: 0 }
  readonly #target: () => number
  readonly #watch: (bytes: Uint8Array) => void
  readonly #sockets = new Set<Socket>()
  #state: LineState = { kind: 'down' }
  #server: Server | undefined
  #port = 0

  /** Down until {@link set}. `target` is the hub's port at the time of a connection: a hub that starts again has another. */
  constructor(target: () => number, watch: (bytes: Uint8Array) => void) {
    this.#target = target
    this.#watch = watch
  }

  /** Where the kiosk finds the hub. Another one when the line was down in between and the port went to someone else. */
  get port(): number {
    return this.#port
  }

  /** Changes the line; connections that are open break, as they do when a line changes. */
  async set(state: LineState): Promise<void> {
    this.#state = state
    for (const socket of this.#sockets) socket.destroy()
    if (state.kind === 'down') await this.#stopListening()
    else if (this.#server === undefined) await this.#listen(this.#port).catch(() => this.#listen(0))
    if (this.#port !== 0) return
    // The port of a line that was never up: one where nobody listens any more.
    await this.#listen(0)
    await this.#stopListening()
  }

  close(): Promise<void> {
    return this.set({ kind: 'down' })
  }

  #listen(port: number): Promise<void> {
    const server = createServer(socket => this.#accept(socket))
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        this.#server = server
        this.#port = (server.address() as AddressInfo).port
        resolve()
      })
    })
  }

  async #stopListening(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server !== undefined) await new Promise(resolve => server.close(resolve))
  }

  #accept(kiosk: Socket): void {
    this.tally.connections++
    this.#keep(kiosk)
    if (this.#state.kind === 'stall') {
      this.tally.stalled++
      kiosk.resume()
      return
    }
    const hub = connect(this.#target(), '127.0.0.1')
    this.#keep(hub)
    kiosk.once('close', () => hub.destroySoon())
    hub.once('close', () => kiosk.destroySoon())
    const pass = this.#passing(kiosk, hub, this.#state)
    kiosk.on('data', data => pass(data, hub, 'up'))
    hub.on('data', data => pass(data, kiosk, 'down'))
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    // Broken connections are what this is for.
    socket.on('error', () => {})
    socket.once('close', () => this.#sockets.delete(socket))
  }

  /** What happens to the bytes of one connection. */
  #passing(kiosk: Socket, hub: Socket, state: LineState) {
    let [passed, up, down] = [0, 0, 0]
    let isCut = false
    return (data: Buffer, to: Socket, direction: 'up' | 'down') => {
      if (isCut) return
      this.#watch(data)
      this.tally.bytes += data.length
      const before = direction === 'up' ? up : down
      if (direction === 'up') up += data.length
      else down += data.length
      passed += data.length
      if (state.kind === 'cut' && passed > state.afterBytes) {
        isCut = true
        this.tally.cut++
        to.write(data.subarray(0, Math.max(0, data.length - (passed - state.afterBytes))), () => {
          breakOff(kiosk)
          breakOff(hub)
        })
        return
      }
      if (state.kind === 'corrupt' && state.direction === direction) {
        const place = state.atByte - before
        if (place >= 0 && place < data.length) {
          this.tally.corrupted++
          data[place] ^= 1 << (state.atByte % 8)
        }
      }
      if (state.kind !== 'throttle') {
        to.write(data)
        return
      }
      const from = direction === 'up' ? kiosk : hub
      from.pause()
      setTimeout(
        () => {
          to.write(data)
          from.resume()
        },
        (1000 * data.length) / state.bytesPerSecond,
      )
    }
  }
}

/**
 * By a reset, as lines break. One that is ending is closed instead: Node (20) leaves a socket that is reset then open for good, and does not
 * end at the end of the process for it.
 */
function breakOff(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
