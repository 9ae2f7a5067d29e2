/** How many versions of one record a station below may bring. */
import type { EntryHeader } from '../journal/entry.js'
import type { Ground } from './ground.js'
import type { RefusalCode } from './refusal-codes.js'

/**
 * Most versions of a record. Each is compared with all others and its templates go to every station
 * below; an honest record has two or three.
 */
export const MOST_VERSIONS = 256

/** Why a version of a record has no effect: it is one too many, or does not count on from the one before. */
export function whyNotVersion({ file }: Ground, header: EntryHeader): RefusalCode | undefined {
  const { kind, station, sequence, record = '', recordVersion = 0 } = header
  if (kind !== 'enrolled' && kind !== 'corrected') return undefined
  if (recordVersion > MOST_VERSIONS) return 'VERSION_QUOTA'
  const newer = 'SELECT 1 FROM record WHERE id = ? AND station = ? AND sequence < ? AND version >= ?'
  return file.get(newer, record, station, sequence, recordVersion) === undefined ? undefined : 'ENTRY_CORRUPT'
}
