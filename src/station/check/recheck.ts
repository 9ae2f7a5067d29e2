/** All records compared once more: with another network's templates, or at another rate. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { abortSignal, callback, readOptions } from '../../options.js'
import { nonEmptyText, personName } from '../enrol/texts.js'
import { append } from '../journal/append.js'
import { partsOf, type Station } from '../station.js'
import { type CheckProgress, type CheckReport, checkRecords, checkSettings, NO_INDEX } from './checker.js'
import { hasIndex } from './open-index.js'

export interface RecheckInput {
  readonly operator: string
  readonly reason: string
  /** Rejects with its reason; what was asked for stays to be done, and goes on while the station is open. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: CheckProgress) => void
}

/** Records that one entry asks for: the event loop is held as long as that takes. */
const RECORDS_AT_ONCE = 2_000

/**
 * Has all records that this station holds compared with all persons once more, and resolves when
 * they are, at the rate and among the population that this station was opened with, whichever process
 * does it. Cards go on being printed meanwhile; a match opens a case as a first check does. What
 * somebody has said of two records stays as long as their fingers are the same.
 *
 * @throws as {@link checkRecords}; TypeError, RangeError naming the argument
 */
export async function recheck(station: Station, input: RecheckInput): Promise<CheckReport> {
  const asked = readOptions('recheck', input, ['operator', 'reason', 'signal', 'onProgress'])
  const why = { operator: personName('operator', asked.operator), reason: nonEmptyText('reason', asked.reason) }
  const signal = abortSignal('signal', asked.signal)
  const onProgress = callback('onProgress', asked.onProgress)
  const parts = partsOf(station)
  if (!hasIndex(parts)) throw new TypeError(NO_INDEX)
  const { file } = parts
  // Another process may have the index, and compares them.
  const settings = checkSettings(station)
  const sql = `SELECT min(id) AS "from", max(id) AS through
    FROM (SELECT id FROM record WHERE id > ? ORDER BY id LIMIT ?)`
  for (let after = ''; ; ) {
    signal?.throwIfAborted()
    const next = file.transaction(() => {
      const { from, through } = file.get<{ from: string | null; through: string | null }>(sql, after, RECORDS_AT_ONCE)!
      if (from === null || through === null) return undefined
      append(station, { kind: 'recheck-asked', direction: 'local', body: { from, through, ...why, ...settings } })
      return through
    })
    if (next === undefined) break
    after = next
    await nextTurn()
  }
  return checkRecords(station, { ...(signal && { signal }), ...(onProgress && { onProgress }) })
}
