/**
 * Words about a record that came before the record did: journals are heard in any order, and an
 * enrolment that was refused may come again. Until it comes nobody can say whose record it is: they
 * have no effect, and are folded when it comes, as if it had come first. So nobody takes the id of
 * a record that is still on its way. Cards, of which books depend, are kept and judged then:
 * early-cards.ts.
 */
import type { BodyOf, EntryKind } from '../journal/kinds.js'
import { bodyOf, type EntryRow, rowsAbout, stationsAbout } from '../journal/read.js'
import { mayDecide, mayServe } from './authority.js'
import type { Projected } from './projected.js'
import { wordIn } from './told-below.js'

/** Kinds of entries that wait for their record. */
export const WAITS_FOR_RECORD: readonly EntryKind[] = [
  'withdrawn',
  'checked',
  'decision',
  'case-opened',
  'case-closed',
  'cards-of-nik',
  'letter-issued',
  'letter-revoked',
]

/** Most words of a station about one record that are looked at when it comes: its newest. */
const MOST_READ = 1_024

/** Most of them that are folded, in one step. */
const MOST_EARLY = 64

/** Newest words about one matter that may still count; of each other kind one. Those before them were taken back. */
const MOST_OF_A_MATTER: Readonly<Record<string, number>> = { decision: 8, case: 2, letter: MOST_EARLY }

/** Matters in the order in which words are left out where there are too many, the last first. */
const MATTERS = ['withdrawn', 'decision', 'checked', 'open case', 'cards-of-nik', 'letter', 'case']

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
  const about = { record, before, kinds: [...WAITS_FOR_RECORD, 'told-below'] }
  return stationsAbout(journal, about)
    .filter(by => mayServe(to, by, of) || mayDecide(to, by, of))
    .flatMap(station => lasting(to, rowsAbout(journal, { ...about, station, limit: MOST_READ }, 'DESC')))
    .sort((a, b) => a.applied! - b.applied!)
}

/**
 * Words that count in the end, of a station's words about one record, the newest first: it may have
 * compared the record a hundred times, or opened and closed one case as often.
 */
function lasting(to: Projected, rows: readonly EntryRow[]): EntryRow[] {
  const counts = new Map<string, number>()
  const ranked = rows.flatMap(row => {
    if (row.kind === 'told-below' && !isEarlyTold(to, row)) return []
    const [matter, subject] = matterOf(to, row)
    const before = counts.get(subject) ?? 0
    counts.set(subject, before + 1)
    if (before >= (MOST_OF_A_MATTER[matter] ?? 1)) return []
    const isOpen = row.kind === 'case-opened' && before === 0
    return { row, rank: MATTERS.indexOf(isOpen ? 'open case' : matter) }
  })
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_EARLY)
    .map(({ row }) => row)
}

/** Kind of matter that a word is about, and which. */
function matterOf(to: Projected, row: EntryRow): readonly [matter: string, subject: string] {
  const { kind } = row
  if (kind === 'told-below' || kind === 'letter-issued' || kind === 'letter-revoked') return ['letter', 'letter']
  if (kind !== 'case-opened' && kind !== 'case-closed') return [kind, kind]
  const { kind: of, other } = bodyOf(to.journal ?? to.file, to.keys, row) as BodyOf<'case-opened' | 'case-closed'>
  return ['case', `case ${of} ${other}`]
}

/** Letters alone, of what is told below: cards are kept, and judged when the record comes. */
function isEarlyTold(to: Projected, row: EntryRow): boolean {
  const kind = wordIn(to, row)?.entry.header.kind
  return kind !== undefined && WAITS_FOR_RECORD.includes(kind as EntryKind)
}
