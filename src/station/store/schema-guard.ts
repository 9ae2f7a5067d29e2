/**
 * Tables and columns of version 6 that reveal a change of the file by somebody without its key
 * (guard/).
 */
export const GUARD_TABLES = `
  -- MAC of an entry as it lies here (journal/entry-mac.ts); NULL where an older version took it and its signature
  -- proves nothing.
  ALTER TABLE journal ADD COLUMN mac BLOB;

  -- MACs of the rows about each record, and of which cards and letters belong to each NIK, in buckets (guard/tree.ts).
  CREATE TABLE guard (
    bucket INTEGER NOT NULL,
    name TEXT NOT NULL,
    mac BLOB NOT NULL,
    PRIMARY KEY (bucket, name)
  ) STRICT, WITHOUT ROWID;

  -- The tree above the buckets: branches are 0 to 63, the bucket b is 64 + b.
  CREATE TABLE guard_node (number INTEGER PRIMARY KEY, mac BLOB NOT NULL) STRICT;

  -- Its root, with all that is believed without looking at a record. entries: rows of the journal.
  CREATE TABLE guard_head (one INTEGER PRIMARY KEY CHECK (one = 1), journal BLOB NOT NULL, mac BLOB NOT NULL) STRICT;
`
