import type { ScoredPairs } from './bootstrap.js'
import type { PrintSet } from './dataset.js'
import type { ScoredPair } from './report.js'

/**
 * The `count` pairs of lowest or highest score over all sets, the most extreme first; of equal scores those that come
 * first. `pairs[s]` are pairs of prints of `sets[s]`.
 *
 * @param turnDegOf how the two prints of a pair were turned, where they were
 */
export function extremePairs(
  sets: readonly PrintSet[],
  pairs: readonly ScoredPairs[],
  end: 'lowest' | 'highest',
  count: number,
  turnDegOf?: (set: number, first: number, second: number) => readonly [number, number],
): ScoredPair[] {
  const sign = end === 'lowest' ? 1 : -1
  const worst: ScoredPair[] = []
  for (const [s, { name, prints }] of sets.entries()) {
    const { first, second, scores } = pairs[s]
    for (let k = 0; k < scores.length; k++) {
      const score = scores[k]
      if (worst.length === count && sign * score >= sign * worst[count - 1].score) continue
      const place = worst.findIndex(other => sign * score < sign * other.score)
      const turnDeg = turnDegOf?.(s, first[k], second[k])
      const files = { first: prints[first[k]].file, second: prints[second[k]].file }
      const pair = { set: name, ...files, ...(turnDeg && { turnDeg }), score }
      worst.splice(place === -1 ? worst.length : place, 0, pair)
      if (worst.length > count) worst.pop()
    }
  }
  return worst
}
