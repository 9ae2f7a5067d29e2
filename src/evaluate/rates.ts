import type { ErrorRates } from './report.js'

/**
 * Error rates of a comparison, by counting. A score at or above the threshold is a match, so
 * FNMR(t) = share of mated scores < t and FMR(t) = share of non-mated scores >= t (ISO/IEC 2382-37:2017, 3.9; ISO/IEC
 * 19795-1:2021). EER and ZeroFMR after Maio, Maltoni, Cappelli, Wayman, Jain, "FVC2000: Fingerprint Verification
 * Competition", IEEE TPAMI 24(3), 2002; FMR100 and FMR1000 came with FVC2002.
 * Thresholds are the scores that occur and one above them all: between two of them no rate changes.
 */

/** False matches that a rate below 0.1 % has to make for it to be counted. */
const LEAST_FALSE_MATCHES = 10

/** Both errors at every threshold, as counts: they are compared exactly, without rounding. */
export interface ErrorCounts {
  readonly mated: number
  readonly nonMated: number
  /** Ascending: every score that occurs, then the highest plus 1. */
  readonly thresholds: Float64Array
  /** Mated scores below each threshold (false non-matches). */
  readonly falseNonMatches: Uint32Array
  /** Non-mated scores at or above each threshold (false matches). */
  readonly falseMatches: Uint32Array
}

/**
 * Counts both errors at every threshold.
 *
 * @throws RangeError when a score is not a finite number
 */
export function countErrors(mated: ArrayLike<number>, nonMated: ArrayLike<number>): ErrorCounts {
  const low = sortedScores(mated, 'mated')
  const high = sortedScores(nonMated, 'nonMated')
  const thresholds: number[] = []
  const falseNonMatches: number[] = []
  const falseMatches: number[] = []
  let below = 0
  let passed = 0
  const note = (threshold: number) => {
    thresholds.push(threshold)
    falseNonMatches.push(below)
    falseMatches.push(high.length - passed)
  }
  while (below < low.length || passed < high.length) {
    const threshold = Math.min(low[below] ?? Infinity, high[passed] ?? Infinity)
    note(threshold)
    while (low[below] === threshold) below++
    while (high[passed] === threshold) passed++
  }
  if (thresholds.length > 0) note(thresholds[thresholds.length - 1] + 1)
  return {
    mated: low.length,
    nonMated: high.length,
    thresholds: Float64Array.from(thresholds),
    falseNonMatches: Uint32Array.from(falseNonMatches),
    falseMatches: Uint32Array.from(falseMatches),
  }
}

/**
 * EER, FMR100 to FMR100000 and ZeroFMR of two lists of scores, in any order.
 *
 * EER is the mean of both rates at the threshold where they are closest, the lowest such threshold when several are
 * (FVC2000 takes, of the thresholds on either side of the crossing, the one of lower sum instead: the two differ by no more
 * than the step between those thresholds). A threshold of "highest score plus 1" means that no score is high
 * enough.
 *
 * @throws RangeError when a score is not a finite number
 */
export function errorRates(mated: ArrayLike<number>, nonMated: ArrayLike<number>): ErrorRates {
  return ratesFromCounts(countErrors(mated, nonMated))
}

export function ratesFromCounts(counts: ErrorCounts): ErrorRates {
  const { mated, nonMated, thresholds, falseNonMatches, falseMatches } = counts
  if (mated === 0 || nonMated === 0) {
    const none = { eer: null, fmr100: null, fmr1000: null, fmr10000: null, fmr100000: null, zeroFmr: null }
    return { mated, nonMated, ...none, thresholds: null }
  }
  const equal = crossing(counts)
  // FNMR only grows with the threshold, so the first threshold that keeps the FMR has the lowest FNMR.
  const keeping = (pairs: number) => falseMatches.findIndex(count => count * pairs <= nonMated)
  const rare = (pairs: number) => (nonMated < LEAST_FALSE_MATCHES * pairs ? null : keeping(pairs))
  const [fmr100, fmr1000, zeroFmr] = [keeping(100), keeping(1_000), falseMatches.indexOf(0)]
  const [fmr10000, fmr100000] = [rare(10_000), rare(100_000)]
  const fnmr = (place: number | null) => (place === null ? null : falseNonMatches[place] / mated)
  return {
    mated,
    nonMated,
    eer: (falseNonMatches[equal] / mated + falseMatches[equal] / nonMated) / 2,
    fmr100: fnmr(fmr100),
    fmr1000: fnmr(fmr1000),
    fmr10000: fnmr(fmr10000),
    fmr100000: fnmr(fmr100000),
    zeroFmr: fnmr(zeroFmr),
    thresholds: {
      eer: thresholds[equal],
      fmr100: thresholds[fmr100],
      fmr1000: thresholds[fmr1000],
      fmr10000: fmr10000 === null ? null : thresholds[fmr10000],
      fmr100000: fmr100000 === null ? null : thresholds[fmr100000],
      zeroFmr: thresholds[zeroFmr],
    },
  }
}

/** Place of the first threshold at which both rates are closest. */
function crossing({ mated, nonMated, thresholds, falseNonMatches, falseMatches }: ErrorCounts): number {
  let closest = Infinity
  let place = 0
  for (let k = 0; k < thresholds.length; k++) {
    const gap = Math.abs(falseNonMatches[k] * nonMated - falseMatches[k] * mated)
    if (gap >= closest) continue
    closest = gap
    place = k
  }
  return place
}

function sortedScores(scores: ArrayLike<number>, name: string): Float64Array {
  const sorted = Float64Array.from(scores).sort()
  // NaN sorts to the end
  const extremes = [sorted[0] ?? 0, sorted[sorted.length - 1] ?? 0]
  if (!extremes.every(Number.isFinite)) throw new RangeError(`${name}: every score must be a finite number`)
  return sorted
}
