/** Frames that the host application has from elsewhere, as from a vendor's own library (entry point `sidik/capture/pushed`). */
import { type ErrorCode, SidikError } from '../../errors.js'
import { decodeRawFrame } from '../../image/raw-frame.js'
import { checkPpiArgument, resolvePpi } from '../../image/resolution.js'
import { callback, oneOf, readOptions, wholeNumber } from '../../options.js'
import type { RawFrame } from '../../types.js'
import { untilAborted } from '../../until-aborted.js'
import type { Adapter, AdapterRequest } from '../adapter.js'
import { deviceOption, ppiOption, type StatedDevice } from '../adapter-options.js'
import { createSource } from '../create-source.js'
import type { CaptureFrame, CaptureSource, DeviceIdentity, DeviceState } from '../source.js'

/** A frame as a library gives it, 8 or 16 bits a pixel, with what is known of it. */
export interface PushedFrame
  extends RawFrame,
    Partial<Pick<CaptureFrame, 'position' | 'impression' | 'missing' | 'capturedAt' | 'label' | 'statedQuality'>> {}

export interface PushedSourceOptions {
  readonly device?: StatedDevice
  /** Of the frames, over what they say, 250 to 1,100. */
  readonly ppi?: number
  /** Frames that wait to be asked for, 1 to 64; 4 unless given. */
  readonly maxQueued?: number
  /** Called when a capture begins: the time to start the device. What it throws ends the capture. */
  readonly onBegin?: (request: AdapterRequest) => void | Promise<void>
  /** Called when a capture is over, however it ended: the time to stop the device. */
  readonly onEnd?: () => void | Promise<void>
}

export interface PushedSource {
  readonly source: CaptureSource
  /** Whether a capture runs: frames are dropped while none does. */
  readonly capturing: boolean
  /** Frames that were pushed and never given, since the source was made. */
  readonly dropped: number
  /**
   * Takes a frame; its pixels are copied. A live view wants the newest: when more wait than may, the oldest is dropped.
   *
   * @returns whether it waits to be given; false while no capture runs
   * @throws TypeError, RangeError naming the member that is not what PushedFrame says
   * @throws SidikError IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL, PPI_UNKNOWN, PPI_OUT_OF_RANGE
   */
  push(frame: PushedFrame): boolean
  /**
   * Takes frames from a stream or generator, none of which is dropped: the next is asked for when the one before was given to a
   * capture. Resolves at the end of the stream; captures go on.
   *
   * @throws what `push` and the stream throw; SidikError SOURCE_CLOSED
   */
  feed(frames: Iterable<PushedFrame> | AsyncIterable<PushedFrame>): Promise<void>
  /** Ends the capture that runs, after the frames that wait: the device has no more. */
  end(): void
  /** Ends the capture that runs with an error, after the frames that wait. */
  fail(error: Error): void
  /** What the device is from now on; at first it is ready. A capture that runs ends with DEVICE_DISCONNECTED when it is unreachable. */
  setState(state: Pick<DeviceState, 'status' | 'message'>): void
}

type Settings = Required<Pick<PushedSourceOptions, 'maxQueued' | 'onBegin' | 'onEnd'>>

interface Waiting {
  readonly frame: CaptureFrame
  /** Called when it is known whether it was given. */
  readonly settle: (given: boolean) => void
}

const FRAME_NAMES = [
  'data',
  'widthPx',
  'heightPx',
  'ppi',
  'position',
  'impression',
  'missing',
  'capturedAt',
  'label',
  'statedQuality',
] as const

const REFUSALS: Partial<Record<DeviceState['status'], ErrorCode>> = {
  busy: 'DEVICE_BUSY',
  'not-ready': 'DEVICE_NOT_READY',
  unreachable: 'DEVICE_UNREACHABLE',
}

/** @throws TypeError, RangeError for an option that is not what its type says */
export function pushedSource(options?: PushedSourceOptions): PushedSource {
  const given = readOptions('pushedSource', options, ['device', 'ppi', 'maxQueued', 'onBegin', 'onEnd'])
  return new Pushed(deviceOption('pushed', given.device), ppiOption(given.ppi), {
    maxQueued: wholeNumber('maxQueued', given.maxQueued ?? 4, 1, 64),
    onBegin: callback('onBegin', given.onBegin) ?? (() => {}),
    onEnd: callback('onEnd', given.onEnd) ?? (() => {}),
  })
}

