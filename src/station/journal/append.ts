/** The station's own entries: what it did, in its order, signed. */
import { CLOCK_TOLERANCE_MS, timeOf } from '../clock.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { type PayloadReference, sha256 } from '../store/payloads.js'
import type { Direction } from '../types.js'
import { type EntryHeader, MOST_BODY_BYTES, type SignedEntry, signHeader } from './entry.js'
import { takeEntry } from './insert.js'
import { type BodyOf, type EntryKind, encodeBody } from './kinds.js'
import { MOST_RANGES, rangesIn, STOCK_BODIES } from './kinds-stock.js'
import { newestEntry, signedEntryOf } from './read.js'

export interface NewEntry<K extends EntryKind> {
  readonly kind: K
  readonly direction: Direction
  readonly body: BodyOf<K>
  readonly record?: string
  readonly recordVersion?: number
  /** The one station below that it is for; all of them unless given. */
  readonly to?: string
  /** References to payloads that are in the file already. */
  readonly payloads?: readonly PayloadReference[]
}

/**
 * Writes an entry at the end of the station's journal and lets it take effect: all in one transaction, which may be one that is open
 * already, so that what else belongs to it (payloads, a draft that is done) comes and goes with it.
 *
 * @throws RangeError when the body is larger than entries may have
 * @throws SidikError STATION_CLOSED, STATION_FULL, STATION_BUSY: nothing was changed
 */
export function append<K extends EntryKind>(station: Station, entry: NewEntry<K>): SignedEntry {
  return appendTo(partsOf(station), entry)
}

/** The same for who has no handle yet. */
export function appendTo<K extends EntryKind>(parts: StationParts, entry: NewEntry<K>): SignedEntry {
  return parts.file.transaction(() => {
    const detail = steppedBack(parts)
    if (detail !== undefined)
      write(parts, { kind: 'anomaly', direction: 'local', body: { code: 'clock-backwards', detail } })
    return write(parts, entry)
  })
}

function write<K extends EntryKind>(parts: StationParts, entry: NewEntry<K>): SignedEntry {
  const { file, keys, identity, signingKey, clock } = parts
  const before = newestEntry(file, identity.id)
  const body = encodeBody(entry.kind, entry.body)
  if (body.length > MOST_BODY_BYTES) {
    throw new RangeError(`the body of the entry has ${body.length} bytes, may have ${MOST_BODY_BYTES}`)
  }
  if (entry.kind in STOCK_BODIES && rangesIn(entry.body) > MOST_RANGES) {
    throw new RangeError(
      `lines list ${rangesIn(entry.body)} ranges of serials, an entry may list ${MOST_RANGES}: give them in parts`,
    )
  }
  const header: EntryHeader = {
    v: 1,
    station: identity.id,
    sequence: (before?.sequence ?? 0) + 1,
    previous: before === undefined ? '' : Buffer.from(before.hash).toString('hex'),
    at: timeOf(clock),
    kind: entry.kind,
    direction: entry.direction,
    record: entry.record,
    recordVersion: entry.recordVersion,
    to: entry.to,
    body: { hash: sha256(body).toString('hex'), size: body.length },
    payloads: entry.payloads ?? [],
  }
  const signed = signHeader(header, signingKey)
  takeEntry({ file, keys, self: identity.id }, signed, body)
  return signed
}

/** In words, when the clock says an earlier time than the newest entry. Once a step: the entry that notes it is the newest then. */
function steppedBack({ file, identity, clock }: StationParts): string | undefined {
  const newest = newestEntry(file, identity.id)
  if (newest === undefined) return undefined
  const { at } = signedEntryOf(newest).header
  if (Date.parse(at) - clock() <= CLOCK_TOLERANCE_MS) return undefined
  return `the clock says ${timeOf(clock)}, the entry before was written at ${at}`
}
