/** The persons that a screen brought up, compared by all their fingers: first as stated, then the likeliest in every way. */
import { AGREEING_FROM, type Compared } from './decide.js'
import { evidenceOf, type Fusion, fuse } from './fuse.js'
import { agree } from './hypotheses.js'
import type { KnownScores } from './known-scores.js'
import type { PersonGallery } from './person-gallery.js'
import { MOST_FINGERS, type UsableFinger } from './read-fingers.js'
import type { Roster, RosterFinger } from './roster.js'

/** Persons whose fingers are compared as stated: about 160 comparisons of a ten-finger probe, 0.13 ms each. */
const COMPARED_AS_STATED = 20

/** Persons by each of two measures who are looked at for fingers in other places than stated. */
const COMPARED_IN_EVERY_WAY = 5

/**
 * Fingers of the probe, not screened and surely enrolled, that such a person is looked at with first: of a mate, each scores below
 * {@link SIGN_FROM} once in 100 times. Only if one shows a sign are all compared with all: 100 comparisons.
 */
const FIRST_LOOKED_AT = 2

/** Decibans of a pair of fingers from which a person is looked at further: 1 stranger in 100, of mates all but 1 in 100. */
const SIGN_FROM = 20

export interface ComparedPerson extends Compared {
  readonly id: string
}

/** What the step took, and the persons that were compared. */
export interface ShortlistStep {
  readonly step: 'compare'
  readonly fingers: readonly number[]
  readonly screened: 0
  readonly compared: readonly ComparedPerson[]
  readonly comparisons: number
  readonly elapsedMs: number
}

type Present = RosterFinger & { readonly templateId: string }

/**
 * @param probe all fingers that can be compared, those that were screened first
 * @param screened how many these are
 * @param known scores so far; what is compared here is added
 */
export async function compareShortlist(
  set: { readonly gallery: PersonGallery; readonly roster: Roster },
  probe: readonly UsableFinger[],
  screened: number,
  known: KnownScores,
  signal: AbortSignal | undefined,
): Promise<ShortlistStep> {
  const startedMs = performance.now()
  const shortlist = [...known.persons].map(id => ({
    id,
    evidence: evidenceOf(known.best(id)),
    fingers: presentFingers(set.roster, id),
  }))
  shortlist.sort((a, b) => b.evidence - a.evidence || (a.id < b.id ? -1 : 1))
  const found = shortlist.filter(({ fingers }) => fingers.length > 0).slice(0, COMPARED_AS_STATED)
  let comparisons = await compareMissing(
    set,
    probe,
    found,
    (finger, enrolled) => agree(finger.position, enrolled.position),
    known,
    signal,
  )
  const asStated = found.map(person => ({ ...person, fusion: fuseKnown(probe, person, known) }))
  // By what is known of all fingers, and by the best of the screen: a swapped finger shows in the latter alone.
  const likeliest = [...asStated].sort((a, b) => b.fusion.score - a.fusion.score).slice(0, COMPARED_IN_EVERY_WAY)
  const inEveryWay = new Set(
    [...likeliest, ...asStated.slice(0, COMPARED_IN_EVERY_WAY)].filter(each => !settled(probe, each)),
  )
  comparisons += await compareInEveryWay(set, probe, screened, [...inEveryWay], known, signal)
  const compared = asStated.map(person => {
    const fusion = inEveryWay.has(person) ? fuseKnown(probe, person, known) : person.fusion
    const scores = matrix(probe, person, known).flat()
    const strongest = scores.reduce<number>((most, score) => Math.max(most, score ?? 0), 0)
    return { id: person.id, fusion, fingerPairs: probe.length * person.fingers.length, strongest }
  })
  const elapsedMs = performance.now() - startedMs
  return { step: 'compare', fingers: probe.map(({ index }) => index), screened: 0, compared, comparisons, elapsedMs }
}

/**
 * Compares what tells in which way these persons' fingers belong to the probe's: a few fingers with all of the person's, and all if
 * one of them, or one as stated, shows a sign. Those that were screened tell nothing new: the screen compared them with
 * all fingers.
 *
 * @returns how many were compared
 */
async function compareInEveryWay(
  set: { readonly gallery: PersonGallery },
  probe: readonly UsableFinger[],
  screened: number,
  persons: readonly ShortlistedPerson[],
  known: KnownScores,
  signal: AbortSignal | undefined,
): Promise<number> {
  const fresh = probe.slice(screened)
  // A finger of the probe may be one that was not enrolled: so many more, that the two are among them.
  const first = (person: ShortlistedPerson) =>
    fresh.slice(0, FIRST_LOOKED_AT + Math.max(0, MOST_FINGERS - person.fingers.length))
  const looked = await compareMissing(
    set,
    probe,
    persons,
    (finger, _, person) => first(person).includes(finger),
    known,
    signal,
  )
  const likely = persons.filter(
    person =>
      first(person).length === fresh.length ||
      matrix(fresh, person, known).some(row => row.some(score => score !== undefined && score >= SIGN_FROM)),
  )
  return looked + (await compareMissing(set, probe, likely, () => true, known, signal))
}

interface ShortlistedPerson {
  readonly id: string
  readonly fingers: readonly Present[]
}

/** Compares those pairs that are wanted and not known yet; how many these were. */
async function compareMissing(
  { gallery }: { readonly gallery: PersonGallery },
  probe: readonly UsableFinger[],
  persons: readonly ShortlistedPerson[],
  wanted: (finger: UsableFinger, enrolled: Present, person: ShortlistedPerson) => boolean,
  known: KnownScores,
  signal: AbortSignal | undefined,
): Promise<number> {
  const missing = probe.flatMap(finger => {
    const owners = new Map<string, string>()
    for (const person of persons) {
      for (const enrolled of person.fingers) {
        const { templateId } = enrolled
        if (wanted(finger, enrolled, person) && known.get(person.id, finger.index, templateId) === undefined)
          owners.set(templateId, person.id)
      }
    }
    return owners.size === 0 ? [] : { finger, owners }
  })
  const comparisons = missing.map(({ finger, owners }) => ({ probe: finger.template, ids: [...owners.keys()] }))
  const scored = await gallery.compareMany(comparisons, signal ? { signal } : {})
  for (const [i, { finger, owners }] of missing.entries())
    for (const { id, score } of scored[i]) known.add(owners.get(id)!, finger.index, id, score)
  return scored.reduce((sum, { length }) => sum + length, 0)
}

/** Whether every finger that could be compared agrees as stated, so that no other way needs to be looked at. */
function settled(probe: readonly UsableFinger[], { fingers, fusion }: ShortlistedPerson & { fusion: Fusion }): boolean {
  const most = Math.min(probe.length, fingers.length)
  return fusion.pairs.length === most && fusion.pairs.every(({ score, swapped }) => score >= AGREEING_FROM && !swapped)
}

function fuseKnown(probe: readonly UsableFinger[], person: ShortlistedPerson, known: KnownScores): Fusion {
  return fuse(
    probe.map(({ position }) => position),
    person.fingers.map(({ position }) => position),
    matrix(probe, person, known),
  )
}

function matrix(probe: readonly UsableFinger[], { id, fingers }: ShortlistedPerson, known: KnownScores) {
  return probe.map(({ index }) => fingers.map(({ templateId }) => known.get(id, index, templateId)))
}

function presentFingers(roster: Roster, id: string): Present[] {
  return (roster.fingers(id) ?? []).filter((finger): finger is Present => finger.templateId !== undefined)
}
