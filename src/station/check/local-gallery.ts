/**
 * The persons that a station compares with: those whose records it holds, and those that came from
 * other stations. They lie in an index, which follows the changes of the station's file. What has
 * changed since is read before each search.
 */
import { SidikError } from '../../errors.js'
import { inTurn } from '../../persons/in-turn.js'
import type { FingerInput } from '../../persons/types.js'
import { untilAborted } from '../../until-aborted.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { AlikeFingers } from './alike-fingers.js'
import { BackOff } from './back-off.js'
import { IndexFollower } from './follow-index.js'
import { type KeptFingers, recordOfId } from './kept-fingers.js'
import { hasIndex, type OpenIndex, openIndex } from './open-index.js'
import type { Identified, IdentifyOptions } from './person-index.js'
import { isIndexFailure, StationIndex } from './station-index.js'

export interface GalleryState {
  /** Persons that a search would compare with now. */
  readonly loaded: number
  /** Records with templates that are known of. */
  readonly total: number
  /** Those whose templates have not come yet. */
  readonly absent: number
  /** Those without a finger that can be compared, or with templates that cannot be read. */
  readonly withoutFingers: number
  /** Those for which there is no memory: until there is, no record is checked, as they are compared with nobody. */
  readonly withoutRoom: number
}

interface TurnOptions {
  readonly signal?: AbortSignal | undefined
  /** Called as the reading of what has changed goes on. */
  readonly onLoad?: (() => void) | undefined
  /** Fail at once, with the problem that there was, while the index is not due to be tried again. */
  readonly mayRest?: boolean
}

/** Result of a search; each candidate with the hash of the templates that were found. */
export interface FoundInGallery extends Omit<Identified, 'candidates'> {
  readonly candidates: readonly (Identified['candidates'][number] & { readonly templates: Uint8Array | undefined })[]
}

export class LocalGallery {
  readonly #parts: StationParts
  readonly alike: AlikeFingers
  /** Resolves when all that was there is quick to search, or cannot be made so: searches before then hold that up. */
  whenQuick: Promise<void> = Promise.resolve()
  /** Longest that one call of an index that was given may take, and that an enrolment waits for either. */
  readonly deadlineMs: number
  #opening: Promise<OpenIndex> | undefined
  #open: OpenIndex | undefined
  #index: StationIndex | undefined
  #follower: IndexFollower | undefined
  readonly #inTurn = inTurn()
  readonly #watchers = new Set<() => void>()
  #isClosed = false
  /** Turns that were begun, or wait. */
  #turns = 0
  #problem: { readonly error: SidikError; readonly isOfSearch: boolean } | undefined
  readonly #backOff = new BackOff()

  constructor(parts: StationParts, deadlineMs: number) {
    this.#parts = parts
    this.deadlineMs = deadlineMs
    this.alike = new AlikeFingers(parts)
  }

  get state(): GalleryState {
    const sql = 'SELECT count(*) AS total FROM gallery_entry WHERE templates IS NOT NULL'
    return {
      loaded: this.persons,
      total: this.#parts.file.get<{ total: number }>(sql)!.total,
      absent: this.#follower?.absent.size ?? 0,
      withoutFingers: this.#follower?.withoutFingers.size ?? 0,
      withoutRoom: this.withoutRoom,
    }
  }

  /** Persons that a search compares with. */
  get persons(): number {
    return this.#index?.size ?? 0
  }

  /** Records for which there is no memory. */
  get withoutRoom(): number {
    return this.#follower?.withoutRoom.size ?? 0
  }

