/** What a peer lacks as far as is known: entries of use to it after the last that it has said to hold. */
import { SidikError } from '../../errors.js'
import type { EntryHeader } from '../journal/entry.js'
import { bodyBytesOf, ENTRY_COLUMNS, type EntryRow, signedEntryOf } from '../journal/read.js'
import { TEMPLATES_ROLE } from '../project/gallery.js'
import type { StationFile } from '../store/database.js'
import type { Peer, Relation } from '../types.js'
import type { Ground } from './ground.js'
import { heard } from './heard.js'
import type { SentEntry } from './message-schema.js'
import { isFor } from './routes.js'
import { journalsFor } from './trust.js'

/** Entries that are read at once. */
export const ENTRIES_AT_ONCE = 256

/** Part of a journal that a peer lacks. */
export interface Unsent {
  readonly station: string
  /** First sequence that it lacks. */
  readonly from: number
  /** Last that is of use to it: what comes after would only be chatter. */
  readonly to: number
}

/** Of entries `j`, those that a peer has not refused, or shall get again. Parameter: the peer. */
const NOT_REFUSED = `NOT EXISTS (SELECT 1 FROM refusal f WHERE f.station = j.station AND f.sequence = j.sequence AND f.peer = ?
  AND f.state <> 'retried')`

/** Of entries `j`, those of use to a peer on that side. Parameters: the peer, once and twice. (The last term lets the index be used.) */
const USEFUL: Readonly<Record<Relation, string>> = {
  upstream: `j.direction = 'up' AND ? IS NOT NULL AND ? IS NOT NULL AND j.direction <> 'local'`,
  downstream: `j.direction = 'down' AND coalesce(json_extract(CAST(j.header AS TEXT), '$.to') IN
    (SELECT ? UNION ALL SELECT station FROM vouched WHERE via = ?), TRUE) AND j.direction <> 'local'`,
}

/**
 * The journals of which the peer lacks something.
 *
 * @param after where to begin instead of behind what the peer acknowledged: for messages that are written without waiting for answers
 */
export function unsentFor(ground: Ground, after?: ReadonlyMap<string, number>): Unsent[] {
  const { file, self, peer } = ground
  const unsent: Unsent[] = []
  for (const station of journalsFor(file, self, peer)) {
    const acknowledged = Math.max(acknowledgedBy(file, peer, station), after?.get(station) ?? 0)
    const to = lastUseful(ground, station, acknowledged)
    if (to !== undefined) unsent.push({ station, from: acknowledged + 1, to })
  }
  return unsent
}

/** How many entries of use to the peer it has not said to hold. */
export function unsentCount(ground: Ground): number {
  const { file, peer } = ground
  let count = 0
  for (const { station, from, to } of unsentFor(ground)) {
    const sql = `SELECT count(*) AS n FROM journal j WHERE j.station = ? AND j.sequence BETWEEN ? AND ? AND ${USEFUL[peer.relation]} AND ${NOT_REFUSED}`
    count += file.get<{ n: number }>(sql, station, from, to, peer.id, peer.id, peer.id)!.n
  }
  return count
}

/**
 * The entries of these parts. For a peer below in the order in which they took effect here: of two
 * above it who decide about a record, the later word counts there too. Few journals go down; those
 * that go up, of which there may be thousands, follow one another.
 */
export function* rowsOfAll(ground: Ground, parts: readonly Unsent[]): Generator<EntryRow> {
  if (ground.peer.relation === 'upstream') {
    for (const part of parts) yield* rowsOf(ground, part)
    return
  }
  const journals = parts.map(part => {
    const rows = rowsOf(ground, part)
    return { rows, next: rows.next() }
  })
  for (;;) {
    const left = journals.filter(({ next }) => next.done !== true)
    if (left.length === 0) return
    const first = left.reduce((a, b) => (placeOf(b.next.value!) < placeOf(a.next.value!) ? b : a))
    yield first.next.value!
    first.next = first.rows.next()
  }
}

/** One that has had no effect yet has none to keep in order. */
const placeOf = ({ applied }: EntryRow) => applied ?? Number.POSITIVE_INFINITY

