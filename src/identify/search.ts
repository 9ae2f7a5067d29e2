import { SLICE_SLOTS } from '../core/search-lane.js'
import type { Survivors } from '../core/searcher.js'
import { LEARNED_SHORTLIST, SCANNED, SHORTLIST } from '../options.js'
import type { TemplateContents } from '../types.js'
import { untilAborted } from '../until-aborted.js'
import { type Candidate, rank } from './decide.js'
import { countUndescribed, describeSet, PROGRESS_MS } from './describe.js'
import { type Field, Fields, type SearchSet } from './fields.js'
import { bestPlaces } from './shortlist.js'

/** Screened templates that are worth a message to another worker: about a millisecond. */
const LEAST_SCREENED = 256

export interface Progress {
  /** Templates looked at so far. */
  readonly searched: number
  /** Templates in the gallery when the search began. */
  readonly total: number
}

export interface SearchProgress extends Progress {
  /**
   * Templates whose geometric codes are yet to be made before the search can begin; 0 unless the
   * probe has no learned codes of their network and nobody asked for those codes before (see
   * `buildGeometricCodes`).
   */
  readonly undescribed: number
}

export interface SearchResult {
  /** By score, highest first; equal ones by id. */
  readonly candidates: readonly Candidate[]
  /** Score from which candidates were returned, decibans. */
  readonly minScore: number
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
  /** Geometric codes that were lacking, made. */
  readonly describeMs: number
  readonly scanMs: number
  readonly screenMs: number
  readonly rescoreMs: number
}

export interface SearchDemand {
  readonly limit: number
  /** The score from which candidates are returned where so many templates are searched. */
  readonly leastScore: (searched: number) => number
  /** Whether all templates are looked at, index or not. */
  readonly exhaustive: boolean
  /** Whether half of what the index would be read for is enough. */
  readonly quick: boolean
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: SearchProgress) => void) | undefined
}

/**
 * 1:N: every template, or every one that the index names, is scanned by the workers, the best are screened, the best of
 * those compared exactly, and the candidates ranked. The set is the one at the call: what comes later is not seen, what
 * goes meanwhile is left out.
 */
export function search(set: SearchSet, probe: TemplateContents, demand: SearchDemand): Promise<SearchResult> {
  const run = new Search(set, probe, demand)
  return untilAborted(run.result(), demand.signal, () => run.stop())
}

class Search {
  readonly #set: SearchSet
  readonly #probe: TemplateContents
  readonly #demand: SearchDemand
  readonly #fields: Fields
  readonly #startedMs = performance.now()
  readonly #total: number
  readonly #steps = { describeMs: 0, scanMs: 0, screenMs: 0, rescoreMs: 0 }

  constructor(set: SearchSet, probe: TemplateContents, demand: SearchDemand) {
    this.#set = set
    this.#probe = probe
    this.#demand = demand
    this.#fields = new Fields(set)
    this.#total = set.directory.size
  }

  stop(): void {
    this.#fields.stop()
  }

