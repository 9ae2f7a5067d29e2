/** SQLite's errors in the words of a station. */
import Database from 'better-sqlite3'
import { type ErrorCode, SidikError } from '../../errors.js'

/** A SidikError for what can happen to a file; any other error as it is. */
export function explained(error: unknown, path: string): unknown {
  if (error instanceof TypeError && /directory does not exist/.test(error.message)) {
    return new SidikError('FILE_UNWRITABLE', `the folder of ${path} does not exist`)
  }
  // By work that was begun before, and goes on after it.
  if (error instanceof TypeError && /connection is not open/.test(error.message)) {
    return new SidikError('STATION_CLOSED', `${path} was closed`)
  }
  if (!(error instanceof Database.SqliteError)) return error
  const found = CODES.find(([start]) => error.code.startsWith(start))
  if (found === undefined) return error
  const [, code, what] = found
  return new SidikError(code, `${path}: ${what} (${error.code})`, { cause: error })
}

/** SQLite's result codes, by how they start, with their code and words for a station. */
const CODES: readonly (readonly [string, ErrorCode, string])[] = [
  ['SQLITE_NOTADB', 'STATION_FORMAT', 'is no SQLite file'],
  ['SQLITE_CORRUPT', 'STATION_CORRUPT', 'the file is damaged: keep a copy, and see what verify says of it'],
  ['SQLITE_FULL', 'STATION_FULL', 'the disk is full: nothing was changed; make room and try again'],
  ['SQLITE_BUSY', 'STATION_BUSY', 'another process has been writing to it for too long: try again'],
  ['SQLITE_CANTOPEN', 'FILE_UNREADABLE', 'cannot be opened'],
  ['SQLITE_READONLY', 'FILE_UNWRITABLE', 'cannot be written'],
  ['SQLITE_IOERR', 'STATION_DISK', 'the disk does not read or write: nothing was changed'],
]
