/** All records compared once more: with another network's templates, or at another rate. */
import { abortSignal, callback, readOptions } from '../../options.js'
import { nonEmptyText, personName } from '../enrol/texts.js'
import { partsOf, type Station } from '../station.js'
import { beginRecheck } from './ask-recheck.js'
import { type CheckProgress, type CheckReport, checkRecords, checkSettings, NO_INDEX } from './checker.js'
import { hasIndex } from './open-index.js'

export interface RecheckInput {
  readonly operator: string
  readonly reason: string
  /** Rejects with its reason; what was asked for stays to be done, and goes on while the station is open. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: CheckProgress) => void
}

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
  signal?.throwIfAborted()
  // With the settings, as another process may have the index, and compares them.
  beginRecheck(station, { ...why, ...checkSettings(station) })
  return checkRecords(station, { ...(signal && { signal }), ...(onProgress && { onProgress }) })
}
