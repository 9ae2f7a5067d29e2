import type { SearchLane } from '../core/search-lane.js'
import type { Survivors } from '../core/searcher.js'
import { SidikError } from '../errors.js'
import type { Directory } from '../gallery/directory.js'
import type { Readers } from '../gallery/readers.js'
import type { Shard } from '../gallery/shards.js'
import type { TemplateContents } from '../types.js'
import type { GalleryTask, SlotsTask } from '../workers/messages.js'
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

/** A template to be compared: its place, and which of the lane's probes with. */
export interface Pair {
  readonly place: number
  readonly probe: number
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
   * Takes a lane in each shard for these probes, at most as many as it holds. The slots below `ends` are
   * searched for the first; by the index only if `indexed`. The templates that are to be found have the
   * codes by which the probe is compared with them, or room for those.
   */
  async enter(probes: readonly TemplateContents[], ends: readonly number[], indexed = false): Promise<void> {
    const networkVersion = probes[0].learnedCodes?.networkVersion ?? 0
    for (const [index, end] of ends.entries()) {
      const shard = this.#set.shards[index]
      const lane = await shard.lanes.take()
      const words = shard.memory.lane(lane)
      const indexes = indexed && networkVersion > 0 ? shard.memory.indexPointers : []
      this.list.push({ index, shard, lane, words, end, indexes })
      for (const [i, probe] of probes.entries()) shard.memory.writeProbe(lane, probe, i)
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

  /** The scores of these pairs by full comparison, in their order; below 0 for one that could not be compared. */
  async rescore(pairs: readonly Pair[]): Promise<Float32Array> {
    const scores = new Float32Array(pairs.length).fill(NOT_COMPARED)
    const parts = await this.inParts(pairs, LEAST_RESCORED, ({ shard, lane }, task, part) => {
      const probes = part.map(i => shard.memory.probeAt(lane, pairs[i].probe))
      return this.#set.pool.runInGallery('rescore', { ...task, probes }, shard.memory.memory)
    })
    for (const { part, answer } of parts) {
      for (const [k, i] of part.entries()) scores[i] = answer[k]
    }
    return scores
  }

  /**
   * What is at this place, with its score against the probe; undefined where nothing is any more.
   *
   * @throws SidikError CORE_FAILED when it is there and was not compared
   */
  candidate({ place, probe }: Pair, score: number): Candidate | undefined {
    const { directory } = this.#set
    const id = directory.idAt(place)
    if (id === undefined) return undefined
    if (score < 0 && !this.#stopped)
      throw new SidikError('CORE_FAILED', `'${id}' was not compared with the probe: report this`)
    const { shard, lane } = this.list[directory.shardOf(place)]
    const pointer = shard.memory.pointerAt(directory.slotOf(place))
    return { id, score, codes: shard.memory.comparedCodes(shard.memory.probeAt(lane, probe), pointer) }
  }

  /** The same list with places instead of slots. */
  placed({ index }: Field, { slots, scores }: Survivors): Survivors {
    return { slots: slots.map(slot => this.#set.directory.placeOf(index, slot)), scores }
  }

  /**
   * Gives the slots of `all` to the workers, in parts of `least` and more, each of one shard. A part is
   * its indexes in `all`.
   */
  async inParts<T>(
    all: readonly { readonly place: number }[],
    least: number,
    work: (field: Field, task: SlotsTask, part: Uint32Array) => Promise<T>,
  ): Promise<{ field: Field; part: Uint32Array; answer: T }[]> {
    const { directory, pool } = this.#set
    const given = this.list.map(async field => {
      const own = all.flatMap(({ place }, i) => (directory.shardOf(place) === field.index ? i : []))
      if (own.length === 0 || this.#stopped) return []
      const parts = split(Uint32Array.from(own), pool.threads, least)
      const answers = await this.share(field, parts.length, (i, task) => {
        const slots = parts[i].map(k => directory.slotOf(all[k].place))
        return work(field, { ...task, slots }, parts[i])
      })
      return answers.map((answer, i) => ({ field, part: parts[i], answer: answer! }))
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
