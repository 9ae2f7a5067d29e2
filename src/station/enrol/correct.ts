import { readOptions } from '../../options.js'
import { TARGET_FPIR } from '../../persons/persons.js'
import { missedBy, openOwnCases } from '../check/own-records.js'
import { reviewCases } from '../check/review-cases.js'
import type { Searched } from '../check/search.js'
import { append } from '../journal/append.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { getPayload, type PayloadReference } from '../store/payloads.js'
import { checkEnrolment, recordedFeedback } from './check.js'
import {
  assertExtractable,
  exceptionsOf,
  extractAll,
  fingersOf,
  putPayloads,
  readEnrolOptions,
  recordedFingers,
  searchThen,
} from './complete.js'
import { type Contents, newestVersion } from './contents.js'
import { type EnrolOverride, overrule } from './feedback.js'
import { ownRecord } from './held.js'
import { readPartial } from './input.js'
import { noteNoneStays } from './staying.js'
import { type RecordedFinger, readTemplates } from './templates-payload.js'
import { nonEmptyText, personName } from './texts.js'
import type { Enrolment, EnrolOptions, GivenFinger, NotRecorded, PartialEnrolment, Recorded } from './types.js'

/**
 * What is other than in the version before. `person` takes the place of the whole person; a finger that of the finger, or exception, at
 * its position; an exception that of the finger.
 */
export type Changes = Omit<PartialEnrolment, 'operator'>

export interface Correction {
  readonly operator: string
  /** Why, for those who look at the versions later. */
  readonly reason: string
}

/**
 * Another version of a record of this station: all of it, the payloads that have not changed by their hash. Other fingers are extracted
 * and compared as in `enrol`; else the pre-check stays as it was.
 *
 * @returns `recorded: false` with what somebody can correct; then nothing was changed
 * @throws TypeError, RangeError for what only a mistake of the program can cause; the signal's reason when it is aborted
 * @throws SidikError RECORD_UNKNOWN, RECORD_FOREIGN (of another station), RECORD_WITHDRAWN, and as `enrol`
 */
export async function correct(
  station: Station,
  recordId: string,
  changes: Changes,
  correction: Correction,
  options?: EnrolOptions,
): Promise<Recorded | NotRecorded> {
  const parts = partsOf(station)
  const asked = readEnrolOptions('correct', options)
  const given = readPartial(changes)
  const why = readOptions('correct', correction, ['operator', 'reason'])
  const operator = personName('operator', why.operator)
  const reason = nonEmptyText('reason', why.reason)
  assertExtractable(parts, given.fingers ?? [])
  const row = ownRecord(parts, recordId)
  if (Object.keys(given).length === 0) throw new RangeError('changes must name what is other than before')
  const before = newestVersion(parts, recordId, row.station)
  const merged = mergedWith(parts, before.contents!, before.payloads, { ...given, operator })

  const overrides = [...(before.contents!.overrides as EnrolOverride[]), ...(given.overrides ?? [])]
  const first = overrule(await checkEnrolment(parts, merged.enrolment, recordId), overrides)
  if (first.standing.length > 0) return { recorded: false, feedback: first.standing }
  const { fingers: ready, feedback: unusable } = await extractAll(parts, given.fingers ?? [], asked)
  const second = overrule(unusable, overrides)
  if (second.standing.length > 0) return { recorded: false, feedback: second.standing }

  const isSamePerson = given.fingers === undefined && given.exceptions === undefined
  const fingers = [...merged.kept, ...recordedFingers(ready, given.exceptions ?? {})]
  const write = (found: Searched) =>
    parts.file.transaction((): Recorded | NotRecorded => {
      const { preCheck, feedback: twice } = found
      const now = ownRecord(parts, recordId)
      const version = now.version + 1
      const third = overrule([...twice, ...recordedFeedback(parts, merged.enrolment.nik, recordId)], overrides)
      if (third.standing.length > 0) return { recorded: false, feedback: third.standing }
      const { nik, person, photo, signature } = merged.enrolment
      const changed = putPayloads(parts, { fingers, images: ready, photo, signature })
      const images = merged.keptImages.filter(({ role }) => !changed.some(other => other.role === role))
      const about = {
        fingers: [...merged.keptFingers, ...fingersOf(ready)].sort((a, b) => a.position - b.position),
        exceptions: exceptionsOf(fingers),
        overrides: [...merged.overrides(isSamePerson), ...first.used, ...second.used, ...third.used],
      }
      const searched = isSamePerson ? preCheck : { ...preCheck, missed: missedBy(parts, found, recordId) }
      const body = { nik, person, ...about, operator, preCheck: searched, reason }
      const payloads = [...changed, ...images]
      append(station, {
        kind: 'corrected',
        direction: 'up',
        record: recordId,
        recordVersion: version,
        body,
        payloads,
      })
      reviewCases(station, recordId)
      if (!isSamePerson) openOwnCases(station, recordId, preCheck, asked.targetFpir ?? TARGET_FPIR)
      return { recorded: true, recordId, version, preCheck: searched }
    })
  if (isSamePerson) return write({ preCheck: before.contents!.preCheck, isFull: false, feedback: [] })
  return searchThen(station, fingers, asked, write, recordId)
}

