import { TARGET_FPIR } from '../../persons/persons.js'
import { missedBy, openOwnCases } from '../check/own-records.js'
import { reviewCases } from '../check/review-cases.js'
import { append } from '../journal/append.js'
import { partsOf, type Station } from '../station.js'
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
import { draftUnknown, readDraft, removeDraft, saveDraft, saveTry } from './draft.js'
import { overrule } from './feedback.js'
import { readEnrolment } from './input.js'
import { newRecordId } from './record-id.js'
import type { Enrolment, EnrolOptions, NotRecorded, PartialEnrolment, Recorded } from './types.js'

/**
 * Records a person. What was given is kept as a draft first, so that a crash loses no capture (`resumeDraft`); then the prints are
 * extracted, the person is compared with all that the station knows of, and the record, its payloads and its journal entry are written
 * in one transaction. When this returns `recorded: true` they are on the disk.
 *
 * Somebody whom the comparison finds to be recorded already is recorded all the same: `preCheck` says `duplicate`, and only the centre
 * decides. Nobody is called unique here.
 *
 * @returns `recorded: false` with what somebody can correct (or, where `overridable`, overrule),
 *   and the draft to go on with. Tried again without it, the same NIK, name and date of birth find
 *   the same draft
 * @throws TypeError, RangeError for what only a mistake of the program can cause; the signal's reason when it is aborted
 * @throws SidikError DRAFT_UNKNOWN when the draft was finished before, CORE_FAILED, ENGINE_CLOSED, GALLERY_FULL, STATION_FULL,
 *   STATION_BUSY, STATION_CLOSED: nothing was recorded
 */
export async function enrol(
  station: Station,
  enrolment: Enrolment,
  options?: EnrolOptions,
): Promise<Recorded | NotRecorded> {
  const parts = partsOf(station)
  const asked = readEnrolOptions('enrol', options)
  const { draft: begun, ...given } = readEnrolment('enrol', enrolment)
  const { nik, person, operator, exceptions = {}, overrides = [] } = given
  assertExtractable(parts, given.fingers)
  asked.signal?.throwIfAborted()
  const before = await checkEnrolment(parts, given)
  const keep = () => (begun === undefined ? saveTry(station, given) : saveDraft(station, given, { draft: begun }))
  const draft = keep()
  const first = overrule(before, overrides)
  if (first.standing.length > 0) return { recorded: false, feedback: first.standing, draft }

  const { fingers: ready, feedback: unusable } = await extractAll(parts, given.fingers, asked)
  const second = overrule(unusable, overrides)
  if (second.standing.length > 0) return { recorded: false, feedback: second.standing, draft }

  const fingers = recordedFingers(ready, exceptions)
  return searchThen(station, fingers, asked, found =>
    parts.file.transaction((): Recorded | NotRecorded => {
      const { preCheck, feedback: twice } = found
      // Asked again: somebody else may have recorded the person meanwhile.
      const third = overrule([...twice, ...recordedFeedback(parts, nik)], overrides)
      // Whoever recorded the same person meanwhile took the draft away, which held other prints perhaps.
      if (third.standing.length > 0) return { recorded: false, feedback: third.standing, draft: keep() }
      if (!removeDraft(parts, draft)) throw draftUnknown()
      const record = newRecordId()
      const payloads = putPayloads(parts, { ...given, fingers, images: ready })
      const used = [...first.used, ...second.used, ...third.used]
      const about = { fingers: fingersOf(ready), exceptions: exceptionsOf(fingers), overrides: used }
      const searched = { ...preCheck, missed: missedBy(parts, found, record) }
      const body = { nik, person, ...about, operator, preCheck: searched }
      append(station, { kind: 'enrolled', direction: 'up', record, recordVersion: 1, body, payloads })
      reviewCases(station, record)
      openOwnCases(station, record, preCheck, asked.targetFpir ?? TARGET_FPIR)
      return { recorded: true, recordId: record, version: 1, preCheck: searched }
    }),
  )
}

/**
 * Finishes a draft: what it holds, and what is added or changed now. Throws and returns as {@link enrol}.
 *
 * @param changes members that take the place of the draft's
 * @throws SidikError DRAFT_UNKNOWN
 */
export async function resumeDraft(
  station: Station,
  draft: string,
  changes: PartialEnrolment = {},
  options?: EnrolOptions,
): Promise<Recorded | NotRecorded> {
  return enrol(station, { ...readDraft(station, draft), ...changes, draft } as Enrolment, options)
}
