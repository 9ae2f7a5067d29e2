import { fuse } from '../persons/fuse.js'
import { decodeFingers, readTemplateId } from '../persons/template-ids.js'
import type { StatedPosition } from '../persons/types.js'
import { fmrOfScore } from '../score.js'
import { byText } from './groups.js'
import type { DedupeSet } from './set.js'

/** Two persons (see Persons) with a finger in common, or more. */
export interface PersonPair {
  /** Ids of the persons; `a` comes before `b`, code unit by code unit. */
  readonly a: string
  readonly b: string
  /** Decibans, of all their fingers together, as in a search of persons: fingers that do not match count against. */
  readonly score: number
  /** Share of pairs of different persons that score so high. */
  readonly fmr: number
  /** Decibans, of the best pair of their fingers. */
  readonly bestFinger: number
  /** How many pairs of their fingers are among the reported ones. */
  readonly fingerPairs: number
}

/** A pair of templates as it was found. */
interface FoundPair {
  readonly a: string
  readonly b: string
  readonly score: number
}

/** A person's template. */
interface Finger {
  readonly id: string
  readonly position: StatedPosition
}

/** Fingers of a person that are compared, as many as a person has. */
const MOST_FINGERS = 10

/** The person whose template an id is of, by the form of the ids; undefined for one of no person. */
export function personOf(id: string): string | undefined {
  return readTemplateId(id)?.person
}

/** Count of persons of whom the set has a template. */
export function countPersons(set: DedupeSet): number {
  const persons = new Set<string>()
  for (const id of set.ids) {
    const person = personOf(id)
    if (person !== undefined) persons.add(person)
  }
  return persons.size
}

/**
 * The persons that pairs of templates connect, each pair of them once, compared by all their fingers; highest score
 * first, equal ones by their ids.
 *
 * @throws the signal's reason when it is aborted
 */
export async function personPairsOf(
  set: DedupeSet,
  pairs: readonly FoundPair[],
  signal: AbortSignal | undefined,
): Promise<PersonPair[]> {
  const connected = connectedBy(pairs)
  const fingers = fingersOf(set, new Set(connected.flatMap(({ a, b }) => [a, b])))
  const compared: PersonPair[] = []
  for (const pair of connected) {
    signal?.throwIfAborted()
    const score = await fusedScore(set, fingers.get(pair.a)!, fingers.get(pair.b)!, signal)
    compared.push({ ...pair, score, fmr: fmrOfScore(score) })
  }
  return compared.sort((x, y) => y.score - x.score || byText(x.a, y.a) || byText(x.b, y.b))
}

/** @param pairs the best first */
function connectedBy(pairs: readonly FoundPair[]) {
  const found = new Map<string, { a: string; b: string; bestFinger: number; fingerPairs: number }>()
  for (const pair of pairs) {
    const [one, other] = [personOf(pair.a), personOf(pair.b)]
    if (one === undefined || other === undefined || one === other) continue
    const [a, b] = [one, other].sort(byText)
    const key = JSON.stringify([a, b])
    const present = found.get(key)
    if (present === undefined) found.set(key, { a, b, bestFinger: pair.score, fingerPairs: 1 })
    else present.fingerPairs++
  }
  return [...found.values()]
}

function fingersOf(set: DedupeSet, persons: ReadonlySet<string>): Map<string, Finger[]> {
  const found = new Map<string, Finger[]>(Array.from(persons, person => [person, []]))
  for (const id of set.ids) {
    const read = readTemplateId(id)
    if (read === undefined || !set.holds(id)) continue
    const { position } = decodeFingers(read.list)[read.index]
    found.get(read.person)?.push({ id, position })
  }
  for (const fingers of found.values()) fingers.sort((a, b) => byText(a.id, b.id)).splice(MOST_FINGERS)
  return found
}

/** Every finger of the one with every finger of the other. */
async function fusedScore(
  set: DedupeSet,
  one: readonly Finger[],
  other: readonly Finger[],
  signal: AbortSignal | undefined,
): Promise<number> {
  const ids = other.map(({ id }) => id)
  const rows = one.map(async ({ id }) => {
    const template = set.get(id)
    const scored = template === undefined ? [] : await set.compare(template, ids, signal ? { signal } : {})
    const scores = new Map(scored.map(({ id, score }) => [id, score]))
    return ids.map(id => scores.get(id))
  })
  const positions = (fingers: readonly Finger[]) => fingers.map(({ position }) => position)
  return fuse(positions(one), positions(other), await Promise.all(rows)).score
}
