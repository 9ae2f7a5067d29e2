/**
 * Candidates of whom somebody has to say whether they are the record's person: those that a search found
 * somewhat like it. Each stays until a person has said so of that one, after the search.
 */
import { isDeepStrictEqual } from 'node:util'
import { REVIEW_FACTOR } from '../../persons/decide.js'
import { STRANGERS_ABOVE_DECIBANS } from '../../persons/fuse.js'
import { TARGET_FPIR } from '../../persons/persons.js'
import { fpirOf } from '../../score.js'
import { MOST_CANDIDATES, MOST_SEARCHES, type PreCheckCandidate } from '../check/pre-check.js'
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, rowsAbout } from '../journal/read.js'
import { mayServe } from './authority.js'
import { isBelieved } from './peers.js'
import type { Projected } from './projected.js'

/**
 * The search that found a candidate: the pre-check of the record's own station, or the check of the station
 * whose file it is.
 */
export type Search = 'pre-check' | 'check'

type Found = Pick<BodyOf<'checked'>, 'decision' | 'candidates' | 'persons'> & {
  readonly targetFpir?: number | undefined
}

/** Whole decibans are told (check/search.ts): most that a score may have been above what is told. */
const ROUNDED_OFF_DECIBANS = 0.5

/**
 * Whether a candidate is one for which a search says `review` or `duplicate` (persons/decide.ts), or may be, as of the
 * scores digits alone are told. A change of what these ask for is one of the rules by which tables follow from the
 * journal (PROJECTIONS in refold.ts).
 */
export function isNear(
  { fpir, ...more }: Found['candidates'][number],
  { targetFpir, persons }: { readonly targetFpir: number; readonly persons: number },
): boolean {
  const reviewFpir = REVIEW_FACTOR * targetFpir
  const { fingers } = more as Partial<PreCheckCandidate>
  const scores = Array.isArray(fingers) ? fingers.map(finger => Number(finger?.score)) : []
  const strongest = Math.max(...scores.filter(Number.isFinite)) + ROUNDED_OFF_DECIBANS
  return fpir <= reviewFpir || fpirOf(strongest - STRANGERS_ABOVE_DECIBANS, persons) <= reviewFpir
}

/** What a search of a record found, in place of what the one before had. */
export function noteFound(
  { file }: Projected,
  search: Search,
  record: string,
  { decision, candidates, persons, targetFpir = TARGET_FPIR }: Found,
): void {
  file.run('DELETE FROM to_look_at WHERE record = ? AND search = ?', record, search)
  if (decision !== 'review' && decision !== 'duplicate') return
  const names = candidates.filter(each => isNear(each, { targetFpir, persons })).map(each => each.record)
  // The check here has looked behind those of a search.
  const most = MOST_CANDIDATES * (search === 'check' ? MOST_SEARCHES : 1)
  const named = names.slice(0, most)
  // The record itself is in the place of those who were not found, as there were so many, and of nobody.
  if (named.length === 0 || names.length >= most) named.push(record)
  file.run(NAMED, search, JSON.stringify(named), record)
}

/** The record is in the place of candidates too of whom nobody here knows: nobody could say a word of them. */
const NAMED = `INSERT OR IGNORE INTO to_look_at (record, search, other, station)
  SELECT r.id, ?, CASE WHEN EXISTS (SELECT 1 FROM record o WHERE o.id = n.value)
    OR EXISTS (SELECT 1 FROM gallery_entry g WHERE g.record = n.value) THEN n.value ELSE r.id END, r.station
  FROM record r, json_each(?) n WHERE r.id = ?`

/**
 * Findings of the record's own station when it recorded that version. A pre-check that says the same as that of the
 * version before, time and all, is of no other search: the name was corrected, say.
 */
export function projectPreCheck(
  to: Projected,
  { header }: SignedEntry,
  { preCheck }: BodyOf<'enrolled'>,
  applied: number,
): void {
  const { record = '', station, sequence } = header
  const newest = 'SELECT 1 FROM record WHERE id = ? AND station = ? AND sequence = ?'
  if (to.file.get(newest, record, station, sequence) === undefined) return
  const journal = to.journal ?? to.file
  const about = { record, station, before: applied, kinds: ['enrolled', 'corrected'], limit: 1 }
  const [before] = rowsAbout(journal, about, 'DESC')
  const isSaidBefore =
    before !== undefined &&
    Boolean(preCheck.at) &&
    (station === to.self || isBelieved(to.file, station, before.sequence)) &&
    isDeepStrictEqual((bodyOf(journal, to.keys, before) as BodyOf<'enrolled'>).preCheck, preCheck)
  if (!isSaidBefore) noteFound(to, 'pre-check', record, preCheck)
}

/**
 * A person has looked at a record and a candidate. A word of this station answers for both searches, one of
 * another that serves the record for the pre-check alone. Whoever is undecided leaves it to others.
 */
export function projectLookedAt(to: Projected, { header }: SignedEntry, body: BodyOf<'adjudicated'>): void {
  const { station, record = '' } = header
  const { candidate, verdict } = body
  if (verdict === 'undecided') return
  answered(to, station, record, candidate)
  if (record !== candidate) answered(to, station, candidate, record)
}

function answered(to: Projected, by: string, record: string, candidate: string): void {
  const of = to.file.get<{ station: string }>('SELECT station FROM record WHERE id = ?', record)?.station
  if (of === undefined || !(by === to.self || mayServe(to, by, of))) return
  const which = by === to.self ? '' : `AND search = 'pre-check'`
  const named = `DELETE FROM to_look_at WHERE record = ? AND other = ? ${which}`
  if (to.file.run(named, record, candidate) === 0) to.file.run(named, record, record)
}
