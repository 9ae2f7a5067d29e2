/** Tables that bound what a peer can do: part of version 6 of a station's file. */
export const BOUNDS_TABLES = `
  -- Payloads that a peer below has sent itself, whole and with their hash. An entry from below takes
  -- effect only with payloads that its peer has provided: to name a hash is not to have the bytes.
  CREATE TABLE provided (peer TEXT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (peer, hash)) STRICT, WITHOUT ROWID;
  INSERT INTO provided (peer, hash)
    SELECT DISTINCT below.via, p.hash FROM (
      SELECT id AS station, id AS via FROM peer WHERE relation = 'downstream'
      UNION ALL
      SELECT station, via FROM vouched WHERE relation = 'downstream' AND station NOT IN (SELECT id FROM peer)
    ) below
    JOIN journal j ON j.station = below.station AND j.applied IS NOT NULL AND j.body IS NOT NULL
    JOIN entry_payload p ON p.station = j.station AND p.sequence = j.sequence
    WHERE EXISTS (SELECT 1 FROM payload WHERE hash = p.hash);

  -- Parts of payloads, peer by peer: what one sends never mixes with what another does. Those that
  -- were here are asked for again.
  DROP TABLE partial_chunk;
  DROP TABLE partial;
  CREATE TABLE partial (
    peer TEXT NOT NULL,
    hash BLOB NOT NULL,
    received INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    PRIMARY KEY (peer, hash)
  ) STRICT;
  CREATE TABLE partial_chunk (
    peer TEXT NOT NULL,
    hash BLOB NOT NULL,
    start INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (peer, hash, start)
  ) STRICT;

  -- Entries to be looked at again, as what they waited for has come; code: why their contents will
  -- not come. A message is taken in slices, and what a slice leaves is here for the next.
  CREATE TABLE settling (
    station TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    code TEXT,
    PRIMARY KEY (station, sequence)
  ) STRICT, WITHOUT ROWID;

  -- The next that waits for an entry, without a walk through all of its record or of its journal.
  CREATE INDEX journal_held_record ON journal (station, record, sequence) WHERE applied IS NULL AND record IS NOT NULL;
  CREATE INDEX journal_held_kind ON journal (station, kind, sequence) WHERE applied IS NULL;

  -- ready: there is an answer, a receipt or a refusal.
  ALTER TABLE due ADD COLUMN ready INTEGER NOT NULL DEFAULT 1;
  CREATE INDEX due_entry ON due (station, sequence);
  CREATE INDEX due_ready ON due (peer, station, sequence) WHERE ready = 1;

  -- Its hash is that of the entry.
  ALTER TABLE heard DROP COLUMN hash;

  -- sent: the last entry that went to the peer, whether it came there or not.
  ALTER TABLE acknowledged ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;
  UPDATE acknowledged SET sent = through;

  -- What a peer below has taken of its quotas on a day (UTC, by this station's clock).
  CREATE TABLE peer_use (
    peer TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    anomalies INTEGER NOT NULL,
    processor_ms REAL NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Quotas that a person has raised.
  CREATE TABLE peer_quota (
    peer TEXT NOT NULL,
    quota TEXT NOT NULL,
    amount INTEGER NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (peer, quota)
  ) STRICT, WITHOUT ROWID;
`
