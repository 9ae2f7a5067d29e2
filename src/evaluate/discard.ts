/**
 * Error versus discard characteristic (ISO/IEC 29794-1; Grother and Tabassi, "Performance of biometric quality measures", IEEE
 * TPAMI 29(4), 2007): prints are dropped in order of their quality, worst first, and FNMR is counted again on what is left, at a
 * threshold that stays. A quality that predicts errors takes more of them away than dropping as many prints at random.
 */
import { Random } from '../random.js'
import { drawFingers, quantile, type SetScores } from './bootstrap.js'
import type { PrintSet } from './dataset.js'
import type { DiscardPoint, FnmrFall, QualityReport, Spread } from './discard-report.js'
import type { Extraction } from './extract-sets.js'
import { countErrors } from './rates.js'
import { runInSlices } from './slices.js'

/** One false match is allowed in so many non-mated comparisons. */
const NON_MATED_A_FALSE_MATCH = [1_000, 10_000] as const
const PERCENT_MOST = 30
const RANDOM_DROPS = 1_000
const SEED = 1
/** Share of the prints for which the fall of FNMR is given. */
const FALL_SHARE = 0.1

/** Prints of one or more sets, and their mated pairs. */
interface Population {
  /** Places of the prints, the first to go first. */
  readonly order: readonly number[]
  /** Fingers of each set, and the finger of each print, numbered through all sets. */
  readonly fingerCounts: readonly number[]
  readonly fingerOf: readonly number[]
  readonly first: readonly number[]
  readonly second: readonly number[]
  readonly scores: readonly number[]
}

/**
 * The curves of every set and of all together, for FMR 0.1 % and 0.01 %. A print without a template goes before all others; prints of
 * equal quality go in the order of sets, fingers and impressions. A share `s` of `n` prints is round(s n).
 *
 * @throws the reason of `signal` when it is aborted
 */
export async function discardCurves(
  sets: readonly PrintSet[],
  extractions: readonly (readonly Extraction[])[],
  scores: readonly SetScores[],
  { replicates, signal }: { readonly replicates: number; readonly signal?: AbortSignal },
): Promise<QualityReport> {
  const all = populationOf(extractions, scores)
  const nonMated = scores.flatMap(set => [...set.nonMated.scores])
  const counts = countErrors(all.scores, nonMated)
  const levels = NON_MATED_A_FALSE_MATCH.map(pairs => {
    const place = counts.falseMatches.findIndex(count => count * pairs <= nonMated.length)
    return { fmr: 1 / pairs, threshold: counts.thresholds[place] }
  })
  const curves = (population: Population) =>
    inTurn(levels, async level => ({ ...level, points: await discardPoints(population, level.threshold, signal) }))
  return {
    pooled: await inTurn(await curves(all), async curve => {
      return { ...curve, fall: await fnmrFall(all, curve.threshold, replicates, signal) }
    }),
    sets: await inTurn([...sets.entries()], async ([s, { name }]) => {
      return { name, curves: await curves(populationOf([extractions[s]], [scores[s]])) }
    }),
    randomDrops: RANDOM_DROPS,
  }
}

async function inTurn<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const item of items) results.push(await task(item))
  return results
}

function populationOf(extractions: readonly (readonly Extraction[])[], scores: readonly SetScores[]): Population {
  const qualities = extractions.flat().map(print => (print.template === null ? -1 : print.quality))
  const fingerOf: number[] = []
  const first: number[] = []
  const second: number[] = []
  let fingers = 0
  for (const { fingers: count, fingerOf: own, mated } of scores) {
    const offset = fingerOf.length
    for (const finger of own) fingerOf.push(fingers + finger)
    for (const place of mated.first) first.push(offset + place)
    for (const place of mated.second) second.push(offset + place)
    fingers += count
  }
  return {
    order: qualities.map((_, place) => place).sort((a, b) => qualities[a] - qualities[b] || a - b),
    fingerCounts: scores.map(set => set.fingers),
    fingerOf,
    first,
    second,
    scores: scores.flatMap(({ mated }) => [...mated.scores]),
  }
}

/** What is left at each share: mated pairs, and false non-matches among them. */
interface Left {
  readonly mated: Float64Array
  readonly errors: Float64Array
}

