import { falseMatchRate, finiteNumber } from './options.js'

/**
 * The score that strangers reach in a share `fmr` of comparisons: `-10 log10(fmr)`, 40 for 0.0001. The rate is that of
 * ONE comparison; a search of N templates makes N of them, so for at most a share p of searches with a stranger among
 * the candidates ask for `p / N`. docs/calibration.md says how far down scores were measured.
 *
 * @param fmr above 0, at most 1
 * @throws TypeError when it is no number, RangeError when it is out of range
 */
export function scoreOfFmr(fmr: number): number {
  // From 0, so that a rate of 1 gives 0 and not -0.
  return 0 - 10 * Math.log10(falseMatchRate('fmr', fmr))
}

/**
 * The share of comparisons of different fingers that reach `score`: `10^(-score / 10)`, 0.0001 for 40; 1 at 0 and below.
 *
 * @throws TypeError when it is no number, RangeError when it is not finite
 */
export function fmrOfScore(score: number): number {
  return Math.min(1, 10 ** (-finiteNumber('score', score) / 10))
}

/**
 * The least score that a caller demands, given one way or the other.
 *
 * @throws TypeError when both are given, or one is no number, RangeError when it is out of range
 */
export function leastScore(
  { minScore, targetFmr }: { readonly minScore?: number; readonly targetFmr?: number },
  otherwise: number,
): number {
  if (targetFmr === undefined) return finiteNumber('minScore', minScore ?? otherwise)
  if (minScore !== undefined) throw new TypeError('minScore and targetFmr say the same thing: give only one of them')
  return scoreOfFmr(falseMatchRate('targetFmr', targetFmr))
}
