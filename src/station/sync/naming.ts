/**
 * Entries that name a payload, found step by step in the index of hashes. A station can sign tens
 * of thousands of headers that name one hash: few of them are looked at, and those of other
 * stations are found all the same.
 */
import type { StationFile } from '../store/database.js'
import { eachValue } from '../store/each-value.js'

/**
 * Most entries of one station that are looked at for one payload, from either end of its journal.
 * An honest one names a payload in a few: the versions of a record that share it.
 */
const MOST_OF_AN_END = 16

/** Stations with entries that name a payload. Parameters: the hash, twice. */
const NAMING = `WITH naming AS (
    ${eachValue('station', 'entry_payload INDEXED BY entry_payload_hash WHERE hash = ?')})`

/** Sequences from one end of a station's entries that name a payload. Parameter: the hash. */
const end = (order: 'ASC' | 'DESC') => `SELECT sequence FROM (
    SELECT sequence FROM entry_payload INDEXED BY entry_payload_hash WHERE hash = ? AND station = naming.station
    ORDER BY sequence ${order} LIMIT ${MOST_OF_AN_END})`

/** The first and the last entries of each station that name a payload. Parameters: the hash, four times. */
const ROWS = `${NAMING} SELECT j.station, j.sequence FROM naming CROSS JOIN journal j
  ON j.station = naming.station AND j.sequence IN (${end('ASC')} UNION ALL ${end('DESC')})`

/** An entry that names a payload. */
export interface NamingRow {
  readonly station: string
  readonly sequence: number
}

/** Entries of either side with contents here that name a payload, as far as they are looked at; one by one. */
export function namingWithContents(
  file: StationFile,
  hash: Uint8Array,
  direction: 'up' | 'down',
): Generator<NamingRow, void> {
  return file.each<NamingRow>(`${ROWS} WHERE j.direction = ? AND j.body IS NOT NULL`, hash, hash, hash, hash, direction)
}

/** Whether an entry that names a payload, as far as they are looked at, has still to take effect. */
export function isNamedByWaiting(file: StationFile, hash: Uint8Array): boolean {
  return file.get(`${ROWS} WHERE j.applied IS NULL LIMIT 1`, hash, hash, hash, hash) !== undefined
}

/** Whether the station, or one that it vouches for, has an entry that names a payload. */
export function isNamedFrom(file: StationFile, hash: Uint8Array, peer: string): boolean {
  const sql = `${NAMING} SELECT 1 FROM naming
    WHERE station = ? OR EXISTS (SELECT 1 FROM vouched v WHERE v.station = naming.station AND v.via = ?) LIMIT 1`
  return file.get(sql, hash, hash, peer, peer) !== undefined
}
