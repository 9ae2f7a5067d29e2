/** Which records have still to be compared with all others, and what came of those that were. */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { mayDecide } from './authority.js'
import { mayDoubt } from './identity-cases.js'
import type { Projected } from './projected.js'
import { isResult } from './standing.js'
import { noteFound } from './to-look-at.js'

/** Records that were taken out of the duplicate check, and stay out. */
const IS_REMOVED = 'EXISTS (SELECT 1 FROM gallery_entry g WHERE g.record = record.id AND g.templates IS NULL)'

/**
 * A new version of a record. Its own station has compared it when it was recorded, but with those
 * that came meanwhile; one of a station below is compared here.
 */
export function projectCheckDue(
  { file, self }: Projected,
  { header }: SignedEntry,
  body: BodyOf<'enrolled'>,
  applied: number,
): void {
  const { station, record, sequence } = header
  if (record === undefined) return
  const isNewest = `SELECT 1 FROM record WHERE id = ? AND station = ? AND sequence = ?
    AND client_state <> 'withdrawn' AND NOT ${IS_REMOVED}`
  if (file.get(isNewest, record, station, sequence) === undefined) return
  const isOwnSearch = station === self && (body.preCheck.missed ?? 0) === 0
  // One that is due stays so: what a correction of a name says of a search is of the search before.
  if (isOwnSearch || isChecked(file, self, record)) return
  file.run('INSERT OR REPLACE INTO check_due (record, station, since) VALUES (?, ?, ?)', record, station, applied)
}

/** A record that is no more, or was taken out of the duplicate check, if the entry has done so. */
export function projectNotDue({ file }: Projected, { header: { record = '' } }: SignedEntry): void {
  const isOut = `SELECT 1 FROM record WHERE id = ? AND (client_state = 'withdrawn' OR ${IS_REMOVED})`
  if (file.get(isOut, record) !== undefined) notDue(file, record)
}

