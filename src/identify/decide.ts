import type { ComparedCodes } from '../types.js'

export interface Candidate {
  readonly id: string
  readonly score: number
  /** By what the probe was compared with this template. */
  readonly codes: ComparedCodes
}

/**
 * The candidates to return: those of at least `minScore`, best first, at most `limit`. Equal scores are ordered by id,
 * code unit by code unit, which no locale and no order of insertion changes.
 */
export function rank(found: readonly Candidate[], demand: { limit: number; minScore: number }): Candidate[] {
  return found
    .filter(({ score }) => score >= demand.minScore)
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, demand.limit)
}
