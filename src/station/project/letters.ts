/** Letters that stand in for cards. */
import { keptJson, keptNames } from '../guard/kept-json.js'
import { mayHaveMade } from '../journal/card-id.js'
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { mayServe } from './authority.js'
import type { JudgeLater, Projected } from './projected.js'

/**
 * Most cards of a person that are looked at. Nobody has as many: whoever does has one that a letter
 * does not name, and a letter that names more has no effect.
 */
export const MOST_CARDS = 64

/**
 * Most letters by one station, without those that it has revoked: for a record, of which further ones
 * have no effect, and for a person, of which further ones by their ids are not valid.
 */
export const MOST_LETTERS = 64

/**
 * Issued by the record's own station or one above. The bounds let whoever issues many letters for a
 * record of many cards hold up nobody.
 */
export function projectLetterIssued(to: Projected, { header }: SignedEntry, body: BodyOf<'letter-issued'>): void {
  const { station, record = null, at } = header
  const of = to.file.get<{ station: string }>('SELECT station FROM record WHERE id = ?', record)?.station
  if (of === undefined || !mayServe(to, station, of) || !mayHaveMade(station, body.letter)) return
  const { beside } = body
  if ((beside?.length ?? 0) > MOST_CARDS || hasManyLetters(to, record!, station, beside !== undefined)) return
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
    beside !== undefined || hasCard(to, record) ? 'revoked' : 'valid',
    at,
    beside === undefined ? null : JSON.stringify(beside),
  )
  if (beside !== undefined) judge(to, personOf(to, record!), at)
}

/**
 * @param namesCards counts those that name the cards beside them; the others, which a version before
 *   0.2.0 issued, are as many apart
 * @returns whether a station has issued {@link MOST_LETTERS} for a record
 */
export function hasManyLetters(
  { file }: Pick<Projected, 'file'>,
  record: string,
  station: string,
  namesCards = true,
): boolean {
  // By the record: its station may have issued thousands.
  const sql = `SELECT count(*) AS letters FROM (
    SELECT 1 FROM letter WHERE record = ? AND +station = ? AND (beside IS NOT NULL) = ? LIMIT ${MOST_LETTERS})`
  return file.get<{ letters: number }>(sql, record, station, Number(namesCards))!.letters === MOST_LETTERS
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
  to: Projected,
  { header }: SignedEntry,
  { letter }: BodyOf<'letter-revoked'>,
): void {
  const { at, station, record = null } = header
  const sql = `UPDATE letter SET state = 'revoked', beside = NULL, changed_at = iif(state = 'valid', ?, changed_at)
    WHERE id = ? AND station = ? AND record = ?`
  if (to.file.run(sql, at, letter, station, record) > 0) judge(to, personOf(to, record!), at)
}

/**
 * Judges anew the letters of a person: one is revoked while the person has a card that it does not
 * name. What stations have heard decides, and not in which order. A card is the person's by its
 * record, or by another record of the same NIK as it is now: which NIK a card bears (`nik_tag` of
 * its request) depends on whether the correction or the card was heard of first.
 */
export function judgeLetters(to: Projected, record: string, at: string): void {
  judge(to, personOf(to, record), at)
}

/**
 * Judges the letters that a version of a record can change, which may be the first: those of the
 * person whose the record was, and of the person whose it is. A record without cards and letters
 * changes none, however many others bear its NIK.
 */
export function judgeLettersOfRecord(to: Projected, record: string, at: string, nikTagBefore: Uint8Array | null): void {
  const person = personOf(to, record)
  if (typeof person === 'string' || (nikTagBefore !== null && isSame(person, nikTagBefore))) return
  if (!hasCardsOrLetters(to, record)) return
  judge(to, person, at)
  if (nikTagBefore !== null) judge(to, nikTagBefore, at)
}

function hasCardsOrLetters({ file }: Projected, record: string): boolean {
  const sql = `SELECT 1 FROM card_request c JOIN print_job j ON j.request = c.id WHERE c.record = ?
    UNION ALL SELECT 1 FROM letter WHERE record = ? LIMIT 1`
  return file.get(sql, record, record) !== undefined
}

/** A person by the tag of the NIK; by the record where that is not known. */
type PersonKey = Uint8Array | string

const isSame = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0

const recordsOf = (person: PersonKey) => (typeof person === 'string' ? 'o.id = ?' : 'o.nik_tag = ?')

/**
 * Most judgements of letters while early words are folded, besides the one at the end: an office
 * issues a letter and may revoke it.
 */
const MOST_AT_ONCE = 2

/**
 * Folds several words in one step, and judges each person's letters once at the end, when a few
 * judgements were made: each looks at all letters of the person.
 */
export function judgingOnce(to: Projected, fold: (to: Projected) => void): void {
  const judgeLater: JudgeLater = { left: MOST_AT_ONCE, due: new Map() }
  fold({ ...to, judgeLater })
  for (const { person, at } of judgeLater.due.values()) judge(to, person, at)
}

/** Only the first {@link MOST_LETTERS} of a station can be valid: no card changes more rows than these. */
function judge(to: Projected, person: PersonKey, at: string): void {
  const later = to.judgeLater
  if (later?.left === 0) {
    later.due.set(typeof person === 'string' ? person : Buffer.from(person).toString('base64'), { person, at })
    return
  }
  if (later !== undefined) later.left--
  const letters = to.file.all<{ id: string; state: string; beside: string | null }>(
    `SELECT id, state, iif(place <= ${MOST_LETTERS}, (SELECT beside FROM letter WHERE id = placed.id), NULL) AS beside
     FROM (SELECT l.id, l.state, row_number() OVER (PARTITION BY l.station ORDER BY l.id) AS place
       FROM record o JOIN letter l ON l.record = o.id
       WHERE ${recordsOf(person)} AND l.beside IS NOT NULL) placed
     WHERE place <= ${MOST_LETTERS} OR state = 'valid'`,
    person,
  )
  if (letters.length === 0) return
  const cards = cardsOf(to, person)
  for (const { id, state, beside } of letters) {
    const named = () => keptJson(to.file, keptNames, beside!, `what is kept of letter ${id}`)
    const judged = beside !== null && (cards.length === 0 || names(cards, named())) ? 'valid' : 'revoked'
    if (judged !== state) to.file.run('UPDATE letter SET state = ?, changed_at = ? WHERE id = ?', judged, at, id)
  }
}

/** Jobs of the cards that a person has; of more than {@link MOST_CARDS}, one more. */
function cardsOf({ file }: Projected, person: PersonKey): string[] {
  const rows = file.all<{ id: string }>(
    `SELECT j.id FROM record o JOIN card_request c ON c.record = o.id JOIN print_job j ON j.request = c.id
     WHERE ${recordsOf(person)} AND j.state IN ('printed', 'handed-over') LIMIT ${MOST_CARDS + 1}`,
    person,
  )
  return rows.map(({ id }) => id)
}

/** Whether a letter names all of these cards. */
function names(cards: readonly string[], beside: readonly string[]): boolean {
  if (cards.length === 0) return true
  if (cards.length > MOST_CARDS) return false
  const named = new Set(beside)
  return cards.every(card => named.has(card))
}

function personOf({ file }: Projected, record: string): PersonKey {
  const sql = 'SELECT nik_tag FROM record WHERE id = ?'
  return file.get<{ nik_tag: Uint8Array | null }>(sql, record)?.nik_tag ?? record
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
