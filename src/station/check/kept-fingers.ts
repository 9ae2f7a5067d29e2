/**
 * Fingers under which a card was handed over, and that their record has no more: it was withdrawn
 * since, or corrected to others. Newcomers are compared with them too, or whoever has the card could
 * be recorded anew, and get another one under another NIK.
 */
import { type VersionHeader, versionHeadersOf } from '../enrol/contents.js'
import { decodeHeader } from '../journal/entry.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow } from '../journal/read.js'
import { TEMPLATES_ROLE } from '../project/gallery.js'
import type { StationParts } from '../station.js'
import type { StationFile } from '../store/database.js'

const HAS_CARD_OUT = `SELECT 1 FROM card_request c JOIN print_job j ON j.request = c.id
  WHERE c.record = ? AND j.state = 'handed-over' LIMIT 1`

/** Whether a card of the record was handed over. */
export function hasCardOut(file: StationFile, record: string): boolean {
  return file.get(HAS_CARD_OUT, record) !== undefined
}

/**
 * Records whose cards were handed over behind a place in the journal. Asked before each search: SQLite
 * would go through all records of a city, whose index has no others, rather than the newest entries.
 */
export function recordsHandedOver(file: StationFile, after: number): string[] {
  const sql = `SELECT record FROM journal INDEXED BY sqlite_autoindex_journal_1
    WHERE applied > ? AND kind IN ('card-handed-over', 'told-below', 'card-requested')
      AND record IS NOT NULL`
  return [...new Set(file.all<{ record: string }>(sql, after).map(({ record }) => record))]
}

/** Records that may have such fingers. */
export function recordsWithKept(file: StationFile): string[] {
  const sql = `SELECT DISTINCT c.record FROM print_job j JOIN card_request c ON c.id = j.request
    JOIN record r ON r.id = c.record
    WHERE j.state = 'handed-over' AND (r.version > 1 OR r.client_state = 'withdrawn')`
  return file.all<{ record: string }>(sql).map(({ record }) => record)
}

/**
 * Hashes of such fingers of a record. One that a station above has taken out of the duplicate check
 * has none.
 *
 * @throws SidikError STATION_CORRUPT where an entry of the record, or of its cards, was altered
 */
export function keptTemplates(parts: StationParts, record: string): Uint8Array[] {
  const { file } = parts
  if (!hasCardOut(file, record)) return []
  const now = file.get<{ station: string; client_state: string; isIn: number | null; templates: Uint8Array | null }>(
    `SELECT r.station, r.client_state, g.record IS NOT NULL AS isIn, g.templates
     FROM record r LEFT JOIN gallery_entry g ON g.record = r.id WHERE r.id = ?`,
    record,
  )
  const isOut = now?.isIn === 1 && now.templates === null && now.client_state !== 'withdrawn'
  if (now === undefined || isOut) return []
  const held = now.templates && Buffer.from(now.templates).toString('hex')
  const kept = new Set<string>()
  for (const { payloads } of shownVersions(parts, record, now.station)) {
    const hash = payloads.find(({ role }) => role === TEMPLATES_ROLE)?.hash
    if (hash !== undefined && hash !== held) kept.add(hash)
  }
  return [...kept].map(hash => Buffer.from(hash, 'hex'))
}

/**
 * Versions that a card which was handed over may show: the one that its reservation names, and the
 * newest that there was by then. Of one that names none of those before it, it may be any.
 */
function shownVersions(parts: StationParts, record: string, station: string): VersionHeader[] {
  const { file } = parts
  const versions = versionHeadersOf(parts, record, station)
  const jobs = file.all<{ id: string }>(
    `SELECT j.id FROM card_request c JOIN print_job j ON j.request = c.id
     WHERE c.record = ? AND j.state = 'handed-over'`,
    record,
  )
  const reserved = reservations(parts, record, new Set(jobs.map(({ id }) => id)))
  const shown = new Set<VersionHeader>()
  for (const { id } of jobs) {
    const row = reserved.get(id)
    const before = versions.filter(({ applied }) => row !== undefined && applied < row.applied!)
    const named = before.find(({ version }) => version === decodeHeader(row!.header).recordVersion)
    for (const version of named === undefined ? versions : [named, before.at(-1)!]) shown.add(version)
  }
  return [...shown]
}

/** Most entries about one record that are opened to find the reservations of its cards. */
const MOST_OPENED = 2_048

/** Entries by which blanks were set aside for some jobs of a record, here or as was told of. */
function reservations({ file, keys }: StationParts, record: string, jobs: ReadonlySet<string>): Map<string, EntryRow> {
  const found = new Map<string, EntryRow>()
  const rows = file.all<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM journal WHERE record = ? AND kind IN ('card-reserved', 'told-below')
       AND applied IS NOT NULL ORDER BY applied LIMIT ${MOST_OPENED}`,
    record,
  )
  for (const row of rows) {
    if (found.size === jobs.size) break
    const body = bodyOf(file, keys, row)
    const told = row.kind === 'told-below' ? (body as BodyOf<'told-below'> | undefined) : undefined
    if (told !== undefined && told.kind !== 'card-reserved') continue
    const { job } = (told?.said ?? body ?? {}) as Partial<BodyOf<'card-reserved'>>
    if (job !== undefined && jobs.has(job) && !found.has(job)) found.set(job, row)
  }
  return found
}

/** Such fingers in the index. */
export interface KeptFingers {
  /** As {@link keptId} makes it. */
  readonly id: string
  readonly record: string
  /** The station that recorded it. */
  readonly station: string
  readonly version: string
  readonly templates: Uint8Array
}

/**
 * Version under which they lie in the index until they were compared with those who were there
 * before: the hand-over may be heard of after a newcomer with the same fingers was called clear.
 */
export const uncompared = (version: string) => `new-${version}`

/** Name in the index for such fingers: ids of records have no slash. */
export const keptId = (record: string, version: string) => `${record}/${version}`

/** Hash of such fingers, by their name in the index. */
export function keptTemplatesOf(parts: StationParts, id: string): Uint8Array | undefined {
  const record = recordOfId(id)
  return keptTemplates(parts, record).find(hash => keptId(record, versionOf(hash)) === id)
}

/** Bytes of a hash of templates that tell two versions of a record apart, whoever made them. */
const VERSION_BYTES = 16

/** Name of templates in the index. */
export function versionOf(templates: Uint8Array): string {
  return Buffer.from(templates).subarray(0, VERSION_BYTES).toString('base64url')
}

/** The record of which a person in the index is. */
export const recordOfId = (id: string) => id.split('/', 1)[0]
