/**
 * Which records have still to be compared with all others, and what came of it: part of version 7
 * of a station's file.
 */
export const CHECK_TABLES = `
  -- Records that this station has still to compare with all others, and whose they are. since: place
  -- of the entry by which that became due.
  CREATE TABLE check_due (
    record TEXT PRIMARY KEY,
    station TEXT NOT NULL,
    since INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX check_due_order ON check_due (station, since, record);

  -- The newest comparison of a record by each station. templates: the hash of those that were
  -- compared; place: of the entry in the order in which entries took effect here.
  CREATE TABLE record_check (
    record TEXT NOT NULL,
    word_of TEXT NOT NULL,
    templates BLOB,
    decision TEXT NOT NULL,
    persons INTEGER NOT NULL,
    at TEXT NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (record, word_of)
  ) STRICT, WITHOUT ROWID;

  -- The templates of both records of a case of fingers, when it was opened.
  ALTER TABLE identity_case ADD COLUMN basis TEXT;
  CREATE INDEX identity_case_other ON identity_case (other) WHERE closed_at IS NULL;

  INSERT INTO check_due
    SELECT r.id, r.station, j.applied FROM record r JOIN journal j ON j.station = r.station AND j.sequence = r.sequence
    WHERE r.client_state <> 'withdrawn' AND j.applied IS NOT NULL
      AND r.station <> (SELECT value FROM meta WHERE name = 'station')
      AND NOT EXISTS (SELECT 1 FROM gallery_entry g WHERE g.record = r.id AND g.templates IS NULL);
`

/** Part of version 12; what older files know of it follows from their journals (PROJECTIONS in refold.ts). */
export const TO_LOOK_AT = `
  -- Candidates of a search of whom somebody has to say whether they are the record's person. search: 'check', of
  -- this station, or 'pre-check', of the record's own; other: the record itself for those that are not named.
  CREATE TABLE to_look_at (
    record TEXT NOT NULL,
    search TEXT NOT NULL,
    other TEXT NOT NULL,
    PRIMARY KEY (record, search, other)
  ) STRICT, WITHOUT ROWID;
`

/** Version 13; what older files know of it follows from their journals as well. */
export const RECHECKS = `
  -- asked: place of the newest entry by which a person had the record compared once more; NULL without one.
  ALTER TABLE check_due ADD COLUMN asked INTEGER;

  -- The newest entry of a recheck of which others have still to follow: its place.
  CREATE TABLE recheck_rest (asked INTEGER PRIMARY KEY) STRICT;

  -- Another to_look_at, whose rows are found by station: one may name more than can be listed. station: the
  -- record's.
  DROP TABLE to_look_at;
  CREATE TABLE to_look_at (
    record TEXT NOT NULL,
    search TEXT NOT NULL,
    other TEXT NOT NULL,
    station TEXT NOT NULL,
    PRIMARY KEY (record, search, other)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX to_look_at_station ON to_look_at (search, station, record);
`
