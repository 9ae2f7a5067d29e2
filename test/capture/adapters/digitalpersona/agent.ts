import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import type { GrayImage } from 'sidik'
import type { DigitalPersonaReader } from 'sidik/capture/digitalpersona'
import { base64url, samplesOf } from './samples.js'

export const READER = '8C630117-B87E-6B47-8D2E-5AAF6EAACC9A'
const ANY = '00000000-0000-0000-0000-000000000000'

const CLIENT = readFileSync(
  new URL('../../../../node_modules/@digitalpersona/fingerprint/dist/fingerprint.sdk.js', import.meta.url),
  'utf8',
)

const METHODS = ['', 'EnumerateDevices', 'GetDeviceInfo', 'StartAcquisition', 'StopAcquisition'] as const
const EVENTS = { completed: 0, error: 1, disconnected: 2, connected: 3, quality: 4, stopped: 10, started: 11 } as const

const E_ACCESSDENIED = -2147024891

interface Command {
  readonly Method: number
  readonly Parameters?: string
}

/** The vendor's client as it is published, with what tests look at. */
export interface WebApi extends DigitalPersonaReader {
  readonly handlers: Record<string, unknown[]>
  onSamplesAcquired?: (event: object) => void
}

/**
 * The agent on a person's machine, below the channel of the vendor's WebSdk (of which only the handshake and the encryption are left
 * out): it gets the messages of the real client, and answers as that expects.
 */
export class Agent {
  readonly #channels = new Set<Channel>()
  readonly #fingers: GrayImage[] = []
  readonly readers = [READER]
  /** Methods that were called, with the reader and format that they were called with. */
  readonly calls: string[] = []
  acquiring: { readonly sampleFormat: number; readonly deviceUid: string } | undefined
  runs = true
  /** Commands that it does not answer, and those that it refuses. */
  readonly mute = new Set<string>()
  readonly refused = new Set<string>()

  /** `new Fingerprint.WebApi()` in a window of its own. */
  client(): WebApi {
    const WebChannelClient = Channel.bind(undefined, this)
    const window = { atob, btoa }
    return runInNewContext(`${CLIENT}\nnew Fingerprint.WebApi()`, { window, WebSdk: { WebChannelClient }, console })
  }

  connect(channel: Channel): void {
    if (this.runs) this.#channels.add(channel)
    channel.connected = this.runs
    if (this.runs) channel.onConnectionSucceed()
    else channel.onConnectionFailed()
  }

  receive(channel: Channel, { Method, Parameters }: Command): void {
    const method = METHODS[Method]
    const parameters = JSON.parse(Parameters === undefined ? '{}' : Buffer.from(Parameters, 'base64url').toString())
    const { DeviceID = '', SampleType = '' } = parameters
    this.calls.push([method, DeviceID === ANY ? 'any' : DeviceID, SampleType].filter(part => part !== '').join(' '))
    if (this.mute.has(method)) return
    const answer = (Data: object, Result = 0) =>
      channel.receive(0, { Method, Result, Data: base64url(JSON.stringify(Data)) })
    if (this.refused.has(method)) {
      answer({}, E_ACCESSDENIED)
      return
    }
    if (method === 'EnumerateDevices') {
      answer({ DeviceIDs: JSON.stringify(this.readers) })
      return
    }
    this.acquiring = method === 'StartAcquisition' ? { sampleFormat: SampleType, deviceUid: DeviceID } : undefined
    answer({})
    this.notify(this.acquiring === undefined ? 'stopped' : 'started')
    void this.#scan()
  }

  notify(event: keyof typeof EVENTS, data: object = {}, reader = READER): void {
    const notification = { Event: EVENTS[event], Device: reader, Data: base64url(JSON.stringify(data)) }
    for (const channel of this.#channels) channel.receive(1, notification)
  }

  async put(image: GrayImage): Promise<void> {
    this.#fingers.push(image)
    await this.#scan()
  }

  /** It ends, with all its connections. */
  stop(): void {
    this.runs = false
    this.acquiring = undefined
    for (const channel of this.#channels) {
      channel.connected = false
      setImmediate(() => channel.onConnectionFailed())
    }
    this.#channels.clear()
  }

  async #scan(): Promise<void> {
    while (this.acquiring !== undefined) {
      const image = this.#fingers.shift()
      if (image === undefined) return
      const { sampleFormat } = this.acquiring
      const samples = await samplesOf(image, sampleFormat)
      this.notify('quality', { Quality: 0 })
      this.notify('completed', { SampleFormat: sampleFormat, Samples: JSON.stringify(samples) })
    }
  }
}

/** `WebSdk.WebChannelClient` as its declaration has it. */
class Channel {
  readonly #agent: Agent
  connected = false
  onConnectionFailed = () => {}
  onConnectionSucceed = () => {}
  onDataReceivedTxt = (_: string) => {}

  constructor(agent: Agent, path: string) {
    if (path !== 'fingerprints') throw new Error(`there is no plugin ${path}`)
    this.#agent = agent
  }

  isConnected(): boolean {
    return this.connected
  }

  connect(): void {
    setImmediate(() => this.#agent.connect(this))
  }

  sendDataTxt(data: string): void {
    setImmediate(() => this.#agent.receive(this, JSON.parse(Buffer.from(data, 'base64url').toString())))
  }

  receive(Type: number, message: object): void {
    const text = base64url(JSON.stringify({ Type, Data: base64url(JSON.stringify(message)) }))
    setImmediate(() => this.onDataReceivedTxt(text))
  }
}
