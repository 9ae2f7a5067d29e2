/** Pairs of records that wait for somebody to look at them, and words that were said of them. */
import { MOST_CANDIDATES } from '../check/pre-check.js'
import type { BodyOf } from '../journal/kinds.js'
import { bodyOf, ENTRY_COLUMNS, type EntryRow, signedEntryOf } from '../journal/read.js'
import { mayServe } from '../project/authority.js'
import { restsOnOther } from '../project/identity-cases.js'
import { isOfNow, SELF, STANDS } from '../project/standing.js'
import type { Search } from '../project/to-look-at.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import type { StationFile } from '../store/database.js'
import { eachValue } from '../store/each-value.js'
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
       * somewhat like others: `recordOf` has the candidates, `adjudicate` says what was seen. Of another
       * station, 100 records at most are listed for its own pre-checks.
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
 * A case `i` is of the fingers of a record `f.record` and a candidate `f.other`, on either side; where a search named
 * nobody, of whomever: who looks at that looks at the record.
 */
const IS_OF_PAIR = `i.kind = 'fingers' AND (
  (i.record = f.record AND f.other IN (i.other, f.record)) OR (i.other = f.record AND f.other IN (i.record, f.record)))`

/** A case of fingers that one record shows twice: what they are like is compared again when it ends. */
const IS_OWN = '(i.record = f.record AND i.other = f.record)'

/** A case of which this station found that it is none any more: the record is compared again, in place of what was. */
const IS_PAST = `${IS_OF_PAIR} AND i.word_of = ${SELF} AND i.closing IN ('withdrawn', 'corrected')
  AND EXISTS (SELECT 1 FROM check_due d WHERE d.record = f.record)`

/** One of which a person has said what the two are. */
const IS_SETTLED = `${IS_OF_PAIR} AND i.closing IN ('different-persons', 'decided')`

/**
 * Records with candidates that nobody has looked at, of some rows. One with which the record is a pair needs
 * nobody: the pair is listed. What this station found comes before a pre-check of the same fingers. Parameter: this
 * station, after those of the rows.
 */
const lookedFor = (rows: string) => `SELECT f.search AS kind, f.record, f.other, r.station,
    CASE f.search WHEN 'check' THEN c.at ELSE r.recorded_at END AS since,
    EXISTS (SELECT 1 FROM identity_case i WHERE ${IS_SETTLED}) AS isSettled
  FROM (${rows}) f JOIN record r ON r.id = f.record LEFT JOIN record_check c ON c.record = f.record AND c.word_of = ?
  WHERE ${STANDS}
    AND NOT EXISTS (SELECT 1 FROM identity_case i WHERE (${IS_OF_PAIR} OR ${IS_OWN}) AND i.closed_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM identity_case i WHERE ${IS_PAST})
    AND CASE WHEN coalesce(c.decision, '') NOT IN ('review', 'duplicate') THEN f.search = 'pre-check'
      ELSE f.search = 'check' OR NOT ${isOfNow('c', 'f.record')} END`

/** Found by the searches of this station. */
const FOUND_HERE = lookedFor(`SELECT * FROM to_look_at WHERE search = 'check'
  UNION ALL SELECT * FROM to_look_at WHERE search = 'pre-check' AND station = ${SELF}`)

/**
 * Most records of another station that are listed for its own pre-checks, of which it chooses how many there are. Those
 * behind follow when somebody has looked at these.
 */
const MOST_PRE_CHECKS = 100

/** Most rows of it that are read for these: of some nobody has to say anything any more. */
const MOST_ROWS = 10_000

const FOUND_THERE = `${lookedFor(`SELECT * FROM to_look_at WHERE search = 'pre-check' AND station = ?
  ORDER BY record LIMIT ${MOST_ROWS}`)} LIMIT ${MOST_PRE_CHECKS * (MOST_CANDIDATES + 1)}`

/** Other stations with pre-checks to look at. */
const STATIONS = `SELECT station FROM (${eachValue('station', "to_look_at WHERE search = 'pre-check'")})
  WHERE station <> ${SELF}`

type FoundAlone = Exclude<AdjudicationCase, { other: string }>

interface FoundCandidate {
  readonly kind: Search
  readonly record: string
  readonly other: string
  readonly station: string
  readonly since: string
  readonly isSettled: 0 | 1
}

/** Records that somebody has to look at, each once a search. */
function toLookAt(file: StationFile, self: string): FoundAlone[] {
  const there = file
    .all<{ station: string }>(STATIONS)
    .flatMap(({ station }) =>
      onceEach(file, file.all<FoundCandidate>(FOUND_THERE, station, self)).slice(0, MOST_PRE_CHECKS),
    )
  return [...onceEach(file, file.all<FoundCandidate>(FOUND_HERE, self)), ...there]
}

/** But for who has the fingers of which a person has said what they are. */
function onceEach(file: StationFile, candidates: readonly FoundCandidate[]): FoundAlone[] {
  const found = new Map<string, FoundAlone>()
  for (const { other, isSettled, ...row } of candidates) {
    const place = `${row.kind} ${row.record}`
    if (!found.has(place) && (isSettled === 0 || hasOtherFingers(file, row.record, other))) found.set(place, row)
  }
  return [...found.values()]
}

/** Whether a record has other fingers than in each settled case with a candidate. The candidate sees to its own. */
function hasOtherFingers(file: StationFile, record: string, other: string): boolean {
  const sql = `SELECT i.record AS side, i.basis
    FROM (SELECT ? AS record, ? AS other) f, identity_case i WHERE ${IS_SETTLED}`
  return file.all<{ side: string; basis: string | null }>(sql, record, other).every(({ side, basis }) => {
    const before = basis?.split(' ')[side === record ? 0 : 1]
    return basis !== null && restsOnOther(file, record, before)
  })
}

/** Cases of records that are set against themselves. */
const OWN_ALIKE = `SELECT 'own-fingers' AS kind, r.id AS record, r.station, min(i.opened_at) AS since
  FROM identity_case i JOIN record r ON r.id = i.record WHERE i.closed_at IS NULL AND i.other = i.record GROUP BY r.id`

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
