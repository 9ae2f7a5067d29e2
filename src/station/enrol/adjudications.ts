/** Pairs of records that wait for somebody to look at them, and words that were said of them. */
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow, signedEntryOf } from '../journal/read.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import type { AdjudicationInput } from './adjudicate.js'
import { heldRecord } from './held.js'

export interface Adjudication extends AdjudicationInput {
  /** At which it was said. */
  readonly station: string
  /** ISO 8601. */
  readonly at: string
}

/** Something to be decided: no card follows from a record of a `nik` case before that. */
export type AdjudicationCase =
  | {
      /** Two records bear one NIK. Settled when one is withdrawn, its NIK corrected, or the centre decides about it. */
      readonly kind: 'nik'
      readonly record: string
      /** Station that recorded it. */
      readonly station: string
      readonly other: string
      readonly otherStation: string
      /** Time at which the first station that found it said so: ISO 8601. */
      readonly since: string
    }
  | {
      /**
       * A record that the pre-check of its station found like others: `recordOf` has the
       * candidates, `adjudicate` says what was seen.
       */
      readonly kind: 'pre-check'
      readonly record: string
      readonly station: string
      readonly since: string
    }

/**
 * All that waits for somebody's word, the oldest first; of a pair, once.
 *
 * @throws SidikError STATION_CLOSED
 */
export function adjudications(station: Station): AdjudicationCase[]
/**
 * Words that were said of a record, the oldest first, at whichever station.
 *
 * @throws SidikError RECORD_UNKNOWN, STATION_CORRUPT
 */
export function adjudications(station: Station, recordId: string): Adjudication[]
export function adjudications(station: Station, recordId?: string): AdjudicationCase[] | Adjudication[] {
  const parts = partsOf(station)
  return recordId === undefined ? openCases(parts) : saidOf(parts, recordId)
}

function openCases({ file }: StationParts): AdjudicationCase[] {
  const pairs = file.all<Extract<AdjudicationCase, { kind: 'nik' }>>(
    `SELECT 'nik' AS kind, min(i.record, i.other) AS record, max(i.record, i.other) AS other, min(i.opened_at) AS since,
       CASE WHEN i.record < i.other THEN r.station ELSE i.other_station END AS station,
       CASE WHEN i.record < i.other THEN i.other_station ELSE r.station END AS otherStation
     FROM identity_case i JOIN record r ON r.id = i.record WHERE i.closed_at IS NULL GROUP BY 2, 3`,
  )
  const found = file.all<Extract<AdjudicationCase, { kind: 'pre-check' }>>(
    `SELECT 'pre-check' AS kind, id AS record, station, recorded_at AS since FROM record WHERE ${IS_TO_LOOK_AT}`,
  )
  const key = ({ since, record }: AdjudicationCase) => `${since} ${record}`
  return [...pairs, ...found].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** Records that their pre-check found like others, and of which nobody has said anything. */
const IS_TO_LOOK_AT = `pre_check IN ('review', 'duplicate') AND client_state <> 'withdrawn'
  AND NOT EXISTS (SELECT 1 FROM journal WHERE journal.record = record.id AND journal.kind = 'adjudicated')`

/** How many there are. */
export function countAdjudications({ file }: StationParts): number {
  return file.get<{ n: number }>(
    `SELECT (SELECT count(*) FROM (
       SELECT DISTINCT min(record, other), max(record, other) FROM identity_case WHERE closed_at IS NULL
     )) + (SELECT count(*) FROM record WHERE ${IS_TO_LOOK_AT}) AS n`,
  )!.n
}

function saidOf(parts: StationParts, recordId: string): Adjudication[] {
  const { file, keys } = parts
  heldRecord(parts, recordId)
  const sql = `SELECT ${ENTRY_COLUMNS} FROM journal
    WHERE record = ? AND kind = 'adjudicated' AND body IS NOT NULL AND applied IS NOT NULL ORDER BY applied`
  return file.all<EntryRow>(sql, recordId).map(row => {
    const { candidate, verdict, operator, reason } = bodyOf(file, keys, row) as BodyOf<'adjudicated'>
    return { candidate, verdict, operator, reason, station: row.station, at: signedEntryOf(row).header.at }
  })
}
