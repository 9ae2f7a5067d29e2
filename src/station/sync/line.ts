import { setTimeout } from 'node:timers/promises'
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IBackoff,
} from 'cockatiel'
import { SidikError } from '../../errors.js'
import { readOptions, wholeNumber } from '../../options.js'

/**
 * How often a line that is down is tried: a few times at once, with growing pauses that chance spreads; and after
 * FAILURES in a row not at all for a rest that doubles each time, up to an hour. A centre that comes back after an outage
 * is then not called by all its stations in the same second. The state of the rest is kept with the peer, so that a
 * station that is started again does not begin anew.
 */

/** How a line that is down is tried again, in milliseconds. */
export interface RetryOptions {
  /** Attempts of one exchange before `sync` gives up. Default 3. */
  readonly attempts?: number
  /** The first pause between two of them; it doubles on average. Default 1,000. */
  readonly firstPauseMs?: number
  /** The longest pause between two of them. Default 30,000. */
  readonly longestPauseMs?: number
  /** The first rest after five failures in a row; it doubles with each attempt after it that fails. Default 60,000. */
  readonly firstRestMs?: number
  /** The longest rest. Default 3,600,000. */
  readonly longestRestMs?: number
}

export const RETRY_DEFAULTS: Required<RetryOptions> = Object.freeze({
  attempts: 3,
  firstPauseMs: 1_000,
  longestPauseMs: 30_000,
  firstRestMs: 60_000,
  longestRestMs: 3_600_000,
})

/** @throws TypeError, RangeError for what is no option, or out of range */
export function readRetry(retry: RetryOptions | undefined): Required<RetryOptions> {
  const names = Object.keys(RETRY_DEFAULTS) as (keyof RetryOptions)[]
  const asked = { ...RETRY_DEFAULTS, ...readOptions('retry', retry, names) }
  for (const name of names) wholeNumber(`retry.${name}`, asked[name], 1, Number.MAX_SAFE_INTEGER)
  return asked
}

/** The year 9999, in milliseconds: later times have no text. */
const LATEST_MS = Date.UTC(9999, 0)

/** Failures in a row after which a line rests. */
const FAILURES = 5

/** What is kept of a line between two programs. */
export interface LineState {
  readonly failures: number
  /** When it last failed so often that it rests, in milliseconds of the clock; absent while it is tried. */
  readonly restsSince?: number
  /** The rests in a row so far. */
  readonly rests: number
}

/**
 * Rests in a row that are counted: the longest is reached before, whatever the first. Each is a step
 * when they are read.
 */
const MOST_RESTS = 64

export const NEW_LINE: LineState = Object.freeze({ failures: 0, rests: 0 })

/**
 * Reads the state that was kept as JSON. A line of which nothing is kept, or nothing that can be, is a new
 * one: no harm is done by a try.
 */
export function readLineState(json: string | null): LineState {
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
  const isTime = (value: number) => value >= 0 && value <= LATEST_MS
  try {
    const { failures, rests, restsSince } = JSON.parse(json ?? '{}') as LineState
    const isKept = isCount(failures) && isCount(rests) && (restsSince === undefined || isTime(restsSince))
    const counted = Math.min(rests, MOST_RESTS)
    return isKept ? { failures, rests: counted, ...(restsSince !== undefined && { restsSince }) } : NEW_LINE
  } catch {
    return NEW_LINE
  }
}

/** The state of a line whose rest is over: it is tried once, and rests longer when that fails. */
export function awake(state: LineState): LineState {
  return state.restsSince === undefined ? state : { ...state, restsSince: 0 }
}

/** A line to one peer. */
export class Line {
  readonly #options: Required<RetryOptions>
  readonly #seed: string
  readonly #breaker: CircuitBreakerPolicy
  readonly #now: () => number
  /** From the station's clock to the machine's, on which cockatiel counts: read once, or each reading would drift. */
  readonly #machineAheadMs: number

