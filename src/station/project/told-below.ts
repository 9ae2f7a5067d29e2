/**
 * Words of a station below to one below it, of a card or letter that it made for a record of that one: the entry itself
 * goes down. Here it has the same effect, but for the books, which `stock-card` entries tell.
 */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf, EntryKind } from '../journal/kinds.js'
import { bodyOf, type EntryRow, rowsAbout, signedEntryOf } from '../journal/read.js'
import { projectCardCancelled, projectCardRequested } from './card-requests.js'
import {
  projectCardHandedOver,
  projectCardPrinted,
  projectCardReleased,
  projectCardReserved,
  projectCardResolved,
  projectCardSent,
  projectCardSpoiled,
  projectCardsLost,
  projectCardUncertain,
} from './cards.js'
import { projectLetterIssued, projectLetterRevoked } from './letters.js'
import { ofOwnCard } from './own-cards.js'
import { projectCardArrived, projectCardPassedOn } from './passed-cards.js'
import { isBelieved } from './peers.js'
import type { Projected, Projection } from './projected.js'

const WORDS: { readonly [K in EntryKind]?: readonly Projection<BodyOf<K>>[] } = {
  'card-requested': [projectCardRequested],
  'card-cancelled': [projectCardsLost, projectCardCancelled],
  'card-reserved': ofOwnCard(projectCardReserved),
  'card-sent': ofOwnCard(projectCardSent),
  'card-printed': ofOwnCard(projectCardPrinted),
  'card-uncertain': ofOwnCard(projectCardUncertain),
  'card-resolved': ofOwnCard(projectCardResolved),
  'card-spoiled': [projectCardSpoiled],
  'card-released': ofOwnCard(projectCardReleased),
  'card-handed-over': [projectCardHandedOver],
  'card-passed-on': [projectCardPassedOn],
  'card-arrived': [projectCardArrived],
  'letter-issued': [projectLetterIssued],
  'letter-revoked': [projectLetterRevoked],
}

export function projectToldBelow(
  to: Projected,
  entry: SignedEntry,
  { kind, said }: BodyOf<'told-below'>,
  applied: number,
): void {
  // The station's own entry has had its effect.
  if (entry.header.station === to.self) return
  const word: SignedEntry = { ...entry, header: { ...entry.header, kind } }
  for (const each of (WORDS[kind] ?? []) as readonly Projection<unknown>[]) each(to, word, said, applied)
}

/** Most words about one record that are looked at when a request for its card is heard of. */
const MOST_EARLY = 256

/**
 * Folds what the station that prints a card has told before its request was heard of here: the one that asked for it may be
 * another, whose journal comes later or waits for the images of the record.
 */
export function projectEarlyTold(
  to: Projected,
  { header }: SignedEntry,
  { request }: BodyOf<'card-requested'>,
  applied: number,
): void {
  const { record } = header
  const row = to.file.get<{ prints: string }>(
    `SELECT prints FROM card_request c WHERE id = ? AND record = ? AND state = 'waiting' AND prints <> ?
       AND NOT EXISTS (SELECT 1 FROM print_job WHERE request = c.id)`,
    ...[request, record ?? null, to.self],
  )
  if (row === undefined || record === undefined) return
  const jobs = new Set<unknown>()
  const about = { record, before: applied, kinds: ['told-below'], station: row.prints, limit: MOST_EARLY }
  for (const early of rowsAbout(to.journal ?? to.file, about)) {
    if (!isBelieved(to.file, early.station, early.sequence)) continue
    const told = toldIn(to, early)
    const { request: of, job } = told.said as { readonly request?: unknown; readonly job?: unknown }
    const isOfRequest = of === request
    if (told.kind === 'card-reserved' && isOfRequest) jobs.add(job)
    if (jobs.has(job) || (told.kind === 'card-cancelled' && isOfRequest)) {
      projectToldBelow(to, signedEntryOf(early), told, applied)
    }
  }
}

const toldIn = (to: Projected, row: EntryRow) => bodyOf(to.journal ?? to.file, to.keys, row) as BodyOf<'told-below'>
