/** What a sequence check could not tell. */
import { AGREEING_FROM } from '../../persons/decide.js'
import { LEAST_MINUTIAE } from '../../same-finger.js'
import { type Enrolment, matesOf } from './misplaced.js'
import type { UncheckedReason } from './types.js'
import { captureNames, fingerName, listed, printName } from './wording.js'

/** Decibans from which two prints of different positions are worth a look: in one enrolment of 55 with two prints of each finger, at most. */
const ALIKE_FROM = 50

export interface Unknown {
  readonly reason: UncheckedReason
  readonly places: readonly number[]
  readonly pairs: readonly (readonly [number, number])[]
  readonly message: string
}

/** @param taken places of prints that a finding names */
export function uncheckedPrints(enrolment: Enrolment, taken: ReadonlySet<number>): Unknown[] {
  const { prints, clusters, labels } = enrolment
  const open = prints.map((_, i) => i).filter(i => !taken.has(i))
  const little = open.filter(i => !prints[i].comparable)
  const rest = open.filter(i => prints[i].comparable)
  const matesAt = (i: number) => rest.filter(j => j !== i && labels.stated[j] === labels.stated[i])
  const confirmed = (i: number) => labels.shown[i] === labels.stated[i] && matesOf(clusters, i).length > 0
  const single = rest.filter(i => matesAt(i).length === 0 && !confirmed(i))
  const failing = rest.filter(i => matesAt(i).length > 0 && !confirmed(i))
  return [
    ...tooFewMinutiae(enrolment, little),
    ...withoutSecond(enrolment, single),
    ...notConfirmed(enrolment, failing, matesAt),
    ...alike(enrolment, open),
  ]
}

function tooFewMinutiae({ prints }: Enrolment, places: readonly number[]): Unknown[] {
  if (places.length === 0) return []
  const names = captureNames(places.map(i => prints[i]))
  const message = `${names}: fewer than ${LEAST_MINUTIAE} minutiae, too few to be compared: capture again`
  return [{ reason: 'too-few-minutiae', places, pairs: [], message }]
}

function withoutSecond({ prints }: Enrolment, places: readonly number[]): Unknown[] {
  if (places.length === 0) return []
  const names = listed([...new Set(places.map(i => fingerName(prints[i].position)))])
  const message =
    `${names}: no second print that could be compared, so that only the same finger twice would have been found: ` +
    'see for yourself that they are the fingers that were asked for'
  return [{ reason: 'no-second-print', places, pairs: [], message }]
}

function notConfirmed(
  { prints, clusters }: Enrolment,
  failing: readonly number[],
  matesAt: (i: number) => readonly number[],
): Unknown[] {
  return [...new Set(failing.map(i => prints[i].position))].map(position => {
    const places = failing.filter(i => prints[i].position === position)
    const pairs = places.flatMap(i =>
      matesAt(i)
        .filter(j => clusters[j] !== clusters[i] && (j > i || !places.includes(j)))
        .map(j => [i, j] as const),
    )
    const names = listed(places.map(i => printName(prints[i])))
    const message =
      `${names}: below ${AGREEING_FROM} against other prints of ${fingerName(position)}, and too little is shown to say that it is ` +
      `another finger: capture ${captureNames(places.map(i => prints[i]))} again`
    return { reason: 'not-confirmed', places, pairs, message }
  })
}

function alike({ prints, scores, clusters }: Enrolment, open: readonly number[]): Unknown[] {
  return open.flatMap(i =>
    open
      .filter(j => j > i && clusters[j] !== clusters[i] && prints[i].position !== prints[j].position)
      .filter(j => scores[i][j] >= ALIKE_FROM)
      .map((j): Unknown => {
        const message = `${printName(prints[i])} and ${printName(prints[j])} are much alike: see that they are two fingers`
        return { reason: 'alike', places: [i, j], pairs: [[i, j]], message }
      }),
  )
}
