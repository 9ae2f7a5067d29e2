/** The pre-check: a person's fingers against all that the station knows of. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { programVersion } from '../../node/program-version.js'
import { REVIEW_FACTOR } from '../../persons/decide.js'
import { TARGET_FPIR } from '../../persons/persons.js'
import { timeOf } from '../clock.js'
import { type EnrolFeedback, feedback } from '../enrol/feedback.js'
import { fingerNames } from '../enrol/finger-names.js'
import { type RecordedFinger, samePrintPositions } from '../enrol/templates-payload.js'
import type { EnrolOptions } from '../enrol/types.js'
import { isNear } from '../project/to-look-at.js'
import type { StationParts } from '../station.js'
import type { FoundInGallery, LocalGallery } from './local-gallery.js'
import type { Identified } from './person-index.js'
import { MOST_CANDIDATES, type PreCheck, type PreCheckCandidate } from './pre-check.js'

/** Candidates that a stranger of every other search would bring up too say nothing. */
const MOST_FPIR = 0.5

export type SearchOptions = Omit<EnrolOptions, 'images'> & { readonly population?: number }

export interface Searched {
  readonly preCheck: PreCheck
  /** All candidates that it has room for are near: there may be others. */
  readonly isFull: boolean
  /** Fingers that were put down twice. */
  readonly feedback: readonly EnrolFeedback[]
}

/** Reason of an enrolment that met an index of persons that did not answer: it is compared when it does. */
export const INDEX_UNAVAILABLE = 'index-unavailable'

let software: string | undefined

/**
 * To be called within `gallery.withAll`.
 *
 * @param gallery what to compare with; undefined at a station that compares nothing
 * @param without records that are not compared with: the one that the fingers are of
 */
export async function searchPerson(
  { clock }: StationParts,
  gallery: LocalGallery | typeof INDEX_UNAVAILABLE | undefined,
  fingers: readonly RecordedFinger[],
  { targetFpir, population, signal, onProgress }: SearchOptions,
  without: readonly string[] = [],
): Promise<Searched> {
  software ??= `sidik ${programVersion()}`
  const made = { software, at: timeOf(clock) }
  const { persons = 0, through = 0, absent = 0, withoutRoom = 0 } = typeof gallery === 'object' ? gallery : {}
  // Who comes later is compared then; who has no room is here, and nobody else would be compared with them.
  const known = { persons, through, absent, missed: withoutRoom }
  const same = samePrints(fingers)
  const notRun = (reason: string): Searched => ({
    preCheck: { decision: 'not-run', reasons: [reason], candidates: [], ...known, ...made },
    isFull: false,
    feedback: same,
  })
  if (gallery === undefined) return notRun('no-engine')
  if (fingers.every(finger => finger.missing !== undefined)) return notRun('no-finger')
  if (gallery === INDEX_UNAVAILABLE) return notRun(gallery)
  const options = {
    limit: MOST_CANDIDATES,
    ...(targetFpir !== undefined && { targetFpir }),
    ...(population !== undefined && { population }),
    without,
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: ({ searched, total }: { searched: number; total: number }) =>
        onProgress({ step: 'search', done: searched, total }),
    }),
  }
  const result = await gallery.identify(fingers, options)
  const rate = { targetFpir: targetFpir ?? TARGET_FPIR, persons: result.coverage.persons }
  const told = candidatesOf(result, rate.targetFpir)
  const candidates = oneOfEach(await withAlike(gallery, told, signal))
  return {
    preCheck: {
      ...decisionOf(result, candidates),
      candidates,
      ...known,
      persons: result.coverage.persons,
      missRate: result.missRate,
      ...made,
    },
    isFull: told.length === MOST_CANDIDATES && told.every(({ candidate }) => isNear(candidate, rate)),
    feedback: [...same, ...sameFingers(result, fingers)],
  }
}

interface Found {
  readonly candidate: PreCheckCandidate
  /** Hash of those that were found; undefined where the record has them no more. */
  readonly templates: Uint8Array | undefined
}

/**
 * Candidates with scores in whole decibans. A searcher who is told fractions can climb from one
 * template to another that matches a stranger.
 */
