/** A recheck of all records is asked for in many entries, so that none holds the event loop for long. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { append } from '../journal/append.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, entriesApplied } from '../journal/read.js'
import { partsOf, type Station, type StationParts } from '../station.js'

/** Records that one entry asks for. */
const RECORDS_AT_ONCE = 2_000

const NEXT = `SELECT min(id) AS "from", max(id) AS through
  FROM (SELECT id FROM record WHERE id > ? ORDER BY id LIMIT ${RECORDS_AT_ONCE})`

type Asked = Pick<BodyOf<'recheck-asked'>, 'operator' | 'reason' | 'targetFpir' | 'population'>

/** Begins a recheck, in place of one of which others have still to follow; {@link askOn} goes on. */
export function beginRecheck(station: Station, asked: Asked): void {
  partsOf(station).file.transaction(() => askNext(station, '', asked))
}

/** Whether a recheck was begun of which records have still to be asked for. */
export function isAsking({ file }: StationParts): boolean {
  return file.get('SELECT 1 FROM recheck_rest') !== undefined
}

/**
 * Asks for what is left of a recheck, whichever process began it.
 *
 * @throws the signal's reason: what is left stays to be asked for
 */
export async function askOn(station: Station, signal: AbortSignal | undefined): Promise<void> {
  const parts = partsOf(station)
  while (isAsking(parts)) {
    signal?.throwIfAborted()
    parts.file.transaction(() => {
      const last = lastAsked(parts)
      // Somebody has written the row: it tells of no recheck.
      if (last === undefined) return parts.file.run('DELETE FROM recheck_rest')
      const { from: _from, through, more: _more, compareAgain: _again, ...asked } = last
      return askNext(station, through, asked)
    })
    await nextTurn()
  }
}

function askNext(station: Station, after: string, asked: Asked): void {
  const { file } = partsOf(station)
  const next = file.get<{ from: string | null; through: string | null }>(NEXT, after)!
  // None is left where those behind were revoked since: the last entry, once more, ends it.
  const { from, through } = { from: next.from ?? after, through: next.through ?? after }
  if (through === '') return
  const isMore = file.get('SELECT 1 FROM record WHERE id > ? LIMIT 1', through) !== undefined
  const body = { ...asked, from, through, ...(isMore && { more: true as const }) }
  append(station, { kind: 'recheck-asked', direction: 'local', body })
}

function lastAsked(parts: StationParts): BodyOf<'recheck-asked'> | undefined {
  const row = parts.file.get<{ asked: number }>('SELECT asked FROM recheck_rest')
  return row && recheckAt(parts, row.asked)
}

/** What the entry at a place asks for; undefined where it asks for no recheck, as somebody has written the place. */
export function recheckAt({ file, keys }: StationParts, place: number): BodyOf<'recheck-asked'> | undefined {
  const [row] = entriesApplied(file, place, 1)
  if (row?.applied !== place || row.kind !== 'recheck-asked') return undefined
  return bodyOf(file, keys, row) as BodyOf<'recheck-asked'> | undefined
}
