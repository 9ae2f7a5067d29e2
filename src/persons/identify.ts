/** 1:N of persons: screen with a few fingers, compare all fingers of the persons found, judge, and widen while it pays. */
import { LEARNED_SHORTLIST } from '../options.js'
import { scoreOfFpir } from '../score.js'
import type { Template } from '../types.js'
import { describeCandidate, type PersonCandidate } from './candidate.js'
import { type ComparedPerson, compareShortlist } from './compare-shortlist.js'
import { type Decision, decide, REVIEW_FACTOR, type ReviewReason } from './decide.js'
import type { FingerSets } from './finger-sets.js'
import { combinedDecibans } from './fisher.js'
import { evidenceOf } from './fuse.js'
import { hypotheses } from './hypotheses.js'
import { KnownScores } from './known-scores.js'
import type { PersonGallery } from './person-gallery.js'
import { fingerMisses, scoreMisses } from './power.js'
import { isUsable, judgeFingers, type ReadFinger, type UsableFinger } from './read-fingers.js'
import type { Roster } from './roster.js'
import { screeningOrder } from './screening-order.js'
import type { FingerFeedback, MissingReason, StatedPosition } from './types.js'

/** Fingers that every search screens with. */
const FIRST_SCREENED = 2

/** Most fingers that a search screens with. */
const MOST_SCREENED = 4

/** Share of enrolled persons that may be missing from the shortlists before another finger is screened. */
const SCREEN_MISS_GOAL = 1e-4

/** All positions: the most that an enrolled person has. */
const TEN: readonly StatedPosition[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

/** A step of a search, with what it cost. */
export interface PersonSearchStep {
  readonly step: 'screen' | 'compare'
  /** Which of the fingers given, from 0. */
  readonly fingers: readonly number[]
  /** Templates screened, and pairs of templates compared exactly. */
  readonly screened: number
  readonly compared: number
  readonly elapsedMs: number
}

/** What became of a finger that was given. */
export interface SearchedFinger {
  readonly position: StatedPosition
  /** Screened with, compared with the shortlist, or neither because there is nothing to compare. */
  readonly use: 'screened' | 'compared' | 'missing'
  readonly missing?: MissingReason | undefined
}

export interface PersonSearchResult {
  /**
   * `duplicate`: this person is enrolled, at the FPIR asked for. `review`: somebody has to look, `reasons` says at what.
   * `clear`: not enrolled, but for the share `missRate`.
   */
  readonly decision: Decision
  readonly reasons: readonly ReviewReason[]
  /** Persons compared, by score, highest first; equal ones by id. */
  readonly candidates: readonly PersonCandidate[]
  /** Of each finger that was given, in that order. */
  readonly fingers: readonly SearchedFinger[]
  /** Of persons who are enrolled, the share that this search would not have noticed, as measured on good prints. */
  readonly missRate: number
  readonly feedback: readonly FingerFeedback[]
  /** Persons in the gallery when the search began, without those who are not compared with. */
  readonly searched: number
  readonly elapsedMs: number
  readonly steps: readonly PersonSearchStep[]
}

export interface PersonSearchDemand {
  readonly targetFpir: number
  readonly limit: number
  /** Persons among whom the decision is made; no fewer than there are. */
  readonly population: number
  /** Ids of persons who are not compared with. */
  readonly without: ReadonlySet<string>
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: { readonly searched: number; readonly total: number }) => void) | undefined
}

export interface PersonSearchSet {
  readonly gallery: PersonGallery
  readonly roster: Roster
  readonly match: (a: Template, b: Template) => number
}

export async function identifyPerson(
  set: PersonSearchSet,
  given: readonly ReadFinger[],
  demand: PersonSearchDemand,
): Promise<PersonSearchResult> {
  const startedMs = performance.now()
  const searched = set.roster.size - [...demand.without].filter(id => set.roster.has(id)).length
  const population = Math.max(searched, demand.population)
  const { fingers, feedback } = judgeProbe(given, set.match)
  const byWorth = screeningOrder(fingers.filter(isUsable))
  const known = new KnownScores()
  const steps: PersonSearchStep[] = []
  const progress = progressOf(demand, set.gallery.size * Math.min(MOST_SCREENED, byWorth.length))
  const positions = byWorth.map(({ position }) => position)
  const quick = isQuickEnough(byWorth, set.roster.sets)
  let screened: UsableFinger[] = []
  for (;;) {
    const count = screened.length === 0 ? FIRST_SCREENED : screened.length + 1
    const order = screenedFirst(byWorth, screened, { count, sets: set.roster.sets, quick })
    const batch = order.slice(screened.length, count)
    screened = [...screened, ...batch]
    steps.push(await screen(set, batch, known, { ...demand, quick }, progress))
    const missed = missedBy(screened, set.roster.sets, quick)
    const isEnough = missed <= SCREEN_MISS_GOAL || screened.length === Math.min(order.length, MOST_SCREENED)
    // Where nobody stands out, it is not worth comparing more fingers before all is screened.
    if (!isEnough && !standsOut(known, scoreOfFpir(demand.targetFpir, population))) continue
    const { compared, comparisons, ...step } = await compareShortlist(set, order, screened.length, known, demand.signal)
    steps.push({ ...step, compared: comparisons })
    const missRate =
      1 - (1 - missed) * (1 - scoreMisses(order.length, neededScore(positions, population, demand.targetFpir)))
    const { decision, reasons } = decide(compared, { persons: population, targetFpir: demand.targetFpir, missRate })
    if (decision !== 'duplicate' && !isEnough) continue
    progress.end()
    return {
      decision,
      reasons,
      candidates: candidatesOf(set, compared, order, demand.limit, population),
      fingers: fingers.map(({ index, position, missing }) => ({
        position,
        use: missing !== undefined ? 'missing' : screened.some(each => each.index === index) ? 'screened' : 'compared',
        ...(missing !== undefined && { missing }),
      })),
      missRate,
      feedback,
      searched,
      elapsedMs: performance.now() - startedMs,
      steps,
    }
  }
}