/** The result of a comparison, by this station or one that decides about the record. */
export function projectChecked(to: Projected, entry: SignedEntry, body: BodyOf<'checked'>, applied: number): void {
  const { station, record = '', at } = entry.header
  const of = to.file.get<{ station: string }>('SELECT station FROM record WHERE id = ?', record)?.station
  if (of === undefined || (station !== to.self && !mayDecide(to, station, of))) return
  // What this station compared was a version that is undone: its own station was revoked.
  if (station === to.self && !hasTemplates(to.file, record, body.templates)) return
  if (station === to.self) notDue(to.file, record)
  const templates = body.templates === undefined ? null : Buffer.from(body.templates, 'hex')
  // A person has said why a card may follow, and a check that finds nothing to compare changes nothing.
  if (body.decision === 'not-run' && isSaid(to.file, 'waived', { record, station, templates })) return
  if (station === to.self) noteFound(to, 'check', record, body)
  to.file.run(
    `INSERT OR REPLACE INTO record_check (record, word_of, templates, decision, persons, at, place)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    record,
    station,
    templates,
    body.decision,
    body.persons,
    at,
    applied,
  )
}

/** Whether the newest word of a station about these fingers of a record is that one. */
function isSaid(
  file: Projected['file'],
  decision: string,
  { record, station, templates }: { record: string; station: string; templates: Buffer | null },
): boolean {
  const sql = 'SELECT 1 FROM record_check WHERE record = ? AND word_of = ? AND decision = ? AND templates IS ?'
  return file.get(sql, record, station, decision, templates) !== undefined
}

/**
 * Keeps what a decision says of the comparison of a record that it clears for a card. Programs before
 * said nothing: their decisions leave it as it was.
 */
export function projectClearance(
  { file }: Projected,
  { header: { station, record = '', at } }: SignedEntry,
  { comparison, templates }: BodyOf<'decision'>,
  applied: number,
): void {
  if (comparison === undefined) return
  file.run(`DELETE FROM record_check AS c WHERE c.record = ? AND NOT ${isResult('c')}`, record)
  if (comparison === 'done') return
  // The row of a check that found nothing to compare says more than one of a check that was not made.
  const of = templates === undefined ? null : Buffer.from(templates, 'hex')
  if (comparison === 'elsewhere' && isSaid(file, 'not-run', { record, station, templates: of })) return
  file.run(
    `INSERT OR REPLACE INTO record_check (record, word_of, templates, decision, persons, at, place)
     VALUES (?, ?, ?, ?, 0, ?, ?)`,
    record,
    station,
    of,
    comparison,
    at,
    applied,
  )
}

/**
 * Records to be compared once more: all of them, as the entry says, or one. Those that are due already keep their
 * place, and wait within their station's quota.
 */
export function projectRecheck(
  { file, self }: Projected,
  { header }: SignedEntry,
  { from, through, more }: BodyOf<'recheck-asked'>,
  applied: number,
): void {
  if (header.station !== self) return
  const isOfAll = header.record === undefined
  file.run(
    `INSERT INTO check_due (record, station, since, asked) SELECT id, station, ?, ? FROM record
     WHERE id BETWEEN ? AND ? AND client_state <> 'withdrawn' AND NOT ${IS_REMOVED}
     ON CONFLICT (record) DO UPDATE SET asked = ${isOfAll ? 'excluded.asked' : 'coalesce(asked, excluded.asked)'}`,
    applied,
    applied,
    from,
    through,
  )
  if (!isOfAll) return
  file.run('DELETE FROM recheck_rest')
  if (more) file.run('INSERT INTO recheck_rest (asked) VALUES (?)', applied)
}

/** A record whose comparison by the station counts no more until it has compared the record again. */
export function projectAwaited(
  to: Projected,
  entry: SignedEntry,
  { compareAgain }: BodyOf<'case-closed' | 'recheck-asked'>,
  applied: number,
): void {
  const { station, record = '', at } = entry.header
  if (compareAgain === undefined || !mayDoubt(to, entry)) return
  to.file.run(
    `INSERT OR REPLACE INTO record_check (record, word_of, templates, decision, persons, at, place)
     SELECT record, ?, templates, 'awaited', 0, ?, ? FROM gallery_entry WHERE record = ? AND templates IS NOT NULL`,
    station,
    at,
    applied,
    record,
  )
}

/**
 * A record of which a case is closed that no person has looked at, or that had as many as it can, is
 * compared again: others may have been left out.
 */
export function projectCheckAgain(
  { file, self }: Projected,
  { header }: SignedEntry,
  { kind, why, compareAgain }: BodyOf<'case-closed'>,
  applied: number,
): void {
  if (header.station !== self || kind !== 'fingers' || (why === 'different-persons' && compareAgain === undefined))
    return
  file.run(
    `INSERT OR IGNORE INTO check_due (record, station, since) SELECT id, station, ? FROM record
     WHERE id = ? AND client_state <> 'withdrawn' AND NOT ${IS_REMOVED}`,
    applied,
    header.record ?? '',
  )
}

/** @param templates their hash; undefined for none */
function hasTemplates(file: Projected['file'], record: string, templates: string | undefined): boolean {
  const sql = 'SELECT templates FROM gallery_entry WHERE record = ?'
  const now = file.get<{ templates: Uint8Array | null }>(sql, record)?.templates
  return (now ? Buffer.from(now).toString('hex') : undefined) === templates
}

function notDue(file: Projected['file'], record: string): void {
  file.run('DELETE FROM check_due WHERE record = ?', record)
}

/** Whether this station has compared these templates of a record already: a correction of a name brings no others. */
function isChecked(file: Projected['file'], self: string, record: string): boolean {
  const sql = `SELECT 1 FROM record_check c WHERE c.record = ? AND c.word_of = ? AND ${isResult('c')}
    AND c.templates IS (SELECT g.templates FROM gallery_entry g WHERE g.record = c.record)`
  return file.get(sql, record, self) !== undefined
}
