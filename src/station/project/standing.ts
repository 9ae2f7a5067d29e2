/** Conditions that keep a record from a card, in SQL about a record `r`. */
import { FALLEN_STATES } from '../enrol/states.js'

const FALLEN_NAMES = FALLEN_STATES.map(name => `'${name}'`).join(', ')

/**
 * Holds for a record that is still that of a person: not withdrawn, and not one that the centre let fall. Those that
 * are not are passed over however many they are.
 */
export const STANDS = `(client_state <> 'withdrawn' AND coalesce(centre_state, '') NOT IN (${FALLEN_NAMES}))`

/**
 * Whether the record of a request for a card stands, in SQL; NULL where that record is not here. What
 * waits or is printed elsewhere for one that fell holds up nobody else of the NIK.
 */
export const requestStands = (request: string) => `(SELECT ${STANDS} FROM record WHERE id = ${request}.record)`

/** A case is open about the record, or it has still to be seen whether one is. */
export const IS_DOUBTED = `(EXISTS (SELECT 1 FROM identity_case i WHERE i.record = r.id AND i.closed_at IS NULL)
  OR EXISTS (SELECT 1 FROM case_review v WHERE v.record = r.id))`

/** The station whose file it is. */
export const SELF = `(SELECT value FROM meta WHERE name = 'station')`

/**
 * A row of `record_check` that is the result of a comparison. The others are words of a station
 * that cleared a record for a card which it had not compared: `awaited`, it will compare it;
 * `elsewhere`, it compares nothing, and leaves that to other stations; `waived`, a person said why a
 * card may follow all the same.
 */
export const isResult = (row: string) => `${row}.decision NOT IN ('awaited', 'elsewhere', 'waived')`

/** The row is about the fingers that the record has now. */
export const isOfNow = (row: string, record: string) =>
  `${row}.templates IS (SELECT g.templates FROM gallery_entry g WHERE g.record = ${record})`

/** Something was compared: the record has fingers, and they could be read. */
const isComparison = (row: string) => `${isResult(row)} AND ${row}.decision <> 'not-run'`

/** Result for the fingers that a record `record` has now, by a station to which it came. */
const isComparedAbove = (record: string) => `EXISTS (
  SELECT 1 FROM record_check c JOIN record own ON own.id = c.record
  WHERE c.record = ${record} AND c.word_of <> own.station AND ${isComparison('c')} AND ${isOfNow('c', record)}
)`

/** The same of one record. Parameter: the record. */
export const COMPARED_ABOVE = `SELECT 1 FROM record WHERE id = ? AND ${isComparedAbove('record.id')}`

/** Counts the records that are due, and that no station has compared to which they came. */
export const COUNT_DUE_UNCOMPARED = `SELECT count(*) AS n FROM check_due d WHERE NOT EXISTS (
  SELECT 1 FROM record_check c
  WHERE c.record = d.record AND c.word_of <> d.station AND ${isComparison('c')} AND ${isOfNow('c', 'd.record')})`

/**
 * Results that say something of a record's fingers as they are now, also of one that is out.
 * Parameter: the record.
 */
export const RESULTS_NOW = `SELECT c.word_of, c.decision, c.place FROM record_check c
  WHERE c.record = ? AND ${isResult('c')} AND (${isOfNow('c', 'c.record')}
    OR (EXISTS (SELECT 1 FROM gallery_entry g WHERE g.record = c.record AND g.templates IS NULL)
      AND c.templates IS (SELECT p.hash FROM record r JOIN entry_payload p
        ON p.station = r.station AND p.sequence = r.sequence AND p.role = 'templates' WHERE r.id = c.record)))
  ORDER BY c.place DESC`

/** A person has said why a card may follow although these fingers were not compared. */
export const IS_WAIVED = `EXISTS (
  SELECT 1 FROM record_check c WHERE c.record = r.id AND c.decision = 'waived' AND ${isOfNow('c', 'r.id')}
)`

const IS_REVOKED = 'IN (SELECT station FROM revoked)'