  /**
   * @param seed spreads the rests of stations that fail in the same second: the station's id
   * @param now milliseconds of the station's clock
   */
  constructor(options: Required<RetryOptions>, state: LineState, seed: string, now: () => number) {
    this.#options = options
    this.#seed = seed
    this.#now = now
    const startMs = now()
    const machineMs = Date.now()
    this.#machineAheadMs = machineMs - startMs
    const rest = (attempt: number): IBackoff<unknown> => ({
      duration: restMs(options, seed, attempt),
      next: () => rest(attempt + 1),
    })
    this.#breaker = circuitBreaker(handleWhen(isDown), {
      halfOpenAfter: { next: () => rest(1) },
      breaker: new ConsecutiveBreaker(FAILURES),
      initialState: hydrated(state, startMs, machineMs),
    })
  }

  /** To be kept with the peer. */
  get state(): LineState {
    return kept(this.#breaker.toJSON(), this.#machineAheadMs)
  }

  /** When it is worth trying again, in milliseconds of the clock: now, where nothing speaks against it. */
  get nextTryAt(): number {
    const { restsSince, rests, failures } = this.state
    if (restsSince !== undefined) return restsSince + restMs(this.#options, this.#seed, rests)
    const { firstPauseMs, longestPauseMs } = this.#options
    return this.#now() + (failures === 0 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** failures))
  }

  /**
   * What `exchange` gives, tried again while the line is down.
   *
   * @throws what `exchange` throws last; SidikError LINE_RESTING without a try while the line rests; the signal's reason
   */
  async through<T>(exchange: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const { attempts, firstPauseMs, longestPauseMs } = this.#options
    const backoff = new ExponentialBackoff({ initialDelay: firstPauseMs, maxDelay: longestPauseMs })
    let pause = backoff.next()
    let last: unknown
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted()
      try {
        return await this.#breaker.execute(exchange)
      } catch (error) {
        signal?.throwIfAborted()
        // It rests from its last failure on, which says why.
        if (error instanceof BrokenCircuitError) throw last ?? resting()
        if (!isDown(error as Error) || attempt === attempts) throw error
        last = error
      }
      await pauseFor(pause.duration, signal)
      pause = pause.next(undefined)
    }
  }
}

/** A network that wants somebody to log in first answers in the place of the peer: that passes too. */
function isDown(error: Error): boolean {
  return error instanceof SidikError && (error.code === 'LINE_DOWN' || error.code === 'LINE_PROTOCOL')
}

function resting(): SidikError {
  return new SidikError('LINE_RESTING', 'the line has failed so often that it rests: try again later')
}

/** Ends early, with the signal's reason, when it is aborted. */
export async function pauseFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(ms, undefined, signal && { signal }).catch(() => signal?.throwIfAborted())
}

/** The rest number `attempt` of a station: from half of the full time to all of it, by what chance its id gives. */
function restMs({ firstRestMs, longestRestMs }: Required<RetryOptions>, seed: string, attempt: number): number {
  const full = Math.min(longestRestMs, firstRestMs * 2 ** (attempt - 1))
  return Math.round(full * (0.5 + 0.5 * fraction(`${seed}:${attempt}`)))
}

/** FNV-1a, from 0 to 1: the same for a station that is started again. */
function fraction(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0) / 0x1_0000_0000
}

/** As cockatiel reads it, whose clock is the machine's. A clock that was put back must not make the rest longer. */
function hydrated({ failures, restsSince, rests }: LineState, startMs: number, machineMs: number): unknown {
  const ownState =
    restsSince === undefined
      ? { value: CircuitState.Closed }
      : { value: CircuitState.Open, openedAt: machineMs - Math.max(0, startMs - restsSince), attemptNo: rests }
  return { ownState, breakerState: failures }
}

function kept(json: unknown, machineAheadMs: number): LineState {
  const { ownState, breakerState } = json as {
    ownState: { value: CircuitState; openedAt?: number; attemptNo?: number }
    breakerState: number
  }
  const { openedAt, attemptNo = 0 } = ownState
  return {
    failures: breakerState,
    rests: attemptNo,
    ...(openedAt !== undefined && { restsSince: openedAt - machineAheadMs }),
  }
}
