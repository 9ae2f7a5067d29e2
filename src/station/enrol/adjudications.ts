/** Pairs of records that wait for somebody to look at them, and words that were said of them. */
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow, signedEntryOf } from '../journal/read.js'
import { mayServe, servingOf } from '../project/authority.js'
import { restsOnOther } from '../project/identity-cases.js'
import { SELF, STANDS } from '../project/standing.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import type { StationFile } from '../store/database.js'
import type { AdjudicationInput } from './adjudicate.js'
import { heldRecord } from './held.js'

export interface Adjudication extends AdjudicationInput {
  /** At which it was said. */
  readonly station: string
  /** ISO 8601. */
  readonly at: string
}

/** Something to be decided: no card follows from the records of a pair before that. */
export type AdjudicationCase =
  | {
      /**
       * Two records bear one NIK (`nik`), or have one person's fingers (`fingers`). Settled when one
       * is withdrawn or corrected, or the centre decides about it; fingers too when somebody at the
       * station that found them says that they are of different persons (`adjudicate`).
       */
      readonly kind: 'nik' | 'fingers'
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
       * A record that shows one finger under two positions. Settled when it is withdrawn, corrected to
       * other fingers or falls by a decision, or when somebody at the station that found it says that
       * they are different fingers: `adjudicate` with the record as its own candidate, and
       * `different-persons`.
       */
      readonly kind: 'own-fingers'
      readonly record: string
      readonly station: string
      readonly since: string
    }
  | {
      /**
       * A record that the pre-check of its station (`pre-check`), or the check here (`check`), found
       * somewhat like others: `recordOf` has the candidates, `adjudicate` says what was seen.
       */
      readonly kind: 'pre-check' | 'check'
      readonly record: string
      readonly station: string
      readonly since: string
    }

/**
 * All that waits for somebody's word; of a pair, once. The oldest first, and what the pre-checks of
 * kiosks say of their own records behind the rest.
 *
 * @throws SidikError STATION_CLOSED
 */
export function adjudications(station: Station): AdjudicationCase[]
/**
 * Words that were said of a record, the oldest first: by its own station, this one, and those
 * between them. Of each the newest {@link MOST_WORDS}.
 *
 * @throws SidikError RECORD_UNKNOWN, STATION_CORRUPT
 */
export function adjudications(station: Station, recordId: string): Adjudication[]
export function adjudications(station: Station, recordId?: string): AdjudicationCase[] | Adjudication[] {
  const parts = partsOf(station)
  return recordId === undefined ? openCases(parts) : saidOf(parts, recordId)
}

function openCases({ file, identity }: StationParts): AdjudicationCase[] {
  const pairs = file.all<Extract<AdjudicationCase, { other: string }>>(
    `SELECT i.kind, min(i.record, i.other) AS record, max(i.record, i.other) AS other, min(i.opened_at) AS since,
       CASE WHEN i.record < i.other THEN r.station ELSE i.other_station END AS station,
       CASE WHEN i.record < i.other THEN i.other_station ELSE r.station END AS otherStation
     FROM identity_case i JOIN record r ON r.id = i.record
     WHERE i.closed_at IS NULL AND i.other <> i.record GROUP BY 1, 2, 3`,
  )
  const alike = file.all<FoundAlone>(OWN_ALIKE)
  return [...pairs, ...toLookAt(file, identity.id), ...alike].sort((a, b) => (inList(a) < inList(b) ? -1 : 1))
}

/** A kiosk's word on its own records stands behind the rest: it chooses how much that is, and the times. */
function inList({ kind, since, record }: AdjudicationCase): string {
  return `${kind === 'pre-check' ? 1 : 0} ${since} ${record}`
}

/** Words that stand, of the journal; which record's follows. */
const FROM_SAID = `FROM journal INDEXED BY journal_adjudicated
  WHERE kind = 'adjudicated' AND body IS NOT NULL AND applied IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM revoked WHERE station = journal.station AND from_sequence <= journal.sequence)
  AND record = `

/**
 * Nobody whose word counts has said anything of a record `r` since a place in the journal: what was said
 * before was of another result, or of other fingers.
 *
 * @param said stations whose word counts, in SQL
 */
const isOpenSince = (place: string, said: string) => `${STANDS}
  AND NOT EXISTS (SELECT 1 ${FROM_SAID} r.id AND journal.applied > ${place} AND journal.station IN (${said}))`

/** Place of the newest version of a record `r`. */
const RECORDED = '(SELECT j.applied FROM journal j WHERE j.station = r.station AND j.sequence = r.sequence)'

