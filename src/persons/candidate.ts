/** A person who was compared, in words that a person who looks at the case can use. */

import { fpirOf } from '../score.js'
import type { ComparedPerson } from './compare-shortlist.js'
import { AGREEING_FROM, DISAGREEING_BELOW, disagreeing } from './decide.js'
import type { Hypothesis } from './hypotheses.js'
import type { UsableFinger } from './read-fingers.js'
import type { RosterFinger } from './roster.js'
import type { MissingReason, StatedPosition } from './types.js'

export interface CandidateFinger {
  /** Which of the fingers given, from 0, and what it was stated to be. */
  readonly probeIndex: number
  readonly probePosition: StatedPosition
  /** Which of the enrolled person's fingers, from 0, and what it was stated to be. */
  readonly enrolledIndex: number
  readonly enrolledPosition: StatedPosition
  /** Decibans, of these two fingers alone. */
  readonly score: number
  /** The two were stated to be different fingers: one of the two statements is wrong, if this is the person. */
  readonly swapped: boolean
  /** `disagreeing`: it does not match though another finger of the same person does. */
  readonly verdict: 'agreeing' | 'undecided' | 'disagreeing'
}

export interface PersonCandidate {
  readonly id: string
  /** -10 log10 of the false match rate of two persons, decibans. */
  readonly score: number
  /** Share of searches of strangers in which one or more of all persons scores so high. */
  readonly fpir: number
  /** How the fingers were paired: as stated, with the hands taken for each other, or by the best one-to-one assignment. */
  readonly pairing: Hypothesis['kind'] | undefined
  /** Pairs compared, in the order of the probe's fingers. */
  readonly fingers: readonly CandidateFinger[]
  /** Fingers whose verdict is `disagreeing`. */
  readonly disagreeing: number
  /** Enrolled fingers that had no part in the score: without a template, or without a partner. */
  readonly unpaired: readonly { readonly position: StatedPosition; readonly missing?: MissingReason | undefined }[]
}

export function describeCandidate(
  { id, fusion }: ComparedPerson,
  probe: readonly UsableFinger[],
  enrolled: readonly RosterFinger[],
  persons: number,
): PersonCandidate {
  // As in compare-shortlist.ts: fingers without a template have no column.
  const columns = [...enrolled.keys()].filter(i => enrolled[i].templateId !== undefined)
  const against = disagreeing(fusion.pairs) > 0
  const fingers = fusion.pairs.map(
    ({ probe: row, enrolled: column, score, swapped }): CandidateFinger => ({
      probeIndex: probe[row].index,
      probePosition: probe[row].position,
      enrolledIndex: columns[column],
      enrolledPosition: enrolled[columns[column]].position,
      score,
      swapped,
      verdict: score >= AGREEING_FROM ? 'agreeing' : against && score < DISAGREEING_BELOW ? 'disagreeing' : 'undecided',
    }),
  )
  return {
    id,
    score: fusion.score,
    fpir: fpirOf(fusion.score, persons),
    pairing: fusion.kind,
    fingers: fingers.sort((a, b) => a.probeIndex - b.probeIndex),
    disagreeing: disagreeing(fusion.pairs),
    unpaired: enrolled.flatMap(({ position, missing }, i) =>
      fingers.some(({ enrolledIndex }) => enrolledIndex === i)
        ? []
        : [{ position, ...(missing !== undefined && { missing }) }],
    ),
  }
}