  /** Records with fingers that a search does not compare with. */
  get absent(): number {
    return (this.#follower?.absent.size ?? 0) + this.withoutRoom
  }

  /** Up to which applied entry all is known. */
  get through(): number {
    return this.#follower?.through ?? 0
  }

  /** Whether there may be fingers of {@link keptToCompare}, also before all is read. */
  get mayHaveKept(): boolean {
    return this.#follower === undefined || this.#follower.keptToCompare.size > 0 || this.#follower.isHandedOver
  }

  /** Fingers under which cards were handed over, and that were not compared with all others. */
  get keptToCompare(): readonly KeptFingers[] {
    return [...(this.#follower?.keptToCompare.values() ?? [])]
  }

  /** To be called within {@link withAll}. */
  async keptCompared(kept: KeptFingers): Promise<void> {
    await this.#noting(false, () => this.#follower!.keptCompared(kept))
  }

  /** Why the index does not work; undefined while it does, as far as is known. */
  get problem(): SidikError | undefined {
    return this.#problem?.error
  }

  /**
   * Reads what has changed, then does `work`; nothing else is read or searched meanwhile, so that
   * of two persons who are enrolled at once the second is compared with the first.
   *
   * @throws the signal's reason, what `work` throws, SidikError INDEX_UNAVAILABLE, INDEX_BEHIND, INDEX_ANSWER
   */
  async withAll<T>(work: () => Promise<T>, { signal, onLoad, mayRest = false }: TurnOptions = {}): Promise<T> {
    // One that tries it is enough: whoever waits for that one waits as long as it does.
    if (mayRest && this.#problem && (this.#turns > 0 || !this.#backOff.isOver)) throw this.#problem.error
    if (onLoad !== undefined) this.#watchers.add(onLoad)
    this.#turns++
    const turn = this.#inTurn('', async () => {
      signal?.throwIfAborted()
      await this.#noting(false, () => this.#readChanges(signal))
      return work()
    }).finally(() => this.#turns--)
    try {
      return await untilAborted(turn, signal)
    } finally {
      if (onLoad !== undefined) this.#watchers.delete(onLoad)
    }
  }

  /** Whether somebody waits until the work of {@link withAll} is done. */
  get isAwaited(): boolean {
    return this.#turns > 1
  }

  /** Resolves when it is known where the index is kept. */
  async whenOpen(): Promise<void> {
    await this.#noting(false, () => this.#opened())
  }

  /** Whether another process keeps the index of this station. */
  get isElsewhere(): boolean {
    return this.#open?.isElsewhere === true
  }

  /** Has the index from now on, if the process that kept it has ended. All persons are read again. */
  async takeOver(signal: AbortSignal): Promise<void> {
    const turn = this.#inTurn('', async () => {
      this.#assertOpen()
      if (this.#open === undefined || !(await this.#open.isFree())) return
      const { close } = this.#open
      this.#opening = this.#open = this.#index = this.#follower = undefined
      await close()
      await this.#noting(false, () => this.#opened())
    })
    await untilAborted(turn, signal)
    if (!this.isElsewhere) this.begin()
  }

  /** Reads all that is there in the background, and makes it quick to search. */
  begin(): void {
    const quick = this.withAll(async () => {}).then(() => this.#open?.makeQuick())
    this.whenQuick = quick.catch(() => {})
    quick.then(() => this.#open?.tidy()).catch(() => {})
  }

  /** Reads what has changed in the background. What goes wrong, the next search meets again. */
  catchUp(): void {
    this.withAll(async () => {}, { mayRest: true }).catch(() => {})
  }

  /** To be called within {@link withAll}. @throws SidikError INDEX_BEHIND when a record that is here was not put in */
  assertTaken(record: string): void {
    this.#follower!.assertTaken(record)
  }

  /**
   * 1:N; to be called within {@link withAll}. A record that is there with fingers which it had before,
   * too, may be found with both.
   */
  async identify(fingers: readonly FingerInput[], options: IdentifyOptions): Promise<FoundInGallery> {
    const { without = [], ...rest } = options
    const names = without.flatMap(record => [record, ...(this.#follower?.keptOf(record) ?? [])])
    const asOf = this.through
    const found = await this.#noting(true, () => this.#index!.identify(fingers, { ...rest, asOf, without: names }))
    const candidates = found.candidates.map(each => ({
      ...each,
      id: recordOfId(each.id),
      templates: this.#follower!.templatesOf(each.id),
    }))
    return { ...found, candidates }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#index?.end(this.#closedError())
    const open = await this.#opening?.catch(() => undefined)
    await open?.close()
  }

  /** Keeps in mind that, and since when, the index fails, or that it does no more. */
  async #noting<T>(isOfSearch: boolean, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      // What can be read may still not be searched.
      if (isOfSearch || this.#problem?.isOfSearch === false) {
        this.#problem = undefined
        this.#backOff.succeeded()
      }
      return result
    } catch (error) {
      if (isIndexFailure(error)) {
        this.#problem = { error, isOfSearch }
        this.#backOff.failed()
      }
      throw error
    }
  }

  /** The index; tried again by the next who asks when it did not open. */
  async #opened(): Promise<StationIndex> {
    if (this.#index !== undefined) return this.#index
    this.#opening ??= openIndex(this.#parts, this.deadlineMs)
    try {
      this.#open = await this.#opening
    } catch (error) {
      this.#opening = undefined
      this.#assertOpen()
      const message = `the index of persons cannot be opened: ${(error as Error).message}`
      throw new SidikError('INDEX_UNAVAILABLE', message, { cause: error })
    }
    this.#assertOpen()
    this.#index ??= new StationIndex(this.#open.index, this.#open.deadlineMs)
    return this.#index
  }

  async #readChanges(signal: AbortSignal | undefined): Promise<void> {
    const index = await this.#opened()
    this.#assertOpen()
    this.#follower ??= new IndexFollower(this.#parts, index, () => {
      for (const watcher of this.#watchers) watcher()
      this.#assertOpen()
    })
    await this.#follower.readChanges(signal)
  }

  #assertOpen(): void {
    if (this.#isClosed) throw this.#closedError()
  }

  #closedError(): SidikError {
    return new SidikError('STATION_CLOSED', `station ${this.#parts.identity.id} was closed`)
  }
}

const galleries = new WeakMap<Station, LocalGallery>()

/** Begins to read the persons in the background, where the station has an index or an engine to make one. */
export function beginLocalGallery(station: Station, deadlineMs: number): void {
  const parts = partsOf(station)
  if (!hasIndex(parts)) return
  const gallery = new LocalGallery(parts, deadlineMs)
  galleries.set(station, gallery)
  station.onClose(() => gallery.close())
  gallery.begin()
}

/** Undefined where the station has neither an index nor an engine. */
export function localGalleryOf(station: Station): LocalGallery | undefined {
  return galleries.get(station)
}

/**
 * How far the persons to compare with have been read, which goes on in the background; `undefined`
 * where the station has neither an index nor an engine.
 *
 * @throws SidikError STATION_CLOSED
 */
export function galleryState(station: Station): GalleryState | undefined {
  partsOf(station)
  const gallery = localGalleryOf(station)
  gallery?.catchUp()
  return gallery?.state
}
