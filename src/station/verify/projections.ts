/** The tables that follow from the journal, compared with what follows from it now. */
import { bodyOf, entriesApplied, signedEntryOf } from '../journal/read.js'
import { PROJECTED_TABLES, project } from '../project/project.js'
import { foldRevocations } from '../project/refold.js'
import { IN_MEMORY, StationFile } from '../store/database.js'
import type { Check, Finding } from './findings.js'
import { isFinding, type Look, plain, ROWS_AT_ONCE, reading } from './look.js'

type Row = Readonly<Record<string, string | number | Uint8Array | null>>

export function* checkProjections(look: Look): Check {
  const folded = new StationFile(IN_MEMORY, { create: true })
  try {
    const problem = yield* fold(look, folded)
    if (problem !== undefined) {
      yield problem
      return
    }
    for (const { table, key } of PROJECTED_TABLES) yield* compare(look, folded, table, key)
  } finally {
    folded.close()
  }
}

/** All entries in the order in which they took effect; a finding when they cannot be folded to the end. */
function* fold({ file, keys, self }: Look, folded: StationFile): Generator<undefined, Finding | undefined> {
  const to = { file: folded, journal: file, keys, self }
  folded.run('BEGIN')
  const revoked = reading('table-unreadable', { table: 'journal' }, () => foldRevocations(to, { file }))
  if (revoked !== undefined) return revoked
  for (let next = 1; ; ) {
    const rows = reading('table-unreadable', { table: 'journal' }, () => entriesApplied(file, next, ROWS_AT_ONCE))
    if (isFinding(rows)) return rows
    if (rows.length === 0) break
    for (const row of rows) {
      // An entry that does not open was found before; what follows from it is missing, and found now.
      try {
        project(to, signedEntryOf(row), row.applied!, bodyOf(file, keys, row))
      } catch (error) {
        plain(error)
      }
      next = row.applied! + 1
    }
    yield undefined
  }
  folded.run('COMMIT')
  return undefined
}

/** Both sides in the order of their keys, row by row. */
function* compare({ file, counts }: Look, folded: StationFile, table: string, key: readonly string[]): Check {
  const sql = `SELECT * FROM ${table} ORDER BY ${key.join(', ')}`
  const kept = file.each<Row>(sql)
  const made = folded.each<Row>(sql)
  const next = (rows: Generator<Row, void>) => rows.next().value ?? undefined
  try {
    let [a, b] = [next(kept), next(made)]
    while (a !== undefined || b !== undefined) {
      const order = a === undefined ? 1 : b === undefined ? -1 : compareKeys(a, b, key)
      if (order === 0) yield* compareRows(table, a!, b!, key)
      else if (order < 0) yield differs(table, a!, key, 'does not follow from the journal', undefined)
      else yield differs(table, b!, key, 'follows from the journal and is missing', undefined)
      if (order <= 0) a = next(kept)
      if (order >= 0) b = next(made)
      if (++counts.projectedRows % (ROWS_AT_ONCE * 10) === 0) yield undefined
    }
  } catch (error) {
    yield { code: 'table-unreadable', where: { table }, message: plain(error) }
  } finally {
    kept.return()
    made.return()
  }
}

function* compareRows(table: string, kept: Row, made: Row, key: readonly string[]): Check {
  for (const column of Object.keys(made)) {
    if (!same(kept[column], made[column])) yield differs(table, made, key, `${column} is another`, column)
  }
}

/** Ids of records are random: they name no person. */
function differs(table: string, row: Row, key: readonly string[], what: string, column: string | undefined): Finding {
  const name = key.map(part => `${part} ${row[part]}`).join(', ')
  const record = table === 'record' ? row.id : row.record
  return {
    code: 'table-differs',
    where: {
      table,
      ...(column !== undefined && { column }),
      ...(typeof record === 'string' && { record }),
      ...(typeof row.station === 'string' && { station: row.station }),
      ...(typeof row.sequence === 'number' && { sequence: row.sequence }),
      ...(typeof row.peer === 'string' && { peer: row.peer }),
    },
    message: `${table}, ${name}: ${what}`,
  }
}

function same(a: Row[string] | undefined, b: Row[string] | undefined): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0
  return a === b
}

/** As SQLite orders: numbers before text, text by its bytes. */
function compareKeys(a: Row, b: Row, key: readonly string[]): number {
  for (const column of key) {
    const [x, y] = [a[column], b[column]]
    if (typeof x === 'number' && typeof y === 'number' && x !== y) return x - y
    const order = Buffer.compare(Buffer.from(String(x)), Buffer.from(String(y)))
    if (order !== 0) return order
  }
  return 0
}
