import type { SetScores } from './bootstrap.js'
import type { CalibrationLevel, CalibrationReport } from './report.js'

/** Scores at which the stated rate is held against the counted one, in decibans. */
const LEVEL_STEP = 5
const FIRST_LEVEL = 10
const LAST_LEVEL = 100

/** Pairs that must have been expected for a rate to count as measured: fewer say little about it. */
const MEASURED_PAIRS = 10

/** Two-sided 95 %, of the normal distribution, and of a Poisson count of which none was seen. */
const NORMAL_95 = 1.96
const NONE_SEEN_95 = 3.69

/**
 * The false match rates that scores state (10^(-score / 10)) against those counted among the non-mated pairs of `sets`,
 * from score 10 to 100, as far as at least one pair was expected or counted. An engine whose scores are no decibans states
 * nothing that this could hold it to.
 */
export function checkCalibration(sets: readonly SetScores[]): CalibrationReport {
  const strangers = nonMatedPairs(sets)
  const comparisons = strangers.scores.length
  const levels: CalibrationLevel[] = []
  for (let score = FIRST_LEVEL; score <= LAST_LEVEL; score += LEVEL_STEP) {
    const stated = 10 ** (-score / 10)
    const expected = stated * comparisons
    const hits = strangers.fingers.filter((_, k) => strangers.scores[k] >= score)
    if (hits.length === 0 && expected < 1) break
    const interval95 = rateInterval95(strangers.pairsOf, hits)
    levels.push({ score, stated, expected, hits: hits.length, counted: hits.length / comparisons, interval95 })
  }
  const measured = levels.filter(({ expected }) => expected >= MEASURED_PAIRS)
  return { comparisons, measuredTo: measured.at(-1)?.score ?? null, levels }
}

/** All non-mated pairs: their scores and fingers (numbered through all sets), and in how many pairs each finger is. */
function nonMatedPairs(sets: readonly SetScores[]) {
  const scores: number[] = []
  const fingers: (readonly [number, number])[] = []
  const pairsOf: number[] = []
  for (const { fingers: count, fingerOf, nonMated } of sets) {
    const offset = pairsOf.length
    for (let finger = 0; finger < count; finger++) pairsOf.push(0)
    nonMated.scores.forEach((score, k) => {
      const first = offset + fingerOf[nonMated.first[k]]
      const second = offset + fingerOf[nonMated.second[k]]
      scores.push(score)
      fingers.push([first, second])
      pairsOf[first]++
      pairsOf[second]++
    })
  }
  return { scores, fingers, pairsOf }
}

/**
 * 95 % interval of the rate of `hits` among pairs of prints of different fingers. Pairs that share a finger are not
 * independent: the variance is that of sums over fingers (Fafchamps and Gubert, "The formation of risk sharing
 * networks", J. Dev. Econ. 83(2), 2007, section 3), at least a Poisson count's. Normal on the logarithm, which keeps it
 * above 0; where nothing was hit, up to what would leave that to 2.5 %.
 *
 * @param pairsOf of each finger, in how many of the pairs it is
 * @param hits the two fingers of each pair that counts
 */
export function rateInterval95(
  pairsOf: ArrayLike<number>,
  hits: readonly (readonly [first: number, second: number])[],
): [low: number, high: number] {
  let pairs = 0
  for (let finger = 0; finger < pairsOf.length; finger++) pairs += pairsOf[finger] / 2
  if (pairs === 0) return [0, 1]
  if (hits.length === 0) return [0, Math.min(1, NONE_SEEN_95 / pairs)]
  const hitsOf = new Float64Array(pairsOf.length)
  const hitsOfBoth = new Map<number, number>()
  for (const [first, second] of hits) {
    hitsOf[first]++
    hitsOf[second]++
    const both = Math.min(first, second) * pairsOf.length + Math.max(first, second)
    hitsOfBoth.set(both, (hitsOfBoth.get(both) ?? 0) + 1)
  }
  const rate = hits.length / pairs
  let variance = 0
  for (let finger = 0; finger < pairsOf.length; finger++) variance += (hitsOf[finger] - rate * pairsOf[finger]) ** 2
  // Each pair of fingers was counted with both of its fingers, once too often.
  for (const count of hitsOfBoth.values()) variance -= count ** 2
  const factor = Math.exp((NORMAL_95 * Math.sqrt(Math.max(hits.length, variance))) / hits.length)
  return [rate / factor, Math.min(1, rate * factor)]
}
