import { SidikError } from '../errors.js'
import { FRICTION_RIDGE_POSITIONS } from '../formats/finger-positions.js'
import { linkedAbort } from '../linked-abort.js'
import { abortSignal, readOptions, wholeNumber } from '../options.js'
import type { Adapter, AdapterRequest } from './adapter.js'
import { RunningCapture } from './running-capture.js'
import type { Capture, CaptureFrame, CaptureRequest, CaptureSource, DeviceState, StateRequest } from './source.js'

const FRAME_TIMEOUT_MS = 30_000
const STATE_TIMEOUT_MS = 5_000
const MOST_TIMEOUT_MS = 3_600_000

/**
 * A source that keeps the contract: requests are checked, captures come one at a time, time limits and cancelling are the same for
 * all, and a device is let go before anybody hears that its capture is over.
 */
export function createSource(adapter: Adapter): CaptureSource {
  return new Source(adapter)
}

class Source implements CaptureSource {
  readonly #adapter: Adapter
  readonly #closing = new AbortController()
  #running: RunningCapture | undefined
  #closed: Promise<void> | undefined

  constructor(adapter: Adapter) {
    this.#adapter = adapter
  }

  get adapter(): string {
    return this.#adapter.name
  }

  async state(request?: StateRequest): Promise<DeviceState> {
    const asked = readOptions('state', request, ['timeoutMs', 'signal'])
    const timeoutMs = timeoutOf(asked.timeoutMs, STATE_TIMEOUT_MS)
    const signal = abortSignal('signal', asked.signal)
    this.#assertOpen()
    signal?.throwIfAborted()
    const late: DeviceState = {
      status: 'unreachable',
      message: `no answer in ${timeoutMs} ms: see whether the device and its software run`,
    }
    const limit = linkedAbort([signal, this.#closing.signal])
    const timer = setTimeout(() => limit.abort(late), timeoutMs)
    try {
      return await this.#adapter.state(limit.signal)
    } catch (error) {
      if (!limit.signal.aborted) throw error
      if (limit.signal.reason === late) return late
      throw limit.signal.reason
    } finally {
      clearTimeout(timer)
      limit.unlink()
    }
  }

  capture(request?: CaptureRequest): Capture {
    const asked = readOptions('capture', request, ['position', 'missing', 'timeoutMs', 'signal'])
    const checked: AdapterRequest = {
      ...(asked.position !== undefined && { position: positionOf(asked.position) }),
      missing: missingOf(asked.missing),
      timeoutMs: timeoutOf(asked.timeoutMs, FRAME_TIMEOUT_MS),
    }
    const signal = abortSignal('signal', asked.signal)
    this.#assertOpen()
    return new RunningCapture({
      adapter: this.#adapter,
      request: checked,
      signals: [signal, this.#closing.signal],
      begin: capture => {
        this.#assertOpen()
        if (this.#running !== undefined) {
          throw new SidikError(
            'DEVICE_BUSY',
            `this source (${this.adapter}) is at another capture: end that one first, by leaving its loop or aborting its signal`,
          )
        }
        this.#running = capture
      },
      end: capture => {
        if (this.#running === capture) this.#running = undefined
      },
    })
  }

  async accept(frame: CaptureFrame): Promise<void> {
    if (typeof frame !== 'object' || frame === null) throw new TypeError('frame must be one that this source gave')
    this.#assertOpen()
    await this.#adapter.accept?.(frame)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(): Promise<void> {
    this.#closing.abort(closedError(this.adapter))
    await this.#running?.finish()
    await this.#adapter.close?.()
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw closedError(this.adapter)
  }
}

function closedError(adapter: string): SidikError {
  return new SidikError('SOURCE_CLOSED', `this source (${adapter}) was closed: make a new one`)
}

function timeoutOf(timeoutMs: unknown, unlessGiven: number): number {
  return timeoutMs === undefined ? unlessGiven : wholeNumber('timeoutMs', timeoutMs, 1, MOST_TIMEOUT_MS)
}

function positionOf(position: unknown): number {
  const code = wholeNumber('position', position, 1, 255)
  if ((FRICTION_RIDGE_POSITIONS.get(code)?.fingers.length ?? 0) > 0) return code
  throw new RangeError(`position is ${code}, which is no code of a finger or of several (see FRICTION_RIDGE_POSITIONS)`)
}

function missingOf(missing: unknown): number[] {
  if (missing === undefined) return []
  if (!Array.isArray(missing)) throw new TypeError('missing must be an array of finger positions')
  return missing.map((position, i) => wholeNumber(`missing[${i}]`, position, 1, 10))
}
