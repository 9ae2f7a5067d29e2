/** The SQLite file of a station: opening, versions, transactions, errors. Knows nothing of what is in the tables. */
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { SidikError } from '../../errors.js'
import { explained } from './database-errors.js'
import { assertOwnFiles, tightenOwnFiles } from './own-files.js'
import { APPLICATION_ID, MIGRATIONS } from './schema.js'
import type { Watch } from './watch.js'

/** How long to wait for another process that writes to the same file, milliseconds. */
const BUSY_TIMEOUT_MS = 5_000

/**
 * How long to wait for readers of the log, milliseconds; who waits tries again when the file is
 * opened and closed.
 */
const LOG_TIMEOUT_MS = 200

export interface OpenFileOptions {
  /** Make the file where there is none; else that is FILE_UNREADABLE. */
  readonly create: boolean
  /** Change nothing, not even its version. */
  readonly readOnly?: boolean
}

/** A value of a row or a parameter. */
export type Value = string | number | Uint8Array | null

/** Rows over which a value is kept: their columns, an expression of a row's value, and where the value is kept. */
export interface FoldedRows {
  readonly table: string
  readonly columns: readonly string[]
  readonly expressionOf: (row: string) => string
  readonly into: readonly [table: string, column: string]
}

type Fold = (kept: Uint8Array, value: Value) => Uint8Array

/** No file: a database that is gone when it is closed. */
export const IN_MEMORY = ':memory:'

export class StationFile {
  readonly path: string
  readonly #database: Database.Database
  readonly #statements = new Map<string, Database.Statement>()
  readonly #afterCommit = new Set<() => void>()
  #watch: Watch | undefined

  /** @throws SidikError FILE_UNREADABLE, FILE_UNWRITABLE, STATION_FORMAT, STATION_VERSION, STATION_CORRUPT */
  constructor(path: string, { create, readOnly = false }: OpenFileOptions) {
    this.path = path
    if (!create && !existsSync(path)) throw new SidikError('FILE_UNREADABLE', `there is no station's file ${path}`)
    if (path !== IN_MEMORY) {
      if (readOnly) assertOwnFiles(path)
      else tightenOwnFiles(path, create)
    }
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
    // A watcher sees each change within a transaction.
    if (this.#watch !== undefined && !this.inTransaction) return this.transaction(() => this.run(sql, ...values))
    return this.#guarded(() => this.#statement(sql).run(...values).changes)
  }

  pragma(text: string): unknown {
    return this.#guarded(() => this.#database.pragma(text, { simple: true }))
  }

  /** All of `work` or, after an error or a kill, nothing. Inside another one it is part of that. */
  transaction<T>(work: () => T): T {
    if (this.inTransaction) return this.#guarded(() => this.#database.transaction(work)())
    const watched = () => {
      this.#watch?.begun()
      const result = work()
      this.#watch?.ending()
      return result
    }
    const result = this.#undoing(() => this.#database.transaction(watched).immediate())
    for (const after of this.#afterCommit) after()
    return result
  }

  /** Reads of one moment of the file, which may not write. */
  moment<T>(read: () => T): T {
    if (this.inTransaction) return read()
    const watched = () => {
      this.#watch?.looking()
      return read()
    }
    return this.#undoing(() => this.#database.transaction(watched).deferred())
  }

  /** Has `watch` called for all transactions from now on. */
  watch(watch: Watch): void {
    this.#watch = watch
  }

  /** Watcher of transactions; undefined for a file in memory, or one that is only looked at. */
  get watcher(): Watch | undefined {
    return this.#watch
  }

  /**
   * Calls `changed` for each row that this connection inserts, changes or takes out of a table,
   * with its columns `keys`. Nothing may be asked of the file in it.
   *
   * @param except a column whose changes are of no interest
   */
  onRows(table: string, keys: readonly string[], changed: (...keys: Value[]) => void, except?: string): void {
    const name = `changed_${table}`
    this.#database.function(name, { directOnly: false, varargs: true }, (...values) => {
      changed(...(values as Value[]))
      return null
    })
    const columns = this.all<{ name: string }>('SELECT name FROM pragma_table_info(?)', table).map(row => row.name)
    const others = columns.filter(column => column !== except)
    this.#onChange(name, table, others, row => `SELECT ${name}(${keys.map(key => `${row}.${key}`).join(', ')});`)
  }

  /**
   * Writes the write-ahead log into the file and cuts it to nothing.
   *
   * @returns false where it is not, as others read from it
   */
  truncateLog(): boolean {
    const database = this.#database
    try {
      database.pragma(`busy_timeout = ${LOG_TIMEOUT_MS}`)
      const [{ busy }] = database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
      return busy === 0
    } catch (error) {
      if (error instanceof Database.SqliteError) return false
      throw error
    } finally {
      database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
    }
  }

  /** Calls `after` when a transaction is on the disk; it may not fail. @returns what ends that */
  onCommit(after: () => void): () => void {
    this.#afterCommit.add(after)
    return () => this.#afterCommit.delete(after)
  }

  close(): void {
    this.#database.close()
  }

  /**
   * Keeps a value up to date with all rows of a table, as this connection puts in, changes and
   * takes out: `fold` puts the value of a row into what is kept, and takes it out again.
   */
  foldRows({ table, columns, expressionOf, into: [kept, column] }: FoldedRows, fold: Fold): void {
    const name = `folded_${table}`
    this.#database.function(name, { directOnly: false }, (before, value) => fold(before as Uint8Array, value as Value))
    const sqlOf = (row: string) => `UPDATE ${kept} SET ${column} = ${name}(${column}, ${expressionOf(row)});`
    this.#onChange(name, table, columns, sqlOf)
  }

  /** Calls `take` with the value of an expression in each row of a table: half the time of {@link each}. */
  eachValue(table: string, expression: string, take: (value: Value) => void): void {
    this.#database.aggregate('taken', { start: null, directOnly: true, step: (_, value) => take(value as Value) })
    this.get(`SELECT taken(${expression}) FROM ${table}`)
  }

  /** Has SQL done for the row before and the row after each change of one of these columns. */
  #onChange(name: string, table: string, columns: readonly string[], sqlOf: (row: string) => string): void {
    for (const [event, rows] of ROW_EVENTS) {
      const of = event === 'UPDATE' ? `OF ${columns.join(', ')}` : ''
      const does = rows.map(sqlOf).join(' ')
      this.#database.exec(
        `CREATE TEMP TRIGGER ${name}_${event} AFTER ${event} ${of} ON main.${table} BEGIN ${does} END`,
      )
    }
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
    try {
      database.transaction(step).immediate()
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'SQLITE_ERROR') throw error
      // Who wrote the version did not write the tables: both were changed in one transaction.
      const what = `${this.path} has other tables than its version says`
      throw new SidikError('STATION_ALTERED', `${what}: ${(error as Error).message}. Put back a backup`)
    }
  }

  #undoing<T>(work: () => T): T {
    try {
      return this.#guarded(work)
    } catch (error) {
      this.#watch?.undone()
      throw error
    }
  }

  #guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw explained(error, this.path)
    }
  }
}

const ROW_EVENTS = [
  ['INSERT', ['NEW']],
  ['DELETE', ['OLD']],
  ['UPDATE', ['OLD', 'NEW']],
] as const
