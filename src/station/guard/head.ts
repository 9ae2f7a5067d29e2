/**
 * The head of what guards a file: one MAC over all that is believed without looking at a record,
 * and over the tree of the records.
 */
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile } from '../store/database.js'

export interface Head {
  /** Over all rows of the journal: see journal-sum.ts. */
  readonly journal: Uint8Array
  readonly mac: Uint8Array
}

/**
 * Undefined in a file that no version with a guard has opened, or from which the head was taken
 * out.
 */
export function headOf(file: StationFile): Head | undefined {
  return file.get<Head>('SELECT journal, mac FROM guard_head')
}

/** As hexadecimal. @param trusted of trusted.ts, @param branches of the tree */
export function headMac(
  file: StationFile,
  keys: DataKeys,
  self: string,
  trusted: string,
  branches: readonly string[],
): string {
  const own = file.get<{ sequence: number; hash: Uint8Array }>(
    'SELECT sequence, hash FROM journal WHERE station = ? ORDER BY sequence DESC LIMIT 1',
    self,
  )
  const { applied } = file.get<{ applied: number | null }>('SELECT max(applied) AS applied FROM journal')!
  const newest = own && [own.sequence, Buffer.from(own.hash).toString('hex')]
  const journal = Buffer.from(headOf(file)?.journal ?? []).toString('hex')
  return keys.mac(`head ${JSON.stringify([self, journal, applied, newest, trusted, ...branches])}`).toString('hex')
}
