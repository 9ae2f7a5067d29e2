import type { DedupeSet, ProbeDemand } from '../dedupe/set.js'
import type { Candidate } from '../identify/decide.js'
import type { SearchResult } from '../identify/search.js'
import type { Template } from '../types.js'
import type { Directory } from './directory.js'
import type { Readers } from './readers.js'
import type { SnapshotEntry } from './snapshot.js'

/** What is asked of the gallery as it is at each moment. */
interface Searched {
  get(id: string): Template | undefined
  search(probe: Template, demand: ProbeDemand): Promise<SearchResult>
  compare(probe: Template, ids: readonly string[], options: { signal?: AbortSignal }): Promise<Candidate[]>
  buildIndex(): Promise<void>
}

/** The set of a gallery's templates at the call; memory of what goes is held until {@link letGo}. */
export class SetAtCall implements DedupeSet {
  readonly ids: readonly string[]
  readonly #directory: Directory
  readonly #readers: Readers
  readonly #gallery: Searched
  readonly #stored: Iterable<SnapshotEntry>
  readonly #entered: number
  readonly #removals: number

  constructor(directory: Directory, readers: Readers, gallery: Searched, stored: Iterable<SnapshotEntry>) {
    this.ids = [...directory.ids]
    this.#directory = directory
    this.#readers = readers
    this.#gallery = gallery
    this.#stored = stored
    this.#entered = readers.enter()
    this.#removals = directory.removals
  }

  stored(): Iterable<SnapshotEntry> {
    return this.#stored
  }

  letGo(): void {
    this.#readers.leave(this.#entered)
  }

  holds(id: string): boolean {
    const place = this.#directory.find(id)
    return place !== undefined && this.#directory.sinceAt(place) < this.#entered
  }

  get whole(): boolean {
    return this.#directory.removals === this.#removals
  }

  get(id: string): Template | undefined {
    return this.holds(id) ? this.#gallery.get(id) : undefined
  }

  search(probe: Template, demand: ProbeDemand): Promise<SearchResult> {
    return this.#gallery.search(probe, demand)
  }

  compare(probe: Template, ids: readonly string[], options: { signal?: AbortSignal }): Promise<Candidate[]> {
    return this.#gallery.compare(probe, ids, options)
  }

  buildIndex(): Promise<void> {
    return this.#gallery.buildIndex()
  }
}
