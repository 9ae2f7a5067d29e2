/** The changes of a station: its own entries and those of others, in the order in which they took effect there. */
import { SidikError } from '../errors.js'
import { abortSignal, readOptions } from '../options.js'
import { nextPlace } from './journal/places.js'
import { assertUnaltered, type EntryRow, entriesApplied, signedEntryOf } from './journal/read.js'
import { partsOf, type Station, type StationParts } from './station.js'
import type { StationFile } from './store/database.js'
import type { Direction } from './types.js'

/** An entry that has taken effect. Names no person: `recordOf` opens what it is about. */
export interface Change {
  /** Place of the entry in the order, to go on behind it: to be kept with what was made of it. */
  readonly cursor: string
  /** Station that wrote the entry, and its number in that station's journal. */
  readonly station: string
  readonly sequence: number
  /** Kind of the entry: 'enrolled', 'decision', 'card-printed' and so on. Later versions add kinds. */
  readonly kind: string
  readonly direction: Direction
  readonly record?: string
  readonly recordVersion?: number
  /** By the clock of the station that wrote it, ISO 8601. */
  readonly at: string
  /** Whether its contents are here. Without them (of no use here, or refused) it changes nothing. */
  readonly isWhole: boolean
}

export interface ChangesOptions {
  /** Cursor of the last change that was seen; from the first one on unless given. */
  readonly after?: string
  /** Rejects the next step with its reason. */
  readonly signal?: AbortSignal
}

/** Entries that are read at once. */
const ENTRIES_AT_ONCE = 256

/**
 * Longest time that a commit of another process is unseen, in ms: SQLite tells nobody of it. Those of this
 * process are seen at once.
 */
const LOOK_MS = 250

/** Digits of an entry's hash in a cursor: enough to tell an entry from another that took its place. */
const HASH_DIGITS = 16

/**
 * Every entry once, in the order in which they took effect here, then those to come as they do,
 * whichever process of this machine writes them. Ends when the station is closed. An entry whose
 * contents come late takes effect then, and comes once more.
 *
 * @throws TypeError, RangeError for a cursor that is none; the signal's reason
 * @throws SidikError CURSOR_UNKNOWN where this file never had the change after which to go on: it
 *   was put back from an old copy, and what was made of it has to be made anew; STATION_CORRUPT for
 *   an entry that was altered, STATION_CLOSED
 */
export async function* changes(station: Station, options?: ChangesOptions): AsyncGenerator<Change, void, undefined> {
  const parts = partsOf(station)
  const asked = readOptions('changes', options, ['after', 'signal'])
  const signal = abortSignal('signal', asked.signal)
  const { file } = parts
  let place = asked.after === undefined ? 0 : placeOf(file, asked.after)
  while (file.isOpen) {
    signal?.throwIfAborted()
    const version = file.pragma('data_version')
    const rows = file.moment(() => entriesApplied(file, place + 1, ENTRIES_AT_ONCE))
    for (const row of rows) {
      signal?.throwIfAborted()
      yield changeOf(parts, row)
    }
    if (rows.length > 0) place = rows[rows.length - 1].applied!
    else await nextCommit(file, version, signal)
  }
}

/**
 * Up to `limit` changes that have taken effect by now. Throws as {@link changes}, but for the signal.
 */
export function changesSoFar(station: Station, after: string | undefined, limit: number): Change[] {
  const parts = partsOf(station)
  const { file } = parts
  const place = after === undefined ? 0 : placeOf(file, after)
  return file.moment(() => entriesApplied(file, place + 1, limit)).map(row => changeOf(parts, row))
}

function changeOf({ file, keys }: StationParts, row: EntryRow): Change {
  assertUnaltered(file, keys, row)
  const { station, sequence, kind, direction, record, recordVersion, at } = signedEntryOf(row).header
  return {
    cursor: `${row.applied}-${Buffer.from(row.hash).toString('hex').slice(0, HASH_DIGITS)}`,
    station,
    sequence,
    kind,
    direction,
    ...(record !== undefined && { record }),
    ...(recordVersion !== undefined && { recordVersion }),
    at,
    isWhole: row.body !== null,
  }
}

/** The place that a cursor names. An entry that came whole later has left its place: nobody else gets it. */
function placeOf(file: StationFile, cursor: string): number {
  if (typeof cursor !== 'string') throw new TypeError('after must be the cursor of a change (a string)')
  const [, digits, hash] = /^(\d{1,15})-([0-9a-f]{16})$/.exec(cursor) ?? []
  if (digits === undefined) throw new RangeError(`after must be the cursor of a change, got '${cursor.slice(0, 40)}'`)
  const place = Number(digits)
  const { next, at } = file.moment(() => ({
    next: nextPlace(file),
    at: file.get<{ hash: Uint8Array }>('SELECT hash FROM journal WHERE applied = ?', place),
  }))
  const isKnown = at === undefined ? place < next : Buffer.from(at.hash).toString('hex').startsWith(hash)
  if (isKnown) return place
  const what = `${file.path} never had the change ${cursor}: it was put back from an old copy`
  throw new SidikError('CURSOR_UNKNOWN', `${what}; make what follows from its changes anew, from the first one on`)
}

/** Ends when something was committed since `version` was read, the station was closed, or the signal is aborted. */
async function nextCommit(file: StationFile, version: unknown, signal: AbortSignal | undefined): Promise<void> {
  let isCommitted = false
  let wake = () => {}
  const forget = file.onCommit(() => {
    isCommitted = true
    wake()
  })
  const onAbort = () => wake()
  signal?.addEventListener('abort', onAbort)
  try {
    while (!isCommitted && file.isOpen && signal?.aborted !== true && file.pragma('data_version') === version) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, LOOK_MS)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  } finally {
    forget()
    signal?.removeEventListener('abort', onAbort)
  }
}
