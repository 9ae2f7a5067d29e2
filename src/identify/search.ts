import { type SearchLane, SLICE_SLOTS } from '../core/search-lane.js'
import type { Survivors } from '../core/searcher.js'
import type { Directory } from '../gallery/directory.js'
import type { Readers } from '../gallery/readers.js'
import type { Shard } from '../gallery/shards.js'
import { SCANNED, SHORTLIST } from '../options.js'
import type { TemplateContents } from '../types.js'
import type { GalleryTask } from '../workers/messages.js'
import type { WorkerPool } from '../workers/pool.js'
import { untilAborted } from './abort.js'
import { type Candidate, rank } from './decide.js'
import { bestPlaces, split } from './shortlist.js'

/** Comparisons, and screened templates, that are worth a message to another worker: about a millisecond, twenty times what it takes. */
const LEAST_RESCORED = 4
const LEAST_SCREENED = 256

/** Time between two reports of progress. */
const PROGRESS_MS = 50

export interface Progress {
  readonly searched: number
  readonly total: number
}

export interface SearchResult {
  /** By score, highest first; equal ones by id. */
  readonly candidates: readonly Candidate[]
  /**
   * `index`: of most templates only those were looked at that the index named; `scan`: all were. Which it is depends on how
   * many there are, and on `exhaustive`.
   */
  readonly method: 'index' | 'scan'
  /** Templates in the gallery when the search began. */
  readonly searched: number
  /** The best of those, screened. */
  readonly screened: number
  /** The best of those, compared exactly. */
  readonly rescored: number
  readonly elapsedMs: number
  /** What of that each step took; 0 for one that was not needed. */
  readonly steps: StepTimes
}

export interface StepTimes {
  readonly scanMs: number
  readonly screenMs: number
  readonly rescoreMs: number
}

/** What a search needs of a gallery. */
export interface SearchSet {
  readonly shards: readonly Shard[]
  readonly directory: Directory
  readonly readers: Readers
  readonly pool: WorkerPool
  /** Numbers of the memories of all galleries that still exist. */
  readonly open: () => readonly number[]
}

export interface SearchDemand {
  readonly limit: number
  readonly minScore: number
  /** Whether all templates are looked at, index or not. */
  readonly exhaustive: boolean
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: Progress) => void) | undefined
}

/**
 * 1:N: every template, or every one that the index names, is scanned by the workers, the best are screened, the best of those compared exactly, and the
 * candidates ranked. The set is the one at the call: what comes later is not seen, what goes meanwhile is left out.
 */
export function search(set: SearchSet, probe: TemplateContents, demand: SearchDemand): Promise<SearchResult> {
  const run = new Search(set, probe, demand)
  return untilAborted(run.result(), demand.signal, () => run.stop())
}

/** A shard as this search uses it. */
interface Field {
  readonly index: number
  readonly shard: Shard
  /** Which of its lanes. */
  readonly lane: number
  readonly words: SearchLane
  /** One past the last slot there is. */
  readonly end: number
  /** Address of the index of each segment; empty when none is to be used. */
  readonly indexes: readonly number[]
}

class Search {
  readonly #set: SearchSet
  readonly #probe: TemplateContents
  readonly #demand: SearchDemand
  readonly #startedMs = performance.now()
  readonly #total: number
  readonly #fields: Field[] = []
  readonly #steps = { scanMs: 0, screenMs: 0, rescoreMs: 0 }
  #stopped = false
  #failure: { readonly error: unknown } | undefined

  constructor(set: SearchSet, probe: TemplateContents, demand: SearchDemand) {
    this.#set = set
    this.#probe = probe
    this.#demand = demand
    this.#total = set.directory.size
  }

