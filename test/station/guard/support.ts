/** Somebody who can write the file of a station, and has no key of it. */

import { readFileSync, writeFileSync } from 'node:fs'
import { identityToRecipient } from 'age-encryption'
import Database from 'better-sqlite3'
import { createIdentity, openStation, publicIdentity, type Station, type StationIdentity } from 'sidik/station'
import { expect } from 'vitest'
import { Guard } from '../../../dist/station/guard/guard.js'
import { partsOf } from '../../../dist/station/station.js'
import { DataKeys } from '../../../dist/station/store/data-keys.js'
import { StationFile } from '../../../dist/station/store/database.js'
import { KEY } from '../files.ts'

/**
 * Runs statements on a file as SQLite's own tool would; each changes something, but for those about
 * the schema.
 */
export function edit(path: string, ...statements: string[]): void {
  const database = new Database(path)
  database.pragma('foreign_keys = OFF')
  database.pragma('ignore_check_constraints = ON')
  database.unsafeMode()
  database.pragma('writable_schema = ON')
  for (const sql of statements) {
    if (sql.startsWith('PRAGMA')) {
      database.exec(sql)
      continue
    }
    const { changes } = database.prepare(sql).run()
    if (!/^(CREATE|DROP|ALTER)/.test(sql)) expect(changes, sql).toBeGreaterThan(0)
  }
  database.close()
}

/**
 * Takes rows out of an index alone, or puts them in: they are changed, the index is left out of the
 * schema while they are changed back, and put back.
 *
 * @param away a statement by which these rows are not in the index, or are
 * @param back one by which they are as before
 */
export function blind(path: string, index: string, away: string, back: string): void {
  edit(path, away)
  without(path, index, back)
}

/** Runs a statement while an index is left out of the schema: also that of a table's key. */
export function without(path: string, index: string, statement: string): void {
  const database = new Database(path)
  const row = database.prepare('SELECT * FROM sqlite_schema WHERE name = ?').get(index) as Record<string, unknown>
  const [type, name, table, root, sql] = Object.values(row)
  const own = database.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(table) as string
  database.close()
  const text = (sql: unknown) => (sql === null ? 'NULL' : `'${String(sql).replaceAll("'", "''")}'`)
  const tableAs = (sql: string) => `UPDATE sqlite_schema SET sql = ${text(sql)} WHERE name = '${table}'`
  const keyless = own.replace(/PRIMARY KEY \([^)]*\)/, 'CHECK (TRUE)').replace('PRIMARY KEY', '')
  const [away, back] = [keyless, own].map(tableAs)
  const put = `INSERT INTO sqlite_schema VALUES ('${type}', '${name}', '${table}', ${root}, ${text(sql)})`
  const isKey = sql === null
  edit(path, ...(isKey ? [away] : []), `DELETE FROM sqlite_schema WHERE name = '${index}'`, nextSchema(path, 1))
  edit(path, statement, put, ...(isKey ? [back] : []), nextSchema(path, 2))
}

/** Runs a statement while a table is not STRICT, and its columns take any type. @returns rows that it changed */
export function loosely(path: string, table: string, statement: string): number {
  const database = new Database(path)
  const sql = database.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(table) as string
  const version = database.pragma('schema_version', { simple: true }) as number
  database.close()
  const loose = sql
    .replace(/ STRICT,/, '')
    .replace(/ STRICT$/, '')
    .replace(/ (BLOB|TEXT|REAL|INTEGER(?! PRIMARY KEY))\b/g, '')
  let changes = 0
  for (const [i, now] of [loose, sql].entries()) {
    const file = new Database(path)
    file.pragma('synchronous = OFF')
    file.pragma('foreign_keys = OFF')
    file.pragma('ignore_check_constraints = ON')
    file.unsafeMode()
    file.pragma('writable_schema = ON')
    if (i === 1) changes = file.prepare(statement).run().changes
    file.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(now, table)
    file.pragma(`schema_version = ${version + i + 1}`)
    file.close()
  }
  return changes
}

/** Puts the rows of an index that fits one page into another order: `order` of their places, as `place` has it. */
export function disorder(path: string, index: string, order: (place: number, rows: number) => number): void {
  const database = new Database(path)
  database.pragma('wal_checkpoint(TRUNCATE)')
  const page = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(index) as number
  const size = database.pragma('page_size', { simple: true }) as number
  database.close()
  const bytes = readFileSync(path)
  const start = (page - 1) * size
  // SQLite's file format, 1.6: a leaf of an index, the number of its cells, where each lies.
  expect(bytes[start]).toBe(10)
  const rows = bytes.readUInt16BE(start + 3)
  const cells = Array.from({ length: rows }, (_, place) => bytes.readUInt16BE(start + 8 + 2 * place))
  for (const place of cells.keys()) bytes.writeUInt16BE(cells[order(place, rows)]!, start + 8 + 2 * place)
  writeFileSync(path, bytes)
}

/** Has other connections read the schema again. */
function nextSchema(path: string, by: number): string {
  const database = new Database(path)
  const version = database.pragma('schema_version', { simple: true }) as number
  database.close()
  return `PRAGMA schema_version = ${version + by}`
}

/** Where the attacker would have everything sealed to. */
export async function attackersKeys(): Promise<{ sealTo: string; verifyKey: string }> {
  const { openingKey } = await createIdentity('attacker')
  const { verifyKey } = await publicIdentity(await createIdentity('attacker'))
  return { sealTo: await identityToRecipient(openingKey), verifyKey }
}

/**
 * Guards a file as it stands now: what was edited looks as if a mistake of this program had left
 * it, which no guard keeps from.
 */
export function guardAnew(own: { path: string; key: Uint8Array; identity: StationIdentity }): void {
  const file = new StationFile(own.path, { create: false })
  file.run('DELETE FROM guard_head')
  const keys = new DataKeys(file, own.key)
  file.transaction(() => new Guard(file, keys, own.identity.id).make())
  file.close()
}

export interface Opened {
  station: Station
  readonly path: string
  readonly identity: StationIdentity
}

/** Edits the file while the station is open, or while nobody has it open. */
export async function tampered(opened: Opened, when: When, statements: readonly string[]): Promise<void> {
  if (when === 'closed') await opened.station.close()
  edit(opened.path, ...statements)
  if (when === 'closed') {
    opened.station = await openStation({ path: opened.path, key: KEY, identity: opened.identity, existing: true })
  }
}

export const WHEN = ['open', 'closed'] as const
export type When = (typeof WHEN)[number]

export function openedOf(station: Station): Opened {
  return { station, path: station.path, identity: partsOf(station).identity }
}

/** The code of what an attempt fails with; undefined when it does not. */
export async function codeOf(attempt: () => unknown): Promise<string | undefined> {
  try {
    await attempt()
    return undefined
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}
