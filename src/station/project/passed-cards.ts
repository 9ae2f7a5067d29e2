/**
 * Cards that leave the station that prints them for that of the record, and what that one says of
 * them.
 *
 * The station that prints has the last word on where its card is. Each time it sends one away, the
 * number of the shipment names what the other station may say of it: that it came, was handed over,
 * spoiled or sent back. Once it lies again where it was printed, or was sent away anew, words with
 * an older number have no effect. So all who hear of it come to the same, in whatever order.
 */
import type { EntryHeader, SignedEntry } from '../journal/entry.js'
import type { BodyOf, EntryKind } from '../journal/kinds.js'
import { bodyOf, rowsAbout, signedEntryOf } from '../journal/read.js'
import {
  broughtJob,
  type Job,
  jobOf,
  noteElsewhere,
  projectCardHandedOver,
  projectCardSpoiled,
  setPrinted,
} from './cards.js'
import { judgingOnce } from './letters.js'
import { isBelieved } from './peers.js'
import type { Projected } from './projected.js'

/** Sent away by the station that prints it; or sent back by the one that it was sent to. */
export function projectCardPassedOn(
  to: Projected,
  { header }: SignedEntry,
  { job: id, shipment, to: receiver, brought }: BodyOf<'card-passed-on'>,
  applied: number,
): void {
  const own = jobOf(to, header, id)
  if (own?.state === 'printed' && own.leg === null) {
    place(to, header, id, { sentTo: receiver, shipment, leg: 'out' })
    judgingOnce(to, once => foldEarly(once, own, { receiver, shipment, applied }))
    return
  }
  const job = own === undefined ? broughtJob(to, header, id, brought) : undefined
  if (job?.state === 'printed' && job.leg === 'there') setLeg(to, header, id, 'back')
  else noteElsewhere(to, header, id, { own, brought })
}

/** It lies where it was sent, or again where it comes from; one that was thought lost is found. */
export function projectCardArrived(
  to: Projected,
  { header }: SignedEntry,
  { job: id, shipment: brought }: BodyOf<'card-arrived'>,
): void {
  const own = jobOf(to, header, id)
  const job = own ?? broughtJob(to, header, id, brought)
  const isAway = own === undefined ? job?.leg === 'out' || job?.leg === 'back' : own.leg !== null
  if (job === undefined || !isAway || (own === undefined && !WAYFARING.includes(job.state))) {
    noteElsewhere(to, header, id, { own, brought })
    return
  }
  // Somebody said otherwise: that it was lost, or that it lies elsewhere, or was handed over there.
  if (job.state !== 'printed' || (own !== undefined && job.leg === 'there')) {
    noteElsewhere(to, header, id, { own, brought })
  }
  if (own === undefined) setLeg(to, header, id, 'there')
  else place(to, header, id, undefined)
  if (job.state !== 'printed') setPrinted(to, header, job)
}

/** On its way, and perhaps reported as lost there. */
const WAYFARING: readonly string[] = ['printed', 'spoiled']

interface Away {
  readonly sentTo: string
  readonly shipment: string
  readonly leg: 'out'
}

function place({ file }: Projected, { at }: EntryHeader, id: string, away: Away | undefined): void {
  const sql = 'UPDATE print_job SET sent_to = ?, shipment = ?, leg = ?, changed_at = ? WHERE id = ?'
  file.run(sql, away?.sentTo ?? null, away?.shipment ?? null, away?.leg ?? null, at, id)
}

function setLeg({ file }: Projected, { at }: EntryHeader, id: string, leg: Job['leg']): void {
  file.run('UPDATE print_job SET leg = ?, changed_at = ? WHERE id = ?', leg, at, id)
}

/** Most words of the receiver about one record that are looked at when its card is said to be sent. */
const MOST_EARLY = 128

/**
 * Most of them that are folded, being of that card and that shipment: it came, was lost, was found,
 * was handed over or sent back.
 */
const MOST_OF_ONE = 16

const EARLY: { readonly [K in EntryKind]?: (to: Projected, entry: SignedEntry, body: BodyOf<K>) => void } = {
  'card-arrived': projectCardArrived,
  'card-handed-over': projectCardHandedOver,
  'card-spoiled': projectCardSpoiled,
  'card-passed-on': (to, entry, body) => projectCardPassedOn(to, entry, body, 0),
}

/**
 * Folds what the receiver said of the card before it was heard here that the card was sent. What it
 * moved in the receiver's books is booked already.
 */
function foldEarly(
  to: Projected,
  { id, record }: Job,
  { receiver, shipment, applied }: { receiver: string; shipment: string; applied: number },
): void {
  const journal = to.journal ?? to.file
  const about = { record, before: applied, kinds: Object.keys(EARLY), station: receiver, limit: MOST_EARLY }
  let folded = 0
  for (const row of rowsAbout(journal, about)) {
    if (row.station !== to.self && !isBelieved(to.file, row.station, row.sequence)) continue
    const body = bodyOf(journal, to.keys, row) as { job: string; shipment?: string; brought?: string }
    const number = row.kind === 'card-arrived' ? body.shipment : body.brought
    if (body.job !== id || number !== shipment) continue
    if (++folded > MOST_OF_ONE) return
    const fold = EARLY[row.kind as EntryKind] as (to: Projected, entry: SignedEntry, body: unknown) => void
    fold(to, signedEntryOf(row), body)
  }
}
