/** Records that have still to be compared with all others. */
import { newestVersion } from '../enrol/contents.js'
import type { RecordRow } from '../enrol/held.js'
import { decodeHeader } from '../journal/entry.js'
import { TEMPLATES_ROLE } from '../project/gallery.js'
import {
  awaitedOf,
  COMPARED_ABOVE,
  COUNT_DUE_UNCOMPARED,
  IS_COMPARED_HERE,
  IS_WAIVED,
  isResult,
  RESULTS_NOW,
} from '../project/standing.js'
import type { StationParts } from '../station.js'
import type { StationFile } from '../store/database.js'
import { caseRecord } from './cases.js'
import { hasIndex } from './open-index.js'

/** Whether the station compares records that come: it has an index, or had one and says so by what it wrote. */
export function checksRecords(parts: StationParts): boolean {
  const { file, identity } = parts
  if (hasIndex(parts)) return true
  const sql = `SELECT 1 FROM record_check c WHERE c.word_of = ? AND ${isResult('c')} LIMIT 1`
  return file.get(sql, identity.id) !== undefined
}

/** How long it is believed that a station compares nothing, ms: it is asked for each row of a list. */
const BELIEVED_MS = 1_000

/** When it was seen last. */
const comparedNothing = new WeakMap<StationFile, number>()

/** Whether the station compares nothing, and leaves that to those above it. For what is shown alone. */
function comparesNothing(parts: StationParts): boolean {
  const { file } = parts
  if (hasIndex(parts)) return false
  const seen = comparedNothing.get(file)
  if (seen !== undefined && performance.now() - seen < BELIEVED_MS) return true
  if (checksRecords(parts)) return false
  comparedNothing.set(file, performance.now())
  return true
}

/**
 * Whether a record has still to be compared: it is due here. At a station that compares nothing, what
 * a station above has compared is not.
 */
export function isUnchecked(parts: StationParts, record: string): boolean {
  if (!isDue(parts, record)) return false
  return parts.file.get(COMPARED_ABOVE, record) === undefined || !comparesNothing(parts)
}

/** Whether this station has compared the fingers that the record has now. */
export function isComparedHere({ file }: StationParts, record: string): boolean {
  return file.get(`SELECT 1 FROM record r WHERE r.id = ? AND ${IS_COMPARED_HERE}`, record) !== undefined
}

/** A comparison by the station that counts no more. Parameters: the record, the station. */
const COMPARED_AGAIN = `${awaitedOf('?')} AND c.word_of = ?`

/**
 * Whether the fingers that a record has now were compared with all others, by this station or one
 * above it. An own record of the centre was when it was recorded, unless others came meanwhile.
 */
export function isCompared(parts: StationParts, { id, station, pre_check }: RecordRow): boolean {
  const { file, identity } = parts
  if (file.get(COMPARED_AGAIN, id, identity.id) !== undefined) return false
  if (file.get(COMPARED_ABOVE, id) !== undefined) return true
  if (station !== identity.id) return false
  const newest = file.get<{ decision: string }>(`${RESULTS_NOW} LIMIT 1`, id)
  if (newest !== undefined) return newest.decision !== 'not-run'
  if (isDue(parts, id)) return false
  return pre_check !== null && pre_check !== 'not-run'
}

/** Whether this station has still to compare a record. */
export function isDue({ file }: StationParts, record: string): boolean {
  return file.get('SELECT 1 FROM check_due WHERE record = ?', record) !== undefined
}

/**
 * Whether what the check goes by is what the record's station has signed: which fingers it has, and
 * whether its own search left anybody out. The two tables that say so are under no guard, as a
 * recheck writes a row for each record of a city; so this is looked at before a card or letter
 * follows.
 *
 * @throws SidikError STATION_CORRUPT where the newest entry of the record was altered
 */
export function isCheckProven(parts: StationParts, record: string, station: string): boolean {
  const { file, identity } = parts
  const { payloads, contents } = newestVersion(parts, record, station)
  const signed = payloads.find(({ role }) => role === TEMPLATES_ROLE)?.hash
  if (signed !== heldTemplates(file, record)) return false
  if (station !== identity.id || !checksRecords(parts) || (contents?.preCheck.missed ?? 0) === 0) return true
  return (
    file.get(`SELECT 1 FROM record r WHERE r.id = ? AND (${IS_COMPARED_HERE} OR ${IS_WAIVED})`, record) !== undefined
  )
}

/**
 * Whether the fingers that a record has in the check, or that it has none there, are what a station
 * has signed: its own, or one above of a record that is not here. To be looked at before a case ends
 * because of them.
 *
 * @throws SidikError STATION_CORRUPT where the newest entry of the record was altered
 */
export function areFingersProven(parts: StationParts, record: string): boolean {
  const { file } = parts
  const held = heldTemplates(file, record)
  const row = caseRecord(file, record)
  if (row !== undefined && held !== undefined) {
    const { payloads } = newestVersion(parts, record, row.station)
    return payloads.some(({ role, hash }) => role === TEMPLATES_ROLE && hash === held)
  }
  const sql = `SELECT header FROM journal WHERE record = ? AND kind = ? AND applied IS NOT NULL AND mac IS NOT NULL`
  const entries = (kind: string) => file.all<{ header: Uint8Array }>(sql, record, kind)
  if (held === undefined) return row !== undefined || entries('removal').length > 0
  return entries('gallery').some(({ header }) => decodeHeader(header).payloads.some(({ hash }) => hash === held))
}

/** Hash of the fingers that a record has in the check; undefined for none. */
function heldTemplates(file: StationFile, record: string): string | undefined {
  const sql = 'SELECT templates FROM gallery_entry WHERE record = ?'
  const held = file.get<{ templates: Uint8Array | null }>(sql, record)?.templates
  return held ? Buffer.from(held).toString('hex') : undefined
}

/** Most of the time that is spent on counting, where each record that is due is looked at. */
const SHARE_OF_TIME = 1 / 20

/** A count, and until when it is given again. */
const counted = new WeakMap<StationFile, { readonly n: number; readonly until: number }>()

/** How many records have still to be compared, as {@link isUnchecked} says. Some 0.3 s for 100,000, now and then. */
export function countUnchecked(parts: StationParts): number {
  const { file } = parts
  if (!comparesNothing(parts)) return file.get<{ n: number }>('SELECT count(*) AS n FROM check_due')!.n
  const began = performance.now()
  const known = counted.get(file)
  if (known !== undefined && began < known.until) return known.n
  const { n } = file.get<{ n: number }>(COUNT_DUE_UNCOMPARED)!
  const ended = performance.now()
  counted.set(file, { n, until: ended + (ended - began) / SHARE_OF_TIME })
  return n
}

/** Persons who became known after a place, and with whom a search up to there did not compare. */
export function countMissed({ file }: StationParts, through: number, own: string): number {
  const sql = 'SELECT count(*) AS n FROM gallery_entry WHERE changed > ? AND templates IS NOT NULL AND record <> ?'
  return file.get<{ n: number }>(sql, through, own)!.n
}