/**
 * Comparisons of a record that stations have still to make, for a card that was cleared or once more.
 * One that a revoked station owes is made by another that decides: nobody else could end the wait.
 */
export function awaitedOf(record: string): string {
  return `SELECT 1 FROM record_check c WHERE c.record = ${record} AND c.decision = 'awaited'
    AND NOT (c.word_of ${IS_REVOKED} AND EXISTS (
      SELECT 1 FROM record_check d JOIN record own ON own.id = d.record
      WHERE d.record = c.record AND d.word_of <> own.station AND NOT d.word_of ${IS_REVOKED}
        AND ${isComparison('d')} AND ${isOfNow('d', 'd.record')}))`
}

/**
 * A station above will compare the record, or compares it again, and has not done so. A person's word
 * that a card may follow uncompared takes the place of one before it: such a row is newer.
 */
const IS_AWAITED = `EXISTS (${awaitedOf('r.id')})`

/** This station is the one that compares it. */
const IS_AWAITED_HERE = `EXISTS (${awaitedOf('r.id')} AND c.word_of = ${SELF})`

/** Nothing that was compared, or not, keeps the record from a card. */
const IS_FREE = `(${IS_WAIVED} AND NOT ${IS_AWAITED})`

/** This station has compared the fingers that the record has now. */
export const IS_COMPARED_HERE = `EXISTS (
  SELECT 1 FROM record_check c
  WHERE c.record = r.id AND c.word_of = ${SELF} AND ${isComparison('c')} AND ${isOfNow('c', 'r.id')}
)`

/** A check found nothing to compare, and no other station has compared the record. */
const IS_INCOMPARABLE = `(EXISTS (
  SELECT 1 FROM record_check c WHERE c.record = r.id AND c.decision = 'not-run' AND ${isOfNow('c', 'r.id')}
) AND NOT ${isComparedAbove('r.id')})`

/**
 * This station has still to compare the record with all others: one that was not compared when it
 * was recorded, or comes from below. One that is compared once more was. For stations that compare.
 */
const IS_UNCHECKED_HERE = `(
  NOT ${IS_COMPARED_HERE} AND (r.station <> ${SELF} OR EXISTS (SELECT 1 FROM check_due d WHERE d.record = r.id))
)`

/** This station cleared the record when it was its own centre, and has others above it now. */
const IS_OF_ONCE_OWN_CENTRE = `(r.station = ${SELF}
  AND EXISTS (SELECT 1 FROM peer WHERE relation = 'upstream')
  AND EXISTS (SELECT 1 FROM journal j WHERE j.record = r.id AND j.kind = 'decision' AND j.station = r.station))`

/**
 * A station above has cleared or compared the record, and nobody has said that its fingers as they
 * are now were compared; or would have to, as the station's own word did when it was alone. A record
 * that an older program cleared, and that nobody compared, is none.
 */
const IS_UNCHECKED_ABOVE = `(
  ${IS_AWAITED}
  OR (${IS_OF_ONCE_OWN_CENTRE} AND NOT ${isComparedAbove('r.id')})
  OR (
    EXISTS (
      SELECT 1 FROM record_check c WHERE c.record = r.id AND (c.word_of <> r.station OR NOT ${isResult('c')})
    ) AND NOT ${isComparedAbove('r.id')}
  )
)`

/** What keeps a record from a letter. Parameter: 1 where this station compares records. */
export const IS_UNCHECKED_FOR_LETTER = `(${IS_AWAITED_HERE} OR (? AND ${IS_UNCHECKED_HERE} AND NOT ${IS_FREE}))`

/**
 * Why the comparison keeps a record from a card: there is `nothing` to compare, or it is not compared
 * `here` or `above`; NULL where it keeps none. Parameter: as above.
 */
export const UNCHECKED = `CASE WHEN ${IS_FREE} THEN NULL WHEN ${IS_INCOMPARABLE} THEN 'nothing'
  WHEN ? AND ${IS_UNCHECKED_HERE} THEN 'here' WHEN ${IS_UNCHECKED_ABOVE} THEN 'above' END`
