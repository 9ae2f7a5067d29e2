import type { SearchLane } from '../core/search-lane.js'
import type { Survivors } from '../core/searcher.js'
import { SidikError } from '../errors.js'
import type { Directory } from '../gallery/directory.js'
import type { Readers } from '../gallery/readers.js'
import type { Shard } from '../gallery/shards.js'
import type { TemplateContents } from '../types.js'
import type { GalleryTask } from '../workers/messages.js'
import type { WorkerPool } from '../workers/pool.js'
import type { Candidate } from './decide.js'
import { split } from './shortlist.js'

/** Comparisons that are worth a message to another worker: about a millisecond, twenty times what the message takes. */
const LEAST_RESCORED = 8

/** Instead of a score (assembly/search/pipeline.ts). */
const NOT_COMPARED = -1

/** What a search needs of a gallery. */
export interface SearchSet {
  readonly shards: readonly Shard[]
  readonly directory: Directory
  readonly readers: Readers
  readonly pool: WorkerPool
  /** Numbers of the memories of all galleries that still exist. */
  readonly open: () => readonly number[]
}

/** A shard as one search uses it. */
export interface Field {
  readonly index: number
  readonly shard: Shard
  /** Which of its lanes. */
  readonly lane: number
  readonly words: SearchLane
  /** One past the last slot there was when the search began. */
  readonly end: number
  /** Address of the index of each segment; empty when none is to be used. */
  readonly indexes: readonly number[]
}

/** The shards of a gallery as one search uses them, and how its work is shared among the workers. */
export class Fields {
  readonly list: Field[] = []
  readonly #set: SearchSet
  #stopped = false
  #failure: { readonly error: unknown } | undefined

  constructor(set: SearchSet) {
    this.#set = set
  }

  /**
   * Takes a lane in each shard, whose slots below `ends` are searched for `probe`; by the index only if `indexed`. The
   * templates there that are to be found have the codes by which the probe is compared with them, or room for those.
   */
  async enter(probe: TemplateContents, ends: readonly number[], indexed: boolean): Promise<void> {
    const networkVersion = probe.learnedCodes?.networkVersion ?? 0
    for (const [index, end] of ends.entries()) {
      const shard = this.#set.shards[index]
      const lane = await shard.lanes.take()
      const words = shard.memory.lane(lane)
      const indexes = indexed && networkVersion > 0 ? shard.memory.indexPointers : []
      this.list.push({ index, shard, lane, words, end, indexes })
      shard.memory.writeProbe(lane, probe)
      words.begin(end)
      if (this.#stopped) words.stop()
    }
  }

  leave(): void {
    for (const { shard, lane } of this.list) shard.lanes.leave(lane)
  }

  get stopped(): boolean {
    return this.#stopped
  }

  stop(): void {
    this.#stopped = true
    for (const { words } of this.list) words.stop()
  }

  /** Ends the search with this error once its tasks have ended. */
  fail(error: unknown): void {
    this.#failure ??= { error }
    this.stop()
  }

  /** @throws what the search failed with, if it did */
  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** The scores of these places by full comparison, in their order; below 0 for one that could not be compared. */
  async rescore(places: Uint32Array): Promise<Float32Array> {
    const parts = await this.inParts(places, LEAST_RESCORED, (field, task) =>
      this.#set.pool.runInGallery('rescore', task, field.shard.memory.memory),
    )
    const scoreOf = new Map<number, number>()
    for (const { field, slots, answer } of parts) {
      slots.forEach((slot, i) => {
        scoreOf.set(this.#set.directory.placeOf(field.index, slot), answer[i])
      })
    }
    return Float32Array.from(places, place => scoreOf.get(place) ?? NOT_COMPARED)
  }

  /**
   * What is at this place, with its score; undefined where nothing is any more.
   *
   * @throws SidikError CORE_FAILED when it is there and was not compared
   */
  candidate(place: number, score: number): Candidate | undefined {
    const { directory } = this.#set
    const id = directory.idAt(place)
    if (id === undefined) return undefined
    if (score < 0 && !this.#stopped)
      throw new SidikError('CORE_FAILED', `'${id}' was not compared with the probe: report this`)
    const { shard, lane } = this.list[directory.shardOf(place)]
    const pointer = shard.memory.pointerAt(directory.slotOf(place))
    return { id, score, codes: shard.memory.comparedCodes(lane, pointer) }
  }

  /** The same list with places instead of slots. */
  placed({ index }: Field, { slots, scores }: Survivors): Survivors {
    return { slots: slots.map(slot => this.#set.directory.placeOf(index, slot)), scores }
  }

  /** Gives the slots of `places` to the workers, in parts of `least` and more, each of one shard. */
  async inParts<T>(
    places: Uint32Array,
    least: number,
    work: (field: Field, task: GalleryTask & { readonly slots: Uint32Array }) => Promise<T>,
  ): Promise<{ field: Field; slots: Uint32Array; answer: T }[]> {
    const { directory, pool } = this.#set
    const given = this.list.map(async field => {
      const own = places.filter(place => directory.shardOf(place) === field.index)
      if (own.length === 0 || this.#stopped) return []
      const slots = own.map(place => directory.slotOf(place))
      const parts = split(slots, pool.threads, least)
      const answers = await this.share(field, parts.length, (i, task) => work(field, { ...task, slots: parts[i] }))
      return answers.map((answer, i) => ({ field, slots: parts[i], answer: answer! }))
    })
    // Not before all have ended: a lane that a worker reads is not given to another search.
    const answered = (await Promise.all(given)).flat()
    this.throwIfFailed()
    return answered
  }

  /**
   * Runs `count` tasks in a shard, each with a scratch area of its own. All have ended when this ends; one that
   * failed has no answer, and {@link throwIfFailed} throws.
   */
  async share<T>(
    { shard, lane }: Field,
    count: number,
    work: (i: number, task: GalleryTask) => Promise<T>,
  ): Promise<(T | undefined)[]> {
    const { memory, seats } = shard
    const run = async (i: number) => {
      const seat = await seats.take()
      try {
        const pointers = memory.pointers(lane, seat)
        return await work(i, { memoryId: memory.id, seat, pointers, open: this.#set.open() })
      } catch (error) {
        this.fail(error)
        return undefined
      } finally {
        seats.leave(seat)
      }
    }
    return Promise.all(Array.from({ length: count }, (_, i) => run(i)))
  }
}
