/** How two stations talk over a line: message and answer, until both know the same. */
import { SidikError } from '../../errors.js'
import { partsOf } from '../station.js'
import { type Applied, applying } from './apply.js'
import { type Composed, type ComposeOptions, Course, compose, LEAST_MESSAGE_BYTES } from './compose.js'
import { inSlicesPastDefects } from './entry-defect.js'
import { type Ground, keepLine, lineOf } from './ground.js'
import { awake, Line, pauseFor, readLineState } from './line.js'
import type { Message } from './message-schema.js'
import { unsentCount } from './outbox.js'
import { Pace } from './pace.js'
import { openMessage, sealMessage } from './seal.js'
import type { SyncResult, SyncSettings } from './sync-options.js'
import type { Exchange, Transport } from './transport.js'

const FIRST_MESSAGE_BYTES = 262_144

/** An exchange that is faster lets messages grow, one that is slower lets them shrink: milliseconds. */
const QUICK_MS = 2_000
const SLOW_MS = 15_000

/**
 * How long the next message waits, in ms, for the one before to have left. A line that is slower, or does not say when it has, has time for both.
 */
const LEAVING_MS = 100

/** Exchanges in a row that change nothing, after which nothing will. */
const MOST_IDLE = 2

/**
 * Those in which the peer asks for something else and nothing else happens: the longest payload takes
 * fewer, in the shortest messages.
 */
const MOST_ASKED = 4_096

/** One run of `sync`. */
export class Synchronisation {
  readonly #ground: Ground
  readonly #transport: Transport
  readonly #settings: SyncSettings
  readonly #line: Line
  readonly #pace: Pace | undefined
  readonly #refused: SyncResult['refused'][number][] = []
  readonly #progress = { exchanges: 0, sentBytes: 0, receivedBytes: 0, sent: 0, received: 0, receipts: 0 }
  #messageBytes: number

  constructor(ground: Ground, transport: Transport, settings: SyncSettings) {
    const { state, message_bytes } = lineOf(ground)
    const { clock } = partsOf(ground.station)
    const { bytesPerSecond } = settings
    this.#ground = ground
    this.#transport = transport
    this.#settings = settings
    const line = readLineState(state)
    this.#line = new Line(settings.retry, settings.tryNow ? awake(line) : line, ground.self, clock)
    this.#pace = bytesPerSecond === undefined ? undefined : new Pace(bytesPerSecond, () => performance.now())
    this.#messageBytes = bounded(message_bytes ?? FIRST_MESSAGE_BYTES, settings)
  }

