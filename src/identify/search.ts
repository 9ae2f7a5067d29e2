import type { GalleryMemory } from '../core/gallery-memory.js'
import { type SearchLane, SLICE_SLOTS } from '../core/search-lane.js'
import type { Directory } from '../gallery/directory.js'
import type { Readers } from '../gallery/readers.js'
import { SHORTLIST } from '../options.js'
import type { TemplateContents } from '../types.js'
import type { GalleryTask } from '../workers/messages.js'
import type { WorkerPool } from '../workers/pool.js'
import type { Turns } from '../workers/turns.js'
import { untilAborted } from './abort.js'
import { type Candidate, rank } from './decide.js'
import { bestSlots, split } from './shortlist.js'

/** Comparisons that are worth a message to another worker: about a millisecond, twenty times what the message takes. */
const LEAST_RESCORED = 4

/** Time between two reports of progress. */
const PROGRESS_MS = 50

export interface Progress {
  readonly searched: number
  readonly total: number
}

export interface SearchResult {
  /** By score, highest first; equal ones by id. */
  readonly candidates: readonly Candidate[]
  /** Templates in the gallery when the search began: all of them were screened. */
  readonly searched: number
  /** The best of those, compared exactly. */
  readonly rescored: number
  readonly elapsedMs: number
}

/** What a search needs of a gallery. */
export interface SearchSet {
  readonly id: number
  readonly memory: GalleryMemory
  readonly directory: Directory
  readonly readers: Readers
  readonly pool: WorkerPool
  /** Lanes of the memory, one a search. */
  readonly lanes: Turns
  /** Scratch areas of the memory, one a task. */
  readonly seats: Turns
  /** Numbers of all galleries that still exist. */
  readonly open: () => readonly number[]
}

export interface SearchDemand {
  readonly limit: number
  readonly minScore: number
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: Progress) => void) | undefined
}

/**
 * 1:N: every template is screened by the workers, the best are compared exactly, the candidates ranked. The set is the
 * one at the call: what comes later is not seen, what goes meanwhile is left out.
 */
export function search(set: SearchSet, probe: TemplateContents, demand: SearchDemand): Promise<SearchResult> {
  const run = new Search(set, probe, demand)
  return untilAborted(run.result(), demand.signal, () => run.stop())
}

/**
 * The templates of these ids alone, each compared exactly, without a screen; in the order of the ids. An id that is not
 * in the set, or goes meanwhile, is left out.
 */
export function compare(
  set: SearchSet,
  probe: TemplateContents,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Candidate[]> {
  const run = new Search(set, probe, { limit: ids.length, minScore: 0, signal, onProgress: undefined })
  return untilAborted(run.compared(ids), signal, () => run.stop())
}

class Search {
  readonly #set: SearchSet
  readonly #probe: TemplateContents
  readonly #demand: SearchDemand
  readonly #startedMs = performance.now()
  readonly #total: number
  #lane: SearchLane | undefined
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
    this.#lane?.stop()
  }

  async result(): Promise<SearchResult> {
    const { directory, readers, lanes } = this.#set
    const began = readers.enter()
    const end = directory.slotCount
    // Too few to be worth screening: all are compared exactly.
    const all = this.#total <= SHORTLIST ? Uint32Array.from(directory.entries, ({ slot }) => slot) : undefined
    const place = await lanes.take()
    try {
      this.#begin(place, end)
      // A slot that was empty when the search began may have been filled since: its template is dropped here. It can
      // only have taken the place of the last on the shortlist.
      const present = (slot: number) => (directory.at(slot)?.since ?? Infinity) < began
      const shortlist = (all ?? (await this.#screen(place, end))).filter(present)
      const scores = await this.#rescore(place, shortlist)
      this.#report(this.#total)
      if (this.#failure !== undefined) throw this.#failure.error
      const found = [...shortlist.keys()]
        .filter(i => present(shortlist[i]))
        .map(i => {
          const { id, pointer } = directory.at(shortlist[i])!
          return { id, score: scores[i], codes: this.#set.memory.comparedCodes(place, pointer) }
        })
      return {
        candidates: rank(found, this.#demand),
        searched: this.#total,
        rescored: shortlist.length,
        elapsedMs: performance.now() - this.#startedMs,
      }
    } finally {
      lanes.leave(place)
      readers.leave(began)
    }
  }

  async compared(ids: readonly string[]): Promise<Candidate[]> {
    const { directory, readers, lanes, memory } = this.#set
    const began = readers.enter()
    const slots = Uint32Array.from(ids.flatMap(id => directory.find(id)?.slot ?? []))
    const entries = Array.from(slots, slot => directory.at(slot)!)
    const place = await lanes.take()
    try {
      this.#begin(place, 0)
      const scores = await this.#rescore(place, slots)
      // No slot is filled anew while this reader is here: it holds what it held, or nothing.
      return entries.flatMap(({ id, slot, pointer }, i) =>
        directory.at(slot) === undefined ? [] : [{ id, score: scores[i], codes: memory.comparedCodes(place, pointer) }],
      )
    } finally {
      lanes.leave(place)
      readers.leave(began)
    }
  }

  #begin(place: number, end: number): void {
    this.#set.memory.writeProbe(place, this.#probe)
    this.#lane = this.#set.memory.lane(place)
    this.#lane.begin(end)
    if (this.#stopped) this.#lane.stop()
  }

  async #screen(place: number, end: number): Promise<Uint32Array> {
    const lane = this.#lane!
    const timer = this.#demand.onProgress && setInterval(() => this.#reportLane(end), PROGRESS_MS)
    try {
      const tasks = Math.min(this.#set.pool.threads, Math.ceil(end / SLICE_SLOTS))
      const lists = await this.#share(tasks, place, async (_, task) =>
        lane.finished ? undefined : this.#set.pool.runInGallery('screen', task, this.#set.memory.memory),
      )
      return bestSlots(
        lists.filter(list => list !== undefined),
        SHORTLIST,
      )
    } finally {
      clearInterval(timer)
    }
  }

  async #rescore(place: number, slots: Uint32Array): Promise<Float32Array> {
    const scores = new Float32Array(slots.length)
    if (slots.length === 0 || this.#lane!.stopped) return scores
    const parts = split(slots, this.#set.pool.threads, LEAST_RESCORED)
    const scored = await this.#share(parts.length, place, (i, task) =>
      this.#set.pool.runInGallery('rescore', { ...task, slots: parts[i] }, this.#set.memory.memory),
    )
    let at = 0
    for (const part of scored) {
      scores.set(part, at)
      at += part.length
    }
    return scores
  }

  /** Runs `count` tasks, each with a scratch area of its own. All have ended when this ends, also when one failed. */
  async #share<T>(count: number, place: number, work: (i: number, task: GalleryTask) => Promise<T>): Promise<T[]> {
    const { id, memory, seats, open } = this.#set
    const run = async (i: number) => {
      const seat = await seats.take()
      try {
        const pointers = memory.pointers(place, seat)
        return await work(i, { gallery: id, seat, pointers, open: open() })
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

  #reportLane(end: number): void {
    this.#report(Math.floor((this.#total * this.#lane!.searched) / end))
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
