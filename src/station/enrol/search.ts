/** The pre-check: a person's fingers against all that the station knows of. */
import { FRICTION_RIDGE_POSITIONS } from '../../formats/finger-positions.js'
import { programVersion } from '../../node/program-version.js'
import type { PersonSearchResult } from '../../persons/identify.js'
import { timeOf } from '../clock.js'
import type { StationParts } from '../station.js'
import { type EnrolFeedback, feedback } from './feedback.js'
import type { LocalGallery } from './local-gallery.js'
import { MOST_CANDIDATES, type PreCheck, type PreCheckCandidate } from './pre-check.js'
import type { RecordedFinger } from './templates-payload.js'
import type { EnrolOptions } from './types.js'

/** Candidates that a stranger of every other search would bring up too say nothing. */
const MOST_FPIR = 0.5

export interface Searched {
  readonly preCheck: PreCheck
  /** Fingers that were put down twice. */
  readonly feedback: readonly EnrolFeedback[]
}

let software: string | undefined

/**
 * To be called within `gallery.withAll`.
 *
 * @param without the record that the fingers are of
 */
export async function searchPerson(
  { clock }: StationParts,
  gallery: LocalGallery | undefined,
  fingers: readonly RecordedFinger[],
  { targetFpir, signal, onProgress }: EnrolOptions,
  without?: string,
): Promise<Searched> {
  software ??= `sidik ${programVersion()}`
  const made = { software, at: timeOf(clock) }
  const { persons = 0, through = 0, absent = 0 } = gallery ?? {}
  const known = { persons, through, absent }
  const reason =
    gallery === undefined
      ? 'no-engine'
      : fingers.every(finger => finger.missing !== undefined)
        ? 'no-finger'
        : undefined
  if (gallery === undefined || reason !== undefined) {
    return { preCheck: { decision: 'not-run', reasons: [reason!], candidates: [], ...known, ...made }, feedback: [] }
  }
  const options = {
    limit: MOST_CANDIDATES,
    ...(targetFpir !== undefined && { targetFpir }),
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: ({ searched, total }: { searched: number; total: number }) =>
        onProgress({ step: 'search', done: searched, total }),
    }),
  }
  const result = await gallery.identify(fingers, options, without)
  return {
    preCheck: {
      decision: result.decision,
      reasons: [...result.reasons],
      candidates: candidatesOf(result),
      ...known,
      persons: result.searched,
      missRate: result.missRate,
      ...made,
    },
    feedback: sameFingers(result, fingers),
  }
}

function candidatesOf(result: PersonSearchResult): PreCheckCandidate[] {
  const told = result.candidates.filter(
    ({ fpir, fingers }) => fpir < MOST_FPIR || fingers.some(({ verdict }) => verdict === 'agreeing'),
  )
  return told.map(({ id, score, fpir, fingers }) => ({
    record: id,
    score,
    fpir,
    fingers: fingers.map(each => ({
      position: each.probePosition,
      candidatePosition: each.enrolledPosition,
      score: each.score,
      verdict: each.verdict,
    })),
  }))
}

function sameFingers(result: PersonSearchResult, fingers: readonly RecordedFinger[]): EnrolFeedback[] {
  return result.feedback.flatMap(({ code, fingers: indexes }) => {
    if (code !== 'same-finger-twice') return []
    const positions = indexes.map(index => fingers[index].position)
    const names = positions.map(position => FRICTION_RIDGE_POSITIONS.get(position)!.name)
    const message = `the ${names.join(' and the ')} show one finger: capture the one that is wrong again`
    return feedback('same-finger-twice', message, { positions })
  })
}
