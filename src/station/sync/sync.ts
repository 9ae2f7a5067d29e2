import { SidikError } from '../../errors.js'
import { abortSignal, callback, positiveNumber, readOptions, wholeNumber } from '../../options.js'
import { partsOf, type Station } from '../station.js'
import { type Applied, apply } from './apply.js'
import { type Composed, compose, LEAST_MESSAGE_BYTES, MOST_MESSAGE_BYTES } from './compose.js'
import { type Ground, groundFor, keepLine, lineOf } from './ground.js'
import { inTurn } from './in-turn.js'
import { Line, type LineState, NEW_LINE, pauseFor, type RetryOptions, readRetry } from './line.js'
import type { Message } from './message-schema.js'
import { unsentCount } from './outbox.js'
import { Pace } from './pace.js'
import { openMessage, sealMessage } from './seal.js'
import type { Transport } from './transport.js'

/** What is told after each exchange: counts, never what was sent. */
export interface SyncProgress {
  readonly exchanges: number
  /** Bytes of sealed messages, in both directions. */
  readonly sentBytes: number
  readonly receivedBytes: number
  /** Entries sent, and those among the peer's that were new here. */
  readonly sent: number
  readonly received: number
  readonly receipts: number
}

export interface SyncOptions {
  /** Which peer; upstream unless given. */
  readonly peer?: string
  /** Ends it at once; what was acknowledged stays. The promise is rejected with its reason. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: SyncProgress) => void
  readonly retry?: RetryOptions
  /** Most bytes that leave in a second, over the length of a message. As fast as the line bears unless given. */
  readonly bytesPerSecond?: number
  /** Longest message: what is lost at most when the line breaks. 16 KiB to 8 MiB, 4 MiB unless given; shorter on lines that are slow. */
  readonly messageBytes?: number
}

export interface SyncResult extends SyncProgress {
  readonly peer: string
  /** Entries that the peer will not take, with the code of REFUSAL_CODES: dead letters, see `refusals`. */
  readonly refused: readonly { readonly station: string; readonly sequence: number; readonly code: string }[]
  /** Entries of use to the peer that it has not said to hold. */
  readonly unsent: number
  /** What ended it before all was said: the code of a SidikError (LINE_DOWN, LINE_RESTING, …) and its words. Absent when all was. */
  readonly stopped?: { readonly code: string; readonly message: string }
  /** When it is worth trying again, ISO 8601; with `stopped` alone. */
  readonly nextTryAt?: string
}

const DEFAULT_LONGEST_MESSAGE = 4_194_304
const FIRST_MESSAGE_BYTES = 262_144

/** An exchange that is faster lets messages grow, one that is slower lets them shrink: milliseconds. */
const QUICK_MS = 2_000
const SLOW_MS = 15_000

/** A message of more than this many seconds would make the cap on bytes a second one in name only. */
const SECONDS_OF_A_MESSAGE = 4

/** Exchanges in a row that change nothing, after which nothing will. */
const MOST_IDLE = 2

/**
 * Synchronises with a peer, upstream unless told: sends what it lacks, takes what it sends, until neither side has more. A line that is down, or
 * goes down, is no error: the result says how far it came, what stopped it and when to try again. Safe to call at any time, as often as
 * one likes: calls for one peer wait for each other.
 *
 * @throws SidikError PEER_UNKNOWN where there is no such peer or no upstream; STATION_CLOSED, STATION_FULL, STATION_BUSY, STATION_DISK
 */
export async function sync(station: Station, transport: Transport, options?: SyncOptions): Promise<SyncResult> {
  const settings = readSettings(options)
  const ground = groundFor(station, settings.peer ?? upstreamOf(station))
  return inTurn(station, ground.peer.id, settings.signal, () => new Synchronisation(ground, transport, settings).run())
}

type Settings = ReturnType<typeof readSettings>

function readSettings(options: SyncOptions | undefined) {
  const given = readOptions('sync', options, [
    'peer',
    'signal',
    'onProgress',
    'retry',
    'bytesPerSecond',
    'messageBytes',
  ])
  const { peer, bytesPerSecond, messageBytes = DEFAULT_LONGEST_MESSAGE } = given
  if (peer !== undefined && typeof peer !== 'string') throw new TypeError('peer must be the id of a station')
  if (bytesPerSecond !== undefined) positiveNumber('bytesPerSecond', bytesPerSecond)
  wholeNumber('messageBytes', messageBytes, LEAST_MESSAGE_BYTES, MOST_MESSAGE_BYTES)
  const paced = bytesPerSecond === undefined ? messageBytes : bytesPerSecond * SECONDS_OF_A_MESSAGE
  return {
    peer,
    signal: abortSignal('signal', given.signal),
    onProgress: callback('onProgress', given.onProgress),
    retry: readRetry(given.retry),
    bytesPerSecond,
    longest: Math.max(LEAST_MESSAGE_BYTES, Math.min(messageBytes, Math.floor(paced))),
  }
}

function upstreamOf(station: Station): string {
  const { file, identity } = partsOf(station)
  const upstream = file.get<{ id: string }>(`SELECT id FROM peer WHERE relation = 'upstream'`)
  if (upstream !== undefined) return upstream.id
  throw new SidikError('PEER_UNKNOWN', `station ${identity.id} has no upstream: addPeer makes one known`)
}