/** A record is in a pair, or was in one of this station's that ended since its check: it is compared again. */
const isInPair = (record: string, since: string) => `(EXISTS (
  SELECT 1 FROM identity_case i WHERE i.record = ${record} AND i.kind = 'fingers'
    AND (i.closed_at IS NULL OR (i.word_of = ${SELF} AND i.closed_at >= ${since})))
  OR EXISTS (SELECT 1 FROM identity_case i WHERE i.other = ${record} AND i.kind = 'fingers' AND i.closed_at IS NULL))`

/** Pairs of a record of which a person has said what they are. */
const settledPairs = (record: string) => `FROM identity_case i
  WHERE i.record = ${record} AND i.kind = 'fingers' AND i.closing IN ('different-persons', 'decided')`

/**
 * Records that somebody has to look at, which the check here found if it did: its results wait for a
 * word of this station, those of a pre-check also for one of the record's own. Parameters: this
 * station, four times.
 */
const TO_LOOK_AT = `SELECT found.*, EXISTS (SELECT 1 ${settledPairs('found.record')}) AS wasInPair FROM (
  SELECT 'check' AS kind, r.id AS record, r.station, c.at AS since
    FROM record_check c JOIN record r ON r.id = c.record
    WHERE c.decision IN ('review', 'duplicate') AND c.word_of = ? AND ${isOpenSince('c.place', '?')}
      AND NOT ${isInPair('r.id', 'c.at')}
  UNION ALL SELECT 'pre-check', r.id, r.station, r.recorded_at FROM record r
    WHERE r.pre_check IN ('review', 'duplicate') AND ${isOpenSince(RECORDED, servingOf('r.station'))}
      AND NOT ${isInPair('r.id', 'r.recorded_at')} AND NOT EXISTS (
      SELECT 1 FROM record_check c WHERE c.record = r.id AND c.word_of = ? AND c.decision IN ('review', 'duplicate'))
) found`

type FoundAlone = Exclude<AdjudicationCase, { other: string }>

/**
 * Those of {@link TO_LOOK_AT} but for who was in a pair of the fingers that they have now. The other
 * one's check finds them, if it has others.
 */
function toLookAt(file: StationFile, self: string): FoundAlone[] {
  const rows = file.all<FoundAlone & { readonly wasInPair: 0 | 1 }>(TO_LOOK_AT, self, self, self, self)
  return rows
    .filter(({ record, wasInPair }) => {
      if (wasInPair === 0) return true
      const pairs = file.all<{ basis: string | null }>(`SELECT basis ${settledPairs('?')}`, record)
      return pairs.every(({ basis }) => basis !== null && restsOnOther(file, record, basis))
    })
    .map(({ wasInPair, ...found }) => found)
}

/** Cases of records that are set against themselves. */
const OWN_ALIKE = `SELECT 'own-fingers' AS kind, r.id AS record, r.station, min(i.opened_at) AS since FROM identity_case i
  JOIN record r ON r.id = i.record WHERE i.closed_at IS NULL AND i.other = i.record GROUP BY r.id`

/** How many there are. */
export function countAdjudications({ file, identity }: StationParts): number {
  const { n } = file.get<{ n: number }>(
    `SELECT count(*) AS n FROM (
       SELECT DISTINCT kind, min(record, other), max(record, other) FROM identity_case WHERE closed_at IS NULL)`,
  )!
  return n + toLookAt(file, identity.id).length
}

/** Most words of one station about a record: the newest. Another's are not crowded out. */
export const MOST_WORDS = 64

function saidOf(parts: StationParts, recordId: string): Adjudication[] {
  const { file, keys, identity } = parts
  const { station: of } = heldRecord(parts, recordId)
  const newest = `SELECT ${ENTRY_COLUMNS} ${FROM_SAID} ? AND station = ? ORDER BY applied DESC LIMIT ${MOST_WORDS}`
  return file
    .all<{ station: string }>(`SELECT DISTINCT station ${FROM_SAID} ?`, recordId)
    .filter(({ station }) => mayServe({ file, self: identity.id }, station, of))
    .flatMap(({ station }) => file.all<EntryRow>(newest, recordId, station))
    .sort((a, b) => a.applied! - b.applied!)
    .map(row => {
      const { candidate, verdict, operator, reason } = bodyOf(file, keys, row) as BodyOf<'adjudicated'>
      return { candidate, verdict, operator, reason, station: row.station, at: signedEntryOf(row).header.at }
    })
}
