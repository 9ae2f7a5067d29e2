/**
 * When a file of decisions was imported first. What was decided since is newer than the file, also
 * where it has decided nothing about that record: it had nothing to say then, the record came later,
 * or the import was stopped before.
 */
import { decisionRows } from '../enrol/decisions.js'
import type { RecordRow } from '../enrol/held.js'
import { newestPlace } from '../journal/places.js'
import type { StationParts } from '../station.js'

/** Rows of `meta` with the newest place that there was then, by the file's hash. */
const FIRST = 'decisions '

/**
 * The place in the order of entries after which everything is newer than the file; noted at the first
 * call, which is to be in a transaction.
 *
 * @param hash SHA-256 of the file, hexadecimal
 */
export function firstImport({ file }: StationParts, hash: string): number {
  const sql = 'SELECT value FROM meta WHERE name = ?'
  const noted = file.get<{ value: string }>(sql, FIRST + hash)?.value
  if (noted !== undefined) return Number(noted)
  const place = newestPlace(file)
  file.run('INSERT INTO meta (name, value) VALUES (?, ?)', FIRST + hash, String(place))
  return place
}

/**
 * Whether anybody has decided about a record since, or a record that was here then was corrected.
 *
 * @param first as {@link firstImport} gave it
 */
export function isFollowed(parts: StationParts, record: RecordRow, first: number): boolean {
  return decisionRows(parts, record).some(({ applied }) => applied! > first) || isCorrected(parts, record, first)
}

function isCorrected({ file }: StationParts, { id, station }: RecordRow, first: number): boolean {
  const sql = `SELECT min(applied) AS first, max(applied) AS last FROM journal
    WHERE record = ? AND kind IN ('enrolled', 'corrected') AND +station = ? AND applied IS NOT NULL`
  const versions = file.get<{ first: number | null; last: number | null }>(sql, id, station)
  return (versions?.first ?? 0) <= first && (versions?.last ?? 0) > first
}
