import type { Server as HttpServer, IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Open connections, requests and messages of a server, so that it can end without tearing them. */
export class OpenWork {
  readonly #sockets = new Set<Socket>()
  readonly #responses = new Set<ServerResponse>()
  readonly #messages = new Set<Promise<unknown>>()
  #isClosing = false
  #onEmpty = () => {}

  get requests(): number {
    return this.#responses.size
  }

  watch(server: HttpServer): void {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  /** Counts requests. From the end on they are refused with 503, which a station takes for a line that is down. */
  listener(listener: RequestListener): RequestListener {
    return (request: IncomingMessage, response: ServerResponse) => {
      if (this.#isClosing) {
        response.writeHead(503, { connection: 'close' }).end()
        return
      }
      this.#responses.add(response)
      response.once('close', () => {
        this.#responses.delete(response)
        this.#look()
      })
      listener(request, response)
    }
  }

  async message<T>(work: Promise<T>): Promise<T> {
    this.#messages.add(work)
    try {
      return await work
    } finally {
      this.#messages.delete(work)
      this.#look()
    }
  }

  /**
   * Waits for open requests and messages, for `graceMs` at most, then cuts all connections.
   *
   * @returns how many requests were cut
   */
  async end(graceMs: number): Promise<number> {
    this.#isClosing = true
    for (const response of this.#responses) if (!response.headersSent) response.setHeader('connection', 'close')
    const timer = new AbortController()
    const empty = new Promise<void>(resolve => {
      this.#onEmpty = resolve
    })
    this.#look()
    await Promise.race([empty, wait(graceMs, undefined, { signal: timer.signal }).catch(() => {})])
    timer.abort()
    const cut = this.#responses.size
    for (const socket of this.#sockets) socket.destroy()
    return cut
  }

  #look(): void {
    if (this.#isClosing && this.#responses.size + this.#messages.size === 0) this.#onEmpty()
  }
}
