/**
 * Which prints are of one finger, by their scores alone and by how much their stated positions are to be believed: prints of one
 * position need little to be taken for one finger, prints of different ones much.
 */
import { AGREEING_FROM } from '../../persons/decide.js'
import { SAME_FINGER_SCORE, sameFingerPairs, sameFingerScore } from '../../same-finger.js'
import type { ReadPrint } from './read-prints.js'
import { NUMBERINGS, slapsOf } from './slaps.js'

/** Share of enrolments in which two fingers that other prints confirm may be taken for one. */
const FALSE_ALARMS = 1e-4

/** Minutiae from which a print that does not match speaks against what a matching one says. */
const SPEAKING_MINUTIAE = 12

/** Decibans of two prints, by their places in the list of prints. */
export type Scores = readonly (readonly number[])[]

type Pair = readonly [number, number]

/** Of each print the number of its finger, from 0 in the order of the prints. */
export function clusterPrints(prints: readonly ReadPrint[], scores: Scores): number[] {
  const clusters = new Clusters(prints, scores)
  const places = prints.map((_, i) => i).filter(i => prints[i].comparable)
  const same = (i: number, j: number) => prints[i].position === prints[j].position
  const score = (i: number, j: number) => scores[i][j]
  const confirmed = prints.map((_, i) => places.some(j => j !== i && same(i, j) && score(i, j) >= AGREEING_FROM))
  const pairs = places.flatMap(i => places.filter(j => j > i && !same(i, j))).length
  const doubled = Math.max(SAME_FINGER_SCORE, sameFingerScore(Math.max(1, pairs), FALSE_ALARMS))
  const least = (i: number, j: number) => {
    if (same(i, j)) return AGREEING_FROM
    return confirmed[i] && confirmed[j] ? doubled : SAME_FINGER_SCORE
  }
  const above = (i: number, j: number) => score(i, j) - least(i, j)
  const links = sameFingerPairs(places, score, least).sort((a, b) => above(...b) - above(...a))
  const joined = links.filter(pair => clusters.join(pair)).filter(([i, j]) => !same(i, j))
  // What is swapped is swapped both ways: where one print is known to be at another's position, little more is asked of the others.
  const open = openPositions(prints, joined)
  const expected = (i: number, j: number) =>
    open.has(key(prints[i].position, prints[j].position)) && !areOfOneKind(prints[i], prints[j])
      ? AGREEING_FROM
      : Infinity
  const more = sameFingerPairs(places, score, expected).sort((a, b) => score(...b) - score(...a))
  for (const pair of more) clusters.join(pair)
  return clusters.numbers()
}

/** Pairs of positions that some prints are known to have been taken for each other at, and those of the rest of a slap. */
function openPositions(prints: readonly ReadPrint[], joined: readonly Pair[]): Set<number> {
  const open = new Set(joined.map(([i, j]) => key(prints[i].position, prints[j].position)))
  for (const slap of slapsOf(prints)) {
    for (const { of } of NUMBERINGS) {
      const seen = slap.filter(i =>
        joined.some(
          pair => pair.includes(i) && of(prints[i].position) === prints[pair[pair[0] === i ? 1 : 0]].position,
        ),
      )
      if (seen.length < 2) continue
      for (const i of slap) {
        const other = of(prints[i].position)
        if (other !== undefined) open.add(key(prints[i].position, other))
      }
    }
  }
  return open
}

/** Of a rolled print that stands for another finger's, the slap knows, and not the other rolled one. */
function areOfOneKind(a: ReadPrint, b: ReadPrint): boolean {
  return a.impression === b.impression && (a.group === undefined) === (b.group === undefined)
}

const key = (a: number, b: number) => Math.min(a, b) * 16 + Math.max(a, b)

class Clusters {
  readonly #prints: readonly ReadPrint[]
  readonly #scores: Scores
  readonly #of: number[]

  constructor(prints: readonly ReadPrint[], scores: Scores) {
    this.#prints = prints
    this.#scores = scores
    this.#of = prints.map((_, i) => i)
  }

  /** False when the prints of the two clusters rather speak against it: one high score is then taken for chance. */
  join([a, b]: Pair): boolean {
    if (this.#of[a] === this.#of[b]) return true
    const [left, right] = [this.#members(this.#of[a]), this.#members(this.#of[b])]
    const pairs = left.flatMap(i => right.map((j): Pair => [i, j]))
    const agreeing = pairs.filter(([i, j]) => this.#scores[i][j] >= AGREEING_FROM).length
    const against = pairs.filter(([i, j]) => this.#scores[i][j] < AGREEING_FROM && this.#speaks(i) && this.#speaks(j))
    if (against.length > agreeing) return false
    const to = Math.min(this.#of[a], this.#of[b])
    for (const i of [...left, ...right]) this.#of[i] = to
    return true
  }

  numbers(): number[] {
    return this.#of
  }

  #members(cluster: number): number[] {
    return this.#of.flatMap((of, i) => (of === cluster ? [i] : []))
  }

  #speaks(i: number): boolean {
    return this.#prints[i].minutiae >= SPEAKING_MINUTIAE
  }
}
