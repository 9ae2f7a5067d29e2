/**
 * Cards of other records that bear the NIK of a record, as a station above says to the record's own,
 * which cannot know of them: they were printed elsewhere, and their records have another NIK by now,
 * or are nobody's any more.
 */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import type { StationFile } from '../store/database.js'
import { mayDoubt } from './identity-cases.js'
import { MOST_CARDS } from './letters.js'
import type { Projected } from './projected.js'
import { STANDS } from './standing.js'

/** Holds for a row `t` of `card_of_nik` whose card is not here by itself: what is known of one that is says more. */
export const IS_NOT_HERE = 'NOT EXISTS (SELECT 1 FROM print_job known WHERE known.id = t.job)'

/** The newest word of a station takes the place of the one before it. */
export function projectCardsOfNik(to: Projected, entry: SignedEntry, { cards }: BodyOf<'cards-of-nik'>): void {
  if (!mayDoubt(to, entry)) return
  const { station, record = null } = entry.header
  to.file.run('DELETE FROM card_of_nik WHERE record = ? AND word_of = ?', record, station)
  const sql = 'INSERT INTO card_of_nik (record, job, word_of, fell) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
  for (const { job, fell } of cards.slice(0, MOST_CARDS)) to.file.run(sql, record, job, station, Number(fell ?? false))
}

/**
 * Leaves the others that bear the NIK of a request's card to be reviewed, as the card is there now, or
 * no more. Where two stand under it a case is open about both, and the review that ends it tells of the card.
 */
export function leaveOthersOfNik({ file }: Pick<Projected, 'file'>, request: string): void {
  file.run(
    `INSERT OR IGNORE INTO case_review
     SELECT r.id FROM card_request c JOIN record r ON r.nik_tag = c.nik_tag AND r.id <> c.record
     WHERE c.id = ? AND ${STANDS} LIMIT 2`,
    request,
  )
}

/** The same of all cards of a record. One whose request nobody has begun bears no NIK yet. */
export function leaveOthersOfCards(file: StationFile, record: string): void {
  const sql = `SELECT min(id) AS id FROM card_request WHERE record = ? AND state NOT IN ('waiting', 'cancelled')
    GROUP BY nik_tag LIMIT ${MOST_NIKS}`
  for (const { id } of file.all<{ id: string }>(sql, record)) leaveOthersOfNik({ file }, id)
}

/** Most NIKs that cards of one record bear: those before it was corrected. */
const MOST_NIKS = 16
