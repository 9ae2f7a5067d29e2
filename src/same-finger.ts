/** One finger under two positions: the rule that persons and the sequence check of an enrolment share. */

/** Minutiae below which a print is not compared: it could not be told from others, and would only be taken for one that does not match. */
export const LEAST_MINUTIAE = 8

/**
 * How much more often two fingers of one person come high than a score says, at most. Those of one rolled card (4,041 pairs, NIST SD 14)
 * reach 20 decibans 1.6 times as often as stated, 30 1.2 times, 35 3.1 times, 40 never; rolled fingers of two persons a tenth of that.
 */
const ALIKE = 10

/**
 * Score from which two prints of different positions are one finger, when among `pairs` such pairs one may be wrong in a share
 * `falseAlarms` of persons: by the union bound, 10 log10 (ALIKE x pairs / falseAlarms) decibans.
 */
export function sameFingerScore(pairs: number, falseAlarms: number): number {
  return 10 * Math.log10((ALIKE * pairs) / falseAlarms)
}

/** The same for one print of each of ten fingers (45 pairs) and a false alarm in one person of 2,000: 59.5, rounded up. */
export const SAME_FINGER_SCORE = Math.ceil(sameFingerScore(45, 1 / 2000))

/** All pairs, in their order, whose score is at least what is asked of them. */
export function sameFingerPairs<Print>(
  prints: readonly Print[],
  score: (a: Print, b: Print) => number,
  leastScore: (a: Print, b: Print) => number,
): [Print, Print][] {
  return prints.flatMap((a, i) =>
    prints.slice(i + 1).flatMap((b): [Print, Print][] => (score(a, b) < leastScore(a, b) ? [] : [[a, b]])),
  )
}
