/**
 * An entry whose header is in its place takes effect when its contents are whole: body and all payloads. Until then it is held, and those
 * after it pass, but for those of its station about the same record: these wait for it, so that nothing is undone by what was said before.
 * Likewise those about stock and cards wait for one another: books are kept in their order.
 */
import { append } from '../journal/append.js'
import type { EntryHeader } from '../journal/entry.js'
import { changeEntry, releaseEntry } from '../journal/insert.js'
import type { BodyOf } from '../journal/kinds.js'
import { STOCK_BODIES } from '../journal/kinds-stock.js'
import { bodyOf, type EntryRow, entryAt, signedEntryOf } from '../journal/read.js'
import { TEMPLATES_ROLE } from '../project/gallery.js'
import { MOVING } from '../stock/moves.js'
import { passOnDispatch } from '../stock/pass-on.js'
import { decline } from './declined.js'
import type { Ground } from './ground.js'
import type { RefusalCode } from './refusal-codes.js'

/** Lets the entry take effect if it is whole, and then what waited for it. An entry without a body has no effect, and is whole. */
export function settle(ground: Ground, row: EntryRow): void {
  if (!settleOne(ground, row)) return
  // One by one, not each within the one before: many may wait for one. What two ways lead to is there once.
  const waiting = waitingAfter(ground, signedEntryOf(row).header)
  for (let sequence = waiting.pop(); sequence !== undefined; sequence = waiting.pop()) {
    const next = entryAt(ground.file, row.station, sequence)!
    if (next.applied === null && settleOne(ground, next))
      waiting.push(...waitingAfter(ground, signedEntryOf(next).header))
  }
}

/** @returns whether it took effect */
function settleOne(ground: Ground, row: EntryRow): boolean {
  // First, as it is asked at each of an entry's payloads.
  if (row.body !== null && lacksPayload(ground, row)) return false
  const { header } = signedEntryOf(row)
  if (row.body !== null && waitsForOther(ground, header)) return false
  releaseEntry(ground, row)
  if (row.body === null || ground.peer.relation !== 'downstream') return true
  tellThoseBelow(ground, header)
  if (header.kind === 'stock-dispatched') {
    passOnDispatch(ground.station, header.station, bodyOf(ground.file, ground.keys, row) as BodyOf<'stock-dispatched'>)
  }
  return true
}

/** Entries that move stock, or are held against it. A card that is wanted moves nothing: others need not wait for its record's images. */
const BOOKED = [...new Set([...Object.keys(STOCK_BODIES), ...MOVING])]
const IS_BOOKED = `kind IN (${BOOKED.map(kind => `'${kind}'`).join(', ')})`

/** Whether its station said something of the same record, or of stock, before that has still to take effect. */
function waitsForOther({ file }: Ground, { station, sequence, record, kind }: EntryHeader): boolean {
  const ofRecord = 'SELECT 1 FROM journal WHERE record = ? AND station = ? AND sequence < ? AND applied IS NULL LIMIT 1'
  if (record !== undefined && file.get(ofRecord, record, station, sequence) !== undefined) return true
  const booked = `SELECT 1 FROM journal WHERE station = ? AND sequence < ? AND applied IS NULL AND ${IS_BOOKED} LIMIT 1`
  return BOOKED.includes(kind) && file.get(booked, station, sequence) !== undefined
}

/** What waited for this entry alone, as far as is known: the next of its record, and the next that moves stock. */
function waitingAfter({ file }: Ground, { station, sequence, record, kind }: EntryHeader): number[] {
  const next = (condition: string, ...values: string[]) =>
    file.all<{ sequence: number }>(
      `SELECT j.sequence FROM journal j JOIN heard h ON h.station = j.station
       WHERE ${condition} AND j.station = ? AND j.sequence > ? AND j.applied IS NULL AND j.sequence <= h.through
       ORDER BY j.sequence LIMIT 1`,
      ...values,
      station,
      sequence,
    )
  const found = [
    ...(record === undefined ? [] : next('j.record = ?', record)),
    ...(BOOKED.includes(kind) ? next(`j.${IS_BOOKED}`) : []),
  ]
  return found.map(row => row.sequence)
}

/** Lets entries take effect that wait for a payload that has come. */
export function settleWaiting(ground: Ground, payload: Uint8Array): void {
  for (const row of waitingFor(ground, payload)) settle(ground, row)
}

/** Declines the contents of entries that wait for a payload which will not come. */
export function declineWaiting(ground: Ground, payload: Uint8Array, code: RefusalCode): void {
  for (const row of waitingFor(ground, payload)) declineHeld(ground, row, code)
}

function declineHeld(ground: Ground, row: EntryRow, code: RefusalCode): void {
  const { file } = ground
  decline(ground, row, code)
  changeEntry(ground, row, { body: null })
  settle(ground, entryAt(file, row.station, row.sequence)!)
}

/** Entries in their place that name the payload and have not taken effect; one that does may let others go on. */
function* waitingFor({ file }: Ground, payload: Uint8Array): Generator<EntryRow> {
  const named = file.all<{ station: string; sequence: number }>(
    `SELECT DISTINCT j.station, j.sequence FROM entry_payload p
     JOIN journal j ON j.station = p.station AND j.sequence = p.sequence
     JOIN heard h ON h.station = j.station
     WHERE p.hash = ? AND j.applied IS NULL AND j.body IS NOT NULL AND j.sequence <= h.through
     ORDER BY j.station, j.sequence`,
    payload,
  )
  for (const { station, sequence } of named) {
    const row = entryAt(file, station, sequence)!
    if (row.applied === null) yield row
  }
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
