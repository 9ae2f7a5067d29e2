import { Random } from '../random.js'
import type { PairList } from './protocol.js'
import { runInSlices } from './slices.js'

/** Pairs of prints and their scores. */
export interface ScoredPairs extends PairList {
  readonly scores: Float64Array
}

/** The scores of one set. */
export interface SetScores {
  /** Number of fingers. */
  readonly fingers: number
  /** Of each print: 0 to fingers - 1. */
  readonly fingerOf: Uint32Array
  readonly mated: ScoredPairs
  readonly nonMated: ScoredPairs
}

export interface BootstrapOptions {
  /** 100 to 1,000,000; 1,000 when absent. */
  readonly replicates?: number
  /** 0 to 2^32 - 1; 1 when absent. The same seed gives the same interval. */
  readonly seed?: number
  readonly signal?: AbortSignal
}

/** Two-sided 95 %. */
const QUANTILES = [0.025, 0.975] as const

/**
 * 95 % percentile interval of the pooled EER, by resampling fingers: scores of one finger are not independent, so whole
 * fingers are drawn, with replacement, within each set (the subsets bootstrap: Bolle, Ratha, Pankanti, "Error analysis of
 * pattern recognition systems", CVIU 93(1), 2004). A mated score counts as often as its finger was drawn, a non-mated one
 * as often as both its fingers' numbers multiplied (Owen, "The pigeonhole bootstrap", Ann. Appl. Stat. 1(2), 2007); a
 * finger drawn twice is not compared with itself. Draws that leave no mated or no non-mated score are drawn again.
 *
 * @throws RangeError when an option is out of range, or when the sets hold no mated or no non-mated scores
 */
export async function bootstrapEer(
  sets: readonly SetScores[],
  options: BootstrapOptions = {},
): Promise<[number, number]> {
  const { replicates = 1000, seed = 1, signal } = options
  checkReplicates(replicates)
  if (seed >>> 0 !== seed) throw new RangeError(`seed must be an integer from 0 to 4294967295, not ${seed}`)
  if (!sets.some(set => set.mated.scores.length > 0) || !sets.some(set => set.nonMated.scores.length > 0)) {
    throw new RangeError('sets must hold mated and nonMated scores')
  }
  const ranked = rankScores(sets)
  const random = new Random(seed)
  const eers = new Float64Array(replicates)
  const replicate = (k: number) => {
    eers[k] = resampledEer(ranked, random)
  }
  await runInSlices(replicates, replicate, signal)
  eers.sort()
  return [quantile(eers, QUANTILES[0]), quantile(eers, QUANTILES[1])]
}

export function checkReplicates(replicates: number): void {
  if (Number.isInteger(replicates) && replicates >= 100 && replicates <= 1_000_000) return
  throw new RangeError(`bootstrap replicates must be an integer from 100 to 1,000,000, not ${replicates}`)
}

/** All sets' scores, ascending, with the two fingers of each: fingers are numbered through all sets. */
export interface RankedScores {
  /** Fingers of each set. */
  readonly fingerCounts: readonly number[]
  readonly scores: Float64Array
  readonly isMated: Uint8Array
  readonly firstFinger: Uint32Array
  readonly secondFinger: Uint32Array
}

export function rankScores(sets: readonly SetScores[]): RankedScores {
  const unsorted: { score: number; isMated: number; first: number; second: number }[] = []
  let offset = 0
  for (const { fingers, fingerOf, mated, nonMated } of sets) {
    for (const pairs of [mated, nonMated]) {
      pairs.scores.forEach((score, k) => {
        const first = offset + fingerOf[pairs.first[k]]
        const second = offset + fingerOf[pairs.second[k]]
        unsorted.push({ score, isMated: pairs === mated ? 1 : 0, first, second })
      })
    }
    offset += fingers
  }
  unsorted.sort((a, b) => a.score - b.score)
  return {
    fingerCounts: sets.map(set => set.fingers),
    scores: Float64Array.from(unsorted, item => item.score),
    isMated: Uint8Array.from(unsorted, item => item.isMated),
    firstFinger: Uint32Array.from(unsorted, item => item.first),
    secondFinger: Uint32Array.from(unsorted, item => item.second),
  }
}

function resampledEer(ranked: RankedScores, random: Random): number {
  for (;;) {
    const drawn = drawFingers(ranked.fingerCounts, random)
    const rates = weightedRates(ranked, drawn)
    if (rates !== null) return rates.eer
  }
}

/** How often each finger was drawn, as many draws in each set as it has fingers. */
export function drawFingers(fingerCounts: readonly number[], random: Random): Uint32Array {
  const drawn = new Uint32Array(fingerCounts.reduce((sum, count) => sum + count, 0))
  let offset = 0
  for (const count of fingerCounts) {
    for (let k = 0; k < count; k++) drawn[offset + random.below(count)]++
    offset += count
  }
  return drawn
}

export interface WeightedRates {
  readonly eer: number
  /** Lowest FNMR at each of the FMRs asked for. */
  readonly fnmrs: number[]
}

/**
 * Rates as errorRates has them when finger f occurs `drawn[f]` times; null when no mated or no non-mated score is left.
 */
export function weightedRates(
  ranked: RankedScores,
  drawn: Uint32Array,
  atFmrs: readonly number[] = [],
): WeightedRates | null {
  const { scores, isMated, firstFinger, secondFinger } = ranked
  const weights = new Float64Array(scores.length)
  let mated = 0
  let nonMated = 0
  for (let k = 0; k < scores.length; k++) {
    if (isMated[k] === 1) {
      weights[k] = drawn[firstFinger[k]]
      mated += weights[k]
    } else {
      weights[k] = drawn[firstFinger[k]] * drawn[secondFinger[k]]
      nonMated += weights[k]
    }
  }
  if (mated === 0 || nonMated === 0) return null
  let closest = Infinity
  let eer = 0
  // Above every score no pair matches.
  const fnmrs = atFmrs.map(() => 1)
  let falseNonMatches = 0
  let falseMatches = nonMated
  for (let k = 0; k < scores.length; k++) {
    // equal scores pass the threshold together
    if (k === 0 || scores[k] !== scores[k - 1]) {
      // The threshold above every score is no closer than the first, below every score, so it need not be tried.
      const gap = Math.abs(falseNonMatches * nonMated - falseMatches * mated)
      if (gap < closest) {
        closest = gap
        eer = (falseNonMatches / mated + falseMatches / nonMated) / 2
      }
      for (let i = 0; i < atFmrs.length; i++) {
        if (falseMatches / nonMated <= atFmrs[i]) fnmrs[i] = Math.min(fnmrs[i], falseNonMatches / mated)
      }
    }
    if (isMated[k] === 1) falseNonMatches += weights[k]
    else falseMatches -= weights[k]
  }
  return { eer, fnmrs }
}

/** Of sorted values, interpolated linearly (Hyndman and Fan, "Sample quantiles", Am. Stat. 50(4), 1996, definition 7). */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const low = Math.floor(place)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low] + (place - low) * (sorted[high] - sorted[low])
}
