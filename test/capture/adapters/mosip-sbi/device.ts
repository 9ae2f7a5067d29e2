import type { Socket } from 'node:net'
import type { GrayImage } from 'sidik'
import type { ImageCompression } from 'sidik/formats'
import { encodeImage } from '../../../../dist/image/encode-image.js'
import type { Signer } from '../../../support/certificates.js'
import {
  type AskedBody,
  errorAnswer,
  errorOf,
  FINGERS,
  hashOf,
  now,
  recordOf,
  SIMULATOR_HEAD,
  simulatorPart,
} from './device-parts.js'
import { base64url, type JwsOptions, jws, type TestPki } from './pki.js'
import { respond, serve, type WireRequest, type WireServer } from './wire.js'

const SLAPS: Record<string, number[]> = { 1: [7, 8, 9, 10], 2: [2, 3, 4, 5], 3: [6, 1] }

export interface DeviceOptions {
  readonly pki: TestPki
  readonly serialNo?: string
  /** 'Slap' has the sub-ids 1 to 3, 'Single' 0. */
  readonly deviceSubType?: 'Slap' | 'Single'
  readonly certification?: 'L0' | 'L1'
  readonly compression?: ImageCompression
  readonly purpose?: string
}

/** What a test makes a device do wrong; each is given what would be right. */
export interface Faults {
  discovery?(list: Record<string, unknown>[]): unknown
  /** Before it is signed. */
  captured?(data: Record<string, unknown>, index: number): Record<string, unknown>
  statement?(payload: object, index: number): string
  record?(bytes: Uint8Array, finger: number): Uint8Array
  biometrics?(list: Record<string, unknown>[]): unknown
  /** Instead of the answer. */
  respond?(socket: Socket, body: string): void
  /** What a capture sees, where others see another: a device at a preview. */
  statusOfCapture?: string
  /** How a stream begins and how its parts are written. */
  stream?: { readonly head?: string; part?(jpeg: Uint8Array): Uint8Array }
}

/** A device's service that speaks the protocol as the specification and its simulator do. */
export class TestDevice {
  readonly options: DeviceOptions
  faults: Faults = {}
  status = 'Ready'
  /** Bodies of RCAPTURE and STREAM requests, and headers of all. */
  readonly requests: { method: string; headers: Readonly<Record<string, string>>; body: AskedBody }[] = []
  #wire!: WireServer
  #shown: GrayImage | undefined
  readonly #engaged = new Set<Socket>()
  readonly #streams = new Set<Socket>()
  #wake = () => {}

  private constructor(options: DeviceOptions) {
    this.options = options
  }

  static async start(options: DeviceOptions): Promise<TestDevice> {
    const device = new TestDevice(options)
    device.#wire = await serve(request => device.#answer(request))
    return device
  }

  get port(): number {
    return this.#wire.port
  }

  get serialNo(): string {
    return this.options.serialNo ?? '654321098765'
  }

  /** A finger that stays on the sensor. */
  present(image: GrayImage): void {
    this.#shown = image
    this.#wake()
  }

  engaged(): boolean {
    return this.#engaged.size > 0
  }

  disconnect(): Promise<void> {
    return this.#wire.disconnect()
  }

  reconnect(): Promise<void> {
    return this.#wire.reconnect()
  }

