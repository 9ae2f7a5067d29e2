/** Records of which two may be one person's, and of which somebody has to decide before a card follows. */
import { hasCardOut } from '../check/kept-fingers.js'
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow, signedEntryOf } from '../journal/read.js'
import type { StationFile } from '../store/database.js'
import { mayDecide } from './authority.js'
import { isBelieved, isRevokedStation } from './peers.js'
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

/**
 * Closes the cases of a station that is revoked now which others had closed before: whether these
 * words or the revocation came first makes no difference.
 */
export function projectClosedBefore(to: Projected, _entry: SignedEntry, { station }: BodyOf<'revoked'>): void {
  if (!isRevokedStation(to.file, station)) return
  const open = 'SELECT record, other, kind FROM identity_case WHERE word_of = ? AND closed_at IS NULL'
  for (const each of to.file.all<Pair>(open, station)) {
    const closed = closedSince(to, station, each)
    if (closed === undefined) continue
    const close = () =>
      to.file.run(
        `UPDATE identity_case SET closed_at = ?, closing = ?
         WHERE record = ? AND other = ? AND kind = ? AND word_of = ?`,
        ...[closed.at, closed.why, each.record, each.other, each.kind, station],
      )
    if (to.file.watcher === undefined) close()
    else to.file.watcher.changing(each.record, undefined, close)
  }
}

interface Pair {
  readonly record: string
  readonly other: string
  readonly kind: string
}

/** The first word by another station that closes a case since the station itself opened it last. */
function closedSince(
  to: Projected,
  by: string,
  { record, other, kind }: Pair,
): { readonly at: string; readonly why: string } | undefined {
  const journal = to.journal ?? to.file
  const rows = journal.all<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM journal WHERE record = ? AND kind IN ('case-opened', 'case-closed')
       AND applied IS NOT NULL AND body IS NOT NULL AND mac IS NOT NULL ORDER BY applied`,
    record,
  )
  let closed: { readonly at: string; readonly why: string } | undefined
  for (const row of rows) {
    const entry = signedEntryOf(row)
    const body = bodyOf(journal, to.keys, row) as BodyOf<'case-opened'> & Partial<BodyOf<'case-closed'>>
    const isOfPair = body.other === other && body.kind === kind
    if (!isOfPair || !(row.station === to.self || isBelieved(to.file, row.station, row.sequence))) continue
    if (row.station === by && row.kind === 'case-opened') closed = undefined
    else if (row.kind === 'case-closed' && mayDoubt(to, entry)) closed ??= { at: entry.header.at, why: body.why! }
  }
  return closed
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
  return [record, other].some((id, i) => restsOnOther(file, id, before?.[i]))
}

/** The same of one of them, by its templates in the basis. */
export function restsOnOther(file: StationFile, record: string, before: string | undefined): boolean {
  return ![before, NONE].includes(basisTemplates(file, record)) && !hasCardOut(file, record)
}
