/**
 * An entry whose header is in its place takes effect when its contents are whole: body and all payloads. Until then it is held, and those
 * after it pass, but for those of its station about the same record: these wait for it, so that nothing is undone by what was said before.
 */
import { append } from '../journal/append.js'
import type { EntryHeader } from '../journal/entry.js'
import { releaseEntry } from '../journal/insert.js'
import { type EntryRow, entryAt, signedEntryOf } from '../journal/read.js'
import { TEMPLATES_ROLE } from '../project/gallery.js'
import { decline, type EntryKey } from './declined.js'
import type { Ground } from './ground.js'
import type { RefusalCode } from './refusal-codes.js'

/** Lets the entry take effect if it is whole. An entry without a body has no effect, and is whole. */
export function settle(ground: Ground, row: EntryRow): void {
  // First, as it is asked at each of an entry's payloads.
  if (row.body !== null && lacksPayload(ground, row)) return
  const { header } = signedEntryOf(row)
  if (row.body !== null && waitsForOther(ground, header)) return
  releaseEntry(ground, row)
  if (row.body !== null && ground.peer.relation === 'downstream') tellThoseBelow(ground, header)
  settleNext(ground, header)
}

/** Whether its station said something of the same record before that has still to take effect. */
function waitsForOther({ file }: Ground, { station, sequence, record }: EntryHeader): boolean {
  if (record === undefined) return false
  const sql = 'SELECT 1 FROM journal WHERE record = ? AND station = ? AND sequence < ? AND applied IS NULL LIMIT 1'
  return file.get(sql, record, station, sequence) !== undefined
}

/** What waited for this entry. */
function settleNext(ground: Ground, { station, sequence, record }: EntryHeader): void {
  if (record === undefined) return
  const next = ground.file.get<{ sequence: number }>(
    `SELECT j.sequence FROM journal j JOIN heard h ON h.station = j.station
     WHERE j.record = ? AND j.station = ? AND j.sequence > ? AND j.applied IS NULL AND j.sequence <= h.through
     ORDER BY j.sequence LIMIT 1`,
    record,
    station,
    sequence,
  )
  if (next !== undefined) settle(ground, entryAt(ground.file, station, next.sequence)!)
}

/** Lets entries take effect that wait for a payload that has come. */
export function settleWaiting(ground: Ground, payload: Uint8Array): void {
  for (const row of waitingFor(ground, payload)) settle(ground, row)
}

/** Declines the contents of entries that wait for a payload which will not come. */
export function declineWaiting(ground: Ground, payload: Uint8Array, code: RefusalCode): void {
  for (const row of waitingFor(ground, payload)) declineHeld(ground, row, code)
}

function declineHeld(ground: Ground, row: EntryKey, code: RefusalCode): void {
  const { file } = ground
  decline(ground, row, code)
  file.run('UPDATE journal SET body = NULL WHERE station = ? AND sequence = ?', row.station, row.sequence)
  settle(ground, entryAt(file, row.station, row.sequence)!)
}

/** Entries in their place that name the payload and have not taken effect. */
function waitingFor({ file }: Ground, payload: Uint8Array): EntryRow[] {
  const named = file.all<{ station: string; sequence: number }>(
    `SELECT DISTINCT j.station, j.sequence FROM entry_payload p
     JOIN journal j ON j.station = p.station AND j.sequence = p.sequence
     JOIN heard h ON h.station = j.station
     WHERE p.hash = ? AND j.applied IS NULL AND j.body IS NOT NULL AND j.sequence <= h.through
     ORDER BY j.station, j.sequence`,
    payload,
  )
  return named.map(({ station, sequence }) => entryAt(file, station, sequence)!)
}

function lacksPayload({ file }: Ground, { station, sequence }: EntryRow): boolean {
  const sql = `SELECT 1 FROM entry_payload p WHERE p.station = ? AND p.sequence = ?
    AND NOT EXISTS (SELECT 1 FROM payload WHERE hash = p.hash) LIMIT 1`
  return file.get(sql, station, sequence) !== undefined
}

/** The other stations below learn whose templates their duplicate check has to know. */
function tellThoseBelow({ file, station }: Ground, header: EntryHeader): void {
  const { kind, record, recordVersion, sequence } = header
  if (record === undefined) return
  const known = file.get<{ sequence: number; client_state: string }>(
    'SELECT sequence, client_state FROM record WHERE id = ? AND station = ?',
    record,
    header.station,
  )
  if (known?.sequence !== sequence) return
  if (kind === 'withdrawn') {
    append(station, { kind: 'removal', direction: 'down', record, body: { reason: 'withdrawn' } })
    return
  }
  const templates = header.payloads.find(({ role }) => role === TEMPLATES_ROLE)
  if (templates === undefined || known.client_state === 'withdrawn' || recordVersion === undefined) return
  const hash = Buffer.from(templates.hash, 'hex')
  // Once it was taken out, a correction does not bring it back.
  if (file.get('SELECT 1 FROM gallery_entry WHERE record = ? AND templates = ?', record, hash) === undefined) return
  append(station, {
    kind: 'gallery',
    direction: 'down',
    record,
    recordVersion,
    body: { station: header.station, sequence },
    payloads: [templates],
  })
}
