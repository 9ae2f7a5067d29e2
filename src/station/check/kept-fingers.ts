/**
 * Fingers under which a card was handed over, and that their record has no more: it was withdrawn
 * since, or corrected to others. Newcomers are compared with them too, or whoever has the card could
 * be recorded anew, and get another one under another NIK.
 */
import { decodeHeader } from '../journal/entry.js'
import { TEMPLATES_ROLE } from '../project/gallery.js'
import type { StationFile } from '../store/database.js'

const HAS_CARD_OUT = `SELECT 1 FROM card_request c JOIN print_job j ON j.request = c.id
  WHERE c.record = ? AND j.state = 'handed-over' LIMIT 1`

/** Whether a card of the record was handed over. */
export function hasCardOut(file: StationFile, record: string): boolean {
  return file.get(HAS_CARD_OUT, record) !== undefined
}

/** Records that may have such fingers. */
export function recordsWithKept(file: StationFile): string[] {
  const sql = `SELECT DISTINCT c.record FROM print_job j JOIN card_request c ON c.id = j.request
    JOIN record r ON r.id = c.record
    WHERE j.state = 'handed-over' AND (r.version > 1 OR r.client_state = 'withdrawn')`
  return file.all<{ record: string }>(sql).map(({ record }) => record)
}

/** Hashes of such fingers of a record. One that a station above has taken out of the duplicate check has none. */
export function keptTemplates(file: StationFile, record: string): Uint8Array[] {
  if (!hasCardOut(file, record)) return []
  const now = file.get<{ station: string; client_state: string; isIn: number | null; templates: Uint8Array | null }>(
    `SELECT r.station, r.client_state, g.record IS NOT NULL AS isIn, g.templates
     FROM record r LEFT JOIN gallery_entry g ON g.record = r.id WHERE r.id = ?`,
    record,
  )
  const isOut = now?.isIn === 1 && now.templates === null && now.client_state !== 'withdrawn'
  if (now === undefined || isOut) return []
  const jobs = file.all<{ version: number | null }>(
    `SELECT DISTINCT j.version FROM card_request c JOIN print_job j ON j.request = c.id
     WHERE c.record = ? AND j.state = 'handed-over'`,
    record,
  )
  const versions = file.all<{ header: Uint8Array; hash: Uint8Array }>(
    `SELECT e.header, p.hash FROM journal e JOIN entry_payload p ON p.station = e.station AND p.sequence = e.sequence
     WHERE e.record = ? AND +e.station = ? AND e.kind IN ('enrolled', 'corrected') AND e.applied IS NOT NULL
       AND e.sequence <= (SELECT r.sequence FROM record r WHERE r.id = e.record)
       AND p.role = '${TEMPLATES_ROLE}' ORDER BY e.sequence`,
    record,
    now.station,
  )
  const numbers = versions.map(({ header }) => decodeHeader(header).recordVersion ?? null)
  const shown = new Set(jobs.map(({ version }) => version))
  // Whoever reserved the card said which version it shows: of none that is here, it may be any.
  const isKnown = [...shown].every(version => numbers.includes(version))
  const kept = new Map<string, Uint8Array>()
  for (const [i, { hash }] of versions.entries()) {
    const isNow = now.templates !== null && Buffer.compare(hash, now.templates) === 0
    if (!isNow && (!isKnown || shown.has(numbers[i]))) kept.set(Buffer.from(hash).toString('hex'), hash)
  }
  return [...kept.values()]
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

/** The record of which a person in the index is. */
export const recordOfId = (id: string) => id.split('/', 1)[0]
