/** What somebody can correct in an enrolment before any print is looked at. */
import { FRICTION_RIDGE_POSITIONS } from '../../formats/finger-positions.js'
import type { StationParts } from '../station.js'
import { MOST_PHOTO_BYTES, MOST_SIGNATURE_BYTES } from '../store/payload-sizes.js'
import { isBirthDate, SEXES } from './birth.js'
import { type EnrolFeedback, feedback } from './feedback.js'
import { imageWork, pictureProblem } from './images.js'
import { checkNik, NIK_TAG } from './nik.js'
import { readPerson } from './person.js'
import type { Enrolment, Exceptions } from './types.js'

const TEN = Array.from({ length: 10 }, (_, i) => i + 1)

/** @throws TypeError, as readPerson */
export async function checkEnrolment(parts: StationParts, given: Enrolment, own?: string): Promise<EnrolFeedback[]> {
  const pictures = [
    ['photo', given.photo, MOST_PHOTO_BYTES],
    ['signature', given.signature, MOST_SIGNATURE_BYTES],
  ] as const
  const persons = personFeedback(given.person)
  const unusable = await Promise.all(
    pictures.map(async ([name, bytes, most]) => {
      const problem = bytes && (await pictureProblem(imageWork(parts.recogniser), bytes, most))
      return problem === undefined ? [] : feedback(`${name}-unusable`, `the ${name} ${problem}`)
    }),
  )
  return [
    ...nikFeedback(given),
    ...recordedFeedback(parts, given.nik, own),
    ...persons,
    ...coverageFeedback(
      given.fingers.map(({ position }) => position),
      given.exceptions ?? {},
    ),
    ...unusable.flat(),
  ]
}

/** That the NIK is recorded here already, under another record than `own` that was not withdrawn. */
export function recordedFeedback({ file, keys }: StationParts, nik: string, own?: string): EnrolFeedback[] {
  const sql = `SELECT id FROM record WHERE nik_tag = ? AND client_state <> 'withdrawn' AND id <> ? ORDER BY recorded_at LIMIT 1`
  const there = file.get<{ id: string }>(sql, keys.tag(NIK_TAG + nik), own ?? '')
  if (there === undefined) return []
  const message = 'this NIK is recorded already: look at that record, and correct it if it is this person'
  return [feedback('nik-recorded', message, { record: there.id })]
}

function nikFeedback({ nik, person }: Enrolment): EnrolFeedback[] {
  const { birthDate, sex } = person
  const holder = { ...(isBirthDate(birthDate) && { birthDate }), ...(SEXES.includes(sex) && { sex }) }
  return checkNik(nik, holder).map(({ code, message, from, to }) =>
    feedback(`nik-${code}`, message, { digits: [from, to] }),
  )
}

function personFeedback(person: unknown): EnrolFeedback[] {
  const read = readPerson(person)
  if ('person' in read) return []
  return read.problems.map(({ code, field, message }) => feedback(code, message, { field }))
}

function coverageFeedback(given: readonly number[], exceptions: Exceptions): EnrolFeedback[] {
  const excepted = (position: number) => exceptions[position] !== undefined
  const times = (position: number) => given.filter(each => each === position).length
  const nameOf = (position: number) => FRICTION_RIDGE_POSITIONS.get(position)!.name
  const about = (code: EnrolFeedback['code'], wrong: readonly number[], message: string) =>
    wrong.map(position => feedback(code, `the ${nameOf(position)} ${message}`, { positions: [position] }))
  const absent = TEN.filter(position => times(position) === 0 && !excepted(position))
  return [
    ...(absent.length === 0 ? [] : [feedback('finger-absent', absentWords(absent.map(nameOf)), { positions: absent })]),
    ...about(
      'finger-repeated',
      TEN.filter(position => times(position) > 1),
      'was captured twice: keep one of the two, and see which finger the other is',
    ),
    ...about(
      'finger-excepted',
      TEN.filter(position => times(position) > 0 && excepted(position)),
      'was captured, and is excepted too: take one of the two back',
    ),
  ]
}

/** Once for all of them: who has captured nothing yet is told one thing, not ten. */
function absentWords(names: readonly string[]): string {
  if (names.length === 1) return `the ${names[0]} is neither captured nor excepted: capture it, or say why it cannot be`
  const list = names.length === TEN.length ? 'all ten fingers' : `the ${names.join(', ')}`
  return `${list} are neither captured nor excepted: capture them, or say of each why it cannot be`
}
