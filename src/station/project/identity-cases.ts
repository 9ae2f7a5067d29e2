/** Records of which two may be one person's, and of which somebody has to decide before a card follows. */
import { hasCardOut } from '../check/kept-fingers.js'
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import type { StationFile } from '../store/database.js'
import { mayDecide } from './authority.js'
import type { Projected } from './projected.js'

export function projectCaseOpened(to: Projected, entry: SignedEntry, body: BodyOf<'case-opened'>): void {
  if (!mayDoubt(to, entry)) return
  const { station, record = null, at } = entry.header
  // It rests on a version that is undone, as its station was revoked.
  const { other, basis } = body
  if (station === to.self && basis !== undefined && restsOnOthers(to.file, [record ?? '', other], basis)) return
  to.file.run(
    `INSERT INTO identity_case (record, other, kind, word_of, other_station, opened_at, basis)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET opened_at = excluded.opened_at, basis = excluded.basis,
       closed_at = NULL, closing = NULL`,
    record,
    body.other,
    body.kind,
    station,
    body.otherStation,
    at,
    body.basis ?? null,
  )
}

/**
 * A station takes back its own word, and that of a station which was revoked: nobody else could, and
 * the pair was settled at one that stands.
 */
export function projectCaseClosed(to: Projected, entry: SignedEntry, body: BodyOf<'case-closed'>): void {
  if (!mayDoubt(to, entry)) return
  const { station, record = null, at } = entry.header
  to.file.run(
    `UPDATE identity_case SET closed_at = ?, closing = ?
     WHERE record = ? AND other = ? AND kind = ? AND closed_at IS NULL
       AND (word_of = ? OR word_of IN (SELECT station FROM revoked))`,
    at,
    body.why,
    record,
    body.other,
    body.kind,
    station,
  )
}

/** Whether a station may open and close cases of a record: this one, and those that decide about it. */
export function mayDoubt(to: Projected, { header: { station, record = '' } }: SignedEntry): boolean {
  const of = to.file.get<{ station: string }>('SELECT station FROM record WHERE id = ?', record)?.station
  return of !== undefined && (station === to.self || mayDecide(to, station, of))
}

/** Bytes of a hash of templates in a basis. */
const BASIS_BYTES = 16

/** In the place of templates that are not here. */
export const NONE = '-'

/** Templates of a record that a case rests on, in short. */
export function basisTemplates(file: StationFile, record: string): string {
  const sql = 'SELECT templates FROM gallery_entry WHERE record = ?'
  const templates = file.get<{ templates: Uint8Array | null }>(sql, record)?.templates
  return templates ? Buffer.from(templates).subarray(0, BASIS_BYTES).toString('base64url') : NONE
}

/**
 * Whether a case rests on other fingers than one of the two records has. Those that were taken out
 * say nothing, nor do those of who has the card.
 */
export function restsOnOthers(
  file: StationFile,
  [record, other]: readonly [string, string],
  basis: string | null,
): boolean {
  const before = basis?.split(' ')
  const isOther = (id: string, i: number) =>
    ![before?.[i], NONE].includes(basisTemplates(file, id)) && !hasCardOut(file, id)
  return [record, other].some(isOther)
}
