/**
 * Words that only the station that prints a card says of it. Said by another, it has no effect: neither on
 * the card, nor on the books of who says it, where the blank of a card that it was sent would be
 * free for somebody else's.
 */
import type { EntryHeader, SignedEntry } from '../journal/entry.js'
import { isBrought } from '../stock/lying.js'
import { jobOf } from './cards.js'
import { noteDiscrepancy } from './discrepancies.js'
import type { Projected, Projection } from './projected.js'

/** Lets what they say take effect if the card is the station's own, and puts it on record otherwise. */
export function ofOwnCard<Body extends { readonly job: string }>(
  ...projections: readonly Projection<Body>[]
): readonly Projection<Body>[] {
  const project: Projection<Body> = (to, entry, body, applied) => {
    if (isOthers(to, entry, body.job)) {
      noteDiscrepancy(to.file, entry.header, 'card-elsewhere', { job: body.job, said: entry.header.kind })
    } else for (const each of projections) each(to, entry, body, applied)
  }
  return [project]
}

/** A station above may not know the card, but has booked that it came. */
function isOthers({ file }: Projected, { header: { station } }: SignedEntry, job: string): boolean {
  const card = file.get<{ station: string }>('SELECT station FROM print_job WHERE id = ?', job)
  return card === undefined ? isBrought(file, station, job) : card.station !== station
}

const IN_THE_PRINTER = ['reserved', 'sent']

/** States of a card at the station that prints it in which that station can say so. */
const SAID_IN: Readonly<Record<string, readonly string[]>> = {
  'card-printed': IN_THE_PRINTER,
  'card-released': IN_THE_PRINTER,
  'card-resolved': [...IN_THE_PRINTER, 'uncertain', 'printed', 'released'],
  'card-spoiled': ['printed'],
  'card-passed-on': ['printed'],
  'card-arrived': [],
}

/**
 * Whether a word of the station that prints a card contradicts what it has said itself: that the
 * blank of a card is untouched which somebody was handed, or that a card came which it never sent
 * away. Where the card was sent away, the words of two stations meet: passed-cards.ts.
 */
export function contradictsItself(to: Projected, header: EntryHeader, job: string): boolean {
  const own = jobOf(to, header, job)
  return own !== undefined && own.leg === null && SAID_IN[header.kind]?.includes(own.state) === false
}
