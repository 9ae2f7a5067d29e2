import { falseMatchRate, finiteNumber } from './options.js'

/**
 * The score that strangers reach in a share `fmr` of comparisons: `-10 log10(fmr)`, 40 for 0.0001. The rate is that of
 * ONE comparison; a search of N templates makes N of them: `targetFpir` asks for the rate of a search.
 * docs/calibration.md says how far down scores were measured.
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

/** Rates below the least number count as it: no score comes near its 3,233 decibans, and infinity is no score. */
export const LEAST_RATE = Number.MIN_VALUE

/** Decibans in a nat: 10 / ln 10. A score of s decibans is evidence of s / this nats. */
export const DECIBANS_PER_NAT = 10 / Math.LN10

/**
 * The false positive identification rate: share of searches of `searched` strangers in which one or more reach `score`,
 * 1 - (1 - FMR)^N.
 */
export function fpirOf(score: number, searched: number): number {
  const fmr = Math.exp(-score / DECIBANS_PER_NAT)
  return fmr >= 1 ? Math.min(1, searched) : 0 - Math.expm1(searched * Math.log1p(-fmr))
}

/** The score at which {@link fpirOf} is `fpir`, 0 and up. */
export function scoreOfFpir(fpir: number, searched: number): number {
  if (fpir >= 1 || searched === 0) return 0
  const fmr = 0 - Math.expm1(Math.log1p(-fpir) / searched)
  return Math.max(0, -DECIBANS_PER_NAT * Math.log(Math.max(fmr, LEAST_RATE)))
}

/**
 * The threshold that a caller names: a score, or the rate of one comparison; undefined where neither is given.
 *
 * @throws TypeError when one is no number, RangeError when it is out of range
 */
export function namedScore({
  minScore,
  targetFmr,
}: {
  readonly minScore?: number | undefined
  readonly targetFmr?: number | undefined
}): number | undefined {
  if (targetFmr !== undefined) return scoreOfFmr(falseMatchRate('targetFmr', targetFmr))
  if (minScore === undefined) return undefined
  if (finiteNumber('minScore', minScore) >= 0) return minScore
  throw new RangeError(`minScore is ${minScore}, must be 0 or above: no score is below 0`)
}
