/** How many records of one NIK a station below may bring. */
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, type EntryRow } from '../journal/read.js'
import { NIK_TAG } from '../project/records.js'
import type { Ground } from './ground.js'

/**
 * Most records of one NIK by one station, withdrawn ones too. Each change of one is checked against
 * the others, some 0.1 ms each once a second, and an honest office has two or three.
 */
export const MOST_OF_ONE_NIK = 512

/** Whether an entry, whose contents are here, would be of one record more. */
export function isBeyondNikQuota({ file, keys }: Ground, row: EntryRow): boolean {
  const { kind, station, record } = row
  if (kind !== 'enrolled' && kind !== 'corrected') return false
  const { nik } = bodyOf(file, keys, row) as BodyOf<'enrolled'>
  const sql = 'SELECT count(*) AS n FROM (SELECT 1 FROM record WHERE nik_tag = ? AND station = ? AND id <> ? LIMIT ?)'
  return file.get<{ n: number }>(sql, keys.tag(NIK_TAG + nik), station, record, MOST_OF_ONE_NIK)!.n === MOST_OF_ONE_NIK
}
