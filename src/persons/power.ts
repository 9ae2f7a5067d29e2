/**
 * What a search could have missed: of persons who are enrolled, the share that it would not have noticed. Measured on
 * virtual persons of the FVC sets (docs/persons.md); a smaller sensor, or skin worn by work, does worse.
 */

/**
 * The share of mated fingers whose template does not come through a screen among a million: 1.1 % of 4,444 mated
 * pairs, of prints with fewer than 16 minutiae 7.3 % of 164; twice that and more, because prints elsewhere are not
 * these.
 */
const SCREEN_MISSES = 0.02
const SCREEN_MISSES_SMALL = 0.2

/**
 * The same of quick screens: 2.4 % of 4,608 mated pairs where it is 1.6 % by the whole index (bench/index-recall.js),
 * nearly doubled. For prints with few minutiae half as much again as by the whole index, which was not measured.
 */
const QUICK_MISSES = 0.046
const QUICK_MISSES_SMALL = 0.3

const SMALL_MINUTIAE = 16

/** Scores (decibans, of persons) that a share of mates stays below, by fingers compared: 1, 2, 3, 4 and more. */
const SHARES = [0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]
const MATED_SCORES = [
  [6, 22, 36, 57, 72, 83, 98],
  [42, 82, 99, 121, 139, 156, 180],
  [86, 133, 154, 184, 208, 230, 261],
  [125, 188, 209, 245, 277, 304, 344],
]

/** Share of mated fingers that are not on the shortlist of a screen, quick or not, by a print of so many minutiae. */
export function fingerMisses(minutiae: number, quick: boolean): number {
  if (minutiae < SMALL_MINUTIAE) return quick ? QUICK_MISSES_SMALL : SCREEN_MISSES_SMALL
  return quick ? QUICK_MISSES : SCREEN_MISSES
}

/** Share of enrolled persons whose score stays below `least` when so many fingers are compared: one of {@link SHARES}, 0 or 1. */
export function scoreMisses(fingers: number, least: number): number {
  if (least <= 0) return 0
  if (fingers === 0) return 1
  const scores = MATED_SCORES[Math.min(fingers, MATED_SCORES.length) - 1]
  const reached = scores.findIndex(score => score >= least)
  return reached < 0 ? 1 : SHARES[reached]
}
