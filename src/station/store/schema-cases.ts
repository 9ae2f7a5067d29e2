/** Records of which two may be one person's, and who decides: part of version 6 of a station's file. */
export const CASE_TABLES = `
  -- record: gets no card while the case is open. kind: 'nik', both bear one NIK. word_of: the station
  -- that said so. closed_at: NULL until that station says that it is settled.
  CREATE TABLE identity_case (
    record TEXT NOT NULL,
    other TEXT NOT NULL,
    kind TEXT NOT NULL,
    word_of TEXT NOT NULL,
    other_station TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    closing TEXT,
    PRIMARY KEY (record, other, kind, word_of)
  ) STRICT;
  CREATE INDEX identity_case_open ON identity_case (record) WHERE closed_at IS NULL;

  -- Records that have still to be reviewed: those of one NIK that were here before.
  CREATE TABLE case_review (record TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  INSERT INTO case_review SELECT id FROM record WHERE nik_tag IN (
    SELECT nik_tag FROM record WHERE nik_tag IS NOT NULL GROUP BY nik_tag HAVING count(*) > 1);

  -- A row: the station decides about its own records while it has none above.
  CREATE TABLE own_centre (one INTEGER PRIMARY KEY CHECK (one = 1), since TEXT NOT NULL) STRICT;
`

/** Thousands of records can be set against one, or bear one NIK: part of version 9. */
export const CASES_AGAINST = `
  CREATE INDEX identity_case_against ON identity_case (other);
  DROP INDEX record_nik;
  CREATE INDEX record_nik ON record (nik_tag, id) WHERE nik_tag IS NOT NULL;
`
