import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { readOptions, wholeNumber } from '../../../options.js'

export interface SocketLimits {
  /** Connections in all, 1,000 unless given. */
  readonly connections?: number
  /**
   * Connections of one address, 50 unless given. Behind a proxy all have its address: give as many
   * as `connections`.
   */
  readonly connectionsPerAddress?: number
  /**
   * Longest time for a request's head, in ms: from the connection, or from the answer before, to
   * the head's last line, a TLS handshake included. 15 s unless given.
   */
  readonly headersMs?: number
  /**
   * Longest time from there to the end of the answer, in ms, however slowly the body comes: 15
   * minutes unless given. A station that was cut off goes on where it was.
   */
  readonly requestMs?: number
}

const KNOWN = ['connections', 'connectionsPerAddress', 'headersMs', 'requestMs'] as const

/**
 * Bounds what strangers can hold of a hub's server, before any request is read: how many
 * connections there are, and for how long each may do nothing, or next to nothing. What goes beyond
 * is closed without an answer.
 *
 * @throws TypeError, RangeError naming the limit
 */
export function limitSockets(server: HttpServer | HttpsServer, limits?: SocketLimits): void {
  const call = 'limitSockets'
  const asked = readOptions(call, limits, KNOWN)
  const most = wholeNumber(`${call}: connections`, asked.connections ?? 1_000, 1, 1_000_000)
  const mostOfAddress = wholeNumber(`${call}: connectionsPerAddress`, asked.connectionsPerAddress ?? 50, 1, 1_000_000)
  const headersMs = wholeNumber(`${call}: headersMs`, asked.headersMs ?? 15_000, 10, 3_600_000)
  const requestMs = wholeNumber(`${call}: requestMs`, asked.requestMs ?? 900_000, 10, 86_400_000)
  const open = new Map<string, number>()
  const clocks = new Map<string, SocketClock>()
  server.maxConnections = most
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const count = (open.get(address) ?? 0) + 1
    if (count > mostOfAddress) {
      socket.destroy()
      return
    }
    open.set(address, count)
    const name = nameOf(socket)
    const clock = new SocketClock(socket)
    clocks.set(name, clock)
    clock.wait(headersMs)
    socket.once('close', () => {
      clock.stop()
      clocks.delete(name)
      const left = open.get(address)! - 1
      if (left === 0) open.delete(address)
      else open.set(address, left)
    })
  })
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const clock = clocks.get(nameOf(request.socket))
    clock?.wait(requestMs)
    response.once('close', () => clock?.wait(headersMs))
  })
}

/** Names the connection; a socket of TLS has the ends of the one below it. */
function nameOf({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localPort}`
}

/** Ends a socket that is not done in time. */
class SocketClock {
  readonly #socket: Socket
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  constructor(socket: Socket) {
    this.#socket = socket
  }

  wait(ms: number): void {
    clearTimeout(this.#timer)
    if (this.#isOver) return
    this.#timer = setTimeout(() => this.#socket.destroy(), ms)
    // A hub that wants to end does not wait for it.
    this.#timer.unref()
  }

  stop(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
  }
}
