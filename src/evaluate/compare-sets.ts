import type { ScoredPairs, SetScores } from './bootstrap.js'
import type { PrintSet } from './dataset.js'
import type { Extraction } from './extract-sets.js'
import { matedPairs, nonMatedPairs, type PairList } from './protocol.js'
import type { EvaluationEngine, EvaluationOptions } from './report.js'
import { runInSlices } from './slices.js'

export interface ComparedSets {
  /** All-pairs scores of each set. */
  readonly scores: readonly SetScores[]
  /** Of this thread, one pair at a time; null when no two templates were compared. */
  readonly comparisonsPerSecond: number | null
}

/**
 * Compares all mated and non-mated pairs of every set, on this thread. A print without a template scores 0 against
 * everything, without asking the engine.
 *
 * @param firsts of each set, how its prints were extracted to be the first of a pair; `seconds`, to be the second
 * @throws RangeError when the engine returns a score that is not a finite number
 */
export async function compareSets(
  engine: EvaluationEngine,
  sets: readonly PrintSet[],
  firsts: readonly (readonly Extraction[])[],
  seconds: readonly (readonly Extraction[])[],
  { signal, onProgress }: EvaluationOptions,
): Promise<ComparedSets> {
  const scores = sets.map(unscored)
  const total = scores.reduce((sum, { mated, nonMated }) => sum + mated.scores.length + nonMated.scores.length, 0)
  let finished = 0
  let compared = 0
  let busyMs = 0
  for (const [s, { mated, nonMated }] of scores.entries()) {
    for (const pairs of [mated, nonMated]) {
      const compare = (k: number) => {
        const a = firsts[s][pairs.first[k]].template
        const b = seconds[s][pairs.second[k]].template
        if (a === null || b === null) return
        const { score } = engine.match(a, b)
        if (!Number.isFinite(score))
          throw new RangeError(`engine.match returned the score ${score}, not a finite number`)
        pairs.scores[k] = score
        compared++
      }
      const report = (done: number) =>
        onProgress?.({ phase: 'compare', done: finished + done, total, set: sets[s].name })
      busyMs += await runInSlices(pairs.scores.length, compare, signal, report)
      finished += pairs.scores.length
    }
  }
  return { scores, comparisonsPerSecond: compared > 0 && busyMs > 0 ? (1000 * compared) / busyMs : null }
}

function unscored({ prints }: PrintSet): SetScores {
  const fingers = [...new Set(prints.map(print => print.finger))]
  const places = new Map(fingers.map((finger, place) => [finger, place]))
  return {
    fingers: fingers.length,
    fingerOf: Uint32Array.from(prints, print => places.get(print.finger)!),
    mated: withScores(matedPairs(prints)),
    nonMated: withScores(nonMatedPairs(prints, 'all-pairs')),
  }
}

function withScores(pairs: PairList): ScoredPairs {
  return { ...pairs, scores: new Float64Array(pairs.first.length) }
}
