import { PROBES } from '../core/gallery-memory.js'
import type { TemplateContents } from '../types.js'
import { untilAborted } from '../until-aborted.js'
import type { Candidate } from './decide.js'
import { Fields, type Pair, type SearchSet } from './fields.js'

/** A probe, and the ids of the templates it is compared with. */
export interface CompareDemand {
  readonly probe: TemplateContents
  readonly ids: readonly string[]
}

/**
 * The templates of these ids alone, each compared exactly with its probe; a list for each comparison,
 * in the order of its ids. An id that is not in the set, or goes meanwhile, is left out.
 */
export function compare(
  set: SearchSet,
  comparisons: readonly CompareDemand[],
  signal: AbortSignal | undefined,
): Promise<Candidate[][]> {
  const run = new Run(set, comparisons)
  return untilAborted(run.result(), signal, () => run.stop())
}

class Run {
  readonly #set: SearchSet
  readonly #comparisons: readonly CompareDemand[]
  #fields: Fields | undefined
  #stopped = false

  constructor(set: SearchSet, comparisons: readonly CompareDemand[]) {
    this.#set = set
    this.#comparisons = comparisons
  }

  stop(): void {
    this.#stopped = true
    this.#fields?.stop()
  }

  async result(): Promise<Candidate[][]> {
    const { directory, readers } = this.#set
    const began = readers.enter()
    const wanted = this.#comparisons.map(({ probe, ids }) => ({
      probe,
      places: ids.flatMap(id => directory.find(id) ?? []),
    }))
    const ends = this.#set.shards.map((_, index) => directory.slotCount(index))
    try {
      const found: Candidate[][] = []
      for (let from = 0; from < wanted.length && !this.#stopped; from += PROBES)
        found.push(...(await this.#compared(wanted.slice(from, from + PROBES), ends)))
      return found
    } finally {
      readers.leave(began)
    }
  }

  /** As many probes as a lane holds. */
  async #compared(
    wanted: readonly { readonly probe: TemplateContents; readonly places: readonly number[] }[],
    ends: readonly number[],
  ): Promise<Candidate[][]> {
    const { directory, shards } = this.#set
    // Few, as a rule: the workers make the codes that these lack as they come to them.
    for (const { probe, places } of wanted) {
      for (const place of places) {
        const { memory } = shards[directory.shardOf(place)]
        memory.geometry.giveAt(probe.learnedCodes?.networkVersion ?? 0, directory.slotOf(place))
      }
    }
    const pairs = wanted.flatMap(({ places }, probe) => places.map((place): Pair => ({ place, probe })))
    const fields = new Fields(this.#set)
    this.#fields = fields
    try {
      await fields.enter(
        wanted.map(({ probe }) => probe),
        ends,
      )
      const scores = await fields.rescore(pairs)
      const found = wanted.map((): Candidate[] => [])
      // No slot is filled anew while this reader is here: it holds what it held, or nothing.
      for (const [i, pair] of pairs.entries()) {
        const candidate = fields.candidate(pair, scores[i])
        if (candidate !== undefined) found[pair.probe].push(candidate)
      }
      return found
    } finally {
      fields.leave()
    }
  }
}
