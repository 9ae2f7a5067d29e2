import { SidikError } from '../errors.js'
import { type LinkedAbort, linkedAbort } from '../linked-abort.js'
import type { Adapter, AdapterRequest } from './adapter.js'
import type { Capture, CaptureFrame } from './source.js'

interface Parts {
  readonly adapter: Adapter
  readonly request: AdapterRequest
  readonly signals: readonly (AbortSignal | undefined)[]
  /** Takes the source, or throws because another capture has it. */
  readonly begin: (capture: RunningCapture) => void
  readonly end: (capture: RunningCapture) => void
}

/** Why a capture ends that nobody waits for any more. */
const LEFT = Symbol('left')

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** One capture: an adapter's frames under a time limit, which a signal, leaving or closing ends. */
export class RunningCapture implements Capture {
  readonly #parts: Parts
  /** From the first call of `next` on. */
  #limit: LinkedAbort | undefined
  #frames: AsyncGenerator<CaptureFrame, void, undefined> | undefined
  /** The frame that was given last, while it is not known to be in safe keeping. */
  #given: CaptureFrame | undefined
  /** Whether the caller knows that it is over. */
  #told = false
  /** Whether the caller has left: calls of `next` that wait for their turn have nothing to begin. */
  #left = false
  #finished: Promise<void> | undefined
  /** Calls of `next` are answered one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<CaptureFrame, undefined>> {
    const answer = this.#last.then(() => this.#next())
    this.#last = answer.catch(() => {})
    return answer
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#left = true
    this.#limit?.abort(LEFT)
    await this.#last
    this.#told = true
    await this.finish()
    return DONE
  }

  /** Lets the device go, and then the source. */
  finish(): Promise<void> {
    this.#finished ??= this.#finish()
    return this.#finished
  }

  async #next(): Promise<IteratorResult<CaptureFrame, undefined>> {
    if (this.#told || this.#left) return DONE
    try {
      const { done, value } = await this.#frame()
      if (!done) {
        this.#given = value
        return { done: false, value }
      }
    } catch (error) {
      this.#told = true
      const { aborted = false, reason } = this.#limit?.signal ?? {}
      await this.finish()
      if (!aborted) throw error
      if (reason !== LEFT) throw reason
    }
    this.#told = true
    await this.finish()
    return DONE
  }

  async #frame(): Promise<IteratorResult<CaptureFrame, void>> {
    const { adapter, request } = this.#parts
    this.#limit ??= this.#begin()
    const { signal } = this.#limit
    signal.throwIfAborted()
    this.#frames ??= adapter.frames(request, signal)
    if (this.#given !== undefined) await adapter.accept?.(this.#given)
    this.#given = undefined
    const late = () => this.#limit?.abort(timeoutError(adapter.name, request.timeoutMs))
    const timer = setTimeout(late, request.timeoutMs)
    try {
      const result = await this.#frames.next()
      signal.throwIfAborted()
      return result
    } finally {
      clearTimeout(timer)
    }
  }

  #begin(): LinkedAbort {
    this.#parts.begin(this)
    const limit = linkedAbort(this.#parts.signals)
    // A device is let go at once, not when the caller is done with the frame that it has.
    limit.signal.addEventListener('abort', () => void this.finish(), { once: true })
    return limit
  }

  async #finish(): Promise<void> {
    this.#limit?.abort(LEFT)
    // Why a capture ends is told already; that its adapter stumbles over the end adds nothing.
    await this.#frames?.return().catch(() => {})
    this.#limit?.unlink()
    this.#parts.end(this)
  }
}

function timeoutError(adapter: string, timeoutMs: number): SidikError {
  return new SidikError(
    'CAPTURE_TIMEOUT',
    `no frame from the ${adapter} source in ${timeoutMs} ms: put the finger on the sensor, or allow more time (timeoutMs)`,
  )
}
