import type { Candidate } from '../identify/decide.js'
import type { SearchResult } from '../identify/search.js'
import type { Template } from '../types.js'

/** What persons need of a gallery. Where insert and remove return promises, they are awaited. */
export interface PersonGallery {
  readonly size: number
  ids(): string[]
  get(id: string): Template | undefined
  insert(id: string, template: Template): void | Promise<void>
  remove(id: string): void | Promise<void>
  /** The best `limit` templates of at least `minScore`, 0 for all of them whatever they score. */
  search(
    probe: Template,
    options: {
      limit: number
      minScore: number
      quick: boolean
      signal?: AbortSignal
      onProgress?: (progress: { searched: number }) => void
    },
  ): Promise<SearchResult>
  /** A list for each comparison, in the order of its ids. */
  compareMany(
    comparisons: readonly { readonly probe: Template; readonly ids: readonly string[] }[],
    options: { signal?: AbortSignal },
  ): Promise<Candidate[][]>
}
