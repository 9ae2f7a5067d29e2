/** Cards that are wanted: who may ask for them, and who prints them. */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { mayServe } from './authority.js'
import { MOST_CARDS } from './letters.js'
import { isRevokedStation } from './peers.js'
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
  const of = to.file.get<{ station: string }>('SELECT station FROM record WHERE id = ?', record)?.station ?? station
  if (!mayServe(to, station, of) || !mayServe(to, prints, of) || hasManyRequests(to, record, station)) return
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

/** A card that is still to be printed will bear the NIK as it was corrected. */
export function projectCardNik(to: Projected, { header }: SignedEntry): void {
  if (header.record !== undefined) bearNikOf(to, header.record)
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
