/** What follows from the scores of a search of persons. Numbers only: docs/persons.md gives their measure. */
import { fpirOf } from '../score.js'
import { type FusedPair, type Fusion, STRANGERS_ABOVE_DECIBANS } from './fuse.js'

/** `review` up to this many times the FPIR that is asked for. */
export const REVIEW_FACTOR = 20

/** Decibans below which a pair of fingers does not match: nine of ten strangers stay below, of mates about one in 100. */
export const DISAGREEING_BELOW = 10

/** Decibans from which a pair of fingers matches: one stranger in 1,000 comes so high, of mates 19 in 20. */
export const AGREEING_FROM = 30

/**
 * Decibans that each disagreeing finger takes off the evidence before `duplicate` is said: a tenth of a city's fingers may
 * fail to match their own, of strangers nearly all do.
 */
export const AGAINST_DECIBANS = 10

/** Share of enrolled persons that a `clear` may have missed, at most. */
export const CLEAR_MISS_MOST = 0.05

export type Decision = 'clear' | 'duplicate' | 'review'

/** Why `review`: what a person who looks at the case should look at. */
export type ReviewReason = 'near' | 'disagreeing-fingers' | 'strong-finger' | 'too-little-to-clear'

/** How many pairs speak against: those that do not match where another one does. */
export function disagreeing(pairs: readonly FusedPair[]): number {
  if (!pairs.some(({ score }) => score >= AGREEING_FROM)) return 0
  return pairs.filter(({ score }) => score < DISAGREEING_BELOW).length
}

export interface Compared {
  readonly fusion: Fusion
  /** Pairs of a finger of the probe and one of this person: all are counted, because the screen looked at all. */
  readonly fingerPairs: number
  /** The highest score of any pair, decibans. */
  readonly strongest: number
}

/**
 * @param compared the persons that were compared
 * @param persons in the gallery
 * @param missRate of persons who are enrolled, the share that would not have been noticed
 */
export function decide(
  compared: readonly Compared[],
  demand: { readonly persons: number; readonly targetFpir: number; readonly missRate: number },
): { decision: Decision; reasons: ReviewReason[] } {
  const { persons, targetFpir, missRate } = demand
  const reviewFpir = Math.min(1, REVIEW_FACTOR * targetFpir)
  const reasons = new Set<ReviewReason>()
  for (const { fusion, fingerPairs, strongest } of compared) {
    const against = AGAINST_DECIBANS * disagreeing(fusion.pairs)
    if (fpirOf(fusion.score - against, persons) <= targetFpir) return { decision: 'duplicate', reasons: [] }
    if (fpirOf(fusion.score, persons) <= targetFpir) reasons.add('disagreeing-fingers')
    else if (fpirOf(fusion.score, persons) <= reviewFpir) reasons.add('near')
    // Any one pair of fingers: the union bound over all of them.
    const single = strongest - STRANGERS_ABOVE_DECIBANS - 10 * Math.log10(fingerPairs)
    if (fpirOf(single, persons) <= reviewFpir) reasons.add('strong-finger')
  }
  if (reasons.size === 0 && missRate > CLEAR_MISS_MOST) reasons.add('too-little-to-clear')
  return { decision: reasons.size === 0 ? 'clear' : 'review', reasons: [...reasons] }
}
