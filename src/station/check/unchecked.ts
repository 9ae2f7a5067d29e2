/** Records that have still to be compared with all others. */
import { newestVersion } from '../enrol/contents.js'
import type { RecordRow } from '../enrol/held.js'
import { TEMPLATES_ROLE } from '../project/gallery.js'
import { COMPARED_ABOVE, IS_COMPARED_HERE, IS_WAIVED, isResult, RESULTS_NOW } from '../project/standing.js'
import type { StationParts } from '../station.js'
import { hasIndex } from './open-index.js'

/** Whether the station compares records that come: it has an index, or had one and says so by what it wrote. */
export function checksRecords(parts: StationParts): boolean {
  const { file, identity } = parts
  if (hasIndex(parts)) return true
  const sql = `SELECT 1 FROM record_check c WHERE c.word_of = ? AND ${isResult('c')} LIMIT 1`
  return file.get(sql, identity.id) !== undefined
}

/**
 * Whether the fingers that a record has now were compared with all others, by this station or one
 * above it. An own record of the centre was when it was recorded, unless others came meanwhile.
 */
export function isCompared(parts: StationParts, { id, station, pre_check }: RecordRow): boolean {
  const { file, identity } = parts
  if (file.get(COMPARED_ABOVE, id) !== undefined) return true
  if (station !== identity.id) return false
  if (file.get(RESULTS_NOW, id) !== undefined) return true
  if (file.get('SELECT 1 FROM check_due WHERE record = ?', id) !== undefined) return false
  if (pre_check !== 'not-run') return pre_check !== null
  // Nothing could be compared, as it is with one that a check calls so.
  return newestVersion(parts, id, station).contents?.preCheck.reasons.includes('no-finger') === true
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
  const sql = 'SELECT templates FROM gallery_entry WHERE record = ?'
  const held = file.get<{ templates: Uint8Array | null }>(sql, record)?.templates
  if (signed !== (held ? Buffer.from(held).toString('hex') : undefined)) return false
  if (station !== identity.id || !checksRecords(parts) || (contents?.preCheck.missed ?? 0) === 0) return true
  return (
    file.get(`SELECT 1 FROM record r WHERE r.id = ? AND (${IS_COMPARED_HERE} OR ${IS_WAIVED})`, record) !== undefined
  )
}

export function countUnchecked({ file }: StationParts): number {
  return file.get<{ n: number }>('SELECT count(*) AS n FROM check_due')!.n
}

/** Persons who became known after a place, and with whom a search up to there did not compare. */
export function countMissed({ file }: StationParts, through: number, own: string): number {
  const sql = 'SELECT count(*) AS n FROM gallery_entry WHERE changed > ? AND templates IS NOT NULL AND record <> ?'
  return file.get<{ n: number }>(sql, through, own)!.n
}
