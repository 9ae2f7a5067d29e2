/**
 * The index of persons as a station uses it: each call within a deadline, each answer checked, and
 * in mind who was put in.
 */
import { SidikError } from '../../errors.js'
import { judgeFingers, readFingers } from '../../persons/read-fingers.js'
import type { FingerInput } from '../../persons/types.js'
import { untilAborted } from '../../until-aborted.js'
import { readIdentified, readVersions } from './index-answers.js'
import type { Identified, IdentifyOptions, IndexedPerson, PersonIndex } from './person-index.js'

/** An index may hold so many persons whom the file has not: of a file that was put back from an old copy. */
const MOST_SURPLUS = 2_000_000

/** Pages of a list without anybody: an index that lists part by part may have parts that are empty. */
const MOST_EMPTY_PAGES = 10_000

/** An error of another machine may be of any length. */
const MOST_MESSAGE = 500

export class StationIndex {
  readonly #index: PersonIndex
  readonly #deadlineMs: number
  /** By id, the version that is in the index: some 140 bytes each. */
  #versions = new Map<string, string>()
  #isDoubted = true
  readonly #closing = new AbortController()

  /** @param deadlineMs longest that one call may take */
  constructor(index: PersonIndex, deadlineMs: number) {
    this.#index = index
    this.#deadlineMs = deadlineMs
  }

  /** Count of persons. */
  get size(): number {
    return this.#versions.size
  }

  /** Whether it is not known what the index has: before the first {@link read}, and after a call that failed. */
  get isDoubted(): boolean {
    return this.#isDoubted
  }

  ids(): Iterable<string> {
    return this.#versions.keys()
  }

  versionOf(id: string): string | undefined {
    return this.#versions.get(id)
  }

  /**
   * Asks who is in the index.
   *
   * @param expected persons that the station has, about
   * @param onPage called after each page; its promise is awaited
   * @throws SidikError INDEX_UNAVAILABLE, INDEX_ANSWER; what `onPage` throws
   */
  async read(expected: number, onPage: () => Promise<void>): Promise<void> {
    const known = new Map<string, string>()
    const most = expected + MOST_SURPLUS
    const stop = new AbortController()
    let pages: AsyncIterator<unknown> | undefined
    try {
      for (let empty = 0; ; ) {
        const next = await this.#call('list its persons', undefined, async () => {
          pages ??= this.#index.versions({ signal: stop.signal })[Symbol.asyncIterator]()
          const { done, value } = await pages.next()
          return { done: done === true, value }
        })
        if (next.done) break
        const page = this.#checked(() => readVersions(next.value))
        for (const { id, version } of page) {
          if (known.has(id)) throw this.#wrong(`${id} is there twice`)
          known.set(id, version)
        }
        if (page.length === 0) empty++
        if (known.size > most || empty > MOST_EMPTY_PAGES) throw this.#wrong('it has no end')
        await onPage()
      }
    } finally {
      stop.abort()
      // One that hangs in the middle of a page is not waited for.
      void (async () => pages?.return?.())().catch(() => {})
    }
    this.#versions = known
    this.#isDoubted = false
  }

  /**
   * @throws SidikError NO_USABLE_FINGER, TEMPLATE_FORMAT, TEMPLATE_VERSION, TEMPLATE_CORRUPT where nothing
   *   of it can be compared, and the index was not asked; GALLERY_FULL; INDEX_UNAVAILABLE
   */
  async upsert(person: IndexedPerson): Promise<void> {
    assertUsable(person.fingers)
    const full = await this.#call(`take ${person.id} in`, undefined, signal =>
      this.#index.upsert(person, { signal }).then(() => undefined, onlyFull),
    )
    if (full !== undefined) {
      this.#versions.delete(person.id)
      throw full
    }
    this.#versions.set(person.id, person.version)
  }

  /** @throws SidikError INDEX_UNAVAILABLE */
  async remove(id: string, place: number): Promise<void> {
    await this.#call(`take ${id} out`, undefined, signal => this.#index.remove(id, place, { signal }))
    this.#versions.delete(id)
  }

  /** @throws SidikError INDEX_UNAVAILABLE */
  async knowsUpTo(place: number): Promise<void> {
    await this.#call('keep its place', undefined, signal => this.#index.knowsUpTo(place, { signal }))
  }

  /**
   * @throws the signal's reason; SidikError NO_USABLE_FINGER and TEMPLATE_… as {@link upsert},
   *   INDEX_UNAVAILABLE, INDEX_BEHIND, INDEX_ANSWER
   */
  async identify(fingers: readonly FingerInput[], options: IdentifyOptions): Promise<Identified> {
    assertUsable(fingers)
    const { without = [] } = options
    const persons = this.size - without.filter(id => this.#versions.has(id)).length
    const answer = await this.#call('search', options.signal, signal =>
      this.#index.identify(fingers, { ...options, signal }),
    )
    const isKnown = (id: string) => this.#versions.has(id)
    return this.#checked(() => readIdentified(answer, { ...options, fingers: fingers.length, persons, isKnown }))
  }

  /** Ends the calls that are underway, and all that follow, with this error. */
  end(error: SidikError): void {
    this.#closing.abort(error)
  }

  async #call<T>(what: string, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController()
    const late = () => new SidikError('INDEX_UNAVAILABLE', `no answer within ${this.#deadlineMs} ms`)
    const timer = setTimeout(() => stop.abort(late()), this.#deadlineMs)
    const closing = this.#closing.signal
    try {
      const answer = untilAborted((async () => work(stop.signal))(), stop.signal)
      const unlessClosed = untilAborted(answer, closing, () => stop.abort(closing.reason))
      return await untilAborted(unlessClosed, signal, () => stop.abort(signal!.reason))
    } catch (error) {
      closing.throwIfAborted()
      signal?.throwIfAborted()
      throw this.#fail(error, what)
    } finally {
      clearTimeout(timer)
    }
  }

  #checked<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw this.#fail(error)
    }
  }

  #wrong(why: string): SidikError {
    return this.#fail(new SidikError('INDEX_ANSWER', `of the list of its persons, ${why}`))
  }

  #fail(error: unknown, what = 'answer'): SidikError {
    this.#isDoubted = true
    const code = isIndexFailure(error) ? error.code : 'INDEX_UNAVAILABLE'
    const why = messageOf(error).slice(0, MOST_MESSAGE)
    return new SidikError(code, `the index of persons cannot ${what}: ${why}`, { cause: error })
  }
}

/** Whatever was thrown: an index may be another program's wrapper of another machine's answer. */
function messageOf(error: unknown): string {
  try {
    return String((error as { message?: unknown } | undefined)?.message ?? error)
  } catch {
    return 'it failed with something that has no text'
  }
}

function onlyFull(error: unknown): SidikError {
  if (error instanceof SidikError && error.code === 'GALLERY_FULL') return error
  throw error
}

/** Whether it is the index that failed, and not what it was asked about. */
export function isIndexFailure(error: unknown): error is SidikError {
  return error instanceof SidikError && /^INDEX_/.test(error.code)
}

/**
 * Whether there is something to compare, the program judges by itself: an index of an older one would
 * say of templates that it cannot read that there is nothing.
 *
 * @throws SidikError NO_USABLE_FINGER, TEMPLATE_FORMAT, TEMPLATE_VERSION, TEMPLATE_CORRUPT
 */
function assertUsable(fingers: readonly FingerInput[]): void {
  judgeFingers(readFingers('upsert', { fingers }), () => 0)
}