/** One run of `sync`. */
class Synchronisation {
  readonly #ground: Ground
  readonly #transport: Transport
  readonly #settings: Settings
  readonly #line: Line
  readonly #pace: Pace | undefined
  readonly #refused: SyncResult['refused'][number][] = []
  readonly #progress = { exchanges: 0, sentBytes: 0, receivedBytes: 0, sent: 0, received: 0, receipts: 0 }
  #messageBytes: number

  constructor(ground: Ground, transport: Transport, settings: Settings) {
    const { state, message_bytes } = lineOf(ground)
    const { clock } = partsOf(ground.station)
    const known = state === null ? NEW_LINE : (JSON.parse(state) as LineState)
    const { bytesPerSecond } = settings
    this.#ground = ground
    this.#transport = transport
    this.#settings = settings
    this.#line = new Line(settings.retry, known, ground.self, clock)
    this.#pace = bytesPerSecond === undefined ? undefined : new Pace(bytesPerSecond, () => performance.now())
    this.#messageBytes = message_bytes ?? FIRST_MESSAGE_BYTES
  }

  async run(): Promise<SyncResult> {
    try {
      await this.#converse()
      return this.#result()
    } catch (error) {
      if (!(error instanceof SidikError) || !/^(LINE|MESSAGE)_/.test(error.code)) throw error
      const nextTryAt = new Date(this.#line.nextTryAt).toISOString()
      return { ...this.#result(), stopped: { code: error.code, message: error.message }, nextTryAt }
    }
  }

  async #converse(): Promise<void> {
    let next = this.#compose(undefined)
    let wants = ''
    for (let idle = 0; idle < MOST_IDLE; ) {
      const sent = next
      const answer = await this.#exchange(sent.message)
      const { file } = this.#ground
      const applied = file.transaction(() => {
        const applied = this.#apply(answer)
        next = this.#compose(answer)
        return applied
      })
      this.#count(sent, applied, answer)
      const isNew = Object.values(applied).some(Boolean) || wants !== JSON.stringify(answer.wants)
      wants = JSON.stringify(answer.wants)
      idle = isNew ? 0 : idle + 1
      const isTold = applied.entries + applied.chunks === 0
      if (next.isEmpty && isTold && !answer.more) return
    }
  }

  #compose(answering: Message | undefined): Composed {
    const maxBytes = Math.min(this.#messageBytes, this.#settings.longest)
    return compose(this.#ground.station, this.#ground.peer.id, { maxBytes, ...(answering && { answering }) })
  }

  #apply(answer: Message): Applied {
    return apply(this.#ground.station, this.#ground.peer.id, answer)
  }

  async #exchange(message: Message): Promise<Message> {
    const { signal } = this.#settings
    const sealed = await sealMessage(this.#ground.station, message)
    const began = performance.now()
    try {
      const answer = await this.#line.through(() => this.#carry(sealed, message.nonce), signal)
      const tookMs = performance.now() - began
      this.#fit(tookMs < QUICK_MS ? 2 : tookMs > SLOW_MS ? 0.5 : 1)
      return answer
    } catch (error) {
      signal?.throwIfAborted()
      this.#fit(error instanceof SidikError && error.code === 'LINE_DOWN' ? 0.5 : 1)
      throw error
    }
  }

  async #carry(sealed: Uint8Array, nonce: string): Promise<Message> {
    const { signal } = this.#settings
    const wait = this.#pace?.take(sealed.length) ?? 0
    if (wait > 0) await pauseFor(wait, signal)
    const answer = await this.#transport.exchange(sealed, signal === undefined ? {} : { signal })
    this.#progress.sentBytes += sealed.length
    this.#progress.receivedBytes += answer.length
    const message = await openMessage(this.#ground.station, answer)
    if (message.from === this.#ground.peer.id && message.inReplyTo === nonce) return message
    throw new SidikError('LINE_PROTOCOL', 'the answer is not one to the message that was sent: it belongs to another')
  }

  /** Keeps what was learned of the line, where it is anything new. */
  #fit(factor: number): void {
    const { longest } = this.#settings
    const size = Math.round(this.#messageBytes * factor)
    this.#messageBytes = Math.max(LEAST_MESSAGE_BYTES, Math.min(size, longest))
    const before = lineOf(this.#ground)
    const state = JSON.stringify(this.#line.state)
    if (before.state === state && before.message_bytes === this.#messageBytes) return
    keepLine(this.#ground, { state, message_bytes: this.#messageBytes })
  }

  #count(sent: Composed, applied: Applied, { refusals }: Message): void {
    const progress = this.#progress
    progress.exchanges++
    progress.sent += sent.message.entries.length
    progress.received += applied.entries
    progress.receipts += applied.receipts
    if (applied.refusals > 0) {
      this.#refused.push(...refusals.map(({ station, sequence, code }) => ({ station, sequence, code })))
    }
    this.#settings.onProgress?.({ ...progress })
  }

  #result(): SyncResult {
    const unsent = unsentCount(this.#ground)
    return { peer: this.#ground.peer.id, ...this.#progress, refused: this.#refused, unsent }
  }
}
