/** Whose templates the duplicate check knows: this station's records, those of the stations below, and what upstream sends of others. */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { mayDecide } from './authority.js'
import { isHere } from './early-words.js'
import { believedThrough } from './peers.js'
import type { Projected } from './projected.js'

/** Role of the payload that holds a record's templates. */
export const TEMPLATES_ROLE = 'templates'

/** Of a record's newest version. Once withdrawn or removed, another version of it does not bring its templates back. */
export function projectTemplates({ file }: Projected, { header }: SignedEntry, _body: unknown, applied: number): void {
  const templates = templatesOf(header)
  const { record = null, station, sequence } = header
  const newest = 'SELECT 1 FROM record WHERE id = ? AND station = ? AND sequence = ?'
  if (templates === undefined || file.get(newest, record, station, sequence) === undefined) return
  file.run(
    `INSERT INTO gallery_entry (record, station, templates, changed) VALUES (?, ?, ?, ?)
     ON CONFLICT (record) DO UPDATE SET templates = excluded.templates, changed = excluded.changed
     WHERE station = excluded.station AND templates IS NOT NULL AND templates <> excluded.templates`,
    header.record ?? null,
    header.station,
    templates,
    applied,
  )
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
  // It tells those who do not hear of decisions about the record.
  if (by === undefined && reason === FALLEN && isHere(to, header.record)) return
  // It tells of a withdrawal that is undone, as its station was revoked.
  if (header.station === to.self && by === undefined && reason === WITHDRAWN && !isWithdrawn(to, record)) return
  const of = to.file.get<{ station: string }>('SELECT station FROM gallery_entry WHERE record = ?', record)?.station
  if (of === undefined || !mayDecide(to, header.station, of)) return
  const sql = 'UPDATE gallery_entry SET templates = NULL, changed = ? WHERE record = ? AND templates IS NOT NULL'
  to.file.run(sql, applied, record)
}

/** Reason of a removal that tells of a withdrawal. */
export const WITHDRAWN = 'withdrawn'

/** Reason of a removal that tells of a record which the centre let fall: where that is, it stays in the check. */
export const FALLEN = 'fallen'

function isWithdrawn({ file }: Projected, record: string | null): boolean {
  return file.get(`SELECT 1 FROM record WHERE id = ? AND client_state = 'withdrawn'`, record) !== undefined
}

function templatesOf({ record, payloads }: SignedEntry['header']): Buffer | undefined {
  const templates = payloads.find(({ role }) => role === TEMPLATES_ROLE)
  return record === undefined || templates === undefined ? undefined : Buffer.from(templates.hash, 'hex')
}
