/**
 * Words of a station below to one below it, of a card or letter that it made for a record of that one: the entry itself
 * goes down. Here it has the same effect, but for the books, which `stock-card` entries tell.
 */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf, EntryKind } from '../journal/kinds.js'
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
