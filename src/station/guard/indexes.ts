/**
 * Indexes of the file. An index is a tree of its own: somebody who writes the file can take a row out
 * of it, leave it there when it belongs there no more, or put its rows out of order, and every row,
 * every MAC and the schema are as they were. Who looks by that index is told otherwise. So a row is
 * looked for here by the columns that the rules look by, no more (a unary plus keeps SQLite from
 * using the others): in an index out of order, a whole key may lead where its beginning does not.
 */
import type { StationFile } from '../store/database.js'
import { RECORD_TABLES } from './about-record.js'

/**
 * Whether each entry about a record is among those that are found by it. To be asked when a file is
 * opened: nothing else tells of a decision that the index lacks. Some 0.1 s for 100,000 entries.
 */
export function areEntriesFound(file: StationFile): boolean {
  const lost = `SELECT 1 FROM journal j NOT INDEXED WHERE j.record IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM journal i INDEXED BY journal_record WHERE i.record = j.record AND +i.rowid = j.rowid) LIMIT 1`
  return file.get(lost) === undefined
}

const foundBy = (table: string, column: string, row: string) => `EXISTS (SELECT 1 FROM ${table} i
  INDEXED BY ${table}_${column} WHERE i.${column} = ${row}.${column} AND +i.id = ${row}.id)`

/** Rows of these ids that are in the table, and not among those of which the MAC of a record is made. */
const APART = {
  card_request: `SELECT record FROM card_request t WHERE t.id IN (SELECT value FROM json_each(?))
    AND NOT ${foundBy('card_request', 'record', 't')}`,
  print_job: `SELECT t.record FROM print_job t LEFT JOIN card_request c ON c.id = t.request
    WHERE t.id IN (SELECT value FROM json_each(?))
      AND (c.id IS NULL OR NOT ${foundBy('card_request', 'record', 'c')}
        OR NOT ${foundBy('print_job', 'request', 't')})`,
  letter: `SELECT record FROM letter t WHERE t.id IN (SELECT value FROM json_each(?))
    AND NOT ${foundBy('letter', 'record', 't')}`,
} as const

/** Tables of which a row can lie where its record does not lead, as it is looked for by its own id. */
export type OwnIdTable = keyof typeof APART

export const OWN_ID_TABLES = Object.keys(APART) as readonly OwnIdTable[]

/** The record of a row that its record does not lead to, among those of these ids. */
export function apartFromRecord(file: StationFile, table: OwnIdTable, ids: Iterable<string>): string | undefined {
  return file.get<{ record: string }>(APART[table], JSON.stringify([...ids]))?.record
}

/**
 * Whether all indexes of a table are as its rows are, in order, and each value is of its column's
 * type. To be asked of small tables, and of the journal before all tables are made again from it:
 * of 100,000 entries it takes some 0.5 s.
 */
export function isIndexed(file: StationFile, table: string): boolean {
  return file.pragma(`integrity_check('${table}')`) === 'ok'
}

/** Makes the indexes of a table again. They say nothing that its rows do not. */
export function reindex(file: StationFile, table: string): void {
  file.run(`REINDEX ${table}`)
}

interface Check {
  readonly ofOne: string
  readonly ofMany: string
}

let checks: readonly Check[] | undefined

/** Most records that are kept in mind as looked at: some 5 MB. */
const MOST_KEPT = 50_000

/**
 * Records of which each row is in each index as its columns say. They are looked at once, until
 * another connection writes: what this one writes, SQLite keeps in step.
 */
export class IndexedRecords {
  readonly #file: StationFile
  readonly #right = new Set<string>()

  constructor(file: StationFile) {
    this.#file = file
  }

  /** The first of these records of which a row is in an index otherwise. */
  firstWrong(records: readonly string[]): string | undefined {
    const [one, ...others] = records.filter(id => !this.#right.has(id))
    if (one === undefined) return undefined
    checks ??= RECORD_TABLES.flatMap(([table, record]) => checkOf(this.#file, table, record) ?? [])
    for (const { ofOne, ofMany } of checks) {
      const [sql, asked] = others.length === 0 ? [ofOne, one] : [ofMany, JSON.stringify([one, ...others])]
      const found = this.#file.get<{ record: string }>(sql, asked)
      if (found !== undefined) return found.record
    }
    if (this.#right.size > MOST_KEPT) this.#right.clear()
    for (const id of [one, ...others]) this.#right.add(id)
    return undefined
  }

  /** Another connection has written. */
  forget(): void {
    this.#right.clear()
  }
}

/** Columns of an index that the rules look by, where these are not all. */
const LOOKED_BY = new Map([['record_nik', 1]])

interface Index {
  readonly name: string
  readonly columns: readonly string[]
  /** Condition of a partial one, in SQL. */
  readonly where: string
}

function checkOf(file: StationFile, table: string, record: string): Check | undefined {
  const { sql } = file.get<{ sql: string }>("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", table)!
  const isTree = sql.includes('WITHOUT ROWID')
  const names = isTree ? namesIn(file, 'pragma_table_info', table, 'pk > 0') : ['rowid']
  // Where rows have no ids, the index of the key is the table.
  const indexes = indexesOf(file, table).filter(({ name }) => !(isTree && name.startsWith('sqlite_')))
  if (indexes.length === 0) return undefined
  const differs = indexes.map(({ name, columns, where }) => {
    const looked = columns.slice(0, LOOKED_BY.get(name))
    const others = [...columns, ...names].filter(column => !looked.includes(column))
    const same = [
      ...looked.map(column => `i.${column} IS t.${column}`),
      ...others.map(column => `+i.${column} IS t.${column}`),
    ]
    const isThere = `EXISTS (SELECT 1 FROM ${table} i INDEXED BY ${name} WHERE ${[where, ...same].join(' AND ')})`
    return `((${where}) IS TRUE) <> ${isThere}`
  })
  // There is no index of jobs by record: they are reached as those of which the MAC is made.
  const of = (isAsked: string) =>
    table === 'print_job'
      ? `t.request IN (SELECT id FROM card_request WHERE record ${isAsked})`
      : `t.${record} ${isAsked}`
  const wrong = (isAsked: string) =>
    `SELECT t.${record} AS record FROM ${table} t WHERE ${of(isAsked)} AND (${differs.join(' OR ')}) LIMIT 1`
  return { ofOne: wrong('= ?'), ofMany: wrong('IN (SELECT value FROM json_each(?))') }
}

function indexesOf(file: StationFile, table: string): Index[] {
  const sql = 'SELECT l.name, s.sql FROM pragma_index_list(?) l JOIN sqlite_schema s ON s.name = l.name'
  return file.all<{ name: string; sql: string | null }>(sql, table).map(({ name, sql }) => ({
    name,
    columns: namesIn(file, 'pragma_index_info', name),
    where: sql?.split(' WHERE ')[1] ?? 'TRUE',
  }))
}

function namesIn(file: StationFile, pragma: string, of: string, condition = 'TRUE'): string[] {
  return file.all<{ name: string }>(`SELECT name FROM ${pragma}(?) WHERE ${condition}`, of).map(({ name }) => name)
}
