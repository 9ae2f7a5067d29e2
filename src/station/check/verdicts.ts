/** Verdicts of people at this station about two records, whichever of the two they looked at first. */
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow } from '../journal/read.js'
import type { StationParts } from '../station.js'

/**
 * Found by the record: that index is looked through when the file is opened, so that nobody hides a
 * word by editing it.
 */
const SAID = `SELECT ${ENTRY_COLUMNS} FROM journal INDEXED BY journal_record
  WHERE record IN (?, ?) AND +kind = 'adjudicated' AND +station = ?
    AND body IS NOT NULL AND applied IS NOT NULL AND mac IS NOT NULL ORDER BY applied DESC`

/**
 * The newest verdict about the two that was said at this station; undefined where there is none, or
 * nobody was sure.
 *
 * @throws SidikError STATION_CORRUPT where one was altered
 */
export function newestVerdict(
  { file, keys, identity }: StationParts,
  record: string,
  other: string,
): 'same-person' | 'different-persons' | undefined {
  for (const entry of file.all<EntryRow>(SAID, record, other, identity.id)) {
    const { candidate, verdict } = bodyOf(file, keys, entry) as BodyOf<'adjudicated'>
    if (candidate !== (entry.record === record ? other : record)) continue
    if (verdict !== 'undecided') return verdict
  }
  return undefined
}
