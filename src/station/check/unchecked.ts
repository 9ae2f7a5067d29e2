/** Records that have still to be compared with all others. */
import type { StationParts } from '../station.js'

/** Whether the station compares records that come: it has an engine, or had one and says so by what it wrote. */
export function checksRecords({ file, identity, recogniser }: StationParts): boolean {
  if (recogniser !== undefined) return true
  return file.get('SELECT 1 FROM record_check WHERE word_of = ? LIMIT 1', identity.id) !== undefined
}

export function countUnchecked({ file }: StationParts): number {
  return file.get<{ n: number }>('SELECT count(*) AS n FROM check_due')!.n
}

/** Persons who became known after a place, and with whom a search up to there did not compare. */
export function countMissed({ file }: StationParts, through: number, own: string): number {
  const sql = 'SELECT count(*) AS n FROM gallery_entry WHERE changed > ? AND templates IS NOT NULL AND record <> ?'
  return file.get<{ n: number }>(sql, through, own)!.n
}
