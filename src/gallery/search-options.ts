import type { DescriptionDemand, DescriptionProgress } from '../identify/describe.js'
import type { SearchDemand, SearchProgress } from '../identify/search.js'
import { abortSignal, callback, DEFAULTS, flag, readOptions, SHORTLIST, wholeNumber } from '../options.js'
import { leastScore } from '../score.js'

export interface CompareOptions {
  readonly signal?: AbortSignal
}

export interface SearchOptions {
  /** Most candidates to return, 1 to 200; 10 unless given. */
  readonly limit?: number
  /** Candidates below this score are left out; 0 unless given. */
  readonly minScore?: number
  /**
   * Candidates that strangers match more often than this are left out: the false match rate of one comparison, above 0,
   * at most 1. The same as `minScore: scoreOfFmr(targetFmr)`. A search of N templates makes N comparisons: divide what
   * you would accept in a search by N. Not together with `minScore`.
   */
  readonly targetFmr?: number
  readonly signal?: AbortSignal
  /** Look at every template, also where an index would name the few that are worth it; false unless given. */
  readonly exhaustive?: boolean
  /** Called about 20 times a second while the search runs and once at its end. */
  readonly onProgress?: (progress: SearchProgress) => void
}

export interface DescriptionOptions {
  readonly signal?: AbortSignal
  /** Called about 20 times a second with the count of templates that are yet to be described, and once at the end. */
  readonly onProgress?: (progress: DescriptionProgress) => void
}

const NAMES = ['limit', 'minScore', 'targetFmr', 'exhaustive', 'signal', 'onProgress'] as const

/** What a search is asked for. @throws TypeError, RangeError naming the option */
export function demandOf(options: SearchOptions | undefined): SearchDemand {
  const asked = readOptions('search', options, NAMES)
  return {
    limit: wholeNumber('limit', asked.limit ?? DEFAULTS.limit, 1, SHORTLIST),
    minScore: leastScore(asked, DEFAULTS.minScore),
    exhaustive: flag('exhaustive', asked.exhaustive),
    signal: abortSignal('signal', asked.signal),
    onProgress: callback('onProgress', asked.onProgress),
  }
}

/** What a description is asked for. @throws TypeError naming the option */
export function descriptionDemandOf(options: DescriptionOptions | undefined): DescriptionDemand {
  const asked = readOptions('buildGeometricCodes', options, ['signal', 'onProgress'])
  return { signal: abortSignal('signal', asked.signal), onProgress: callback('onProgress', asked.onProgress) }
}