  async run(): Promise<SyncResult> {
    try {
      await this.#converse()
      return this.#result()
    } catch (error) {
      if (!(error instanceof SidikError) || !/^(LINE_|MESSAGE_|PEER_QUOTA$)/.test(error.code)) throw error
      const nextTryAt = error.retryAt ?? new Date(this.#line.nextTryAt).toISOString()
      return { ...this.#result(), stopped: { code: error.code, message: error.message }, nextTryAt }
    }
  }

  /** Message by message, until neither side has more to say, or nothing that is said changes anything. */
  async #converse(): Promise<void> {
    let next = this.#compose({})
    let wants = ''
    let asked = 0
    for (let idle = 0; idle < MOST_IDLE; ) {
      const sent = next
      let answer = await this.#exchange(await this.#sealed(sent))
      if (sent.message.more && !this.#hasAgain()) {
        const before = this.#told()
        await this.#take(sent, answer)
        answer = await this.#stream(answer)
        next = this.#compose({ answering: answer })
        // A peer that does not believe a station takes nothing of its journal, however often it is sent.
        idle = this.#told() === before ? idle + 1 : 0
        continue
      }
      const applied = await this.#apply(answer, () => {
        next = this.#compose({ answering: answer })
      })
      this.#count(sent, applied, answer)
      const isNews = Object.values(applied).some(Boolean)
      asked = isNews ? 0 : asked + 1
      const isNew = isNews || (asked < MOST_ASKED && wants !== JSON.stringify(answer.wants))
      wants = JSON.stringify(answer.wants)
      idle = isNew ? 0 : idle + 1
      const isTold = applied.entries + applied.chunks === 0
      if (next.isEmpty && isTold && !answer.more) return
    }
  }

  /** What the peer has said to hold, and answered, in one text: the same while it takes nothing. */
  #told(): string {
    const { file, peer } = this.#ground
    const rows = file.all('SELECT station, through, settled FROM acknowledged WHERE peer = ? ORDER BY station', peer.id)
    const { received, receipts } = this.#progress
    return JSON.stringify([rows, received, receipts, this.#refused.length])
  }

  /**
   * Much to say: each message is composed and sealed while the one before is on its way, payloads with the entries that name them. What the
   * peer still lacks after that it asks for.
   *
   * @param answer to what was said before
   * @returns the answer to the last message
   */
  async #stream(answer: Message): Promise<Message> {
    const course = new Course()
    course.wants = [...answer.wants]
    const prepared = () => this.#sealed(this.#compose({ course }))
    let last = answer
    for (let next: Sealed | undefined = await prepared(); next !== undefined; ) {
      const sent: Sealed = next
      const { answer, hasLeft } = this.#begin(sent)
      await hasLeft
      next = sent.composed.message.more ? await prepared() : undefined
      last = await answer
      await this.#take(sent.composed, last)
    }
    return last
  }

  #compose(more: Pick<ComposeOptions, 'answering' | 'course'>): Composed {
    const maxBytes = Math.min(this.#messageBytes, this.#settings.longest)
    return compose(this.#ground.station, this.#ground.peer.id, { maxBytes, ...more })
  }

  async #sealed(composed: Composed): Promise<Sealed> {
    return { composed, bytes: await sealMessage(this.#ground.station, composed.message) }
  }

  /** Entries that go once more go by messages that are answered one by one. */
  #hasAgain(): boolean {
    const { file, peer } = this.#ground
    return file.get('SELECT 1 FROM again WHERE peer = ? LIMIT 1', peer.id) !== undefined
  }

  async #take(sent: Composed, answer: Message): Promise<void> {
    this.#count(sent, await this.#apply(answer), answer)
  }

  /** @param last done with the last of the answer, in one transaction: the next message must not know less */
  #apply(answer: Message, last = () => {}): Promise<Applied> {
    const ground = this.#ground
    function* steps(): Generator<void, Applied> {
      const applied = yield* applying(ground, answer)
      yield
      last()
      return applied
    }
    return inSlicesPastDefects(ground, steps)
  }

  /** An exchange that goes on while the next message is prepared: once this one has left, since preparing takes the thread that sends it. */
  #begin(sealed: Sealed): { readonly answer: Promise<Message>; readonly hasLeft: Promise<void> } {
    let left = () => {}
    const hasLeft = new Promise<void>(resolve => {
      left = resolve
    })
    const timer = setTimeout(left, LEAVING_MS)
    const answer = this.#exchange(sealed, bytes => bytes >= sealed.bytes.length && left())
    // Should it fail meanwhile, it is not left without anybody who minds.
    answer.then(left, left).finally(() => clearTimeout(timer))
    return { answer, hasLeft }
  }

  async #exchange({ composed, bytes }: Sealed, onSent?: Exchange['onSent']): Promise<Message> {
    const { signal } = this.#settings
    const began = performance.now()
    try {
      const answer = await this.#line.through(() => this.#carry(bytes, composed.message.nonce, onSent), signal)
      const tookMs = performance.now() - began
      this.#fit(tookMs < QUICK_MS ? 2 : tookMs > SLOW_MS ? 0.5 : 1)
      return answer
    } catch (error) {
      signal?.throwIfAborted()
      this.#fit(error instanceof SidikError && error.code === 'LINE_DOWN' ? 0.5 : 1)
      throw error
    }
  }

  async #carry(sealed: Uint8Array, nonce: string, onSent: Exchange['onSent']): Promise<Message> {
    const { signal } = this.#settings
    const wait = this.#pace?.take(sealed.length) ?? 0
    if (wait > 0) await pauseFor(wait, signal)
    const told = { ...(signal && { signal }), ...(onSent && { onSent }) }
    const answer = await this.#transport.exchange(sealed, told).catch(rethrown)
    this.#progress.sentBytes += sealed.length
    this.#progress.receivedBytes += answer.length
    const message = await openMessage(this.#ground.station, answer)
    if (message.from === this.#ground.peer.id && message.inReplyTo === nonce) return message
    throw new SidikError('LINE_PROTOCOL', 'the answer is not one to the message that was sent: it belongs to another')
  }

  /** Keeps what was learned of the line, where it is anything new. */
  #fit(factor: number): void {
    this.#messageBytes = bounded(this.#messageBytes * factor, this.#settings)
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

function bounded(messageBytes: number, { longest }: SyncSettings): number {
  return Math.max(LEAST_MESSAGE_BYTES, Math.min(Math.round(messageBytes), longest))
}

interface Sealed {
  readonly composed: Composed
  readonly bytes: Uint8Array
}

/** What a transport throws is of the line, also where the other side is in this process and has its own troubles. */
function rethrown(error: unknown): never {
  if (!(error instanceof SidikError) || error.code.startsWith('LINE_') || error.code === 'PEER_QUOTA') throw error
  const isPassing = error.code.startsWith('STATION_')
  const what = isPassing ? 'cannot take a message now' : 'does not take the message'
  throw new SidikError(isPassing ? 'LINE_DOWN' : 'LINE_REFUSED', `the other side ${what}: ${error.code}`, {
    cause: error,
  })
}
