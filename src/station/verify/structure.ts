/** What SQLite says of its own file, and whether the tables are those that this program makes. */
import { schemaOf, wrongInSchema } from '../guard/trusted.js'
import type { StationFile } from '../store/database.js'
import { lostSince, type Mark } from '../store/mark.js'
import type { Check, Where } from './findings.js'
import type { Look } from './look.js'
import type { PageFile, Tree } from './pages.js'

export function treesOf(file: StationFile): Tree[] {
  const rows = schemaOf(file).filter(({ rootpage }) => rootpage > 0)
  return rows.map(({ name, tbl_name, rootpage }) => ({ name, table: tbl_name, root: rootpage }))
}

export function* checkSchema(file: StationFile): Check {
  for (const name of wrongInSchema(file)) {
    yield { code: 'schema', where: { table: 'sqlite_schema' }, message: `${name} is not as this program makes it` }
  }
}

/** Table by table, so that others may run in between. */
export function* checkStructure(file: StationFile, pages: PageFile): Check {
  const tables = file.all<{ name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
  for (const table of ['sqlite_schema', ...tables.map(({ name }) => name)]) {
    for (const { integrity_check: message } of file.all<{ integrity_check: string }>(
      `PRAGMA integrity_check('${table}')`,
    )) {
      if (message === 'ok') continue
      const page = Number(/\bpage (\d+)/i.exec(message)?.[1] ?? Number.NaN)
      const where: Where = Number.isNaN(page) ? { table } : { table, ...pages.where(page) }
      yield { code: 'file-structure', where, message: message.replaceAll('\n', ' ') }
    }
    yield undefined
  }
}

/** @param mark as it was before the file was opened */
export function* checkMark({ file, self }: Look, mark: Mark | undefined, path: string, exists: boolean): Check {
  if (mark === undefined) {
    if (exists) yield { code: 'mark-unreadable', where: { file: path }, message: `${path} has no line that is whole` }
    return
  }
  const lost = mark.station === self ? lostSince(mark, file) : undefined
  if (lost !== undefined) yield { code: 'rolled-back', where: { table: 'journal', station: self }, message: lost }
}

/** The station whose file it is. */
export function* checkMeta({ file, self }: Look): Check {
  const owner = file.get<{ value: string }>(`SELECT value FROM meta WHERE name = 'station'`)?.value
  if (owner === self) return
  const message = `the file says that it is of station '${owner ?? ''}', not '${self}'`
  yield { code: 'row-wrong', where: { table: 'meta', column: 'value' }, message }
}
