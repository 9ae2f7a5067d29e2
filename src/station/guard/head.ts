/**
 * The head of what guards a file: one MAC over all that is believed without looking at a record,
 * and over the tree of the records.
 */
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile } from '../store/database.js'
import { olderUseMac } from './trusted.js'

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

/** The parts that the head covers besides the journal. */
export interface Covered {
  /** MAC of trusted.ts. */
  readonly trusted: string
  /** MAC of what changes with each message; undefined for a head of a program that left it out. */
  readonly use: string | undefined
  /** MACs of the tree's branches. */
  readonly branches: readonly string[]
}

/** As hexadecimal. */
export function headMac(file: StationFile, keys: DataKeys, self: string, { trusted, use, branches }: Covered): string {
  const own = file.get<{ sequence: number; hash: Uint8Array }>(
    'SELECT sequence, hash FROM journal WHERE station = ? ORDER BY sequence DESC LIMIT 1',
    self,
  )
  const { applied } = file.get<{ applied: number | null }>('SELECT max(applied) AS applied FROM journal')!
  const newest = own && [own.sequence, Buffer.from(own.hash).toString('hex')]
  const journal = Buffer.from(headOf(file)?.journal ?? []).toString('hex')
  const all = JSON.stringify([self, journal, applied, newest, trusted, ...branches])
  return keys.mac(use === undefined ? `head ${all}` : `head with use ${use} ${all}`).toString('hex')
}

/** Whether the head in the file is of what is covered, or of what an older program covered. */
export function headState(
  file: StationFile,
  keys: DataKeys,
  self: string,
  covered: Covered,
): 'right' | 'older' | 'wrong' {
  const kept = Buffer.from(headOf(file)?.mac ?? []).toString('hex')
  if (kept === headMac(file, keys, self, covered)) return 'right'
  const older = [olderUseMac(file, keys), undefined]
  return older.some(use => kept === headMac(file, keys, self, { ...covered, use })) ? 'older' : 'wrong'
}
