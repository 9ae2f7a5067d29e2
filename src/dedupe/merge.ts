import type { ComparedCodes } from '../types.js'
import type { Stretch } from './findings.js'

/** Two templates by their numbers, the smaller one first. */
export interface MergedPair {
  readonly one: number
  readonly other: number
  readonly score: number
  readonly codes: ComparedCodes
}

export interface Merged {
  /** Each pair once, in no order. */
  readonly pairs: readonly MergedPair[]
  /** In the order of their numbers. */
  readonly truncated: readonly number[]
}

/**
 * What all searches found. A pair counts when either of its two found the other: the comparison is symmetric, but which
 * templates a search compares is not. Should the two scores differ all the same, the higher one is taken.
 */
export function merge(stretches: Iterable<Stretch>, size: number): Merged {
  const pairs = new Map<number, MergedPair>()
  const truncated: number[] = []
  for (const stretch of stretches) {
    for (const { probe, found, score, codes } of stretch.findings) {
      const [one, other] = probe < found ? [probe, found] : [found, probe]
      const key = one * size + other
      const present = pairs.get(key)
      if (present === undefined || score > present.score) pairs.set(key, { one, other, score, codes })
    }
    truncated.push(...stretch.truncated)
  }
  return { pairs: [...pairs.values()], truncated: truncated.sort((a, b) => a - b) }
}
