/** Cards that are wanted: who may ask for them, and who prints them. */
import { NIK_TAG } from '../enrol/nik.js'
import { mayHaveMade } from '../journal/card-id.js'
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, rowsAbout, signedEntryOf } from '../journal/read.js'
import { mayServe } from './authority.js'
import { leaveOthersOfNik } from './cards-of-nik.js'
import { MOST_CARDS } from './letters.js'
import { isBelieved, isRevokedStation } from './peers.js'
import { noteTwiceOfNik } from './printed-twice.js'
import type { Projected } from './projected.js'

/** Most cards of a record that one station asks for, those included that it took back. Further ones have no effect. */
const MOST_REQUESTS = 64

/** @returns whether a station has asked for {@link MOST_REQUESTS} cards of a record */
export function hasManyRequests({ file }: Pick<Projected, 'file'>, record: string, station: string): boolean {
  const sql = `SELECT count(*) AS requests FROM (
    SELECT 1 FROM card_request WHERE record = ? AND station = ? LIMIT ${MOST_REQUESTS})`
  return file.get<{ requests: number }>(sql, record, station)!.requests === MOST_REQUESTS
}

/**
 * A request of the record's own station, or of one above it, to be printed by one of those. Any other's has
 * no effect. A record that has not come yet (its enrolment was refused, and may be sent again) has
 * the request when it comes, if it is of one of those: early-cards.ts. Of the cards that it
 * replaces, the first {@link MOST_CARDS} count: one that is not named keeps it from being printed.
 */
export function projectCardRequested(
  to: Projected,
  { header }: SignedEntry,
  { request, at: prints, purpose, replaces, urgent }: BodyOf<'card-requested'>,
): void {
  const { station, record, at } = header
  if (record === undefined) return
  const of = to.file.get<{ station: string }>('SELECT station FROM record WHERE id = ?', record)?.station
  // While its record has not come, nobody knows whose it is: one of both is at or above the other.
  const isTheirs =
    of === undefined
      ? mayServe(to, prints, station) || mayServe(to, station, prints)
      : mayServe(to, station, of) && mayServe(to, prints, of)
  if (!isTheirs || !mayHaveMade(station, request) || hasManyRequests(to, record, station)) return
  to.file.run(
    `INSERT INTO card_request (id, record, station, prints, purpose, urgent, nik_tag, state, requested_at, changed_at,
       replaces)
     VALUES (?, ?, ?, ?, ?, ?, (SELECT nik_tag FROM record WHERE id = ?), 'waiting', ?, ?, ?) ON CONFLICT DO NOTHING`,
    request,
    record,
    station,
    prints,
    purpose,
    urgent === undefined ? 0 : 1,
    record,
    at,
    at,
    purpose === 'replacement' && replaces !== undefined ? JSON.stringify(replaces.slice(0, MOST_CARDS)) : null,
  )
}

/**
 * A card that is still to be printed will bear the NIK as it was corrected; one of this version, which was heard of
 * before it, bears its NIK.
 */
export function projectCardNik(to: Projected, { header }: SignedEntry, { nik }: BodyOf<'enrolled'>): void {
  const { record, recordVersion = null } = header
  if (record === undefined) return
  bearNikOf(to, record)
  const tag = to.keys.tag(NIK_TAG + nik)
  const early = to.file.all<{ id: string }>(
    `SELECT id FROM card_request WHERE record = ? AND nik_tag IS NOT ? AND EXISTS (SELECT 1 FROM print_job j
       WHERE j.request = card_request.id AND j.version = ? AND j.state NOT IN ('spoiled', 'released'))`,
    record,
    tag,
    recordVersion,
  )
  for (const { id } of early) bear(to, id, tag)
  if (early.length > 0) noteTwiceOfNik(to, header, record)
}

/**
 * The card of a request bears the NIK of the version of its record that it shows; of several, one of which
 * was taken for lost, that of the newest version counts.
 */
export function bearNikOfCards(to: Projected, request: string, record: string): void {
  const sql = `SELECT version FROM print_job WHERE request = ? AND state NOT IN ('spoiled', 'released')
    ORDER BY version DESC LIMIT 1`
  const card = to.file.get<{ version: number | null }>(sql, request)
  if (card !== undefined) bear(to, request, nikTagOfVersion(to, record, card.version))
}

function bear(to: Projected, request: string, tag: Uint8Array | null): void {
  const sql = 'UPDATE card_request SET nik_tag = ? WHERE id = ? AND nik_tag IS NOT ?'
  if (to.file.run(sql, tag, request, tag) > 0) leaveOthersOfNik(to, request)
}

/** Most versions of a record that are looked through. */
const MOST_VERSIONS = 256

/** Tag of the NIK that a version of a record has; that of the record as it is where the version is not here. */
export function nikTagOfVersion(to: Projected, record: string, version: number | null): Uint8Array | null {
  const sql = 'SELECT station, version, nik_tag FROM record WHERE id = ?'
  const now = to.file.get<{ station: string; version: number; nik_tag: Uint8Array | null }>(sql, record)
  if (now === undefined || version === null || now.version === version) return now?.nik_tag ?? null
  const journal = to.journal ?? to.file
  const about = {
    record,
    before: to.place ?? Number.MAX_SAFE_INTEGER,
    kinds: ['enrolled', 'corrected'],
    station: now.station,
  }
  for (const row of rowsAbout(journal, { ...about, limit: MOST_VERSIONS }, 'DESC')) {
    if (signedEntryOf(row).header.recordVersion !== version) continue
    if (now.station !== to.self && !isBelieved(to.file, row.station, row.sequence)) continue
    return to.keys.tag(NIK_TAG + (bodyOf(journal, to.keys, row) as BodyOf<'enrolled'>).nik)
  }
  return now.nik_tag
}

export function bearNikOf({ file }: Projected, record: string): void {
  const sql = `UPDATE card_request SET nik_tag = (SELECT nik_tag FROM record WHERE id = ?)
    WHERE record = ? AND state = 'waiting'`
  file.run(sql, record, record)
}

/**
 * By the station that prints, before it has begun: it alone knows. Where that was revoked, nobody
 * hears it any more: then by one above it, also of a card of which nobody knows what became.
 */
export function projectCardCancelled(
  to: Projected,
  { header }: SignedEntry,
  { request }: BodyOf<'card-cancelled'>,
): void {
  const { file } = to
  const { at, station, record = null } = header
  const prints = file.get<{ prints: string }>('SELECT prints FROM card_request WHERE id = ?', request)?.prints
  if (prints === undefined || !mayCancel(to, station, prints)) return
  const sql = `UPDATE card_request SET state = 'cancelled', changed_at = ?
    WHERE id = ? AND record = ? AND state = 'waiting'`
  file.run(sql, at, request, record)
}

/** Whether a station may take a card back that is to be printed by the station `prints`. */
export function mayCancel(to: Pick<Projected, 'file' | 'self'>, station: string, prints: string): boolean {
  return station === prints || (isRevokedStation(to.file, prints) && mayServe(to, station, prints))
}