async function discardPoints(
  population: Population,
  threshold: number,
  signal: AbortSignal | undefined,
): Promise<DiscardPoint[]> {
  const prints = population.order.length
  const shares = Array.from({ length: PERCENT_MOST + 1 }, (_, percent) => percent / 100)
  const drops = shares.map(share => Math.round(share * prints))
  const byQuality = leftAfter(population, threshold, population.order, drops)
  const random = new Random(SEED)
  const order = population.order.map((_, place) => place)
  const byChance: Left[] = []
  const draw = () => {
    for (let k = prints - 1; k > 0; k--) {
      const other = random.below(k + 1)
      ;[order[k], order[other]] = [order[other], order[k]]
    }
    byChance.push(leftAfter(population, threshold, order, drops))
  }
  await runInSlices(RANDOM_DROPS, draw, signal)
  const all = byQuality.errors[0]
  const rate = ({ mated, errors }: Left, k: number) => (mated[k] === 0 ? null : errors[k] / mated[k])
  const lost = ({ errors }: Left, k: number) => (all === 0 ? null : (all - errors[k]) / all)
  return shares.map((share, k) => {
    const gone = lost(byQuality, k)
    const randomGone = spreadOf(byChance.map(left => lost(left, k)))
    return {
      share,
      dropped: drops[k],
      mated: byQuality.mated[k],
      falseNonMatches: byQuality.errors[k],
      fnmr: rate(byQuality, k),
      gone,
      random: { fnmr: spreadOf(byChance.map(left => rate(left, k))), gone: randomGone },
      factor: gone === null || !randomGone?.mean ? null : gone / randomGone.mean,
    }
  })
}

/** Drops the first `drops[k]` prints of `order`; `drops` ascend. */
function leftAfter(
  { first, second, scores }: Population,
  threshold: number,
  order: readonly number[],
  drops: readonly number[],
): Left {
  // How many of the drops a print survives; a pair survives as many as the worse of its prints.
  const survives = new Uint32Array(order.length)
  let passed = 0
  for (const [rank, place] of order.entries()) {
    while (passed < drops.length && drops[passed] <= rank) passed++
    survives[place] = passed
  }
  const mated = new Float64Array(drops.length)
  const errors = new Float64Array(drops.length)
  for (let k = 0; k < scores.length; k++) {
    const last = Math.min(survives[first[k]], survives[second[k]]) - 1
    if (last < 0) continue
    mated[last]++
    if (scores[k] < threshold) errors[last]++
  }
  for (let k = drops.length - 2; k >= 0; k--) {
    mated[k] += mated[k + 1]
    errors[k] += errors[k + 1]
  }
  return { mated, errors }
}

/** Null when any value is. */
function spreadOf(values: readonly (number | null)[]): Spread | null {
  const known = values.filter(value => value !== null)
  if (known.length < values.length) return null
  const sorted = Float64Array.from(known).sort()
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
  return { mean, interval95: [quantile(sorted, 0.025), quantile(sorted, 0.975)] }
}

/**
 * How far FNMR falls when FALL_SHARE of the prints go, with its bootstrap interval: fingers are drawn as for the EER (bootstrapEer),
 * prints counted as often as their finger was drawn and dropped in the same order. Null when there is no false non-match.
 */
async function fnmrFall(
  population: Population,
  threshold: number,
  replicates: number,
  signal: AbortSignal | undefined,
): Promise<FnmrFall | null> {
  const { fingerCounts } = population
  const once = new Uint32Array(fingerCounts.reduce((sum, count) => sum + count, 0)).fill(1)
  const fall = weightedFall(population, threshold, once)
  if (fall === null) return null
  const random = new Random(SEED)
  const falls = new Float64Array(replicates)
  const replicate = (k: number) => {
    let drawn: number | null = null
    while (drawn === null) drawn = weightedFall(population, threshold, drawFingers(fingerCounts, random))
    falls[k] = drawn
  }
  await runInSlices(replicates, replicate, signal)
  falls.sort()
  return { share: FALL_SHARE, fall, interval95: [quantile(falls, 0.025), quantile(falls, 0.975)], replicates }
}

/** Null when no false non-match is drawn. */
function weightedFall(
  { order, fingerOf, first, second, scores }: Population,
  threshold: number,
  drawn: Uint32Array,
): number | null {
  const total = fingerOf.reduce((sum, finger) => sum + drawn[finger], 0)
  const dropped = new Uint8Array(order.length)
  let count = 0
  for (const place of order) {
    count += drawn[fingerOf[place]]
    if (count > Math.round(FALL_SHARE * total)) break
    dropped[place] = 1
  }
  let [mated, errors, keptMated, keptErrors] = [0, 0, 0, 0]
  for (let k = 0; k < scores.length; k++) {
    const weight = drawn[fingerOf[first[k]]]
    const error = scores[k] < threshold ? weight : 0
    mated += weight
    errors += error
    if (dropped[first[k]] || dropped[second[k]]) continue
    keptMated += weight
    keptErrors += error
  }
  if (errors === 0) return null
  return 1 - keptErrors / Math.max(keptMated, 1) / (errors / mated)
}