  /** In good order, as when a device ends them by itself. */
  endStreams(): void {
    for (const socket of this.#streams) socket.destroySoon()
  }

  digitalId(): object {
    const { deviceSubType = 'Slap' } = this.options
    return {
      serialNo: this.serialNo,
      make: 'Sidik',
      model: 'Test slap',
      type: 'Finger',
      deviceSubType,
      deviceProvider: 'Sidik tests',
      deviceProviderId: 7,
      dateTime: now(),
    }
  }

  #answer({ method, path, headers, body, socket }: WireRequest): void {
    const asked = body === '' ? undefined : JSON.parse(body)
    this.requests.push({ method, headers, body: asked })
    const call = `${method} ${path}`
    if (call === 'MOSIPDISC /device') this.#discover(asked.type, socket)
    else if (call === 'MOSIPDINFO /info') respond(socket, JSON.stringify([this.#info()]))
    else if (call === 'RCAPTURE /capture') void this.#capture(asked, socket)
    else if (call === 'STREAM /stream') void this.#stream(socket)
    else respond(socket, JSON.stringify([{ error: { errorCode: '500', errorInfo: 'Invalid Url' } }]), '405 OK')
  }

  #discover(type: string, socket: Socket): void {
    const list = ['Finger', 'Biometric Device'].includes(type)
      ? [{ ...this.#listed(), digitalId: base64url(JSON.stringify(this.digitalId())), error: errorOf(this.status) }]
      : [{ error: { errorCode: '503', errorInfo: 'No device of the type' } }]
    respond(socket, JSON.stringify(this.faults.discovery?.(list) ?? list))
  }

  #info(): object {
    const { pki } = this.options
    if (this.status === 'Not Registered') {
      const digitalId = base64url(JSON.stringify(this.digitalId()))
      const info = { ...this.#listed(), digitalId, firmware: '1.0', env: 'None' }
      return { deviceInfo: base64url(JSON.stringify(info)), error: errorOf(this.status) }
    }
    const info = { ...this.#listed(), digitalId: this.#signedDigitalId(), firmware: '1.0', env: 'Staging' }
    return { deviceInfo: this.#sign(info, pki.device), error: errorOf(this.status) }
  }

  #listed() {
    const { deviceSubType = 'Slap', certification = 'L1', purpose = 'Registration' } = this.options
    const isRegistered = this.status !== 'Not Registered'
    return {
      deviceId: isRegistered ? '2' : '',
      deviceStatus: this.status,
      certification,
      serviceVersion: '0.9.5',
      deviceSubId: deviceSubType === 'Slap' ? ['1', '2', '3'] : ['0'],
      callbackId: `http://127.0.0.1:${this.port}/`,
      deviceCode: isRegistered ? this.serialNo : '',
      specVersion: ['0.9.5'],
      purpose: isRegistered ? purpose : '',
    }
  }

  #signedDigitalId(): string {
    const { pki, certification = 'L1' } = this.options
    return this.#sign(this.digitalId(), certification === 'L1' ? pki.chip : pki.device)
  }

  #sign(payload: object, signer: Signer, options?: JwsOptions): string {
    const { pki } = this.options
    return jws(payload, signer, options ?? { chain: signer === pki.device ? [pki.provider] : [] })
  }

  async #capture(asked: AskedBody, socket: Socket): Promise<void> {
    const isBusy = [...this.#engaged].some(other => !this.#streams.has(other))
    this.#engaged.add(socket)
    socket.on('close', () => this.#engaged.delete(socket))
    const error = isBusy ? errorOf('Busy') : errorOf(this.faults.statusOfCapture ?? this.status)
    if (error.errorCode !== '0') return this.#finish(socket, JSON.stringify(errorAnswer(error)))
    const image = await this.#finger(Number(asked.timeout), socket)
    if (socket.destroyed) return
    const none = { errorCode: '101', errorInfo: 'Unable to detect a biometric object' }
    const answer = image === undefined ? errorAnswer(none) : { biometrics: await this.#biometrics(asked, image) }
    this.#finish(socket, JSON.stringify(answer))
  }

  #finish(socket: Socket, body: string): void {
    this.#engaged.delete(socket)
    if (this.faults.respond === undefined) respond(socket, body)
    else this.faults.respond(socket, body)
  }

  /** What is put down, as long as there is time and somebody waits. */
  async #finger(timeoutMs: number, socket: Socket): Promise<GrayImage | undefined> {
    const until = performance.now() + timeoutMs
    for (;;) {
      if (socket.destroyed) return undefined
      const leftMs = until - performance.now()
      if (this.#shown !== undefined || leftMs <= 0) return this.#shown
      await new Promise<void>(resolve => {
        this.#wake = resolve
        socket.once('close', resolve)
        setTimeout(resolve, leftMs).unref()
      })
    }
  }

  async #biometrics(asked: AskedBody, image: GrayImage): Promise<unknown> {
    const { deviceSubType = 'Slap', pki } = this.options
    const [bio] = asked.bio
    const fingers =
      deviceSubType === 'Slap'
        ? SLAPS[bio.deviceSubId].filter(finger => !bio.exception.includes(FINGERS[finger]))
        : [FINGERS.indexOf(bio.bioSubType[0])]
    const list: Record<string, unknown>[] = []
    let previousHash = bio.previousHash
    for (const [i, finger] of fingers.entries()) {
      const right = await recordOf(image, finger, this.options.compression ?? 'png')
      const record = this.faults.record?.(right, finger) ?? right
      const data = this.#captured(asked, finger, record)
      const payload = this.faults.captured?.(data, i) ?? data
      const statement = this.faults.statement?.(payload, i) ?? this.#sign(payload, pki.device)
      previousHash = hashOf(previousHash, record)
      const error = { errorCode: '0', errorInfo: 'Success' }
      list.push({ specVersion: asked.specVersion, data: statement, hash: previousHash, error })
    }
    return this.faults.biometrics?.(list) ?? list
  }

  #captured(asked: AskedBody, finger: number, record: Uint8Array): Record<string, unknown> {
    return {
      digitalId: this.#signedDigitalId(),
      deviceCode: this.serialNo,
      deviceServiceVersion: '0.9.5',
      bioType: 'Finger',
      bioSubType: FINGERS[finger],
      purpose: asked.purpose,
      env: asked.env,
      bioValue: base64url(record),
      transactionId: asked.transactionId,
      timestamp: now(),
      requestedScore: asked.bio[0].requestedScore,
      qualityScore: String(60 + finger),
    }
  }

  async #stream(socket: Socket): Promise<void> {
    this.#engaged.add(socket)
    this.#streams.add(socket)
    socket.on('close', () => {
      this.#engaged.delete(socket)
      this.#streams.delete(socket)
    })
    const error = errorOf(this.status)
    if (error.errorCode !== '0') return this.#finish(socket, JSON.stringify(error))
    const { head = SIMULATOR_HEAD, part = simulatorPart } = this.faults.stream ?? {}
    socket.write(head)
    while (!socket.destroyed) {
      if (this.#shown !== undefined) {
        const jpeg = part(await encodeImage(this.#shown, 'jpeg', {}))
        // In pieces that end anywhere.
        const cut = Math.floor(jpeg.length / 3)
        socket.write(jpeg.subarray(0, cut))
        await new Promise(resolve => setTimeout(resolve, 3))
        socket.write(jpeg.subarray(cut))
      }
      await new Promise(resolve => setTimeout(resolve, 15))
    }
  }
}
