import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server as HttpServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileStore } from '@tus/file-store'
import { Server as TusServer } from '@tus/server'
import {
  createIdentity,
  type HttpReceiverOptions,
  type HttpTransportOptions,
  httpReceiver,
  httpTransport,
  limitSockets,
  type PublicIdentity,
  publicIdentity,
  type SocketLimits,
  type StationIdentity,
  type Transport,
} from 'sidik/station'

/** What makes a test quick: a line that stands still for that long is down, and is tried again that often. */
export const QUICK = { timeoutMs: 3_000, retryDelaysMs: [0, 10, 20, 40] } as const

export interface HubOptions extends Partial<HttpReceiverOptions> {
  readonly sockets?: SocketLimits
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** A hub as a host application would have one: a tus server with files in a folder, over node:http, on this machine. */
export class Hub {
  /** Messages that were received, and by whom they were sent. */
  readonly received: { readonly from: string; readonly bytes: number }[] = []
  readonly errors: unknown[] = []
  receive: (message: Uint8Array, from: string) => Promise<Uint8Array> = async message => message
  readonly identity: StationIdentity
  readonly peer: PublicIdentity
  readonly kiosk: StationIdentity
  readonly keys = new Map<string, string>()
  /** Sees each request before the hub does. */
  spy: (request: Parameters<RequestListener>[0]) => void = () => {}
  #server: HttpServer | undefined
  #port = 0
  readonly #folder: string
  readonly #options: HubOptions

  private constructor(
    folder: string,
    identity: StationIdentity,
    peer: PublicIdentity,
    kiosk: StationIdentity,
    options: HubOptions,
  ) {
    this.#folder = folder
    this.#options = options
    this.identity = identity
    this.peer = peer
    this.kiosk = kiosk
  }

  static async open(options: HubOptions = {}): Promise<Hub> {
    const folder = await mkdtemp(join(tmpdir(), 'sidik-hub-'))
    const [identity, kiosk] = [await createIdentity('hub'), await createIdentity('kiosk-1')]
    const hub = new Hub(folder, identity, await publicIdentity(identity), kiosk, options)
    hub.keys.set(kiosk.id, (await publicIdentity(kiosk)).verifyKey)
    await hub.start()
    return hub
  }

  get port(): number {
    return this.#port
  }

  /**
   * At the port that it had before.
   *
   * @param now its clock; unless given it says for the first time that it is ten seconds ago, since what was signed in the second in which a
   *   hub begins must be signed again
   */
  async start(now: () => number = late()): Promise<void> {
    const { tls, sockets, ...given } = this.#options
    const store = new FileStore({ directory: this.#folder, expirationPeriodInMilliseconds: 86_400_000 })
    // The store makes its folder in the background, and throws there when a hub that ends takes it away meanwhile.
    await mkdir(this.#folder, { recursive: true })
    const receiver = httpReceiver({
      identity: this.identity,
      peerOf: station => this.keys.get(station),
      receive: async (message, from) => {
        this.received.push({ from, bytes: message.length })
        return this.receive(message, from)
      },
      store,
      onError: error => this.errors.push(error),
      now,
      ...given,
    })
    const serve = receiver.listener(new TusServer({ ...receiver.serverOptions, datastore: store }))
    const listener: RequestListener = (request, response) => {
      this.spy(request)
      serve(request, response)
    }
    const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener)
    if (sockets !== undefined) limitSockets(server, sockets)
    await new Promise<void>(resolve => server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    server?.closeAllConnections()
    await new Promise(resolve => (server === undefined ? resolve(undefined) : server.close(resolve)))
  }

  transport(options: Partial<HttpTransportOptions> & { readonly port?: number } = {}): Transport {
    const { port = this.#port, ...given } = options
    return httpTransport({
      url: `http://127.0.0.1:${port}/sync`,
      identity: this.kiosk,
      peer: this.peer,
      ...QUICK,
      ...given,
    })
  }

  /** Names of the uploads that lie on the disk. */
  async uploads(): Promise<string[]> {
    return (await readdir(this.#folder)).filter(name => !name.endsWith('.json'))
  }

  /** Loses what lies on the disk. */
  async lose(): Promise<void> {
    for (const name of await readdir(this.#folder)) await rm(join(this.#folder, name))
  }

  async close(): Promise<void> {
    await this.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

function late(): () => number {
  let asked = 0
  return () => Date.now() - (asked++ === 0 ? 10_000 : 0)
}
