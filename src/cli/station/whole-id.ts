/** Ids by their beginnings, as people type them. */
import { SidikError } from '../../errors.js'
import { partsOf, type Station } from '../../station/station.js'

/** Tables of each kind of id. `candidate`: also a record of which only the templates are here. */
const TABLES = {
  record: ['record'],
  candidate: ['record', 'gallery_entry'],
  draft: ['draft'],
  request: ['card_request'],
  job: ['print_job'],
  letter: ['letter'],
} as const

/** Columns of the id, where it is not `id`. */
const COLUMNS: Readonly<Record<string, string>> = { gallery_entry: 'record' }

export type IdKind = keyof typeof TABLES

/** Fewest characters of a beginning: shorter ones are unique by chance alone. */
const LEAST = 4

/** Most candidates that an error lists. */
const MOST_LISTED = 5

/** Above every text that begins with the same characters. */
const LAST = '\u{10ffff}'

/**
 * The whole id of which `given` is the beginning, at least four characters. An id that is given
 * whole counts, whatever others begin with it; what nothing begins with is returned as it came, for
 * the call that looks for it to say so.
 *
 * @throws SidikError ID_AMBIGUOUS, naming at most five, or where a beginning is shorter than that
 */
export function wholeId(station: Station, kind: IdKind, given: string): string {
  const { file } = partsOf(station)
  const column = (table: string) => COLUMNS[table] ?? 'id'
  const find = (where: string, ...values: string[]) => {
    const selects = TABLES[kind].map(table => {
      const name = column(table)
      return `SELECT ${name} AS id FROM ${table} WHERE ${where.replaceAll('$id', name)}`
    })
    const sql = `${selects.join(' UNION ')} ORDER BY id LIMIT ${MOST_LISTED + 1}`
    return file.all<{ id: string }>(sql, ...TABLES[kind].flatMap(() => values)).map(({ id }) => id)
  }
  if (find('$id = ?', given).length > 0) return given
  if (given.length < LEAST) throw new SidikError('ID_AMBIGUOUS', `give at least ${LEAST} characters of the id`)
  const found = find('$id >= ? AND $id < ?', given, given + LAST)
  if (found.length < 2) return found[0] ?? given
  const listed = found.slice(0, MOST_LISTED).join(', ')
  const more = found.length > MOST_LISTED ? ' and others' : ''
  throw new SidikError('ID_AMBIGUOUS', `several ids begin like this: ${listed}${more}; give more of it`)
}
