/** What a version of a record says, as it stands in the body of its entry. */
import type { z } from 'zod'
import { SidikError } from '../../errors.js'
import type { MissingReason } from '../../persons/types.js'
import { preCheckSchema } from '../check/pre-check.js'
import { decodeHeader } from '../journal/entry.js'
import { BODIES } from '../journal/kinds.js'
import { assertUnaltered, bodyOf, ENTRY_COLUMNS, type EntryRow } from '../journal/read.js'
import type { StationParts } from '../station.js'
import type { PayloadReference } from '../store/payloads.js'
import type { Person } from './person.js'

/** Read as another station may have written it: what a newer version adds is kept, what an older one lacks is empty. */
const contentsSchema = BODIES.enrolled.extend({
  person: BODIES.enrolled.shape.person.transform(person => person as Person),
  fingers: BODIES.enrolled.shape.fingers.default([]),
  exceptions: BODIES.enrolled.shape.exceptions.transform(reasons => (reasons ?? {}) as Record<string, MissingReason>),
  overrides: BODIES.enrolled.shape.overrides.default([]),
  preCheck: preCheckSchema,
})

export type Contents = z.infer<typeof contentsSchema>

/** A version of a record as far as the header of its entry says. */
export interface VersionHeader {
  readonly version: number
  readonly kind: 'enrolled' | 'corrected'
  readonly station: string
  readonly sequence: number
  /** Place in the order in which entries took effect here. */
  readonly applied: number
  /** ISO 8601. */
  readonly at: string
  readonly payloads: readonly PayloadReference[]
}

/** A version of a record: what its entry's header says, and its body. */
export interface RecordVersion extends VersionHeader {
  /** Undefined where only the header is here. */
  readonly contents: Contents | undefined
}

/**
 * Up to the entry that the record's row names. What comes after it was refused, or its station was
 * revoked before it wrote that. By the record: of its station there may be any number of entries.
 */
const VERSIONS = `SELECT ${ENTRY_COLUMNS} FROM journal
  WHERE record = ? AND +station = ? AND kind IN ('enrolled', 'corrected') AND applied IS NOT NULL
    AND sequence <= ifnull((SELECT r.sequence FROM record r WHERE r.id = journal.record), sequence)`

/**
 * All versions that the record's own station wrote, the oldest first. Throws as {@link
 * newestVersion}.
 */
export function versionsOf(parts: StationParts, record: string, station: string): RecordVersion[] {
  return rowsOf(parts, record, station).map(row => versionOf(parts, row))
}

/** The same without their bodies, whatever these hold. */
export function versionHeadersOf(parts: StationParts, record: string, station: string): VersionHeader[] {
  return rowsOf(parts, record, station).map(row => headerOf(parts, row))
}

function rowsOf(parts: StationParts, record: string, station: string): EntryRow[] {
  const rows = parts.file.all<EntryRow>(`${VERSIONS} ORDER BY sequence`, record, station)
  assertNewest(parts, record, rows.at(-1))
  return rows
}

/**
 * Its newest version.
 *
 * @throws SidikError STATION_CORRUPT when that was altered, or is not the one that the record's row
 *   names
 */
export function newestVersion(parts: StationParts, record: string, station: string): RecordVersion {
  const row = parts.file.get<EntryRow>(`${VERSIONS} ORDER BY sequence DESC LIMIT 1`, record, station)
  assertNewest(parts, record, row)
  return versionOf(parts, row!)
}

/**
 * An entry whose columns were edited is not found: the version before it must not be taken for the
 * newest.
 */
function assertNewest({ file }: StationParts, record: string, row: EntryRow | undefined): void {
  const sql = `SELECT station, sequence FROM record WHERE id = ? AND client_state <> 'withdrawn'`
  const named = file.get<{ station: string; sequence: number }>(sql, record)
  if (named === undefined || row?.sequence === named.sequence) return
  const what = `entry ${named.sequence} of station ${named.station}, the newest version of record ${record},`
  throw new SidikError('STATION_CORRUPT', `${file.path}: ${what} was altered: verifyStation says where`)
}

function headerOf({ file, keys }: StationParts, row: EntryRow): VersionHeader {
  const { recordVersion: version = 1, kind, station, sequence, at, payloads } = decodeHeader(row.header)
  assertUnaltered(file, keys, row)
  return { version, kind: kind as VersionHeader['kind'], station, sequence, applied: row.applied!, at, payloads }
}

function versionOf(parts: StationParts, row: EntryRow): RecordVersion {
  const header = headerOf(parts, row)
  const body = bodyOf(parts.file, parts.keys, row)
  const name = `entry ${header.sequence} of station ${header.station}`
  return { ...header, contents: body === undefined ? undefined : readContents(body, name) }
}

/** @throws SidikError RECORD_CORRUPT: a body that its station did not write as enrol writes them */
export function readContents(body: unknown, name: string): Contents {
  const read = contentsSchema.safeParse(body)
  if (read.success) {
    // There against guessing what is hashed, and says nothing.
    const { salt, ...contents } = read.data
    return contents as Contents
  }
  // Where, not what: the values are personal data.
  const where = read.error.issues[0].path.join('.')
  throw new SidikError('RECORD_CORRUPT', `${name} is no enrolment that this program can read: ${where}`)
}
