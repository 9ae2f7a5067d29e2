import { SidikError } from '../../../errors.js'
import { sha256 } from '../../store/payloads.js'
import { Places } from './places.js'
import type { Refusal } from './refusals.js'

/** Of the store of a tus server (a `FileStore` of @tus/file-store, say), what is needed here. */
export interface UploadStore {
  getUpload(id: string): Promise<{
    readonly size?: number | undefined
    readonly offset: number
    readonly metadata?: Readonly<Record<string, string | null>> | undefined
  }>
  read(id: string): AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>
  remove(id: string): Promise<unknown>
}

export interface Answer {
  readonly bytes: Uint8Array
  readonly digest: Buffer
}

/** 'gone' where there is no such upload, or not all of it. */
export type Outcome = Answer | { readonly refusal: Refusal; readonly retryAfterS?: number } | 'gone'

export interface AnswersOptions {
  readonly store: UploadStore
  readonly receive: (message: Uint8Array, from: string) => Promise<Uint8Array>
  readonly onError: (error: unknown, station: string) => void
  readonly maxBytes: number
  /** What is kept of answers, in case a station fetches one again. */
  readonly keptBytes: number
}

/** Messages that are in memory at a time, and those of one station, which leaves others a place. */
const [AT_ONCE, OF_A_STATION] = [4, 3]

/**
 * Seconds until a station may send again after a quota: where the error does not say, and at most,
 * whatever the clocks say.
 */
const [LATER_S, MOST_LATER_S] = [3_600, 86_400]

/** What an outcome takes beside its bytes, and a refusal at all. */
const OVERHEAD_BYTES = 1_024

/**
 * The answers to messages that were uploaded. A message is received when its answer is first asked for, and once: whoever asks again gets the same
 * bytes. What was made and could not be kept (memory, a restart) is made again from the message, as long as that is there, which is why
 * receiving a message twice must be no different from receiving it once.
 */
export class Answers {
  readonly #options: AnswersOptions
  readonly #outcomes = new Map<string, Promise<Outcome>>()
  /** Those that are settled and kept, the oldest first, with what each takes. */
  readonly #kept = new Map<string, number>()
  #keptBytes = 0
  readonly #places = new Places(AT_ONCE)
  readonly #placeOf = new Map<string, Places>()

  constructor(options: AnswersOptions) {
    this.#options = options
  }

  of(station: string, id: string): Promise<Outcome> {
    const present = this.#outcomes.get(id)
    if (present !== undefined) return present
    const outcome = this.#settled(station, id)
    this.#outcomes.set(id, outcome)
    return outcome
  }

  async #settled(station: string, id: string): Promise<Outcome> {
    let outcome: Outcome = { refusal: 'failed' }
    try {
      outcome = await this.#own(station).within(() => this.#places.within(() => this.#made(station, id)))
    } catch (error) {
      this.#options.onError(error, station)
      if (error instanceof SidikError && error.code === 'PEER_QUOTA') outcome = quotaOutcome(error)
      else if (error instanceof SidikError && isOfMessage(error)) outcome = { refusal: 'message' }
    }
    if (outcome === 'gone' || ('refusal' in outcome && isPassing(outcome.refusal))) this.#outcomes.delete(id)
    else this.#keep(id, outcome)
    return outcome
  }

  #own(station: string): Places {
    const own = this.#placeOf.get(station) ?? new Places(OF_A_STATION)
    this.#placeOf.set(station, own)
    return own
  }

  async #made(station: string, id: string): Promise<Outcome> {
    const { store, receive, maxBytes } = this.#options
    const upload = await present(store, id)
    if (upload === undefined || upload.offset !== upload.size) return 'gone'
    if (upload.size > maxBytes) return { refusal: 'size' }
    const message = await bytesOf(await store.read(id), upload.size)
    if (message === undefined || sha256(message).toString('hex') !== upload.metadata?.sha256) {
      await store.remove(id)
      return { refusal: 'altered' }
    }
    const bytes = await receive(message, station)
    if (!(bytes instanceof Uint8Array)) throw new TypeError('httpReceiver: receive must give a Uint8Array')
    return { bytes, digest: sha256(bytes) }
  }

  #keep(id: string, outcome: Exclude<Outcome, 'gone'>): void {
    const size = OVERHEAD_BYTES + ('bytes' in outcome ? outcome.bytes.length : 0)
    this.#kept.set(id, size)
    this.#keptBytes += size
    for (const [oldest, bytes] of this.#kept) {
      if (this.#keptBytes <= this.#options.keptBytes) return
      this.#kept.delete(oldest)
      this.#outcomes.delete(oldest)
      this.#keptBytes -= bytes
    }
  }
}

/** What is wrong with the message stays wrong; what is wrong with the station's file or disk here may be better in a while. */
function isOfMessage({ code }: SidikError): boolean {
  return !code.startsWith('STATION_') && code !== 'LINE_DOWN'
}

/** Whether a refusal passes, and so is not kept: the same message may be taken the next time. */
function isPassing(refusal: Refusal): boolean {
  return refusal === 'failed' || refusal === 'quota'
}

function quotaOutcome({ retryAt }: SidikError): Outcome {
  const seconds = retryAt === undefined ? LATER_S : Math.ceil((Date.parse(retryAt) - Date.now()) / 1_000)
  return { refusal: 'quota', retryAfterS: Math.min(Math.max(1, seconds), MOST_LATER_S) }
}

/** Stores throw what is no Error, with the status of a response. */
async function present(store: UploadStore, id: string) {
  try {
    return await store.getUpload(id)
  } catch (error) {
    const status = (error as { status_code?: unknown }).status_code
    if (status === 404 || status === 410) return undefined
    throw error
  }
}

/** Undefined when there are more or fewer than there should be. */
async function bytesOf(parts: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(size)
  let at = 0
  for await (const part of parts) {
    if (at + part.length > size) return undefined
    bytes.set(part, at)
    at += part.length
  }
  return at === size ? bytes : undefined
}