class Pushed implements PushedSource, Adapter {
  readonly name = 'pushed'
  readonly source: CaptureSource
  readonly #device: DeviceIdentity
  readonly #ppi: number | undefined
  readonly #options: Settings
  #state: Pick<DeviceState, 'status' | 'message'> = { status: 'ready', message: 'frames can be pushed' }
  #capturing = false
  #dropped = 0
  #queue: Waiting[] = []
  /** What the capture comes to when the queue is empty. */
  #end: { readonly error?: Error } | undefined
  #closed = false
  /** Of all who wait for any of the above to change. */
  #wakes: (() => void)[] = []

  constructor(device: DeviceIdentity, ppi: number | undefined, options: Settings) {
    this.#device = device
    this.#ppi = ppi
    this.#options = options
    this.source = createSource(this)
  }

  get capturing(): boolean {
    return this.#capturing
  }

  get dropped(): number {
    return this.#dropped
  }

  push(frame: PushedFrame): boolean {
    const checked = this.#check(frame)
    if (!this.#capturing || this.#end !== undefined) {
      this.#dropped++
      return false
    }
    if (this.#queue.length === this.#options.maxQueued) this.#queue.shift()!.settle(false)
    this.#wait(checked, given => {
      if (!given) this.#dropped++
    })
    return true
  }

  async feed(frames: Iterable<PushedFrame> | AsyncIterable<PushedFrame>): Promise<void> {
    for await (const frame of frames) {
      const checked = this.#check(frame)
      do {
        while (!this.#capturing || this.#queue.length > 0 || this.#end !== undefined) {
          if (this.#closed) throw new SidikError('SOURCE_CLOSED', 'this source (pushed) was closed: make a new one')
          await this.#change()
        }
      } while (!(await new Promise(settle => this.#wait(checked, settle))))
    }
  }

  end(): void {
    this.#finish({})
  }

  fail(error: Error): void {
    if (!(error instanceof Error)) throw new TypeError('error must be an Error')
    this.#finish({ error })
  }

  setState(state: Pick<DeviceState, 'status' | 'message'>): void {
    const { status, message } = readOptions('setState', state, ['status', 'message'])
    oneOf('status', status, ['ready', 'busy', 'not-ready', 'unreachable'])
    if (typeof message !== 'string') throw new TypeError('message must be a string')
    this.#state = { status, message }
    if (status === 'unreachable') this.#finish({ error: new SidikError('DEVICE_DISCONNECTED', message) })
  }

  async state(): Promise<DeviceState> {
    return { ...this.#state, device: this.#device }
  }

  async *frames(request: AdapterRequest, signal: AbortSignal): AsyncGenerator<CaptureFrame, void, undefined> {
    const refusal = REFUSALS[this.#state.status]
    if (refusal !== undefined) throw new SidikError(refusal, this.#state.message)
    this.#capturing = true
    try {
      const begun = this.#options.onBegin(request)
      this.#wake()
      await untilAborted(Promise.resolve(begun), signal)
      for (;;) {
        const next = this.#queue.shift()
        if (next !== undefined) {
          next.settle(true)
          this.#wake()
          yield next.frame
        } else if (this.#end !== undefined) {
          if (this.#end.error !== undefined) throw this.#end.error
          return
        } else await untilAborted(this.#change(), signal)
      }
    } finally {
      this.#capturing = false
      this.#end = undefined
      for (const { settle } of this.#queue.splice(0)) settle(false)
      await this.#options.onEnd()
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#wake()
  }

  #check(frame: PushedFrame): CaptureFrame {
    const { data, widthPx, heightPx, ppi, capturedAt = new Date(), ...known } = readOptions('push', frame, FRAME_NAMES)
    checkPpiArgument('ppi of a frame', ppi)
    if (known.position !== undefined) wholeNumber('position', known.position, 1, 255)
    if (known.statedQuality !== undefined) wholeNumber('statedQuality', known.statedQuality, 0, 100)
    if (!(capturedAt instanceof Date)) throw new TypeError('capturedAt must be a Date')
    return {
      ...decodeRawFrame({ data, widthPx, heightPx }),
      ppi: resolvePpi({ option: this.#ppi, frame: ppi }),
      ...known,
      device: this.#device,
      capturedAt,
    }
  }

  #wait(frame: CaptureFrame, settle: (given: boolean) => void): void {
    this.#queue.push({ frame, settle })
    this.#wake()
  }

  #finish(end: { readonly error?: Error }): void {
    if (!this.#capturing) return
    this.#end ??= end
    this.#wake()
  }

  #change(): Promise<void> {
    return new Promise(resolve => this.#wakes.push(resolve))
  }

  #wake(): void {
    for (const wake of this.#wakes.splice(0)) wake()
  }
}
