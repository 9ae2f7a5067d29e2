/**
 * MACs of the tables that are believed as a whole: which stations are known by which keys, whose
 * station this is, its own keys, and which tables there are.
 */
import type { DataKeys } from '../store/data-keys.js'
import { IN_MEMORY, StationFile } from '../store/database.js'
import { altered } from './altered.js'
import { isIndexed } from './indexes.js'
import { type Row, valuesOf } from './values.js'

/** Tables that are covered as a whole, row by row in the order of their keys. */
const TRUSTED: readonly (readonly [table: string, key: string, where?: string, order?: string])[] = [
  ['peer', 'id'],
  ['vouched', 'station'],
  ['revoked', 'station'],
  ['own_centre', 'one'],
  ['data_key', 'number'],
  ['meta', 'name'],
  // By it, entries are not sent to a peer.
  ['refusal', 'station', 'TRUE', 'station, sequence, peer'],
  // What may be printed of a lot, and how much of it was.
  ['lot', 'id'],
  ['lot_cards', 'lot', 'TRUE', 'station, lot, purpose'],
  // How much a peer may bring.
  ['peer_quota', 'peer', 'TRUE', 'peer, quota'],
]

/** The tables, each with the column that names a row. */
export const TRUSTED_TABLES: readonly (readonly [table: string, key: string])[] = TRUSTED.map(([table, key]) => [
  table,
  key,
])

/** Those of which rows are found by an index: in the others the key is the table. */
const INDEXED = ['peer', 'vouched', 'revoked', 'meta']

/** @throws SidikError STATION_ALTERED where a row is not found by its key, or another one is */
export function assertIndexed(file: StationFile): void {
  const wrong = INDEXED.find(table => !isIndexed(file, table))
  if (wrong !== undefined) throw altered(file, `by which keys rows of ${wrong} are found`)
}

/** MAC of all of it, hexadecimal. */
export function trustedMac(file: StationFile, keys: DataKeys): string {
  return macOf(file, keys, TRUSTED)
}

/**
 * MAC of peers and revocations alone, which say for whom messages are sealed: few rows, checked
 * each time.
 */
export function peersMac(file: StationFile, keys: DataKeys): string {
  return macOf(
    file,
    keys,
    TRUSTED.filter(([table]) => table === 'peer' || table === 'revoked'),
  )
}

/** Tables that change with each message: what peers used of quotas, how far journals were heard. */
const IN_USE: typeof TRUSTED = [
  ['peer_use', 'peer'],
  ['heard', 'station'],
]

export const USED_TABLES: readonly (readonly [table: string, key: string])[] = IN_USE.map(([table, key]) => [
  table,
  key,
])

/** MAC of these: apart from the others, which are not read again for it. */
export function useMac(file: StationFile, keys: DataKeys): string {
  return macOf(file, keys, IN_USE)
}

/** The same as an older program made it, which left out how far journals were heard. */
export function olderUseMac(file: StationFile, keys: DataKeys): string {
  return macOf(file, keys, [['peer_use', 'peer']])
}

function macOf(file: StationFile, keys: DataKeys, tables: typeof TRUSTED): string {
  const rows = tables.map(([table, key, where = 'TRUE', order = key]) =>
    file.all<Row>(`SELECT * FROM ${table} NOT INDEXED WHERE ${where} ORDER BY ${order}`).map(valuesOf),
  )
  return keys.mac(`trusted ${JSON.stringify(rows)}`).toString('hex')
}

export interface SchemaRow {
  readonly type: string
  readonly name: string
  readonly tbl_name: string
  readonly rootpage: number
  readonly sql: string | null
}

/**
 * Statistics of SQLite's planner, which a tool makes that runs ANALYZE: tables of these names and
 * columns, nothing else.
 */
const STATISTICS: ReadonlySet<string> = new Set(
  [
    ['sqlite_stat1', 'tbl,idx,stat'],
    ['sqlite_stat4', 'tbl,idx,neq,nlt,ndlt,sample'],
  ].map(([name, columns]) => textOf({ type: 'table', name, tbl_name: name, sql: `CREATE TABLE ${name}(${columns})` })),
)

const SCHEMA = 'SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY name'

export function schemaOf(file: StationFile): SchemaRow[] {
  return file.all<SchemaRow>(SCHEMA)
}

let made: ReadonlySet<string> | undefined

/** Names of what is missing, added (a trigger, a view) or not as this program makes it. */
export function wrongInSchema(file: StationFile): string[] {
  made ??= freshSchema()
  const kept = schemaOf(file).filter(row => !STATISTICS.has(textOf(row)))
  const found = new Set(kept.map(textOf))
  const missing = [...made].filter(text => !found.has(text)).map(text => (JSON.parse(text) as string[])[1])
  return [...new Set([...missing, ...kept.filter(row => !made!.has(textOf(row))).map(({ name }) => name)])]
}

/** @throws SidikError STATION_ALTERED */
export function assertSchema(file: StationFile): void {
  const wrong = wrongInSchema(file)
  if (wrong.length > 0) throw altered(file, `which tables, indexes and triggers there are (${wrong.join(', ')})`)
}

function freshSchema(): ReadonlySet<string> {
  const fresh = new StationFile(IN_MEMORY, { create: true })
  const texts = new Set(schemaOf(fresh).map(textOf))
  fresh.close()
  return texts
}

function textOf({ type, name, tbl_name, sql }: Omit<SchemaRow, 'rootpage'>): string {
  return JSON.stringify([type, name, tbl_name, sql])
}
