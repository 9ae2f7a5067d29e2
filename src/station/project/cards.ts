/** Cards that are printed, and how far each has come. What they take out of the stock: stock.ts. */
import { mayHaveMade } from '../journal/card-id.js'
import type { EntryHeader, SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { bearNikOf, bearNikOfCards, mayCancel } from './card-requests.js'
import { leaveOthersOfNik } from './cards-of-nik.js'
import { noteDiscrepancy } from './discrepancies.js'
import { judgeLetters, revokeOldLetters } from './letters.js'
import { notePrintedTwice } from './printed-twice.js'
import type { Projected } from './projected.js'

/**
 * A card, and where it is. One that was sent away has `sent_to`, `shipment` and `leg`: `out` on its
 * way there, `there`, or `back` on its way from there. It is at the station that prints it otherwise.
 */
export interface Job {
  readonly id: string
  readonly request: string
  readonly record: string
  /** Version of the record that the card shows. */
  readonly version: number | null
  readonly station: string
  readonly state: string
  readonly sent_to: string | null
  readonly shipment: string | null
  readonly leg: 'out' | 'there' | 'back' | null
}

/** Most cards of one request that another station begins: nobody spoils as many. Further ones have no effect. */
const MOST_OF_A_REQUEST = 128

/** From here on the word of the station that prints counts, whatever others thought of the request. */
export function projectCardReserved(
  to: Projected,
  { header }: SignedEntry,
  { request, job, lot, serial, printer, consumables }: BodyOf<'card-reserved'>,
): void {
  const { file, self } = to
  const { station, record = null, recordVersion = null, at } = header
  const known = 'SELECT 1 FROM card_request WHERE id = ? AND record = ? AND prints = ?'
  if (file.get(known, request, record, station) === undefined || !mayHaveMade(station, job)) return
  const begun = `SELECT count(*) AS n FROM (SELECT 1 FROM print_job WHERE request = ? LIMIT ${MOST_OF_A_REQUEST})`
  if (station !== self && file.get<{ n: number }>(begun, request)!.n === MOST_OF_A_REQUEST) return
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
  file.run(`UPDATE card_request SET state = 'printing', changed_at = ? WHERE id = ?`, at, request)
  if (record !== null) bearNikOfCards(to, request, record)
}

export function projectCardSent(to: Projected, { header }: SignedEntry, { job }: BodyOf<'card-sent'>): void {
  if (jobOf(to, header, job)?.state === 'reserved') setInPrinter(to, header, job, 'sent')
}

/** A printer that says so after a person has said otherwise changes nothing: it is noted. */
export function projectCardPrinted(to: Projected, { header }: SignedEntry, { job: id }: BodyOf<'card-printed'>): void {
  const job = jobOf(to, header, id)
  if (job === undefined) return
  if (job.state === 'reserved' || job.state === 'sent') setPrinted(to, header, job)
  else if (job.state === 'spoiled' || job.state === 'released') contradicted(to, header, job, 'printed')
}

export function projectCardUncertain(to: Projected, { header }: SignedEntry, { job }: BodyOf<'card-uncertain'>): void {
  if (jobOf(to, header, job)?.state === 'sent') setInPrinter(to, header, job, 'uncertain')
}

/** A person's word counts, also against the printer's. */
export function projectCardResolved(
  to: Projected,
  { header }: SignedEntry,
  { job: id, found }: BodyOf<'card-resolved'>,
): void {
  const job = jobOf(to, header, id)
  if (job === undefined || job.leg !== null || job.state === 'handed-over' || job.state === 'spoiled') return
  if (job.state === 'printed' || job.state === 'released') contradicted(to, header, job, found)
  if (found === 'printed') setPrinted(to, header, job)
  else setUnprinted(to, header, job, found === 'spoiled' ? 'spoiled' : 'released')
}

/**
 * Cards that a revoked station had begun, of a request that one above it takes back: a person says
 * that they are lost.
 */
export function projectCardsLost(to: Projected, { header }: SignedEntry, { request }: BodyOf<'card-cancelled'>): void {
  const { station, record = null } = header
  const jobs = to.file.all<Job>(
    `SELECT ${JOB} FROM print_job WHERE request = ? AND record = ? AND state IN ('reserved', 'sent', 'uncertain')`,
    request,
    record,
  )
  for (const job of jobs) {
    if (job.station !== station && mayCancel(to, station, job.station)) setUnprinted(to, header, job, 'spoiled')
  }
}

/** By who has the card, or sent it: on its way it can be lost. */
export function projectCardSpoiled(
  to: Projected,
  { header }: SignedEntry,
  { job: id, brought }: BodyOf<'card-spoiled'>,
): void {
  const own = jobOf(to, header, id)
  const job = own ?? broughtJob(to, header, id, brought)
  const isTheirs = own === undefined ? job?.leg !== 'out' : own.leg === null || own.leg === 'out'
  if (job?.state === 'printed' && isTheirs) setUnprinted(to, header, job, 'spoiled')
  else noteElsewhere(to, header, id, { own, brought })
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
  { job: id, brought }: BodyOf<'card-handed-over'>,
): void {
  const own = jobOf(to, header, id)
  const job = own ?? broughtJob(to, header, id, brought)
  const isHere = own === undefined ? job?.leg === 'there' : own.leg === null
  if (job?.state === 'printed' && isHere) {
    setJob(to, header, id, 'handed-over')
    setRequest(to, header, job.request)
  } else noteElsewhere(to, header, id, { own, brought })
}

const JOB = 'id, request, record, version, station, state, sent_to, shipment, leg'

/** The job, if it is of the station that prints it: no other has a say. */
export function jobOf({ file }: Projected, header: EntryHeader, id: string): Job | undefined {
  const { station, record = null } = header
  return file.get<Job>(`SELECT ${JOB} FROM print_job WHERE id = ? AND station = ? AND record = ?`, id, station, record)
}

/**
 * The job, if it was sent to the station under that number, as the one that prints it said last: the
 * others' word of a card has no effect.
 */
export function broughtJob(
  { file }: Projected,
  header: EntryHeader,
  id: string,
  shipment: string | undefined,
): Job | undefined {
  const { station, record = null } = header
  if (shipment === undefined) return undefined
  const sql = `SELECT ${JOB} FROM print_job WHERE id = ? AND record = ? AND sent_to = ? AND shipment = ?`
  return file.get<Job>(sql, id, record, station, shipment)
}

/**
 * Puts on record what two stations say of one card that cannot both be. A word that comes before
 * the note of the shipment that it names waits for that, and contradicts nothing yet; of a card
 * that is not known here, nothing can be said.
 */
export function noteElsewhere(
  { file }: Projected,
  header: EntryHeader,
  job: string,
  { own, brought }: { readonly own: Job | undefined; readonly brought: string | undefined },
): void {
  const { station, kind, record = null } = header
  const isOwnAway = own !== undefined && own.leg !== null
  const sent = `SELECT 1 FROM print_job j JOIN shipment s ON s.other = ? AND s.way <> 'received'
    WHERE j.id = ? AND j.record = ? AND s.id = ?`
  if (isOwnAway || (brought !== undefined && file.get(sent, station, job, record, brought) !== undefined)) {
    noteDiscrepancy(file, header, 'card-elsewhere', { job, said: kind })
  }
}

/** From here on it may be a card. */
function setInPrinter(to: Projected, header: EntryHeader, id: string, state: 'sent' | 'uncertain'): void {
  setJob(to, header, id, state)
  leaveOthersOfNik(to, to.file.get<Job>(`SELECT ${JOB} FROM print_job WHERE id = ?`, id)!.request)
}

export function setJob({ file }: Projected, { at }: EntryHeader, id: string, state: string): void {
  file.run('UPDATE print_job SET state = ?, changed_at = ? WHERE id = ?', state, at, id)
}

/**
 * A request is what has become of its cards, in whatever order that was heard of: one that was
 * thought lost may turn up beside another.
 */
function setRequest({ file }: Projected, { at }: EntryHeader, id: string): void {
  const has = (states: string) =>
    `EXISTS (SELECT 1 FROM print_job WHERE request = card_request.id AND state IN (${states}))`
  file.run(
    `UPDATE card_request SET changed_at = ?, state = CASE WHEN ${has(`'reserved', 'sent', 'uncertain'`)} THEN 'printing'
       WHEN ${has(`'handed-over'`)} THEN 'handed-over' WHEN ${has(`'printed'`)} THEN 'printed' ELSE 'waiting' END
     WHERE id = ?`,
    at,
    id,
  )
}

/** There is a card: letters that do not name it are void. */
export function setPrinted(to: Projected, header: EntryHeader, job: Job): void {
  setJob(to, header, job.id, 'printed')
  // It may have been taken for lost, and the request for one of a later version.
  bearNikOfCards(to, job.request, job.record)
  setRequest(to, header, job.request)
  revokeOldLetters(to, job.record, header.at)
  judgeLetters(to, job.record, header.at)
  leaveOthersOfNik(to, job.request)
  notePrintedTwice(to, header, job)
}

/** There is none: the person waits again, unless another card was printed for the request. */
function setUnprinted(to: Projected, header: EntryHeader, job: Job, state: 'spoiled' | 'released'): void {
  leaveOthersOfNik(to, job.request)
  setJob(to, header, job.id, state)
  judgeLetters(to, job.record, header.at)
  const live = `SELECT 1 FROM print_job WHERE request = ? AND state NOT IN ('spoiled', 'released')`
  const isWanted = to.file.get(live, job.request) === undefined
  setRequest(to, header, job.request)
  if (isWanted) bearNikOf(to, job.record)
  else bearNikOfCards(to, job.request, job.record)
}

function contradicted(to: Projected, header: EntryHeader, { id, state }: Job, found: string): void {
  noteDiscrepancy(to.file, header, 'printer-contradicted', { job: id, stood: state, said: found })
}
