/** Stations below hear with whose fingers newcomers are compared: of records of others, which they do not hold. */
import { newestVersion } from '../enrol/contents.js'
import { append } from '../journal/append.js'
import type { EntryHeader } from '../journal/entry.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow } from '../journal/read.js'
import { FALLEN, TEMPLATES_ROLE, WITHDRAWN } from '../project/gallery.js'
import { partsOf, type Station } from '../station.js'
import type { PayloadReference } from '../store/payloads.js'
import { caseRecord, stands } from './cases.js'

/**
 * Gives the fingers of a record to the stations below, as of its newest version; where it is no
 * person's, takes them back. To be called in a transaction.
 */
export function giveFingersAnew(station: Station, record: string): void {
  const row = caseRecord(partsOf(station).file, record)
  if (row !== undefined && stands(row)) giveFingers(station, record)
  else tellWhetherStands(station, record)
}

function giveFingers(station: Station, record: string): void {
  const parts = partsOf(station)
  const sql = `SELECT r.station FROM record r JOIN gallery_entry g ON g.record = r.id
    WHERE r.id = ? AND g.templates IS NOT NULL`
  const of = parts.file.get<{ station: string }>(sql, record)?.station
  if (of === undefined) return
  const { version, sequence, payloads } = newestVersion(parts, record, of)
  const templates = templatesOf(payloads)
  if (templates !== undefined) give(station, record, version, { station: of, sequence, templates })
}

/** The entry that brought the templates, which a station above has, and these. */
interface Given {
  readonly station: string
  readonly sequence: number
  readonly templates: PayloadReference
}

function give(station: Station, record: string, recordVersion: number, { templates, ...body }: Given): void {
  append(station, { kind: 'gallery', direction: 'down', record, recordVersion, body, payloads: [templates] })
}

function templatesOf(payloads: readonly PayloadReference[]): PayloadReference | undefined {
  return payloads.find(({ role }) => role === TEMPLATES_ROLE)
}

/**
 * Tells the stations below what a version of a record, that came from another station, changes in
 * whose fingers they compare with. To be called in the transaction in which it takes effect.
 */
export function tellOfVersion(station: Station, header: EntryHeader): void {
  const { file } = partsOf(station)
  const { kind, record, recordVersion, sequence } = header
  if (record === undefined) return
  const known = file.get<{ sequence: number; client_state: string }>(
    'SELECT sequence, client_state FROM record WHERE id = ? AND station = ?',
    record,
    header.station,
  )
  if (known?.sequence !== sequence) return
  if (kind === 'withdrawn') {
    append(station, { kind: 'removal', direction: 'down', record, body: { reason: WITHDRAWN } })
    return
  }
  const templates = templatesOf(header.payloads)
  if (templates === undefined || known.client_state === 'withdrawn' || recordVersion === undefined) return
  // Those that another version had are known below; once it was taken out, a correction does not bring it back.
  const isNew = `SELECT 1 FROM gallery_entry g JOIN journal j ON j.applied = g.changed
    WHERE g.record = ? AND g.templates = ? AND j.station = ? AND j.sequence = ?`
  const hash = Buffer.from(templates.hash, 'hex')
  if (file.get(isNew, record, hash, header.station, sequence) === undefined) return
  give(station, record, recordVersion, { station: header.station, sequence, templates })
}

/**
 * Tells the stations below when a record whose fingers they were given is no person's any more, as
 * the centre let it fall, and when it is again: they hear of no decision about records of others.
 * To be called in a transaction, after what was said of the record.
 */
export function tellWhetherStands(station: Station, record: string): void {
  const { file, keys, identity } = partsOf(station)
  const row = caseRecord(file, record)
  const told = file.get<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM journal WHERE record = ? AND kind IN ('gallery', 'removal') AND +station = ?
     ORDER BY applied DESC LIMIT 1`,
    record,
    identity.id,
  )
  if (row === undefined || told === undefined || row.client_state === 'withdrawn') return
  const { kind } = told
  if (kind === 'gallery' && !stands(row)) {
    append(station, { kind: 'removal', direction: 'down', record, body: { reason: FALLEN } })
  } else if (kind === 'removal' && stands(row)) {
    const body = bodyOf(file, keys, told) as { readonly reason: string; readonly by?: string }
    if (body.reason === FALLEN && body.by === undefined) giveFingers(station, record)
  }
}