  async result(): Promise<SearchResult> {
    const { directory, readers, shards } = this.#set
    const fields = this.#fields
    const began = readers.enter()
    const ends = shards.map((_, index) => directory.slotCount(index))
    // Few are not worth scanning, or even screening.
    const all = this.#total <= SCANNED ? Uint32Array.from(directory.places) : undefined
    const few = this.#total <= SHORTLIST
    // A slot that was empty when the search began may have been filled since: its template is dropped here. It can only
    // have taken the place of the last on a list.
    const present = (place: number) => directory.sinceAt(place) < began
    try {
      await this.#describe()
      await fields.enter([this.#probe], ends, all === undefined && !this.#demand.exhaustive)
      const scanned = all === undefined ? await this.#timed('scanMs', () => this.#scan()) : { best: all, others: [] }
      const best = scanned.best.filter(present)
      const screened = few ? best : await this.#timed('screenMs', () => this.#screen(best, scanned.others))
      const shortlist = Array.from(screened.filter(present), place => ({ place, probe: 0 }))
      const scores = await this.#timed('rescoreMs', () => fields.rescore(shortlist))
      this.#report(this.#total)
      fields.throwIfFailed()
      const found = shortlist.flatMap((pair, i) =>
        present(pair.place) ? (fields.candidate(pair, scores[i]) ?? []) : [],
      )
      const minScore = this.#demand.leastScore(this.#total)
      return {
        candidates: rank(found, { limit: this.#demand.limit, minScore }),
        minScore,
        method: fields.list.some(({ indexes }) => indexes.some(Boolean)) ? 'index' : 'scan',
        searched: this.#total,
        screened: few ? 0 : best.length,
        rescored: shortlist.length,
        elapsedMs: performance.now() - this.#startedMs,
        steps: { ...this.#steps },
      }
    } finally {
      fields.leave()
      readers.leave(began)
    }
  }

  /** Makes the codes by which the probe is to be compared, where they are lacking. */
  async #describe(): Promise<void> {
    const networkVersion = this.#probe.learnedCodes?.networkVersion ?? 0
    if (countUndescribed(this.#set, networkVersion) === 0) return
    const report = () => this.#report(0, countUndescribed(this.#set, networkVersion))
    const timer = this.#demand.onProgress && setInterval(report, PROGRESS_MS)
    try {
      await this.#timed('describeMs', () => describeSet(this.#set, networkVersion, () => this.#fields.stopped))
    } finally {
      clearInterval(timer)
    }
  }

  /** The best of what could be scanned, and the lists of what was screened because it could not. */
  async #scan(): Promise<{ best: Uint32Array; others: Survivors[] }> {
    const timer = this.#demand.onProgress && setInterval(() => this.#reportLanes(), PROGRESS_MS)
    const { pool } = this.#set
    // All shards at once: a worker that is done with one has its next task without waiting for another's answer.
    const scanOne = async (field: Field) => {
      const tasks = Math.min(pool.threads, Math.ceil(field.end / SLICE_SLOTS))
      const { indexes, shard } = field
      const { quick } = this.#demand
      const lists = await this.#fields.share(field, tasks, async (_, task) =>
        field.words.finished ? undefined : pool.runInGallery('scan', { ...task, indexes, quick }, shard.memory.memory),
      )
      return lists.flatMap(list =>
        list === undefined
          ? []
          : {
              scanned: this.#fields.placed(field, list.scanned),
              screened: this.#fields.placed(field, list.screened),
            },
      )
    }
    const found = await Promise.all(this.#fields.list.map(scanOne))
      .then(lists => lists.flat())
      .finally(() => clearInterval(timer))
    this.#fields.throwIfFailed()
    const scanned = found.map(list => list.scanned)
    return { best: bestPlaces(scanned, SCANNED), others: found.map(list => list.screened) }
  }

  /** The shortlist of these places and of lists of others that were screened already. */
  async #screen(places: Uint32Array, others: readonly Survivors[]): Promise<Uint32Array> {
    const all = Array.from(places, place => ({ place }))
    const lists = await this.#fields.inParts(all, LEAST_SCREENED, (field, task) =>
      this.#set.pool.runInGallery('screen', task, field.shard.memory.memory),
    )
    const placed = lists.map(({ field, answer }) => this.#fields.placed(field, answer))
    const learned = this.#total > SCANNED && others.every(({ slots }) => slots.length === 0)
    const count = learned ? Math.max(LEARNED_SHORTLIST, this.#demand.limit) : SHORTLIST
    return bestPlaces([...others, ...placed], count)
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
    const { list } = this.#fields
    const searched = list.reduce((sum, { words }) => sum + words.searched, 0)
    const slots = list.reduce((sum, { end }) => sum + end, 0)
    this.#report(Math.floor((this.#total * searched) / slots))
  }

  #report(searched: number, undescribed = 0): void {
    try {
      this.#demand.onProgress?.({ searched, total: this.#total, undescribed })
    } catch (error) {
      this.#fields.fail(error)
    }
  }
}