  stop(): void {
    this.#stopped = true
    for (const { words } of this.#fields) words.stop()
  }

  async result(): Promise<SearchResult> {
    const { directory, readers, shards } = this.#set
    const began = readers.enter()
    const ends = shards.map((_, index) => directory.slotCount(index))
    // Few are not worth scanning, or even screening.
    const all = this.#total <= SCANNED ? Uint32Array.from(directory.places) : undefined
    try {
      for (const [index, end] of ends.entries()) await this.#begin(index, end)
      // A slot that was empty when the search began may have been filled since: its template is dropped here. It can
      // only have taken the place of the last on a list.
      const present = (place: number) => directory.sinceAt(place) < began
      const few = this.#total <= SHORTLIST
      const scanned = all === undefined ? await this.#timed('scanMs', () => this.#scan()) : { best: all, others: [] }
      const best = scanned.best.filter(present)
      const screened = few ? best : await this.#timed('screenMs', () => this.#screen(best, scanned.others))
      const shortlist = screened.filter(present)
      const scores = await this.#timed('rescoreMs', () => this.#rescore(shortlist))
      this.#report(this.#total)
      if (this.#failure !== undefined) throw this.#failure.error
      const found = [...shortlist.keys()]
        .filter(i => present(shortlist[i]))
        .map(i => this.#candidate(shortlist[i], scores[i]))
      return {
        candidates: rank(found, this.#demand),
        method: all === undefined && this.#fields.some(({ indexes }) => indexes.some(Boolean)) ? 'index' : 'scan',
        searched: this.#total,
        screened: few ? 0 : best.length,
        rescored: shortlist.length,
        elapsedMs: performance.now() - this.#startedMs,
        steps: { ...this.#steps },
      }
    } finally {
      for (const { shard, lane } of this.#fields) shard.lanes.leave(lane)
      readers.leave(began)
    }
  }

  async #begin(index: number, end: number): Promise<void> {
    const shard = this.#set.shards[index]
    const lane = await shard.lanes.take()
    const words = shard.memory.lane(lane)
    const learned = this.#probe.learnedCodes !== undefined
    const indexes = learned && !this.#demand.exhaustive ? shard.memory.indexPointers : []
    this.#fields.push({ index, shard, lane, words, end, indexes })
    shard.memory.makeRoomForGeometry(this.#probe.learnedCodes?.networkVersion ?? 0, end)
    shard.memory.writeProbe(lane, this.#probe)
    words.begin(end)
    if (this.#stopped) words.stop()
  }

  /** The best of what could be scanned, and the lists of what was screened because it could not. */
  async #scan(): Promise<{ best: Uint32Array; others: Survivors[] }> {
    const timer = this.#demand.onProgress && setInterval(() => this.#reportLanes(), PROGRESS_MS)
    try {
      const found: { scanned: Survivors; screened: Survivors }[] = []
      for (const field of this.#fields) {
        const tasks = Math.min(this.#set.pool.threads, Math.ceil(field.end / SLICE_SLOTS))
        const { memory } = field.shard.memory
        const lists = await this.#share(field, tasks, async (_, task) =>
          field.words.finished
            ? undefined
            : this.#set.pool.runInGallery('scan', { ...task, indexes: field.indexes }, memory),
        )
        for (const list of lists) {
          if (list === undefined) continue
          found.push({ scanned: this.#placed(field, list.scanned), screened: this.#placed(field, list.screened) })
        }
      }
      const best = bestPlaces(
        found.map(({ scanned }) => scanned),
        SCANNED,
      )
      return { best, others: found.map(({ screened }) => screened) }
    } finally {
      clearInterval(timer)
    }
  }

  /** The shortlist of these places and of lists of others that were screened already. */
  async #screen(places: Uint32Array, others: readonly Survivors[]): Promise<Uint32Array> {
    const lists = await this.#inParts(places, LEAST_SCREENED, (field, task) =>
      this.#set.pool.runInGallery('screen', task, field.shard.memory.memory),
    )
    return bestPlaces([...others, ...lists.map(({ field, answer }) => this.#placed(field, answer))], SHORTLIST)
  }

  /** The scores of these places, in their order. */
  async #rescore(places: Uint32Array): Promise<Float32Array> {
    const parts = await this.#inParts(places, LEAST_RESCORED, (field, task) =>
      this.#set.pool.runInGallery('rescore', task, field.shard.memory.memory),
    )
    const scoreOf = new Map<number, number>()
    for (const { field, slots, answer } of parts) {
      slots.forEach((slot, i) => {
        scoreOf.set(this.#set.directory.placeOf(field.index, slot), answer[i])
      })
    }
    return Float32Array.from(places, place => scoreOf.get(place) ?? 0)
  }

  #candidate(place: number, score: number): Candidate {
    const { directory } = this.#set
    const { shard, lane } = this.#fields[directory.shardOf(place)]
    const pointer = shard.memory.pointerAt(directory.slotOf(place))
    return { id: directory.idAt(place)!, score, codes: shard.memory.comparedCodes(lane, pointer) }
  }

  #placed({ index }: Field, { slots, scores }: Survivors): Survivors {
    return { slots: slots.map(slot => this.#set.directory.placeOf(index, slot)), scores }
  }

  /** Gives the slots of `places` to the workers, shard by shard, in parts of `least` and more. */
  async #inParts<T>(
    places: Uint32Array,
    least: number,
    work: (field: Field, task: GalleryTask & { readonly slots: Uint32Array }) => Promise<T>,
  ): Promise<{ field: Field; slots: Uint32Array; answer: T }[]> {
    const { directory, pool } = this.#set
    const found: { field: Field; slots: Uint32Array; answer: T }[] = []
    if (this.#stopped) return found
    for (const field of this.#fields) {
      const slots = places
        .filter(place => directory.shardOf(place) === field.index)
        .map(place => directory.slotOf(place))
      if (slots.length === 0) continue
      const parts = split(slots, pool.threads, least)
      const answers = await this.#share(field, parts.length, (i, task) => work(field, { ...task, slots: parts[i] }))
      answers.forEach((answer, i) => {
        found.push({ field, slots: parts[i], answer })
      })
    }
    return found
  }

  /** Runs `count` tasks in a shard, each with a scratch area of its own. All have ended when this ends, also when one failed. */
  async #share<T>(
    { shard, lane }: Field,
    count: number,
    work: (i: number, task: GalleryTask) => Promise<T>,
  ): Promise<T[]> {
    const { memory, seats } = shard
    const run = async (i: number) => {
      const seat = await seats.take()
      try {
        return await work(i, {
          memoryId: memory.id,
          seat,
          pointers: memory.pointers(lane, seat),
          open: this.#set.open(),
        })
      } catch (error) {
        this.#fail(error)
        return undefined
      } finally {
        seats.leave(seat)
      }
    }
    const answers = await Promise.all(Array.from({ length: count }, (_, i) => run(i)))
    if (this.#failure !== undefined) throw this.#failure.error
    return answers as T[]
  }

  async #timed<T>(step: keyof StepTimes, work: () => Promise<T>): Promise<T> {
    const startedMs = performance.now()
    try {
      return await work()
    } finally {
      this.#steps[step] = performance.now() - startedMs
    }
  }

  #reportLanes(): void {
    const searched = this.#fields.reduce((sum, { words }) => sum + words.searched, 0)
    const slots = this.#fields.reduce((sum, { end }) => sum + end, 0)
    this.#report(Math.floor((this.#total * searched) / slots))
  }

  #report(searched: number): void {
    try {
      this.#demand.onProgress?.({ searched, total: this.#total })
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.stop()
  }
}