function* rowsOf(ground: Ground, { station, from, to }: Unsent): Generator<EntryRow, undefined> {
  for (let next = from; ; ) {
    const rows = entriesOf(ground, { station, from: next, to }, ENTRIES_AT_ONCE)
    yield* rows
    if (rows.length < ENTRIES_AT_ONCE) return undefined
    next = rows[rows.length - 1].sequence + 1
  }
}

/** Up to `limit` entries of that part, in their order; none that the peer refused. */
function entriesOf({ file, peer }: Ground, { station, from, to }: Unsent, limit: number): EntryRow[] {
  return file.all<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM journal j
     WHERE station = ? AND sequence BETWEEN ? AND ? AND ${NOT_REFUSED} ORDER BY sequence LIMIT ?`,
    station,
    from,
    to,
    peer.id,
    limit,
  )
}

/** An entry as it is sent to the peer: with its body where it is of use to it and here. */
export function sentEntryOf(
  ground: Ground,
  row: EntryRow,
): { sent: SentEntry; header: EntryHeader; isUseful: boolean } {
  const { file, peer, self } = ground
  const { header, headerBytes, signature } = signedEntryOf(row)
  const sent = {
    header: Buffer.from(headerBytes).toString('utf8'),
    signature: Buffer.from(signature).toString('base64'),
  }
  // Further up, nobody is asked for what another station named and has not sent, nor given it in its name.
  const isWhole = row.station === self || row.applied !== null
  const isUseful = isWhole && isFor(file, header, peer) && !isSuperseded(file, header)
  const body = isUseful ? bodyText(ground, row) : undefined
  return { sent: body === undefined ? sent : { ...sent, body }, header, isUseful: body !== undefined }
}

/**
 * Whether an entry of templates for those below has been overtaken by another one about the same
 * record: its header goes alone, as a kiosk that corrects a record hundreds of times would have all
 * others fetch each version.
 */
function isSuperseded(file: StationFile, { kind, record, payloads }: EntryHeader): boolean {
  const templates = payloads.find(({ role }) => role === TEMPLATES_ROLE)
  if (kind !== 'gallery' || record === undefined || templates === undefined) return false
  const sql = 'SELECT 1 FROM gallery_entry WHERE record = ? AND templates IS NOT ?'
  return file.get(sql, record, Buffer.from(templates.hash, 'hex')) !== undefined
}

/** A body that was altered on this disk is not sent: the peer refuses the entry, and people here learn of it. */
function bodyText({ file, keys }: Ground, row: EntryRow): string | undefined {
  try {
    return bodyBytesOf(file, keys, row)?.toString('utf8')
  } catch (error) {
    if (error instanceof SidikError && error.code === 'STATION_CORRUPT') return undefined
    throw error
  }
}

function lastUseful({ file, self, peer }: Ground, station: string, after: number): number | undefined {
  const through = station === self ? Number.MAX_SAFE_INTEGER : believedThrough(file, station)
  const sql = `SELECT j.sequence FROM journal j WHERE j.station = ? AND j.sequence > ? AND j.sequence <= ? AND ${USEFUL[peer.relation]}
    AND ${NOT_REFUSED} ORDER BY j.sequence DESC LIMIT 1`
  return file.get<{ sequence: number }>(sql, station, after, through, peer.id, peer.id, peer.id)?.sequence
}

/** The last entry of another station that is here without a gap, and was not revoked. */
function believedThrough(file: StationFile, station: string): number {
  const sql = 'SELECT from_sequence AS "from" FROM revoked WHERE station = ?'
  const { from = Number.MAX_SAFE_INTEGER } = file.get<{ from: number }>(sql, station) ?? {}
  return Math.min(heard(file, station).through, from - 1)
}

function acknowledgedBy(file: StationFile, peer: Peer, station: string): number {
  const sql = 'SELECT through FROM acknowledged WHERE peer = ? AND station = ?'
  return file.get<{ through: number }>(sql, peer.id, station)?.through ?? 0
}
