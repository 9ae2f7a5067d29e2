import type { Progress } from '../identify/search.js'
import {
  abortSignal,
  atMostOneOf,
  callback,
  DEFAULTS,
  fileName,
  flag,
  positiveNumber,
  readOptions,
} from '../options.js'
import { LEAST_RATE, namedScore, scoreOfFmr } from '../score.js'

export interface DedupeOptions {
  /**
   * Pairs of different fingers that are expected to be reported by chance in the whole run, above
   * 0. Of N templates, `N (N - 1) / 2` pairs are judged, each at the false match rate
   * `targetFalsePairs / (N (N - 1) / 2)`. Given, it is used as it is; not given, it is 1 and the
   * threshold at least 40 decibans, whatever the size.
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

const THRESHOLDS = ['targetFalsePairs', 'minScore', 'targetFmr'] as const

const NAMES = [
  ...THRESHOLDS,
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

function thresholdOf(asked: DedupeOptions): DedupeDemand['leastScore'] {
  atMostOneOf(asked, THRESHOLDS)
  const score = namedScore(asked)
  if (score !== undefined) return () => score
  const { targetFalsePairs } = asked
  const target = positiveNumber('targetFalsePairs', targetFalsePairs ?? DEFAULTS.targetFalsePairs)
  const least = targetFalsePairs === undefined ? DEFAULTS.leastScore : 0
  return pairs => Math.max(least, scoreOfFmr(Math.min(1, Math.max(LEAST_RATE, target / pairs))))
}
