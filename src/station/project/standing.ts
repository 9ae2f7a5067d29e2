/** Conditions that keep a record from a card, in SQL about a record `r`. */

/** A case is open about the record. */
export const IS_DOUBTED = 'EXISTS (SELECT 1 FROM identity_case i WHERE i.record = r.id AND i.closed_at IS NULL)'

/** The station whose file it is. */
const SELF = `(SELECT value FROM meta WHERE name = 'station')`

/**
 * The record has still to be compared with all others, by a station that does so: one that was not
 * compared when it was recorded, or comes from below. One that is compared once more was.
 */
export const IS_UNCHECKED = `(
  NOT EXISTS (
    SELECT 1 FROM record_check c WHERE c.record = r.id AND c.word_of = ${SELF}
      AND c.templates IS (SELECT g.templates FROM gallery_entry g WHERE g.record = r.id)
  ) AND (r.station <> ${SELF} OR EXISTS (SELECT 1 FROM check_due d WHERE d.record = r.id))
)`
