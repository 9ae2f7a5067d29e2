/** Cards that are wanted, and how far each has come. What they take out of the stock: stock.ts. */
import type { EntryHeader, SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { mayServe } from './authority.js'
import { noteDiscrepancy } from './discrepancies.js'
import { judgeLetters, MOST_CARDS, revokeOldLetters } from './letters.js'
import type { Projected } from './projected.js'

interface Job {
  readonly id: string
  readonly request: string
  readonly record: string
  readonly state: string
}

/** Most cards of a record that one station asks for, those included that it took back. Further ones have no effect. */
const MOST_REQUESTS = 64

/** @returns whether a station has asked for {@link MOST_REQUESTS} cards of a record */
export function hasManyRequests({ file }: Pick<Projected, 'file'>, record: string, station: string): boolean {
  const sql = `SELECT count(*) AS requests FROM (
    SELECT 1 FROM card_request WHERE record = ? AND station = ? LIMIT ${MOST_REQUESTS})`
  return file.get<{ requests: number }>(sql, record, station)!.requests === MOST_REQUESTS
}

/**
 * Of the record's own station, or of one above it, to be printed by one of those. Any other's has no effect. A record that has not come yet
 * (its enrolment was refused, and may be sent again) has the request when it comes, if it is of one
 * of those: early-cards.ts.
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
    purpose === 'replacement' && replaces !== undefined ? JSON.stringify(replaces) : null,
  )
}

/** A card that is still to be printed will bear the NIK as it was corrected. */
export function projectCardNik(to: Projected, { header }: SignedEntry): void {
  if (header.record !== undefined) bearNikOf(to, header.record)
}

function bearNikOf({ file }: Projected, record: string): void {
  const sql = `UPDATE card_request SET nik_tag = (SELECT nik_tag FROM record WHERE id = ?) WHERE record = ? AND state = 'waiting'`
  file.run(sql, record, record)
}

/** By the station that prints: it alone knows whether it has begun. */
export function projectCardCancelled(
  { file }: Projected,
  { header }: SignedEntry,
  { request }: BodyOf<'card-cancelled'>,
): void {
  const { at, station, record = null } = header
  const sql = `UPDATE card_request SET state = 'cancelled', changed_at = ?
    WHERE id = ? AND prints = ? AND record = ? AND state = 'waiting'`
  file.run(sql, at, request, station, record)
}

/** From here on the word of the station that prints counts, whatever others thought of the request. */
export function projectCardReserved(
  { file }: Projected,
  { header }: SignedEntry,
  { request, job, lot, serial, printer, consumables }: BodyOf<'card-reserved'>,
): void {
  const { station, record = null, recordVersion = null, at } = header
  const known = 'SELECT 1 FROM card_request WHERE id = ? AND record = ? AND prints = ?'
  if (file.get(known, request, record, station) === undefined) return
  const added = file.run(
    `INSERT INTO print_job (id, request, record, version, station, lot, prefix, digits, number, printer, consumables, state, reserved_at, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'reserved', ?, ?) ON CONFLICT DO NOTHING`,
    job,
    request,
    record,
    recordVersion,
    station,
    lot,
    serial?.prefix ?? null,
    serial?.digits ?? null,
    serial?.number ?? null,
    printer,
    JSON.stringify(consumables),
    at,
    at,
  )
  if (added === 0) return
  file.run(
    `UPDATE card_request SET state = 'printing', changed_at = ?, nik_tag = (SELECT nik_tag FROM record WHERE id = card_request.record)
     WHERE id = ?`,
    at,
    request,
  )
}

export function projectCardSent(to: Projected, { header }: SignedEntry, { job }: BodyOf<'card-sent'>): void {
  if (jobOf(to, header, job)?.state === 'reserved') setJob(to, header, job, 'sent')
}

/** A printer that says so after a person has said otherwise changes nothing: it is noted. */
export function projectCardPrinted(to: Projected, { header }: SignedEntry, { job: id }: BodyOf<'card-printed'>): void {
  const job = jobOf(to, header, id)
  if (job === undefined) return
  if (job.state === 'reserved' || job.state === 'sent') setPrinted(to, header, job)
  else if (job.state === 'spoiled' || job.state === 'released') contradicted(to, header, job, 'printed')
}

export function projectCardUncertain(to: Projected, { header }: SignedEntry, { job }: BodyOf<'card-uncertain'>): void {
  if (jobOf(to, header, job)?.state === 'sent') setJob(to, header, job, 'uncertain')
}

/** A person's word counts, also against the printer's. */
export function projectCardResolved(
  to: Projected,
  { header }: SignedEntry,
  { job: id, found }: BodyOf<'card-resolved'>,
): void {
  const job = jobOf(to, header, id)
  if (job === undefined || job.state === 'handed-over' || job.state === 'spoiled') return
  if (job.state === 'printed' || job.state === 'released') contradicted(to, header, job, found)
  if (found === 'printed') setPrinted(to, header, job)
  else setUnprinted(to, header, job, found === 'spoiled' ? 'spoiled' : 'released')
}

export function projectCardSpoiled(to: Projected, { header }: SignedEntry, { job: id }: BodyOf<'card-spoiled'>): void {
  const job = jobOf(to, header, id)
  if (job?.state === 'printed') setUnprinted(to, header, job, 'spoiled')
}

export function projectCardReleased(
  to: Projected,
  { header }: SignedEntry,
  { job: id }: BodyOf<'card-released'>,
): void {
  const job = jobOf(to, header, id)
  if (job?.state === 'reserved' || job?.state === 'sent') setUnprinted(to, header, job, 'released')
}

export function projectCardHandedOver(
  to: Projected,
  { header }: SignedEntry,
  { job: id }: BodyOf<'card-handed-over'>,
): void {
  const job = jobOf(to, header, id)
  if (job?.state !== 'printed') return
  setJob(to, header, id, 'handed-over')
  setRequest(to, header, job.request, 'handed-over')
}

/** Of the station that writes about it, and of no other. */
function jobOf({ file }: Projected, header: EntryHeader, id: string): Job | undefined {
  const { station, record = null } = header
  const sql = 'SELECT id, request, record, state FROM print_job WHERE id = ? AND station = ? AND record = ?'
  return file.get<Job>(sql, id, station, record)
}

function setJob({ file }: Projected, { at }: EntryHeader, id: string, state: string): void {
  file.run('UPDATE print_job SET state = ?, changed_at = ? WHERE id = ?', state, at, id)
}

function setRequest({ file }: Projected, { at }: EntryHeader, id: string, state: string): void {
  file.run('UPDATE card_request SET state = ?, changed_at = ? WHERE id = ?', state, at, id)
}

/** There is a card: letters that do not name it are void. */
function setPrinted(to: Projected, header: EntryHeader, job: Job): void {
  setJob(to, header, job.id, 'printed')
  setRequest(to, header, job.request, 'printed')
  revokeOldLetters(to, job.record, header.at)
  judgeLetters(to, job.record, header.at)
  const twice = (what: string, other: { id: string } | undefined) => {
    if (other !== undefined) noteDiscrepancy(to.file, header, 'printed-twice', { what, job: job.id, other: other.id })
  }
  twice('person', otherCardOf(to, job))
  twice('blank', otherOnBlank(to, job))
}

/** Finds another card of the same person, or on the same blank, for one that was put on record for it. */
export function otherThan(to: Projected, id: string, what: 'person' | 'blank'): string | undefined {
  const job = to.file.get<Job>('SELECT id, request, record, state FROM print_job WHERE id = ?', id)
  return job && (what === 'person' ? otherCardOf(to, job) : otherOnBlank(to, job))?.id
}

/** There is none: the person waits again, unless another card was printed for the request. */
function setUnprinted(to: Projected, header: EntryHeader, job: Job, state: 'spoiled' | 'released'): void {
  setJob(to, header, job.id, state)
  judgeLetters(to, job.record, header.at)
  const live = `SELECT 1 FROM print_job WHERE request = ? AND state NOT IN ('spoiled', 'released')`
  if (to.file.get(live, job.request) !== undefined) return
  setRequest(to, header, job.request, 'waiting')
  bearNikOf(to, job.record)
}

/**
 * Holds where the request `mine` replaces the card `j`: it names it. A card that the asking station
 * did not know of is not replaced, whenever it was made: nobody has said that it was lost. Clocks
 * of two stations cannot tell which came first. They have to where a version before 0.2.0 wrote the
 * request, which names no card.
 */
const REPLACES = `mine.purpose = 'replacement' AND CASE
  WHEN mine.replaces IS NULL THEN j.reserved_at <= mine.requested_at
  ELSE j.id IN (SELECT value FROM json_each(mine.replaces)) END`

/**
 * Holds for a card `j` of the request `o` beside which one of the request `mine`, for the same
 * person, is one too many.
 */
export const ONE_TOO_MANY = `j.state IN ('printed', 'handed-over') AND (o.id = mine.id OR NOT (${REPLACES}))`

/**
 * A card of the same person that this one does not name as replaced, and that does not name this
 * one: either may come first. The times of a request that names none let it be printed, and nothing
 * more: whoever leaves the names out does not keep the second card off the list.
 */
function otherCardOf({ file }: Projected, { id, request, record }: Job): { id: string } | undefined {
  const others = file.all<{ id: string; mine: string | null; replaces: string | null }>(
    `SELECT DISTINCT j.id, mine.replaces AS mine, o.replaces
     FROM card_request mine JOIN card_request o ON (o.record = ? OR o.nik_tag = mine.nik_tag)
     JOIN print_job j ON j.request = o.id AND j.id <> ? WHERE mine.id = ? AND j.state IN ('printed', 'handed-over')
     ORDER BY j.id LIMIT ${MOST_CARDS + 1}`,
    record,
    id,
    request,
  )
  const named = (replaces: string | null, job: string) =>
    replaces !== null && (JSON.parse(replaces) as string[]).includes(job)
  const isApart = (other: (typeof others)[number]) => !named(other.mine, other.id) && !named(other.replaces, id)
  return others.find(isApart) ?? others[MOST_CARDS]
}

function otherOnBlank({ file }: Projected, { id }: Job): { id: string } | undefined {
  return file.get<{ id: string }>(
    `SELECT o.id FROM print_job mine JOIN print_job o ON o.lot = mine.lot AND o.prefix = mine.prefix AND o.digits = mine.digits
       AND o.number = mine.number AND o.id <> mine.id AND o.state NOT IN ('reserved', 'released')
     WHERE mine.id = ? AND mine.number IS NOT NULL ORDER BY o.id LIMIT 1`,
    id,
  )
}

function contradicted(to: Projected, header: EntryHeader, { id, state }: Job, found: string): void {
  noteDiscrepancy(to.file, header, 'printer-contradicted', { job: id, stood: state, said: found })
}
