/** Two records side by side: what an operator who looked says of them, and the picture to look at. */
import { SidikError } from '../../errors.js'
import { oneOf, readOptions, wholeNumber } from '../../options.js'
import { renderPairs } from '../../render/pairs.js'
import type { Background } from '../../render/sheet.js'
import { decodeTemplate } from '../../template/native.js'
import type { Template, TemplateContents } from '../../types.js'
import { endFingerCases, openSaidCases } from '../check/said-cases.js'
import { append } from '../journal/append.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { getPayload } from '../store/payloads.js'
import { findRecord, heldRecord, recordUnknown } from './held.js'
import { imageWork } from './images.js'
import { payloadOf } from './read.js'
import { readTemplates } from './templates-payload.js'
import { nonEmptyText, personName } from './texts.js'

export type Verdict = 'same-person' | 'different-persons' | 'undecided'

const VERDICTS: readonly Verdict[] = ['same-person', 'different-persons', 'undecided']

export interface AdjudicationInput {
  /** Id of the record that this one was compared with. */
  readonly candidate: string
  readonly verdict: Verdict
  readonly operator: string
  readonly reason: string
}

/**
 * Records what an operator says of a record and a candidate. It changes no record: the centre takes
 * it into account, and decides. That they are different persons ends a case of their fingers that
 * this station has opened; one of a station above goes on until that one says so. At a station that
 * may decide about a record it also ends what a revoked station had opened of the two, at the
 * record's station: a case of fingers, and one of a NIK that they do not share any more. That they
 * are the same person opens it again, and where there was none, one that a station opens which may decide: no
 * card follows from either before that. With the record as its own candidate, its own fingers are meant: it
 * shows one under two positions, or they are different ones; and whoever a search found somewhat like it whom
 * nobody here knows, or did not name.
 *
 * @throws TypeError, RangeError naming the argument; SidikError RECORD_UNKNOWN when either is not known here
 */
export function adjudicate(station: Station, recordId: string, adjudication: AdjudicationInput): void {
  const parts = partsOf(station)
  const asked = readOptions('adjudicate', adjudication, ['candidate', 'verdict', 'operator', 'reason'])
  const body = {
    candidate: asked.candidate,
    verdict: oneOf('verdict', asked.verdict, VERDICTS),
    operator: personName('operator', asked.operator),
    reason: nonEmptyText('reason', asked.reason),
  }
  parts.file.transaction(() => {
    const { version } = heldRecord(parts, recordId)
    if (findRecord(parts, body.candidate) === undefined) galleryTemplates(parts, body.candidate)
    append(station, { kind: 'adjudicated', direction: 'up', record: recordId, recordVersion: version, body })
    if (body.verdict === 'different-persons') endFingerCases(station, recordId, body.candidate)
    if (body.verdict === 'same-person') openSaidCases(station, recordId, body.candidate)
  })
}

export interface CandidateOverlay {
  /** PNG: both prints, what their minutiae have in common joined. Where an image is not held, its minutiae alone. */
  readonly png: Uint8Array
  readonly position: number
  readonly candidatePosition: number
  /** Decibans, of these two fingers alone. */
  readonly score: number
}

/**
 * The two fingers that are most alike, or of the record's finger `position` the candidate's finger that is most like it.
 *
 * @returns undefined where there is nothing to compare: no such finger, or a record without any
 * @throws TypeError, RangeError naming the argument, TypeError for a station without an engine
 * @throws SidikError RECORD_UNKNOWN, STATION_CORRUPT
 */
export async function candidateOverlay(
  station: Station,
  recordId: string,
  candidateId: string,
  options?: { readonly position?: number },
): Promise<CandidateOverlay | undefined> {
  const parts = partsOf(station)
  const { recogniser } = parts
  if (recogniser === undefined) throw new TypeError('the station was opened without an engine')
  const { position } = readOptions('candidateOverlay', options, ['position'])
  if (position !== undefined) wholeNumber('position', position, 1, 10)
  heldRecord(parts, recordId)
  const probes = templatesOf(payloadOf(station, recordId, 'templates')).filter(
    finger => position === undefined || finger.position === position,
  )
  const candidates = templatesOf(galleryTemplates(parts, candidateId))
  const pairs = probes.flatMap(probe =>
    candidates.map(candidate => ({ probe, candidate, ...recogniser.explain(probe.template, candidate.template) })),
  )
  if (pairs.length === 0) return undefined
  const best = pairs.reduce((a, b) => (b.score > a.score ? b : a))
  const a = decodeTemplate(best.probe.template)
  const b = decodeTemplate(best.candidate.template)
  const backgroundA = await backgroundOf(station, recordId, best.probe.position, a)
  const backgroundB = await backgroundOf(station, candidateId, best.candidate.position, b)
  const png = await renderPairs(backgroundA, a.minutiae, backgroundB, b.minutiae, best.pairs)
  const score = Math.round(best.score)
  return { png, position: best.probe.position, candidatePosition: best.candidate.position, score }
}

function templatesOf(bytes: Uint8Array | undefined): { position: number; template: Template }[] {
  if (bytes === undefined) return []
  return readTemplates(bytes).flatMap(({ position, template }) => (template ? [{ position, template }] : []))
}

/**
 * A candidate's templates, also those of a record of which nothing else is here; undefined where they were removed, or have not come.
 *
 * @throws SidikError RECORD_UNKNOWN
 */
function galleryTemplates(parts: StationParts, id: string): Uint8Array | undefined {
  const { file, keys } = parts
  if (typeof id !== 'string') throw new TypeError('candidate must be the id of a record (a string)')
  const sql = 'SELECT templates FROM gallery_entry WHERE record = ?'
  const row = file.get<{ templates: Uint8Array | null }>(sql, id)
  if (row === undefined) throw recordUnknown(parts)
  return row.templates === null ? undefined : getPayload(file, keys, row.templates)
}

/** Codes for an image that is wrong, rather than the program or the machine. */
const UNREADABLE = /^(IMAGE_|PPI_|RECORD_)/

/** What minutiae are drawn on: the image, or where none is held that can be read, a sheet of the print's size. */
async function backgroundOf(
  station: Station,
  recordId: string,
  position: number,
  { widthPx, heightPx, sourcePpi }: TemplateContents,
): Promise<Background> {
  const blank = { widthPx, heightPx }
  const parts = partsOf(station)
  if (findRecord(parts, recordId) === undefined) return blank
  const bytes = payloadOf(station, recordId, `finger-${position}`)
  if (bytes === undefined) return blank
  try {
    // The resolution may have been given beside the image.
    return await imageWork(parts.recogniser).decode(bytes, sourcePpi === 0 ? {} : { ppi: sourcePpi })
  } catch (error) {
    if (error instanceof SidikError && UNREADABLE.test(error.code)) return blank
    throw error
  }
}
