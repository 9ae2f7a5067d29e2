/**
 * Records that had a NIK when a file of decisions was imported, and have another one since. The file
 * names persons by their NIK: imported once more, it would be about whoever has that NIK now.
 */
import { versionsOf } from '../enrol/contents.js'
import { decodeHeader } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow } from '../journal/read.js'
import type { StationParts } from '../station.js'

export interface FormerHolder {
  readonly record: string
  /** The NIK under which the file decided about it. */
  readonly nik: string
}

/** Corrected records that are looked for at once. */
const AT_ONCE = 500

const CORRECTED = `SELECT id, station FROM record WHERE id > ? AND version > 1 ORDER BY id LIMIT ${AT_ONCE}`

const DECIDED = `SELECT ${ENTRY_COLUMNS} FROM journal INDEXED BY journal_record
  WHERE record = ? AND +kind = 'decision' AND +station = ?
    AND body IS NOT NULL AND applied IS NOT NULL AND mac IS NOT NULL`

/**
 * Finds the corrected records about which this station has decided by a file, each under the NIK that
 * it had then. Yields undefined between them, so that whoever reads may do something else.
 *
 * @param hash SHA-256 of the file
 * @throws SidikError STATION_CORRUPT, RECORD_CORRUPT where an entry of such a record was altered
 */
export function* formerHolders(parts: StationParts, hash: string): Generator<FormerHolder | undefined> {
  const { file, keys, identity } = parts
  for (let after = ''; ; ) {
    const corrected = file.all<{ id: string; station: string }>(CORRECTED, after)
    for (const { id, station } of corrected) {
      const decided = file.all<EntryRow>(DECIDED, id, identity.id)
      const byFile = decided.filter(row => (bodyOf(file, keys, row) as BodyOf<'decision'>).file === hash)
      const about = byFile.map(({ header }) => decodeHeader(header).recordVersion)
      const versions = about.length === 0 ? [] : versionsOf(parts, id, station)
      for (const { version, contents } of versions) {
        if (contents !== undefined && about.includes(version)) yield { record: id, nik: contents.nik }
      }
      yield undefined
    }
    if (corrected.length < AT_ONCE) return
    after = corrected[corrected.length - 1].id
  }
}
