import type { Progress } from '../identify/search.js'
import { abortSignal, callback, fileName, flag, positiveNumber, readOptions } from '../options.js'
import { leastScore, scoreOfFmr } from '../score.js'

export interface DedupeOptions {
  /**
   * Pairs of different fingers that are expected to be reported by chance in the whole run, above 0; 1 unless given. Of N
   * templates, `N (N - 1) / 2` pairs are judged, each at the false match rate `targetFalsePairs / (N (N - 1) / 2)`.
   */
  readonly targetFalsePairs?: number
  /** Instead: the score from which a pair is reported, in decibans. */
  readonly minScore?: number
  /** Instead: the false match rate of one comparison, above 0, at most 1. The same as `minScore: scoreOfFmr(targetFmr)`. */
  readonly targetFmr?: number
  /** Look at every template in each search, also where an index would name the few that are worth it; false unless given. */
  readonly exhaustive?: boolean
  /**
   * Name of a file in which the run keeps what it has found, so that after a crash or an abort the same call goes on where it
   * ended. It is made if it is absent, and stays when the run is done.
   */
  readonly state?: string
  readonly signal?: AbortSignal
  /** Templates that were searched for; called about 20 times a second and once at the end. */
  readonly onProgress?: (progress: Progress) => void
}

export interface DedupeDemand {
  /** The score from which a pair is reported where so many are judged. */
  readonly leastScore: (pairs: number) => number
  readonly exhaustive: boolean
  readonly state: string | undefined
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: Progress) => void) | undefined
}

/** Unless told: one pair by chance in the whole run. */
const TARGET_FALSE_PAIRS = 1

const NAMES = [
  'targetFalsePairs',
  'minScore',
  'targetFmr',
  'exhaustive',
  'state',
  'signal',
  'onProgress',
] as const satisfies readonly (keyof DedupeOptions)[]

/** What a deduplication is asked for. @throws TypeError, RangeError naming the option */
export function dedupeDemandOf(options: DedupeOptions | undefined): DedupeDemand {
  const asked = readOptions('dedupe', options, NAMES)
  return {
    leastScore: thresholdOf(asked),
    exhaustive: flag('exhaustive', asked.exhaustive),
    state: fileName('state', asked.state),
    signal: abortSignal('signal', asked.signal),
    onProgress: callback('onProgress', asked.onProgress),
  }
}

function thresholdOf(asked: DedupeOptions): (pairs: number) => number {
  const { targetFalsePairs, minScore, targetFmr } = asked
  if (minScore === undefined && targetFmr === undefined) {
    const target = positiveNumber('targetFalsePairs', targetFalsePairs ?? TARGET_FALSE_PAIRS)
    return pairs => scoreOfFmr(Math.min(1, target / pairs))
  }
  if (targetFalsePairs !== undefined) {
    const other = minScore === undefined ? 'targetFmr' : 'minScore'
    throw new TypeError(`targetFalsePairs and ${other} say the same thing: give only one of them`)
  }
  const score = leastScore(asked, 0)
  return () => score
}
