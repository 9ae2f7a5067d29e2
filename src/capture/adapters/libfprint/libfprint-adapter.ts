import type { Server, Socket } from 'node:net'
import { type ErrorCode, SidikError } from '../../../errors.js'
import { decodeRawFrame } from '../../../image/raw-frame.js'
import { untilAborted } from '../../../until-aborted.js'
import type { Adapter, AdapterRequest } from '../../adapter.js'
import type { CaptureFrame, DeviceIdentity, DeviceState } from '../../source.js'
import { errorOf, type FingerFeedback, feedbackOf } from './codes.js'
import { listenAt } from './listen.js'
import { type Message, MessageReader } from './wire.js'

export interface LibfprintAdapterOptions {
  readonly socketPath: string
  readonly ppi: number
  readonly device: DeviceIdentity
  readonly onFeedback: (feedback: FingerFeedback) => void
  readonly onFinger: (present: boolean) => void
}

/** A frame that is not yet whole takes memory: 20 MB each. */
const MOST_CLIENTS = 8

const STATUS_OF: Partial<Record<ErrorCode, DeviceState['status']>> = {
  DEVICE_BUSY: 'busy',
  DEVICE_UNREACHABLE: 'unreachable',
}

interface Client {
  readonly socket: Socket
  readonly reader: MessageReader
  /** Whether each frame is a finger put down and lifted. */
  automatic: boolean
}

interface Arrival {
  readonly client: Client
  readonly message: Message | { readonly kind: 'broken'; readonly error: SidikError }
}

export class LibfprintAdapter implements Adapter {
  readonly name = 'libfprint'
  readonly #options: LibfprintAdapterOptions
  readonly #clients = new Set<Client>()
  #listening: Promise<Server> | undefined
  #capturing = false
  /** What was read and not dealt with; clients are read from while a capture runs and nothing is here. */
  readonly #arrived: Arrival[] = []
  #wake = () => {}

  constructor(options: LibfprintAdapterOptions) {
    this.#options = options
  }

  async state(signal: AbortSignal): Promise<DeviceState> {
    const { socketPath, device } = this.#options
    try {
      await untilAborted(this.#listen(), signal)
      return { status: 'ready', message: `programs can send frames to ${socketPath}`, device }
    } catch (error) {
      signal.throwIfAborted()
      const status = error instanceof SidikError ? STATUS_OF[error.code] : undefined
      if (status === undefined) throw error
      return { status, message: (error as SidikError).message, device }
    }
  }

  async *frames(_request: AdapterRequest, signal: AbortSignal): AsyncGenerator<CaptureFrame, void, undefined> {
    await untilAborted(this.#listen(), signal)
    this.#capturing = true
    try {
      for (;;) {
        const arrival = this.#arrived.shift()
        if (arrival === undefined) {
          const change = new Promise<void>(resolve => {
            this.#wake = resolve
          })
          for (const { socket } of this.#clients) socket.resume()
          await untilAborted(change, signal)
        } else yield* this.#deal(arrival)
      }
    } finally {
      this.#capturing = false
      this.#pause()
    }
  }

  async close(): Promise<void> {
    const server = await this.#listening?.catch(() => undefined)
    for (const client of this.#clients) this.#drop(client)
    // This removes the socket's path too.
    if (server !== undefined) await new Promise(closed => server.close(closed))
  }

  *#deal({ client, message }: Arrival): Generator<CaptureFrame> {
    const { ppi, device, onFeedback, onFinger } = this.#options
    switch (message.kind) {
      case 'frame': {
        const frame = { ...decodeRawFrame(message), ppi, device, capturedAt: new Date() }
        if (client.automatic) onFinger(true)
        try {
          yield frame
        } finally {
          if (client.automatic) onFinger(false)
        }
        return
      }
      case 'retry':
        onFeedback(feedbackOf(message.code))
        return
      case 'finger':
        onFinger(message.on)
        return
      case 'automatic':
        client.automatic = message.on
        return
      case 'error':
        throw errorOf(message.code)
      case 'removed':
        this.#drop(client)
        throw new SidikError('DEVICE_DISCONNECTED', 'the virtual image device reports that it was removed')
      case 'broken':
        throw message.error
    }
  }

  #listen(): Promise<Server> {
    this.#listening ??= listenAt(this.#options.socketPath, socket => this.#welcome(socket)).then(
      server => {
        server.maxConnections = MOST_CLIENTS
        return server.unref()
      },
      error => {
        this.#listening = undefined
        throw error
      },
    )
    return this.#listening
  }

  #welcome(socket: Socket): void {
    const client: Client = { socket: socket.unref(), reader: new MessageReader(), automatic: true }
    this.#clients.add(client)
    socket.on('data', bytes => this.#read(client, bytes))
    // What becomes of the connection is said by 'close'.
    socket.on('error', () => {})
    socket.on('close', () => {
      if (!this.#clients.delete(client) || !client.reader.isAmid) return
      const message = 'a program that sent frames to the virtual image device went away in the middle of one'
      this.#arrive({ client, message: { kind: 'broken', error: new SidikError('DEVICE_DISCONNECTED', message) } })
    })
    if (this.#capturing && this.#arrived.length === 0) socket.resume()
  }

  #read(client: Client, bytes: Uint8Array): void {
    try {
      for (const message of client.reader.read(bytes)) this.#arrive({ client, message })
    } catch (error) {
      this.#arrive({ client, message: { kind: 'broken', error: error as SidikError } })
      this.#drop(client)
    }
  }

  #drop(client: Client): void {
    this.#clients.delete(client)
    client.socket.destroy()
  }

  #arrive(arrival: Arrival): void {
    this.#arrived.push(arrival)
    this.#pause()
    this.#wake()
  }

  #pause(): void {
    for (const { socket } of this.#clients) socket.pause()
  }
}