/** The record as it would be, and what of the version before stays. */
function mergedWith(
  { file, keys }: StationParts,
  before: Contents,
  payloads: readonly PayloadReference[],
  changes: PartialEnrolment,
) {
  const given = changes.fingers ?? []
  const replaced = new Set([
    ...given.map(({ position }) => position),
    ...Object.keys(changes.exceptions ?? {}).map(Number),
  ])
  const bytesOf = (role: string) => {
    const reference = payloads.find(each => each.role === role)
    return reference && getPayload(file, keys, Buffer.from(reference.hash, 'hex'))
  }
  const all = readTemplates(bytesOf('templates')!)
  const kept: RecordedFinger[] = all.filter(({ position }) => !replaced.has(position))
  const keptRoles = kept.map(({ position }) => `finger-${position}`)
  const standing = kept.filter(({ missing }) => missing !== undefined)
  const exceptions = {
    ...Object.fromEntries(standing.map(({ position, missing }) => [position, missing!])),
    ...changes.exceptions,
  }
  const present = kept.flatMap(({ position, template }): GivenFinger[] => (template ? [{ position, template }] : []))
  const photo = changes.photo ?? bytesOf('photo')
  const signature = changes.signature ?? bytesOf('signature')
  const enrolment: Enrolment = {
    nik: changes.nik ?? before.nik,
    person: (changes.person as Enrolment['person'] | undefined) ?? before.person,
    fingers: [...present, ...given],
    exceptions,
    ...(photo && { photo }),
    ...(signature && { signature }),
    operator: changes.operator!,
  }
  /** Those of a NIK are found again, those about fingers only where there is something to find. */
  const carried = (isSamePerson: boolean) =>
    before.overrides.filter(
      ({ code, position }) =>
        !code.startsWith('nik-') && (isSamePerson || (position !== undefined && !replaced.has(position))),
    ) as EnrolOverride[]
  return {
    enrolment,
    overrides: carried,
    kept,
    keptFingers: before.fingers.filter(({ position }) => !replaced.has(position)),
    keptImages: payloads.filter(({ role }) => keptRoles.includes(role)),
  }
}

/**
 * Withdraws a record of this station: a person who was recorded by mistake, or is to be recorded anew. It stays in the journal, its NIK
 * is free again, and nobody is compared with it any more.
 *
 * @throws TypeError, RangeError naming the argument
 * @throws SidikError RECORD_UNKNOWN, RECORD_FOREIGN, RECORD_WITHDRAWN
 */
export function withdraw(station: Station, recordId: string, correction: Correction): void {
  const parts = partsOf(station)
  const why = readOptions('withdraw', correction, ['operator', 'reason'])
  const body = { operator: personName('operator', why.operator), reason: nonEmptyText('reason', why.reason) }
  parts.file.transaction(() => {
    const { version } = ownRecord(parts, recordId)
    append(station, { kind: 'withdrawn', direction: 'up', record: recordId, recordVersion: version, body })
    reviewCases(station, recordId)
    noteNoneStays(station, recordId)
  })
}
