/** Rows about records that this connection has changed since they were cleared. */
import type { StationFile } from '../store/database.js'
import { RECORD_TABLES } from './about-record.js'
import { apartFromRecord, OWN_ID_TABLES, type OwnIdTable } from './indexes.js'

export class ChangedRows {
  /** Records whose rows were changed since the MAC of one was made. */
  readonly records = new Set<string>()
  readonly #file: StationFile
  readonly #ids = new Map<string, Set<string>>(OWN_ID_TABLES.map(table => [table, new Set()]))

  constructor(file: StationFile) {
    this.#file = file
    for (const [table, record, except] of RECORD_TABLES) {
      const ids = this.#ids.get(table)
      const note = (of: unknown, id?: unknown) => {
        this.records.add(String(of))
        ids?.add(String(id))
      }
      file.onRows(table, ids === undefined ? [record] : [record, 'id'], note, except)
    }
  }

  /** The record of a changed row that its record does not lead to, so that it was not compared. */
  apart(): string | undefined {
    for (const [table, ids] of this.#ids) {
      const record = ids.size === 0 ? undefined : apartFromRecord(this.#file, table as OwnIdTable, ids)
      if (record !== undefined) return record
    }
    return undefined
  }

  clear(): void {
    this.records.clear()
    for (const ids of this.#ids.values()) ids.clear()
  }
}
