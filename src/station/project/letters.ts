/** Letters that stand in for cards. */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { mayServe } from './authority.js'
import type { Projected } from './projected.js'

export function projectLetterIssued(to: Projected, { header }: SignedEntry, body: BodyOf<'letter-issued'>): void {
  const { station, record = null, at } = header
  const of = to.file.get<{ station: string }>('SELECT station FROM record WHERE id = ?', record)?.station
  if (of === undefined || !mayServe(to, station, of)) return
  to.file.run(
    `INSERT INTO letter (id, record, station, number, code, issued_at, until, state, changed_at, beside)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    body.letter,
    record,
    station,
    body.number,
    body.code,
    body.issuedAt,
    body.until,
    body.beside === undefined && hasCard(to, record) ? 'revoked' : 'valid',
    at,
    body.beside === undefined ? null : JSON.stringify(body.beside),
  )
  judgeLetters(to, record!, at)
}

/**
 * Whether a card of the person is there, and no other is wanted in its place. Decides of a letter
 * that a version before 0.2.0 issued, which names no cards.
 */
function hasCard({ file }: Projected, record: string | null): boolean {
  const states = file
    .all<{ state: string }>(
      `SELECT DISTINCT c.state FROM record mine JOIN card_request c ON c.record = mine.id OR c.nik_tag = mine.nik_tag
       WHERE mine.id = ? AND c.state <> 'cancelled'`,
      record,
    )
    .map(({ state }) => state)
  return states.length > 0 && states.every(state => state === 'printed' || state === 'handed-over')
}

/** By the station that issued it. From here on the letter is revoked, whatever becomes of cards. */
export function projectLetterRevoked(
  { file }: Projected,
  { header }: SignedEntry,
  { letter }: BodyOf<'letter-revoked'>,
): void {
  const sql = `UPDATE letter SET state = 'revoked', beside = NULL, changed_at = iif(state = 'valid', ?, changed_at)
    WHERE id = ? AND station = ? AND record = ?`
  file.run(sql, header.at, letter, header.station, header.record ?? null)
}

/**
 * Judges anew the letters of a person: one is revoked while the person has a card that it does not
 * name. What stations have heard decides, and not in which order. A card is the person's by its
 * record, or by another record of the same NIK as it is now: which NIK a card bears (`nik_tag` of
 * its request) depends on whether the correction or the card was heard of first.
 *
 * @param nikTagBefore where the record has got another NIK: also letters of that one are judged
 */
export function judgeLetters(
  { file }: Projected,
  record: string,
  at: string,
  nikTagBefore: Uint8Array | null = null,
): void {
  file.run(
    `UPDATE letter SET state = judged.state, changed_at = ? FROM (
       SELECT l.id, iif(EXISTS (
         SELECT 1 FROM record mine JOIN record o ON o.id = mine.id OR o.nik_tag = mine.nik_tag
         JOIN card_request c ON c.record = o.id JOIN print_job j ON j.request = c.id
         WHERE mine.id = l.record AND j.state IN ('printed', 'handed-over')
           AND j.id NOT IN (SELECT value FROM json_each(l.beside))), 'revoked', 'valid') AS state
       FROM letter l WHERE l.beside IS NOT NULL AND l.record IN (
         SELECT ? UNION ALL SELECT id FROM record
         WHERE nik_tag = ? OR nik_tag = (SELECT nik_tag FROM record WHERE id = ?))) AS judged
     WHERE letter.id = judged.id AND letter.state <> judged.state`,
    at,
    record,
    nikTagBefore,
    record,
  )
}

/**
 * Revokes the letters that name no cards, of the person whose card was printed: also those for
 * another record of the NIK.
 */
export function revokeOldLetters({ file }: Projected, record: string, at: string): void {
  file.run(
    `UPDATE letter SET state = 'revoked', changed_at = ? WHERE state = 'valid' AND beside IS NULL AND record IN (
       SELECT ? UNION ALL SELECT o.id FROM record mine JOIN record o ON o.nik_tag = mine.nik_tag WHERE mine.id = ?)`,
    at,
    record,
    record,
  )
}
