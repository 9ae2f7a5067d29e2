/**
 * Candidates of whom somebody has to say whether they are the record's person: those that a search found
 * somewhat like it. Each stays until a person has said so of that one, after the search.
 */
import { REVIEW_FACTOR } from '../../persons/decide.js'
import { TARGET_FPIR } from '../../persons/persons.js'
import { MOST_CANDIDATES, type PreCheckCandidate } from '../check/pre-check.js'
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { mayServe } from './authority.js'
import type { Projected } from './projected.js'

/**
 * The search that found a candidate: the pre-check of the record's own station, or the check of the station
 * whose file it is.
 */
export type Search = 'pre-check' | 'check'

type Found = Pick<BodyOf<'checked'>, 'decision' | 'candidates'> & { readonly targetFpir?: number | undefined }

/**
 * Whether a candidate is one for which a search says `review` or `duplicate`. A change of what these ask for is one of
 * the rules by which tables follow from the journal (PROJECTIONS in refold.ts).
 */
function isNear({ fpir, ...more }: Found['candidates'][number], targetFpir: number): boolean {
  const { fingers } = more as Partial<PreCheckCandidate>
  const isAgreeing = Array.isArray(fingers) && fingers.some(finger => finger?.verdict === 'agreeing')
  return fpir <= REVIEW_FACTOR * targetFpir || isAgreeing
}

/** What a search of a record found, in place of what the one before had. */
export function noteFound(
  { file }: Projected,
  search: Search,
  record: string,
  { decision, candidates, targetFpir = TARGET_FPIR }: Found,
): void {
  file.run('DELETE FROM to_look_at WHERE record = ? AND search = ?', record, search)
  if (decision !== 'review' && decision !== 'duplicate') return
  const names = candidates.filter(each => isNear(each, targetFpir)).map(each => each.record)
  const named = names.slice(0, MOST_CANDIDATES)
  // The record itself is in the place of those beyond as many as searches here name, and of nobody.
  if (named.length === 0 || names.length > MOST_CANDIDATES) named.push(record)
  const sql = 'INSERT OR IGNORE INTO to_look_at (record, search, other) SELECT ?, ?, value FROM json_each(?)'
  file.run(sql, record, search, JSON.stringify(named))
}

/** What the record's own station found when it recorded that version. */
export function projectPreCheck(to: Projected, { header }: SignedEntry, { preCheck }: BodyOf<'enrolled'>): void {
  const { record = '', station, sequence } = header
  const newest = 'SELECT 1 FROM record WHERE id = ? AND station = ? AND sequence = ?'
  if (to.file.get(newest, record, station, sequence) === undefined) return
  noteFound(to, 'pre-check', record, preCheck)
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