/** Whether {@link MOST_SCREENED} fingers miss no more than they may when the index is read by half. */
function isQuickEnough(byWorth: readonly UsableFinger[], sets: FingerSets): boolean {
  const first = screenedFirst(byWorth, [], { count: MOST_SCREENED, sets, quick: true }).slice(0, MOST_SCREENED)
  return missedBy(first, sets, true) <= SCREEN_MISS_GOAL
}

/** Share of the enrolled persons that come through none of these screens. */
function missedBy(screened: readonly UsableFinger[], sets: FingerSets, quick: boolean): number {
  return sets.share(
    screened.map(({ position, contents }) => ({ position, misses: fingerMisses(contents.minutiae.length, quick) })),
  )
}

/**
 * The fingers, those first that are screened: those that were already, and so many more that the
 * fewest persons are missed. Where it makes no difference, those that tell most.
 */
function screenedFirst(
  byWorth: readonly UsableFinger[],
  already: readonly UsableFinger[],
  { count, sets, quick }: { readonly count: number; readonly sets: FingerSets; readonly quick: boolean },
): UsableFinger[] {
  const first = [...already]
  const rest = byWorth.filter(finger => !first.includes(finger))
  while (first.length < count && rest.length > 0) {
    const misses = rest.map(finger => missedBy([...first, finger], sets, quick))
    const [next] = rest.splice(misses.indexOf(Math.min(...misses)), 1)
    first.push(next)
  }
  return [...first, ...rest]
}

/** As {@link judgeFingers}; of a finger that was given twice, only the first is left. */
function judgeProbe(given: readonly ReadFinger[], match: PersonSearchSet['match']) {
  const { fingers, feedback } = judgeFingers(given, match)
  const again = new Set(
    feedback.flatMap(({ code, fingers: [, second] }) => (code === 'same-finger-twice' ? second : [])),
  )
  const kept = fingers.map(
    ({ index, position, ...rest }): ReadFinger =>
      again.has(index) ? { index, position, missing: 'not-captured' } : { index, position, ...rest },
  )
  return { fingers: kept, feedback }
}

/** Screens the gallery with each of these fingers. */
async function screen(
  { gallery, roster }: PersonSearchSet,
  batch: readonly UsableFinger[],
  known: KnownScores,
  { without, signal, quick }: PersonSearchDemand & { readonly quick: boolean },
  progress: Progress,
): Promise<PersonSearchStep> {
  const startedMs = performance.now()
  const results = await Promise.all(
    batch.map(({ index, template }) =>
      gallery.search(template, {
        limit: LEARNED_SHORTLIST,
        // Persons are judged by all their fingers: what one of them says is worth having at any score.
        minScore: 0,
        quick,
        ...(signal && { signal }),
        onProgress: ({ searched }) => progress.report(index, searched),
      }),
    ),
  )
  results.forEach(({ candidates }, i) => {
    for (const { id, score } of candidates) {
      const person = roster.personOf(id)
      if (person !== undefined && !without.has(person)) known.add(person, batch[i].index, id, score)
    }
  })
  return {
    step: 'screen',
    fingers: batch.map(({ index }) => index),
    screened: results.reduce((sum, { searched }) => sum + searched, 0),
    compared: results.reduce((sum, { rescored }) => sum + rescored, 0),
    elapsedMs: performance.now() - startedMs,
  }
}

/** Whether the scores that are known of a person are enough for a duplicate. */
function standsOut(known: KnownScores, leastScore: number): boolean {
  return [...known.persons].some(id => {
    const scores = known.best(id)
    return combinedDecibans(scores.length, evidenceOf(scores)) >= leastScore
  })
}

/** The least score that is of interest in so many persons; more where positions are unknown and more ways had to be tried. */
function neededScore(positions: readonly StatedPosition[], persons: number, targetFpir: number): number {
  const known = positions.filter(position => position !== 0).length
  const costs = hypotheses(positions, TEN).map(({ costDecibans }) => costDecibans)
  const extra = known > 0 ? 0 : Math.min(...costs)
  return scoreOfFpir(REVIEW_FACTOR * targetFpir, persons) + extra
}

function candidatesOf(
  { roster }: PersonSearchSet,
  compared: readonly ComparedPerson[],
  probe: readonly UsableFinger[],
  limit: number,
  persons: number,
): PersonCandidate[] {
  return [...compared]
    .sort((a, b) => b.fusion.score - a.fusion.score || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
    .flatMap(person => {
      const fingers = roster.fingers(person.id)
      // Removed meanwhile.
      return fingers === undefined ? [] : describeCandidate(person, probe, fingers, persons)
    })
}

interface Progress {
  report(finger: number, searched: number): void
  end(): void
}

function progressOf({ onProgress }: PersonSearchDemand, total: number): Progress {
  const searched = new Map<number, number>()
  return {
    report(finger, count) {
      searched.set(finger, count)
      onProgress?.({
        searched: Math.min(
          total,
          [...searched.values()].reduce((sum, each) => sum + each, 0),
        ),
        total,
      })
    },
    end: () => onProgress?.({ searched: total, total }),
  }
}
