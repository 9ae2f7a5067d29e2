/** What does not agree, put on record. */
import type { EntryHeader } from '../journal/entry.js'
import type { DiscrepancyCode } from '../stock/types.js'
import type { StationFile } from '../store/database.js'

/** Of the entry that shows it. `detail`: numbers, names of lots and shipments, ids; nothing that names a person. */
export function noteDiscrepancy(
  file: StationFile,
  { station, sequence, at }: Pick<EntryHeader, 'station' | 'sequence' | 'at'>,
  code: DiscrepancyCode,
  detail: Readonly<Record<string, string | number>>,
): void {
  const sql = 'SELECT coalesce(max(place) + 1, 0) AS place FROM discrepancy WHERE station = ? AND sequence = ?'
  const { place } = file.get<{ place: number }>(sql, station, sequence)!
  file.run(
    'INSERT INTO discrepancy (station, sequence, place, code, at, detail) VALUES (?, ?, ?, ?, ?, ?)',
    station,
    sequence,
    place,
    code,
    at,
    JSON.stringify(detail),
  )
}
