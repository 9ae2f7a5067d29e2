/** Findings about prints of one position that do not match. */
import { type Enrolment, type Found, matesOf } from './misplaced.js'
import { slapsOf } from './slaps.js'
import { captureNames, fingerName, printName } from './wording.js'

/** Decibans below which prints fail to match, where several of one slap do, whatever they are worth; and how many. */
const FAILING_BELOW = 20
const FAILING_LEAST = 2

/**
 * @param taken places of prints that another finding names already
 */
export function disagreeingFindings(enrolment: Enrolment, taken: ReadonlySet<number>): Found[] {
  const { prints, labels } = enrolment
  const slaps = failingSlaps(enrolment, taken)
  const all = slapsOf(prints)
  // Two slaps and more, and nothing that ties single captures to them: it is not the slaps that are wrong.
  if (slaps.length > 1 && slaps.length === all.length && !prints.some((_, i) => isTied(enrolment, i))) {
    const places = prints.map((_, i) => i).filter(i => prints[i].comparable && !taken.has(i))
    const message = 'the slaps and the single captures are not of one person: capture all of them again'
    return [
      { code: 'prints-disagree', places, proposed: [], pairs: failingPairs(enrolment, slaps.flat(), taken), message },
    ]
  }
  const named = new Set([...taken, ...slaps.flat()])
  const single = [...new Set(labels.stated)].flatMap(position => {
    const found = position === undefined ? undefined : disagreeingAt(enrolment, position, named)
    return found ?? []
  })
  return [...slaps.map(slap => slapFinding(enrolment, slap, taken)), ...single]
}

/** Slaps of which several fingers fail to match their other prints and none does. */
function failingSlaps(enrolment: Enrolment, taken: ReadonlySet<number>): number[][] {
  return slapsOf(enrolment.prints).filter(slap => {
    if (slap.some(i => taken.has(i) || isTied(enrolment, i))) return false
    const failing = slap.filter(i => {
      const others = othersAt(enrolment, i, taken)
      return others.length > 0 && others.every(j => enrolment.scores[i][j] < FAILING_BELOW)
    })
    return failing.length >= FAILING_LEAST
  })
}

function slapFinding(enrolment: Enrolment, slap: readonly number[], taken: ReadonlySet<number>): Found {
  const name = captureNames(slap.map(i => enrolment.prints[i]))
  const message = `${name} shows none of the fingers of the single captures: capture it again`
  return { code: 'prints-disagree', places: slap, proposed: [], pairs: failingPairs(enrolment, slap, taken), message }
}

function failingPairs(enrolment: Enrolment, slap: readonly number[], taken: ReadonlySet<number>): [number, number][] {
  return slap.flatMap(i => othersAt(enrolment, i, taken).map((j): [number, number] => [i, j]))
}

/** Whether a print of the same position matches it. */
function isTied({ clusters, labels: { stated } }: Enrolment, i: number): boolean {
  return matesOf(clusters, i).some(j => stated[j] === stated[i])
}

/** Places of the other prints of its position that it can be compared with. */
function othersAt({ prints, labels: { stated } }: Enrolment, i: number, taken: ReadonlySet<number>): number[] {
  if (!prints[i].comparable) return []
  return prints.flatMap((print, j) =>
    j !== i && stated[j] === stated[i] && print.comparable && !taken.has(j) ? [j] : [],
  )
}

function disagreeingAt(enrolment: Enrolment, position: number, named: ReadonlySet<number>): Found | undefined {
  const { prints, scores, clusters, labels } = enrolment
  const here = prints.flatMap((_, i) => (labels.stated[i] === position && !named.has(i) ? [i] : []))
  const pairs = here.flatMap(i => here.filter(j => j > i && clusters[i] !== clusters[j]).map(j => [i, j] as const))
  const disagreeing = pairs.filter(([i, j]) => scores[i][j] < Math.min(prints[i].failsBelow, prints[j].failsBelow))
  if (disagreeing.length === 0) return undefined
  const suspects = [...new Set(disagreeing.flat())].sort((a, b) => a - b)
  // Of a print that others vouch for, the other one is wrong: one of the same finger, or the rest of its slap, whose fingers are in order.
  const doubted = suspects.filter(i => !isTied(enrolment, i) && !hasTiedNeighbour(enrolment, i))
  const places = doubted.length > 0 ? doubted : suspects
  const names = captureNames(places.map(i => prints[i]))
  const message =
    places.length < suspects.length
      ? `${places.map(i => printName(prints[i])).join(' and ')} is not of the finger that the other prints of ${fingerName(position)} show: capture ${names} again`
      : `the prints of ${fingerName(position)} are not of one finger, which is right cannot be told: capture ${names} again`
  return { code: 'prints-disagree', places, proposed: [], pairs: disagreeing, message }
}

function hasTiedNeighbour(enrolment: Enrolment, i: number): boolean {
  const slap = slapsOf(enrolment.prints).find(members => members.includes(i))
  return slap?.some(j => j !== i && isTied(enrolment, j)) ?? false
}
