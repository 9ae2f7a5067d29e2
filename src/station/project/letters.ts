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
    `INSERT INTO letter (id, record, station, number, code, issued_at, until, state, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    body.letter,
    record,
    station,
    body.number,
    body.code,
    body.issuedAt,
    body.until,
    // Its station did not know of the card: when it does, the letter is revoked there too.
    hasCard(to, record) ? 'revoked' : 'valid',
    at,
  )
}

/** Whether a card of the person is there, and no other is wanted in its place. */
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

/** By the station that issued it. */
export function projectLetterRevoked(
  { file }: Projected,
  { header }: SignedEntry,
  { letter }: BodyOf<'letter-revoked'>,
): void {
  const sql = `UPDATE letter SET state = 'revoked', changed_at = ? WHERE id = ? AND station = ? AND state = 'valid'`
  file.run(sql, header.at, letter, header.station)
}

/** All of the person whose card was printed, also those for another record of the same NIK. */
export function revokeLettersOf({ file }: Projected, record: string, at: string): void {
  file.run(
    `UPDATE letter SET state = 'revoked', changed_at = ? WHERE state = 'valid' AND record IN (
       SELECT ? UNION ALL SELECT o.id FROM record mine JOIN record o ON o.nik_tag = mine.nik_tag WHERE mine.id = ?)`,
    at,
    record,
    record,
  )
}
