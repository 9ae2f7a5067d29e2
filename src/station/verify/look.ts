/** What all checks look at, and how rows are read from a file that may be damaged. */
import type { KeyObject } from 'node:crypto'
import { SidikError } from '../../errors.js'
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile } from '../store/database.js'
import type { Finding, VerifyCounts, Where } from './findings.js'

export interface Look {
  /** A connection of its own, in one read transaction. */
  readonly file: StationFile
  readonly keys: DataKeys
  /** The station whose file this is. */
  readonly self: string
  /** All keys that a station was ever known by. */
  readonly signers: ReadonlyMap<string, readonly KeyObject[]>
  readonly counts: VerifyCounts
}

/** After how many rows others may run. */
export const ROWS_AT_ONCE = 200

interface WithRowid {
  readonly rowid: number
}

/**
 * The rows of a table in the order in which they were written, past places that cannot be read: those are yielded as findings.
 *
 * @param columns of the query, comma separated
 */
export function* readableRows<Row>(
  { file }: Pick<Look, 'file'>,
  table: string,
  columns: string,
): Generator<Finding | (Row & WithRowid), void> {
  const sql = `SELECT rowid, ${columns} FROM ${table} WHERE rowid > ? ORDER BY rowid`
  let last = 0
  // How far to step over what cannot be read: a page holds many rows, and their numbers are not known.
  for (let step = 1; ; step *= 2) {
    try {
      for (const row of file.each<Row & WithRowid>(sql, last)) {
        yield row
        last = row.rowid
        step = 1
      }
      return
    } catch (error) {
      const message = `rows of ${table} after row ${last} cannot be read: ${plain(error)}`
      if (step === 1) yield { code: 'table-unreadable', where: { table }, message }
      last += step
      if (last > Number.MAX_SAFE_INTEGER / 4) return
    }
  }
}

export function isFinding(value: object): value is Finding {
  return 'code' in value && 'where' in value
}

/** What `read` gives, or why it does not, as a finding. */
export function reading<T>(code: Finding['code'], where: Where, read: () => T): T | Finding {
  try {
    return read()
  } catch (error) {
    return { code, where, message: plain(error) }
  }
}

/** An error in words, if it is one that damage can cause. Anything else is a mistake of this program and goes on. */
export function plain(error: unknown): string {
  if (error instanceof SidikError) return error.message
  if (error instanceof Error && error.name === 'SqliteError')
    return `${error.message} (${(error as { code?: string }).code})`
  throw error
}
