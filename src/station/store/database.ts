/** The SQLite file of a station: opening, versions, transactions, errors. Knows nothing of what is in the tables. */
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { type ErrorCode, SidikError } from '../../errors.js'
import { assertOwnFiles, tightenOwnFiles } from './own-files.js'
import { APPLICATION_ID, MIGRATIONS } from './schema.js'

/** How long to wait for another process that writes to the same file, milliseconds. */
const BUSY_TIMEOUT_MS = 5_000

export interface OpenFileOptions {
  /** Make the file where there is none; else that is FILE_UNREADABLE. */
  readonly create: boolean
  /** Change nothing, not even its version. */
  readonly readOnly?: boolean
}

/** A value of a row or a parameter. */
export type Value = string | number | Uint8Array | null

export class StationFile {
  readonly path: string
  readonly #database: Database.Database
  readonly #statements = new Map<string, Database.Statement>()
  readonly #afterCommit: (() => void)[] = []

  /** @throws SidikError FILE_UNREADABLE, FILE_UNWRITABLE, STATION_FORMAT, STATION_VERSION, STATION_CORRUPT */
  constructor(path: string, { create, readOnly = false }: OpenFileOptions) {
    this.path = path
    if (!create && !existsSync(path)) throw new SidikError('FILE_UNREADABLE', `there is no station's file ${path}`)
    if (readOnly) assertOwnFiles(path)
    else tightenOwnFiles(path, create)
    this.#database = this.#guarded(() => new Database(path, { timeout: BUSY_TIMEOUT_MS, readonly: readOnly }))
    try {
      this.#guarded(() => this.#prepareFile(readOnly))
    } catch (error) {
      this.#database.close()
      throw error
    }
  }

  get isOpen(): boolean {
    return this.#database.open
  }

  /** True while a transaction runs. */
  get inTransaction(): boolean {
    return this.#database.inTransaction
  }

  /** The rows of a query. */
  all<Row>(sql: string, ...values: Value[]): Row[] {
    return this.#guarded(() => this.#statement(sql).all(...values) as Row[])
  }

  /** The first row of a query. */
  get<Row>(sql: string, ...values: Value[]): Row | undefined {
    return this.#guarded(() => this.#statement(sql).get(...values) as Row | undefined)
  }

  /** The rows of a query, one by one. Nothing may be changed before the last. */
  *each<Row>(sql: string, ...values: Value[]): Generator<Row, void> {
    const rows = this.#guarded(() => this.#statement(sql).iterate(...values) as IterableIterator<Row>)
    try {
      for (;;) {
        const { done, value } = this.#guarded(() => rows.next())
        if (done) return
        yield value
      }
    } finally {
      rows.return?.()
    }
  }

  /** Changes rows; how many. */
  run(sql: string, ...values: Value[]): number {
    return this.#guarded(() => this.#statement(sql).run(...values).changes)
  }

  pragma(text: string): unknown {
    return this.#guarded(() => this.#database.pragma(text, { simple: true }))
  }

  /** All of `work` or, after an error or a kill, nothing. Inside another one it is part of that. */
  transaction<T>(work: () => T): T {
    const result = this.#guarded(() => this.#database.transaction(work).immediate())
    if (!this.inTransaction) for (const after of this.#afterCommit) after()
    return result
  }

  /** Calls `after` when a transaction is on the disk; it may not fail. */
  onCommit(after: () => void): void {
    this.#afterCommit.push(after)
  }

  close(): void {
    this.#database.close()
  }

  #statement(sql: string): Database.Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  #prepareFile(readOnly: boolean): void {
    const database = this.#database
    const number = (name: string) => database.pragma(name, { simple: true }) as number
    // Read before anything is written: a file of another program must stay as it is.
    const [application, version] = [number('application_id'), number('user_version')]
    const isNew = application === 0 && version === 0 && number('schema_version') === 0
    if (!isNew && application !== APPLICATION_ID) {
      throw new SidikError('STATION_FORMAT', `${this.path} is a database, but not a station's`)
    }
    if (version > MIGRATIONS.length) {
      const known = `this program knows versions to ${MIGRATIONS.length}`
      throw new SidikError('STATION_VERSION', `${this.path} has version ${version}, ${known}: use a newer one`)
    }
    if (!isNew && (version === 0 || (readOnly && version < MIGRATIONS.length))) {
      const what = version === 0 ? 'says that it has no version' : `has version ${version}: open it as a station once`
      throw new SidikError(version === 0 ? 'STATION_CORRUPT' : 'STATION_VERSION', `${this.path} ${what}`)
    }
    if (readOnly) {
      // Tables whose neighbours' definitions are damaged can be read then. Nothing can be written all the same.
      database.unsafeMode(true).pragma('writable_schema = ON')
      return
    }
    database.pragma('journal_mode = WAL')
    // A commit is on the disk before it is acknowledged; NORMAL would let a power cut take the last ones back.
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    // What is deleted (drafts) is overwritten.
    database.pragma('secure_delete = ON')
    if (version < MIGRATIONS.length) this.#migrate()
  }

  #migrate(): void {
    const database = this.#database
    const step = () => {
      // Read again: another process may have been faster.
      const version = database.pragma('user_version', { simple: true }) as number
      for (const sql of MIGRATIONS.slice(version)) database.exec(sql)
      database.pragma(`application_id = ${APPLICATION_ID}`)
      database.pragma(`user_version = ${MIGRATIONS.length}`)
    }
    database.transaction(step).immediate()
  }

  #guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw this.#explained(error)
    }
  }

  #explained(error: unknown): unknown {
    if (error instanceof TypeError && /directory does not exist/.test(error.message)) {
      return new SidikError('FILE_UNWRITABLE', `the folder of ${this.path} does not exist`)
    }
    // By work that was begun before, and goes on after it.
    if (error instanceof TypeError && /connection is not open/.test(error.message)) {
      return new SidikError('STATION_CLOSED', `${this.path} was closed`)
    }
    if (!(error instanceof Database.SqliteError)) return error
    const found = CODES.find(([start]) => error.code.startsWith(start))
    if (found === undefined) return error
    const [, code, what] = found
    return new SidikError(code, `${this.path}: ${what} (${error.code})`, { cause: error })
  }
}

/** What SQLite's result codes mean for a station, by how they start. */
const CODES: readonly (readonly [string, ErrorCode, string])[] = [
  ['SQLITE_NOTADB', 'STATION_FORMAT', 'is no SQLite file'],
  ['SQLITE_CORRUPT', 'STATION_CORRUPT', 'the file is damaged: keep a copy, and see what verify says of it'],
  ['SQLITE_FULL', 'STATION_FULL', 'the disk is full: nothing was changed; make room and try again'],
  ['SQLITE_BUSY', 'STATION_BUSY', 'another process has been writing to it for too long: try again'],
  ['SQLITE_CANTOPEN', 'FILE_UNREADABLE', 'cannot be opened'],
  ['SQLITE_READONLY', 'FILE_UNWRITABLE', 'cannot be written'],
  ['SQLITE_IOERR', 'STATION_DISK', 'the disk does not read or write: nothing was changed'],
]
