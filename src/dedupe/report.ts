import { fmrOfScore } from '../score.js'
import type { ComparedCodes } from '../types.js'
import { byText, groupsOf } from './groups.js'
import type { Merged } from './merge.js'
import { type PersonPair, personOf } from './person-pairs.js'

/** Two templates that are of one finger, as far as their score says. */
export interface DuplicatePair {
  /** Ids of the two; `a` comes before `b`, code unit by code unit. */
  readonly a: string
  readonly b: string
  /** Decibans, as `engine.match` gives them. */
  readonly score: number
  /** Share of pairs of different fingers that score so high. */
  readonly fmr: number
  /** By what the two were compared. */
  readonly codes: ComparedCodes
  /** Both are of one person by their ids (see Persons): a finger that was captured twice, not a person enrolled twice. */
  readonly samePerson: boolean
}

/** What of a gallery is there twice. It is the same whatever the number of worker threads and of interruptions. */
export interface DedupeReport {
  /** Templates that were there at the call. */
  readonly size: number
  /** SHA-256 of them and their ids, in their order, hexadecimal. */
  readonly digest: string
  /** Whether every search looked at every template. */
  readonly exhaustive: boolean
  /** Score from which pairs are reported, decibans. */
  readonly minScore: number
  /** Share of pairs of different fingers that reach it. */
  readonly fmr: number
  /** Pairs that were judged: all there are. */
  readonly comparisons: number
  /** Of those, how many of different fingers are expected to be reported by chance: `fmr * comparisons`. */
  readonly expectedFalsePairs: number
  /** Each pair once; highest score first, equal ones by their ids. */
  readonly pairs: readonly DuplicatePair[]
  /** Ids of the templates that pairs connect, also over others: those of one finger. The largest group first. */
  readonly groups: readonly (readonly string[])[]
  /** Persons (see Persons) of whom there was a template. */
  readonly persons: number
  /** Persons of whom `pairs` has fingers in common; highest score first, equal ones by their ids. */
  readonly personPairs: readonly PersonPair[]
  /** Ids of the persons that these connect, the largest group first. */
  readonly personGroups: readonly (readonly string[])[]
  /**
   * Ids of templates that came up with 200 others or more, as many as a search compares: each of them may have pairs that are
   * not in `pairs`. Empty in all but galleries with the same print over and over.
   */
  readonly truncated: readonly string[]
  /** Templates that were removed or replaced while it ran: no pair with them is reported. */
  readonly removed: number
}

/** The facts about a run from which its pairs are made. */
export interface ReportFacts {
  readonly digest: string
  readonly exhaustive: boolean
  readonly minScore: number
  readonly ids: readonly string[]
  readonly holds: (id: string) => boolean
}

/** What was found, without what went meanwhile; persons are for others to add. */
export function reportOf(
  { pairs: merged, truncated }: Merged,
  facts: ReportFacts,
): Omit<DedupeReport, 'persons' | 'personPairs' | 'personGroups'> {
  const { digest, exhaustive, minScore, ids, holds } = facts
  const pairs: DuplicatePair[] = []
  for (const { one, other, score, codes } of merged) {
    if (!holds(ids[one]) || !holds(ids[other])) continue
    const [a, b] = [ids[one], ids[other]].sort(byText)
    const person = personOf(a)
    const samePerson = person !== undefined && person === personOf(b)
    pairs.push({ a, b, score, fmr: fmrOfScore(score), codes, samePerson })
  }
  pairs.sort((x, y) => y.score - x.score || byText(x.a, y.a) || byText(x.b, y.b))
  const fmr = fmrOfScore(minScore)
  const comparisons = pairsAmong(ids.length)
  return {
    size: ids.length,
    digest,
    exhaustive,
    minScore,
    fmr,
    comparisons,
    expectedFalsePairs: fmr * comparisons,
    truncated: truncated.map(number => ids[number]).filter(holds),
    removed: ids.reduce((count, id) => count + (holds(id) ? 0 : 1), 0),
    groups: groupsOf(pairs),
    pairs,
  }
}

/** How many pairs so many templates make. */
export function pairsAmong(size: number): number {
  return (size * Math.max(0, size - 1)) / 2
}
