/** Entries as they lie in the file, whoever's they are. */
import { SidikError } from '../../errors.js'
import type { DataKeys } from '../store/data-keys.js'
import type { StationFile } from '../store/database.js'
import { sha256 } from '../store/payloads.js'
import { decodeHeader, type SignedEntry } from './entry.js'
import { isEntryMac } from './entry-mac.js'
import { decodeBody } from './kinds.js'

export interface EntryRow {
  readonly station: string
  readonly sequence: number
  /** Place in the order in which entries took effect here; null: held until those before it have come. */
  readonly applied: number | null
  /** Repeated from the header, for the indexes. */
  readonly kind: string
  readonly direction: string
  readonly record: string | null
  readonly header: Uint8Array
  readonly hash: Uint8Array
  readonly signature: Uint8Array
  /** Sealed. */
  readonly body: Uint8Array | null
  /** As entry-mac.ts makes it. */
  readonly mac: Uint8Array | null
}

/** Columns of an EntryRow. */
export const ENTRY_COLUMNS = 'station, sequence, applied, kind, direction, record, header, hash, signature, body, mac'

export function entryAt(file: StationFile, station: string, sequence: number): EntryRow | undefined {
  return file.get<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM journal WHERE station = ? AND sequence = ?`,
    station,
    sequence,
  )
}

/** The newest entry of a station that is held, also one that others still have to come before. */
export function newestEntry(file: StationFile, station: string): EntryRow | undefined {
  return file.get<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM journal WHERE station = ? ORDER BY sequence DESC LIMIT 1`,
    station,
  )
}

/** Up to `limit` entries of a station in their order, from `sequence` on. */
export function entriesFrom(file: StationFile, station: string, sequence: number, limit: number): EntryRow[] {
  const sql = `SELECT ${ENTRY_COLUMNS} FROM journal WHERE station = ? AND sequence >= ? ORDER BY sequence LIMIT ?`
  return file.all<EntryRow>(sql, station, sequence, limit)
}

/** Up to `limit` entries in the order in which they took effect here, from place `applied` on. */
export function entriesApplied(file: StationFile, applied: number, limit: number): EntryRow[] {
  const sql = `SELECT ${ENTRY_COLUMNS} FROM journal WHERE applied >= ? ORDER BY applied LIMIT ?`
  return file.all<EntryRow>(sql, applied, limit)
}

interface About {
  readonly record: string
  /** Place before which they took effect. */
  readonly before: number
  readonly kinds: readonly string[]
}

const ABOUT = 'record = ? AND applied < ? AND kind IN (SELECT value FROM json_each(?))'

const valuesOf = ({ record, before, kinds }: About) => [record, before, JSON.stringify(kinds)] as const

/** Stations with entries of some kinds about a record. */
export function stationsAbout(file: StationFile, about: About): string[] {
  const sql = `SELECT DISTINCT station FROM journal WHERE ${ABOUT} ORDER BY station`
  return file.all<{ station: string }>(sql, ...valuesOf(about)).map(({ station }) => station)
}

/**
 * Up to `limit` entries of a station about a record, in their order or the newest first, whose
 * contents are here and proven.
 */
export function rowsAbout(
  file: StationFile,
  { station, limit, ...about }: About & { readonly station: string; readonly limit: number },
  order: 'ASC' | 'DESC' = 'ASC',
): EntryRow[] {
  return file.all<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM journal WHERE ${ABOUT} AND +station = ? AND body IS NOT NULL AND mac IS NOT NULL
     ORDER BY sequence ${order} LIMIT ?`,
    ...valuesOf(about),
    station,
    limit,
  )
}

export function signedEntryOf({ header, hash, signature }: EntryRow): SignedEntry {
  return { header: decodeHeader(header), headerBytes: header, hash, signature }
}

/** What the seal of a body covers. */
export function bodyContext(station: string, sequence: number): string {
  return `body of entry ${sequence} of station ${station}`
}

/** @throws SidikError STATION_CORRUPT for an entry that is not as this station took it */
export function assertUnaltered(file: StationFile, keys: DataKeys, row: EntryRow): void {
  if (isEntryMac(keys, row)) return
  const name = `entry ${row.sequence} of station ${row.station}`
  throw new SidikError('STATION_CORRUPT', `${file.path}: ${name} was altered: verifyStation says where`)
}

/**
 * The bytes of an entry's body, checked against its header; undefined where only the header is here.
 *
 * @throws SidikError STATION_CORRUPT when they were altered
 */
export function bodyBytesOf(file: StationFile, keys: DataKeys, row: EntryRow): Buffer | undefined {
  if (row.body === null) return undefined
  const context = bodyContext(row.station, row.sequence)
  const bytes = keys.unseal(row.body, context)
  assertUnaltered(file, keys, row)
  if (sha256(bytes).toString('hex') === decodeHeader(row.header).body?.hash) return bytes
  throw new SidikError('STATION_CORRUPT', `${file.path}: ${context} does not have the hash that its header states`)
}

/** What an entry's body says, as BODIES[kind] has it. Throws as {@link bodyBytesOf} and decodeBody. */
export function bodyOf(file: StationFile, keys: DataKeys, row: EntryRow): unknown {
  const bytes = bodyBytesOf(file, keys, row)
  return bytes && decodeBody(decodeHeader(row.header).kind, bytes)
}
