/**
 * Words about a record that came before the record did: journals are heard in any order, and an
 * enrolment that was refused may come again. Until it comes nobody can say whose record it is: they
 * have no effect, and are folded when it comes, as if it had come first. So nobody takes the id of
 * a record that is still on its way. Cards, of which books depend, are kept and judged then:
 * early-cards.ts.
 */
import type { EntryKind } from '../journal/kinds.js'
import { type EntryRow, rowsAbout, stationsAbout } from '../journal/read.js'
import { mayDecide, mayServe } from './authority.js'
import type { Projected } from './projected.js'

/** Kinds of entries that wait for their record. */
export const WAITS_FOR_RECORD: readonly EntryKind[] = [
  'withdrawn',
  'checked',
  'decision',
  'case-opened',
  'case-closed',
  'letter-issued',
  'letter-revoked',
]

/** Most words of a station about one record that are folded when it comes: they are folded in one step. */
const MOST_EARLY = 64

/** Whether a version of a record has taken effect. */
export function isHere({ file }: Projected, record: string | undefined): boolean {
  return ownerOf({ file }, record ?? '') !== undefined
}

/**
 * The station that recorded it. A row without a NIK is what a version before let a withdrawal leave
 * of a record that had not come.
 */
export function ownerOf({ file }: Pick<Projected, 'file'>, record: string): string | undefined {
  const sql = 'SELECT station FROM record WHERE id = ? AND nik_tag IS NOT NULL'
  return file.get<{ station: string }>(sql, record)?.station
}

/**
 * Entries that took effect before a place and waited for a record which is here now, in their order.
 * Those of stations that have no say about it are left out, however many they are.
 */
export function earlyWords(to: Projected, record: string, before: number): EntryRow[] {
  const of = ownerOf(to, record)
  if (of === undefined) return []
  const journal = to.journal ?? to.file
  const about = { record, before, kinds: WAITS_FOR_RECORD }
  return stationsAbout(journal, about)
    .filter(by => mayServe(to, by, of) || mayDecide(to, by, of))
    .flatMap(station => rowsAbout(journal, { ...about, station, limit: MOST_EARLY }))
    .sort((a, b) => a.applied! - b.applied!)
}
