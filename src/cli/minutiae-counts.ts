import { minutiaeAgreement } from '../evaluate/index.js'
import type { Minutia, MinutiaType } from '../types.js'

/** Found minutiae against true ones, of one print or summed over several. */
export interface MinutiaeCounts {
  readonly found: number
  readonly truth: number
  /** Pairs of a found and a true one. */
  readonly matched: number
  /** Pairs of one type. */
  readonly sameType: number
}

/** Shares of {@link MinutiaeCounts}; null where there is nothing to count. */
export interface MinutiaeShares extends MinutiaeCounts {
  readonly recall: number | null
  readonly precision: number | null
  readonly typeAgreement: number | null
}

/** What is compared on its own: all minutiae by place and direction, or those of one type on both sides. */
export type MinutiaeGroup = 'pooled' | Exclude<MinutiaType, 'other'>

export const GROUPS: readonly MinutiaeGroup[] = ['pooled', 'ridge-ending', 'bifurcation']

export function countAgreement(
  found: readonly Minutia[],
  truth: readonly Minutia[],
  group: MinutiaeGroup,
): MinutiaeCounts {
  const inGroup = (minutia: Minutia) => group === 'pooled' || minutia.type === group
  const foundInGroup = found.filter(inGroup)
  const truthInGroup = truth.filter(inGroup)
  const { matched, typeAgreement } = minutiaeAgreement(foundInGroup, truthInGroup)
  const sameType = Math.round((typeAgreement ?? 0) * matched)
  return { found: foundInGroup.length, truth: truthInGroup.length, matched, sameType }
}

export function sumCounts(counts: readonly MinutiaeCounts[]): MinutiaeShares {
  const sum = (of: (each: MinutiaeCounts) => number) => counts.reduce((total, each) => total + of(each), 0)
  const [found, truth] = [sum(each => each.found), sum(each => each.truth)]
  const [matched, sameType] = [sum(each => each.matched), sum(each => each.sameType)]
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole)
  return {
    found,
    truth,
    matched,
    sameType,
    recall: share(matched, truth),
    precision: share(matched, found),
    typeAgreement: share(sameType, matched),
  }
}
