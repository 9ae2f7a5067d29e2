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
  const expected = expectedPairs(prints, joined, confirmed)
  const more = sameFingerPairs(places, score, (i, j) => (expected(i, j) ? AGREEING_FROM : Infinity))
  more.sort((a, b) => score(...b) - score(...a))
  for (const pair of more) clusters.join(pair)
  return clusters.numbers()
}

/**
 * Of which pairs little more has to be asked, now that some prints are known to show another position's finger: what is swapped is
 * swapped both ways, by the same kinds of captures, and of a slap that is numbered wrongly all fingers are. Only prints that nothing
 * confirms where they are.
 */
function expectedPairs(
  prints: readonly ReadPrint[],
  joined: readonly Pair[],
  confirmed: readonly boolean[],
): (i: number, j: number) => boolean {
  const swapped = new Set(joined.flatMap(([i, j]) => [swapOf(prints[i], prints[j]), swapOf(prints[j], prints[i])]))
  const numbered = new Set<string>()
  for (const slap of slapsOf(prints)) {
    for (const { of } of NUMBERINGS) {
      const positions = slap.map(i => of(prints[i].position))
      const seen = slap.filter((i, k) => joined.some(pair => partnerOf(prints, pair, i)?.position === positions[k]))
      if (seen.length < 2) continue
      for (const [k, i] of slap.entries()) numbered.add(`${i} ${positions[k]}`)
    }
  }
  const showsAs = (i: number, j: number) =>
    !confirmed[i] && numbered.has(`${i} ${prints[j].position}`) && kindOf(prints[i]) !== kindOf(prints[j])
  return (i, j) =>
    (!confirmed[i] && !confirmed[j] && swapped.has(pairOf(prints[i], prints[j]))) || showsAs(i, j) || showsAs(j, i)
}

function partnerOf(prints: readonly ReadPrint[], [a, b]: Pair, i: number): ReadPrint | undefined {
  return i === a ? prints[b] : i === b ? prints[a] : undefined
}

/** Two prints by their kinds of capture and positions; and the two that stand at each other's positions if these do. */
const pairOf = (a: ReadPrint, b: ReadPrint) => `${kindOf(a)} ${a.position} ${kindOf(b)} ${b.position}`
const swapOf = (a: ReadPrint, b: ReadPrint) => `${kindOf(a)} ${b.position} ${kindOf(b)} ${a.position}`

const kindOf = ({ impression, group }: ReadPrint) => `${impression} ${group === undefined ? 'alone' : 'of several'}`

class Clusters {
  readonly #prints: readonly ReadPrint[]
  readonly #scores: Scores
  readonly #of: number[]

  constructor(prints: readonly ReadPrint[], scores: Scores) {
    this.#prints = prints
    this.#scores = scores
    this.#of = prints.map((_, i) => i)
  }

  /** False when the prints of the two clusters speak against it on the whole: one high score is then taken for chance. */
  join([a, b]: Pair): boolean {
    if (this.#of[a] === this.#of[b]) return true
    const [left, right] = [this.#members(this.#of[a]), this.#members(this.#of[b])]
    const above = left.flatMap(i => right.map(j => this.#above(i, j)))
    if (above.reduce((sum, each) => sum + each, 0) < 0) return false
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

  /** By how much two prints agree, decibans; what hardly shows anything does not disagree. */
  #above(i: number, j: number): number {
    const above = this.#scores[i][j] - AGREEING_FROM
    const least = Math.min(this.#prints[i].minutiae, this.#prints[j].minutiae)
    return least < SPEAKING_MINUTIAE ? Math.max(0, above) : above
  }
}
