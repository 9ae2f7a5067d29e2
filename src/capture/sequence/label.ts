/**
 * Which finger each cluster of prints is: the assignment that leaves the fewest prints at a wrong position, where a batch that was
 * numbered wrongly as a whole counts as one mistake and not as one a finger.
 */
import type { ReadPrint } from './read-prints.js'
import { NUMBERINGS, type Numbering, singlesOf, slapsOf } from './slaps.js'

/** A slap's fingers lie in their order: a single capture at a wrong position is likelier than one finger of a slap. */
const SLAP_WEIGHT = 1.5

/** A print that matches none says little about which finger others are. */
const ALONE_WEIGHT = 0.25

/**
 * What a wrong numbering of a whole batch must explain, in prints: two of a slap, three of a hand's single captures, which were asked
 * for one by one.
 */
const SLAP_COST = 2
const SINGLES_COST = 2.5

/** Sums of eighths: below it two are equal. */
const LEAST_GAIN = 1e-6

/** Prints that were numbered wrongly as a whole. */
export interface Renumbered {
  readonly kind: 'slap' | 'singles'
  readonly members: readonly number[]
  readonly numbering: Numbering
}

export interface Labels {
  /** Of each print the position that its cluster is of; undefined where its cluster has none. */
  readonly shown: readonly (number | undefined)[]
  /** Of each print the position that it was stated to be of, batches that were numbered wrongly put right. */
  readonly stated: readonly (number | undefined)[]
  readonly renumbered: readonly Renumbered[]
  readonly weights: readonly number[]
}

interface Batch extends Omit<Renumbered, 'numbering'> {
  readonly cost: number
  readonly numberings: readonly Numbering[]
}

/** @param clusters of each print the number of its cluster */
export function labelClusters(prints: readonly ReadPrint[], clusters: readonly number[]): Labels {
  const slaps = slapsOf(prints)
  const alone = (i: number) => clusters.every((cluster, j) => j === i || cluster !== clusters[i])
  const weights = prints.map(
    (_, i) => (slaps.some(slap => slap.includes(i)) ? SLAP_WEIGHT : 1) * (alone(i) ? ALONE_WEIGHT : 1),
  )
  const batches = batchesOf(prints, slaps)
  const evaluate = (renumbered: readonly Renumbered[]) => {
    const stated = prints.map(({ position }, i) => {
      const batch = renumbered.find(({ members }) => members.includes(i))
      return batch === undefined ? position : batch.numbering.of(position)
    })
    const { total, labels } = bestLabels(stated, clusters, weights)
    const cost = batches.filter(({ members }) => renumbered.some(other => other.members === members))
    return { total: cost.reduce((sum, each) => sum - each.cost, total), stated, labels, renumbered }
  }
  let best = evaluate([])
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  // Where nothing is at a wrong position, nothing can be better.
  for (let better = best.total < all - LEAST_GAIN; better; ) {
    const before = best
    for (const move of movesOf(batches)) {
      const kept = before.renumbered.filter(({ members }) => !move.some(other => other.members === members))
      const found = evaluate([...kept, ...move])
      if (found.total > best.total + LEAST_GAIN) best = found
    }
    better = best !== before
  }
  const { stated, labels, renumbered } = best
  return { shown: clusters.map(cluster => labels.get(cluster)), stated, renumbered, weights }
}

function batchesOf(prints: readonly ReadPrint[], slaps: readonly number[][]): Batch[] {
  const acrossHands = NUMBERINGS.filter(({ name }) => name === 'mirrored')
  return [
    ...slaps.map((members): Batch => ({ kind: 'slap', members, cost: SLAP_COST, numberings: NUMBERINGS })),
    ...singlesOf(prints).map(
      (members): Batch => ({ kind: 'singles', members, cost: SINGLES_COST, numberings: acrossHands }),
    ),
  ]
}

/** One batch numbered in another way, or two of a kind in the same: both hands, taken for each other, are explained by neither alone. */
function movesOf(batches: readonly Batch[]): Renumbered[][] {
  const one = batches.flatMap(({ kind, members, numberings }) =>
    numberings.map((numbering): Renumbered => ({ kind, members, numbering })),
  )
  const two = one.flatMap((a, i) =>
    one
      .slice(i + 1)
      .filter(b => a.kind === b.kind && a.members !== b.members && a.numbering === b.numbering)
      .map(b => [a, b]),
  )
  return [...one.map(each => [each]), ...two]
}

/** Position of each cluster, one-to-one, by the most weight of prints that were stated so; clusters that come away empty have none. */
function bestLabels(
  stated: readonly (number | undefined)[],
  clusters: readonly number[],
  weights: readonly number[],
): { total: number; labels: Map<number, number> } {
  const gains = new Map<number, Map<number, number>>()
  clusters.forEach((cluster, i) => {
    const position = stated[i]
    if (position === undefined) return
    const own = gains.get(cluster) ?? new Map<number, number>()
    own.set(position, (own.get(position) ?? 0) + weights[i])
    gains.set(cluster, own)
  })
  // Of clusters that can be of one position only, the first with most weight is enough for each: few are left.
  const simple = new Map<number, readonly [cluster: number, gain: number]>()
  for (const [cluster, own] of gains) {
    const [[position, gain]] = own
    if (own.size === 1 && gain > (simple.get(position)?.[1] ?? 0)) simple.set(position, [cluster, gain])
  }
  const kept = [...gains].filter(([cluster, own]) => own.size > 1 || simple.get([...own.keys()][0])![0] === cluster)
  let best = new Map([[0, { total: 0, labels: [] as readonly (readonly [number, number])[] }]])
  for (const [cluster, own] of kept) {
    const next = new Map(best)
    for (const [set, { total, labels }] of best) {
      for (const [position, gain] of own) {
        const to = set | (1 << position)
        if (to === set || total + gain <= (next.get(to)?.total ?? 0) + LEAST_GAIN) continue
        next.set(to, { total: total + gain, labels: [...labels, [cluster, position]] })
      }
    }
    best = next
  }
  const found = [...best.values()].reduce((a, b) => (b.total > a.total + LEAST_GAIN ? b : a))
  return { total: found.total, labels: new Map(found.labels) }
}
