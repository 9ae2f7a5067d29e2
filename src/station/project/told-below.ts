/**
 * Words of a station below to one below it, of a card or letter that it made for a record of that one. The entry
 * itself goes down; here it has the same effect as there. The books are told of by other entries (`stock-card`).
 */
import type { SignedEntry } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, type EntryRow, rowsAbout, signedEntryOf } from '../journal/read.js'
import { isBelieved } from './peers.js'
import type { Projected } from './projected.js'

/** An entry, and what it says. */
export interface Word {
  readonly entry: SignedEntry
  readonly body: unknown
}

/**
 * The entry that is to have an effect: this one, or the one that it tells of. Undefined where this station told of its
 * own, which has had it.
 */
export function wordOf(self: string, entry: SignedEntry, body: unknown): Word | undefined {
  if (entry.header.kind !== 'told-below') return { entry, body }
  if (entry.header.station === self) return undefined
  const { kind, said } = body as BodyOf<'told-below'>
  return { entry: { ...entry, header: { ...entry.header, kind, direction: 'down' } }, body: said }
}

/** The same of a row of the journal whose contents are here. */
export function wordIn(to: Projected, row: EntryRow): Word | undefined {
  return wordOf(to.self, signedEntryOf(row), bodyOf(to.journal ?? to.file, to.keys, row))
}

/** Kinds in which the station that prints a card speaks of it. */
const OF_A_CARD = [
  'card-reserved',
  'card-sent',
  'card-printed',
  'card-uncertain',
  'card-resolved',
  'card-spoiled',
  'card-released',
  'card-handed-over',
  'card-passed-on',
  'card-arrived',
]

/** Most words about one record that are looked at when a request for its card is heard of. */
const MOST_EARLY = 256

/**
 * Words of the station that prints a card which came before its request, in their order, where another asked for it:
 * its journal may come later, or wait for the images of the record.
 */
export function earlyTold(
  to: Projected,
  { header: { record, station } }: SignedEntry,
  { request }: BodyOf<'card-requested'>,
  before: number,
): Word[] {
  if (record === undefined) return []
  const row = to.file.get<{ prints: string }>(
    `SELECT prints FROM card_request c WHERE id = ? AND record = ? AND state = 'waiting' AND prints NOT IN (?, ?)
       AND NOT EXISTS (SELECT 1 FROM print_job WHERE request = c.id)`,
    request,
    record,
    to.self,
    station,
  )
  if (row === undefined) return []
  const jobs = new Set<unknown>()
  const about = { record, before, kinds: ['told-below', ...OF_A_CARD], station: row.prints, limit: MOST_EARLY }
  return rowsAbout(to.journal ?? to.file, about).flatMap(early => {
    const said = isBelieved(to.file, early.station, early.sequence) ? wordIn(to, early) : undefined
    if (said === undefined) return []
    // Its books have had it: a word that goes down leaves them alone.
    const word: Word = { ...said, entry: { ...said.entry, header: { ...said.entry.header, direction: 'down' } } }
    const { kind } = word.entry.header
    const { request: of, job } = word.body as { readonly request?: unknown; readonly job?: unknown }
    if (kind === 'card-reserved' && of === request) jobs.add(job)
    return jobs.has(job) || (kind === 'card-cancelled' && of === request) ? [word] : []
  })
}
