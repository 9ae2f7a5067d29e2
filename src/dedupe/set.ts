import type { Candidate } from '../identify/decide.js'
import type { SearchResult } from '../identify/search.js'
import type { Template } from '../types.js'

/** How the templates of a gallery are searched for each other. */
export interface ProbeDemand {
  readonly limit: number
  readonly minScore: number
  readonly exhaustive: boolean
  readonly signal?: AbortSignal
}

/** A gallery's templates as they were at one moment, some of which may go while the gallery is in use. */
export interface DedupeSet {
  /** All there were, in the order in which they came; a template's place in it is its number. */
  readonly ids: readonly string[]
  /** All there were, also those that have gone. To be read once, before anything else. */
  stored(): Iterable<{ readonly id: string; readonly template: Template }>
  /** Lets go of what has gone: {@link stored} is not read any more. */
  letGo(): void
  /** Whether the template of this id is still the one that was there. */
  holds(id: string): boolean
  /** Whether all are. Once it is false, it stays so. */
  readonly whole: boolean
  /** Undefined where {@link holds} says no. */
  get(id: string): Template | undefined
  search(probe: Template, demand: ProbeDemand): Promise<SearchResult>
  compare(probe: Template, ids: readonly string[], options: { signal?: AbortSignal }): Promise<Candidate[]>
  buildIndex(): Promise<void>
}
