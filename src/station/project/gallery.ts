/** Whose templates the duplicate check knows: this station's records, those of the stations below, and what upstream sends of others. */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, type EntryRow, rowsAbout, stationsAbout } from '../journal/read.js'
import { mayDecide } from './authority.js'
import { isHere } from './early-words.js'
import { believedThrough, isBelieved } from './peers.js'
import type { Projected } from './projected.js'

/** Role of the payload that holds a record's templates. */
export const TEMPLATES_ROLE = 'templates'

/** Most removals of a record by one station that are looked at: its newest. */
const MOST_READ = 1_024

/**
 * Of a record's newest version. Once its station has withdrawn it, or a person has taken it out, another version
 * of it does not bring its templates back.
 */
export function projectTemplates(to: Projected, { header }: SignedEntry, _body: unknown, applied: number): void {
  const { file } = to
  const templates = templatesOf(header)
  const { record = null, station, sequence } = header
  const newest = 'SELECT 1 FROM record WHERE id = ? AND station = ? AND sequence = ?'
  if (templates === undefined || file.get(newest, record, station, sequence) === undefined) return
  const isOut = file.get('SELECT 1 FROM gallery_entry WHERE record = ? AND templates IS NULL', record) !== undefined
  if (isOut && (isWithdrawn(to, record) || isTakenOut(to, header, applied))) return
  file.run(
    `INSERT INTO gallery_entry (record, station, templates, changed) VALUES (?, ?, ?, ?)
     ON CONFLICT (record) DO UPDATE SET templates = excluded.templates, changed = excluded.changed
     WHERE station = excluded.station AND templates IS NOT excluded.templates`,
    header.record ?? null,
    header.station,
    templates,
    applied,
  )
}

/**
 * Whether a person at a station that decides about a record has taken its fingers out. What else takes them out
 * tells of what became of the record to those where it is not.
 */
function isTakenOut(to: Projected, { record = '', station: of }: SignedEntry['header'], before: number): boolean {
  const journal = to.journal ?? to.file
  const about = { record, before, kinds: ['removal'] }
  const isByPerson = (row: EntryRow) =>
    (row.station === to.self || isBelieved(to.file, row.station, row.sequence)) &&
    (bodyOf(journal, to.keys, row) as BodyOf<'removal'>).by !== undefined
  return stationsAbout(journal, about)
    .filter(station => mayDecide(to, station, of))
    .some(station => rowsAbout(journal, { ...about, station, limit: MOST_READ }, 'DESC').some(isByPerson))
}

/**
 * Takes in a record that another station wrote, or that is to be searched again: the word of a station above.
 * Its templates may come after the entry by which that station has taken the record out again.
 */
export function projectGallery(to: Projected, { header }: SignedEntry, body: BodyOf<'gallery'>, applied: number): void {
  const templates = templatesOf(header)
  if (templates === undefined || !mayDecide(to, header.station, body.station)) return
  // Tells those below what this one has from the record's own station, which may be revoked since.
  if (header.station === to.self && isHere(to, header.record)) return
  // By the record: its station may have hundreds of thousands of entries behind this one.
  const removed = `SELECT 1 FROM journal WHERE record = ? AND kind = 'removal' AND +station = ?
    AND +sequence BETWEEN ? AND ? AND applied < ?`
  const { record = null, station, sequence } = header
  const through = believedThrough(to.file, station)
  if ((to.journal ?? to.file).get(removed, record, station, sequence, through, applied) !== undefined) return
  to.file.run(
    `INSERT INTO gallery_entry (record, station, templates, changed) VALUES (?, ?, ?, ?)
     ON CONFLICT (record) DO UPDATE SET templates = excluded.templates, changed = excluded.changed
     WHERE station = excluded.station AND templates IS NOT excluded.templates`,
    header.record ?? null,
    body.station,
    templates,
    applied,
  )
}

/** A record that its station withdrew. The row stays, without templates, so that who has read the table before learns of it. */
export function projectWithdrawnTemplates(
  { file }: Projected,
  { header }: SignedEntry,
  _body: unknown,
  applied: number,
): void {
  file.run(
    `UPDATE gallery_entry SET templates = NULL, changed = ?
     WHERE record = ? AND station = ? AND templates IS NOT NULL`,
    applied,
    header.record ?? null,
    header.station,
  )
}

/** A record that a station above took out, or that this one has told those below of. */
export function projectRemoval(
  to: Projected,
  { header }: SignedEntry,
  { reason, by }: BodyOf<'removal'>,
  applied: number,
): void {
  const record = header.record ?? null
  // It tells those where the record is not: those who have it hear what became of it.
  if (by === undefined && [FALLEN, REVOKED].includes(reason) && isHere(to, header.record)) return
  // It tells of a withdrawal that is undone, as its station was revoked.
  if (header.station === to.self && by === undefined && reason === WITHDRAWN && !isWithdrawn(to, record)) return
  const of = to.file.get<{ station: string }>('SELECT station FROM gallery_entry WHERE record = ?', record)?.station
  if (of === undefined || !mayDecide(to, header.station, of)) return
  const sql = 'UPDATE gallery_entry SET templates = NULL, changed = ? WHERE record = ? AND templates IS NOT NULL'
  to.file.run(sql, applied, record)
}

/** Reason of a removal that tells of a withdrawal. */
export const WITHDRAWN = 'withdrawn'

/** Reason of a removal that tells of a record whose station was revoked: another may bring it back. */
export const REVOKED = 'its station was revoked'

/** Reason of a removal that tells of a record which the centre let fall: where that is, it stays in the check. */
export const FALLEN = 'fallen'

function isWithdrawn({ file }: Projected, record: string | null): boolean {
  return file.get(`SELECT 1 FROM record WHERE id = ? AND client_state = 'withdrawn'`, record) !== undefined
}

function templatesOf({ record, payloads }: SignedEntry['header']): Buffer | undefined {
  const templates = payloads.find(({ role }) => role === TEMPLATES_ROLE)
  return record === undefined || templates === undefined ? undefined : Buffer.from(templates.hash, 'hex')
}