function candidatesOf(result: FoundInGallery, targetFpir: number): Found[] {
  const told = result.candidates.filter(
    ({ fpir, fingers }) => fpir < MOST_FPIR || fingers.some(({ verdict }) => verdict === 'agreeing'),
  )
  return told.map(({ id, score, fpir, fingers, templates }) => ({
    candidate: {
      record: id,
      score: Math.round(score),
      fpir: toldFpir(fpir, targetFpir),
      fingers: fingers.map(each => ({
        position: each.probePosition,
        candidatePosition: each.enrolledPosition,
        score: Math.round(each.score),
        verdict: each.verdict,
      })),
    },
    templates,
  }))
}

/**
 * To one digit, as it is a smooth function of the score, which it would give away; on the side of each rate that
 * decides on which it is: cases and lists follow from what is told.
 */
function toldFpir(fpir: number, targetFpir: number): number {
  const nearest = Number(fpir.toPrecision(1))
  const rates = [targetFpir, REVIEW_FACTOR * targetFpir]
  if (rates.every(rate => nearest <= rate === fpir <= rate)) return nearest
  const unit = 10 ** Math.floor(Math.log10(fpir))
  return Number((nearest < fpir ? nearest + unit : nearest - unit).toPrecision(1))
}

/**
 * Tells of each candidate that matches which of its own fingers are alike: a template that matches
 * several people may lie under all of them.
 */
async function withAlike(
  gallery: LocalGallery,
  found: readonly Found[],
  signal: AbortSignal | undefined,
): Promise<PreCheckCandidate[]> {
  const told: PreCheckCandidate[] = []
  for (const { candidate, templates } of found) {
    const matches = candidate.fingers.some(({ verdict }) => verdict === 'agreeing')
    const alike = matches && templates ? await gallery.alike.of(candidate.record, templates) : []
    told.push(alike.length === 0 ? candidate : { ...candidate, alike: alike.map(pair => [...pair]) })
    if (matches) await nextTurn()
    signal?.throwIfAborted()
  }
  return told
}

/** A record may be found with fingers that it had before, too: the best counts, of those that are not alike first. */
function oneOfEach(candidates: readonly PreCheckCandidate[]): PreCheckCandidate[] {
  const one = new Map<string, PreCheckCandidate>()
  for (const each of candidates) {
    const known = one.get(each.record)
    if (known === undefined || (known.alike !== undefined && each.alike === undefined)) one.set(each.record, each)
  }
  return [...one.values()].sort((a, b) => b.score - a.score)
}

/**
 * Nobody is a duplicate of a record whose own fingers are alike before somebody has looked at it.
 */
function decisionOf(
  { decision, reasons }: Identified,
  [best]: readonly PreCheckCandidate[],
): Pick<PreCheck, 'decision' | 'reasons'> {
  if (decision !== 'duplicate' || best?.alike === undefined) return { decision, reasons: [...reasons] }
  return { decision: 'review', reasons: [...reasons, 'candidate-fingers-alike'] }
}

function sameFingers(result: Identified, fingers: readonly RecordedFinger[]): EnrolFeedback[] {
  return result.feedback.flatMap(({ code, fingers: indexes }) => {
    if (code !== 'same-finger-twice') return []
    const positions = indexes.map(index => fingers[index].position)
    const message = `${fingerNames(positions, 'en')} show one finger: capture the one that is wrong again`
    const names = fingerNames(positions, 'id')
    const messageId = `Gambar ${names} berasal dari jari yang sama. Ambil ulang jari yang keliru.`
    return feedback('same-finger-twice', message, { positions, messageId })
  })
}

/** One print under two positions, also moved or changed in part, which also a station without an engine sees. */
function samePrints(fingers: readonly RecordedFinger[]): EnrolFeedback[] {
  const positions = samePrintPositions(fingers)
  if (positions === undefined) return []
  const message = `${fingerNames(positions, 'en')} have one and the same print: capture both again`
  const messageId = `Gambar ${fingerNames(positions, 'id')} sama. Ambil ulang kedua jari itu.`
  return [feedback('same-print-twice', message, { positions, messageId })]
}
