/**
 * The check of one record: it is in the index of persons already, is compared with all others of
 * it, and what comes of that is written down, with a case for each record that matches.
 */
import { SidikError } from '../../errors.js'
import { type RecordedFinger, readTemplates } from '../enrol/templates-payload.js'
import { append } from '../journal/append.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { getPayload } from '../store/payloads.js'
import { caseRecord, readerOf } from './cases.js'
import { openFingerCases } from './finger-cases.js'
import type { LocalGallery } from './local-gallery.js'
import type { PreCheck } from './pre-check.js'
import { type SearchOptions, searchPerson } from './search.js'

export interface CheckSettings {
  /** Share of searches with a stranger that may end in a case. */
  readonly targetFpir: number
  /** Persons among whom it is decided, where they are more than the station knows of. */
  readonly population?: number
}

/** Reason of a review: two of the record's own fingers are one. */
const OWN_FINGERS_ALIKE = 'own-fingers-alike'

export interface CheckedRecord {
  readonly record: string
  readonly decision: PreCheck['decision']
}

interface DueRow {
  readonly record: string
  /** Hash of its templates; NULL without any. */
  readonly templates: Uint8Array | null
  readonly since: number
}

const DUE = `SELECT d.record, d.since, g.templates FROM check_due d LEFT JOIN gallery_entry g ON g.record = d.record`

/**
 * Checks the record that has waited longest. To be called within `gallery.withAll`: whoever came
 * before is in the index then, so that of two that come at once the second is compared with the first.
 *
 * @returns undefined where nothing is due, or nothing that is here
 * @throws the signal's reason, SidikError STATION_CORRUPT for templates that do not open, and what a
 *   search throws
 */
export async function checkNext(
  station: Station,
  gallery: LocalGallery,
  { targetFpir, population }: CheckSettings,
  signal: AbortSignal | undefined,
): Promise<CheckedRecord | undefined> {
  const parts = partsOf(station)
  for (const due of dueRows(parts)) {
    const fingers = fingersOf(parts, due)
    if (fingers === undefined) continue
    const options = { targetFpir, ...(population !== undefined && { population }), ...(signal && { signal }) }
    const result = await search(parts, gallery, fingers, options, due.record)
    signal?.throwIfAborted()
    return { record: due.record, decision: writeResult(station, due, result, { targetFpir, population }) }
  }
  return undefined
}

/** Fingers that cannot be compared are as good as none. */
const NOT_COMPARED = /^(NO_USABLE_FINGER|TEMPLATE_)/

async function search(
  parts: StationParts,
  gallery: LocalGallery,
  fingers: readonly RecordedFinger[],
  options: SearchOptions,
  record: string,
): Promise<PreCheck> {
  try {
    const { preCheck, feedback } = await searchPerson(parts, gallery, fingers, options, record)
    if (!feedback.some(({ code }) => code === 'same-finger-twice' || code === 'same-print-twice')) return preCheck
    // Laid under all positions, one template matches many people: nobody else is doubted for it.
    return { ...preCheck, decision: 'review', reasons: [OWN_FINGERS_ALIKE, ...preCheck.reasons] }
  } catch (error) {
    if (!(error instanceof SidikError) || !NOT_COMPARED.test(error.code)) throw error
    return (await searchPerson(parts, gallery, [], options, record)).preCheck
  }
}

/** Records that are due, longest first. */
function* dueRows({ file }: StationParts): Generator<DueRow> {
  let [since, record] = [0, '']
  for (;;) {
    const next = file.get<DueRow>(
      `${DUE} WHERE (d.since, d.record) > (?, ?) ORDER BY d.since, d.record LIMIT 1`,
      since,
      record,
    )
    if (next === undefined) return
    yield next
    ;({ since, record } = next)
  }
}

/** Its fingers: none where it has none that can be read; undefined where they have not come. */
function fingersOf({ file, keys }: StationParts, { templates }: DueRow): readonly RecordedFinger[] | undefined {
  if (templates === null) return []
  const bytes = getPayload(file, keys, templates)
  if (bytes === undefined) return undefined
  try {
    return readTemplates(bytes)
  } catch (error) {
    if (error instanceof SidikError && error.code.startsWith('RECORD_')) return []
    throw error
  }
}

function writeResult(
  station: Station,
  due: DueRow,
  result: PreCheck,
  { targetFpir, population }: { targetFpir: number; population: number | undefined },
): PreCheck['decision'] {
  const { file, identity } = partsOf(station)
  return file.transaction(() => {
    const now = file.get<DueRow>(`${DUE} WHERE d.record = ?`, due.record)
    const row = caseRecord(file, due.record)
    // It was checked by another process, withdrawn, or has other fingers now.
    if (now === undefined || row === undefined || !isSame(now.templates, due.templates)) return result.decision
    const templates = due.templates === null ? {} : { templates: Buffer.from(due.templates).toString('hex') }
    const among = population === undefined ? {} : { population }
    append(station, {
      kind: 'checked',
      record: due.record,
      body: { ...result, ...templates, targetFpir, ...among },
      ...readerOf(identity.id, row.station),
    })
    openFingerCases(station, due.record, matchesOf(result, targetFpir))
    return result.decision
  })
}

/**
 * Records that match at the rate that was asked for, whether or not some of their fingers speak
 * against it; but for those whose own fingers are alike, which lie under several people's.
 */
export function matchesOf({ candidates, reasons }: PreCheck, targetFpir: number): string[] {
  if (reasons.includes(OWN_FINGERS_ALIKE)) return []
  return candidates.filter(({ fpir, alike }) => fpir <= targetFpir && alike === undefined).map(({ record }) => record)
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === b || (a !== null && b !== null && Buffer.compare(a, b) === 0)
}
