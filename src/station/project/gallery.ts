/** Whose templates the duplicate check knows: this station's records, those of the stations below, and what upstream sends of others. */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import type { Projected } from './projected.js'

/** Role of the payload that holds a record's templates. */
export const TEMPLATES_ROLE = 'templates'

export function projectTemplates(to: Projected, entry: SignedEntry, _body: unknown, applied: number): void {
  const { station } = entry.header
  setTemplates(to, entry, applied, station)
}

export function projectGallery(to: Projected, entry: SignedEntry, body: BodyOf<'gallery'>, applied: number): void {
  setTemplates(to, entry, applied, body.station)
}

function setTemplates({ file }: Projected, { header }: SignedEntry, applied: number, station: string): void {
  const templates = header.payloads.find(({ role }) => role === TEMPLATES_ROLE)
  if (header.record === undefined || templates === undefined) return
  file.run(
    `INSERT INTO gallery_entry (record, station, templates, changed) VALUES (?, ?, ?, ?)
     ON CONFLICT (record) DO UPDATE SET templates = excluded.templates, changed = excluded.changed
     WHERE station = excluded.station AND templates IS NOT excluded.templates`,
    header.record,
    station,
    Buffer.from(templates.hash, 'hex'),
    applied,
  )
}

/** The row stays, without templates, so that who has read the table before learns of it. */
export function projectNoTemplates(
  { file }: Projected,
  { header }: SignedEntry,
  _body: unknown,
  applied: number,
): void {
  file.run(
    'UPDATE gallery_entry SET templates = NULL, changed = ? WHERE record = ? AND templates IS NOT NULL',
    applied,
    header.record ?? null,
  )
}
