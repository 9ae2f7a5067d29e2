/** What the station noted of itself, newest first: anomalies, overrides, changes of the key. */
import type { BodyOf, EntryKind } from '../journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow, signedEntryOf } from '../journal/read.js'
import type { StationParts } from '../station.js'

export interface Noted<K extends EntryKind> {
  /** ISO 8601. */
  readonly at: string
  readonly body: BodyOf<K>
}

export type NotedKind = 'anomaly' | 'override' | 'rekeyed'

/** The condition of the index journal_noted in its own words, without which SQLite does not take it. */
const INDEXED = `kind IN ('anomaly', 'override', 'rekeyed')`

export function newestNoted<K extends NotedKind>({ file, keys }: StationParts, kind: K, limit: number): Noted<K>[] {
  const rows = file.all<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM journal
     WHERE ${INDEXED} AND kind = '${kind}' AND body IS NOT NULL ORDER BY applied DESC LIMIT ?`,
    limit,
  )
  return rows.map(row => ({ at: signedEntryOf(row).header.at, body: bodyOf(file, keys, row) as BodyOf<K> }))
}

export function countNoted({ file }: StationParts, kind: NotedKind): number {
  return file.get<{ n: number }>(`SELECT count(*) AS n FROM journal WHERE ${INDEXED} AND kind = '${kind}'`)!.n
}
