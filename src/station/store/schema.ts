/**
 * The tables of a station's file, version by version. A version that was released is never edited: a change is another one after it.
 *
 * `journal` is what happened, everything else is either made from it by the projections (project/), or is progress that may be lost
 * without harm, or is sealed.
 */

import { BOUNDS_TABLES } from './schema-bounds.js'
import { CASE_TABLES, CASES_AGAINST } from './schema-cases.js'
import { CHECK_TABLES, RECHECKS, TO_LOOK_AT } from './schema-check.js'
import { GUARD_TABLES } from './schema-guard.js'
import { CARDS_OF_NIK, PASSED_CARDS, PRINT_TABLES, STOCK_TABLES } from './schema-printing.js'

/** 'SDKS', at byte 68 of the file (PRAGMA application_id). */
export const APPLICATION_ID = 0x53444b53

const VERSION_1 = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  -- Data keys, each sealed under the host's key; purpose 'content' (the newest is in use) or 'tags' (keyed hashes, never renewed).
  CREATE TABLE data_key (
    number INTEGER PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('content', 'tags')),
    sealed BLOB NOT NULL
  ) STRICT;

  -- Entries of this station and of those it synchronises with. kind, direction and record repeat the header for the indexes.
  CREATE TABLE journal (
    station TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    -- Place in the order in which entries took effect here, from 1; NULL: held until those before it have come, or its payloads.
    applied INTEGER UNIQUE,
    kind TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('up', 'down', 'local')),
    record TEXT,
    header BLOB NOT NULL,
    hash BLOB NOT NULL,
    signature BLOB NOT NULL,
    -- Sealed; NULL where only the header came.
    body BLOB,
    PRIMARY KEY (station, sequence)
  ) STRICT;
  CREATE INDEX journal_record ON journal (record) WHERE record IS NOT NULL;
  CREATE INDEX journal_noted ON journal (kind, applied) WHERE kind IN ('anomaly', 'override', 'rekeyed');
  CREATE INDEX journal_adjudicated ON journal (record) WHERE kind = 'adjudicated';
  CREATE INDEX journal_routed ON journal (station, direction, sequence) WHERE direction <> 'local';

  -- The payloads that entries name.
  CREATE TABLE entry_payload (
    station TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    place INTEGER NOT NULL,
    role TEXT NOT NULL,
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (station, sequence, place),
    FOREIGN KEY (station, sequence) REFERENCES journal (station, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX entry_payload_hash ON entry_payload (hash);

  -- Payloads by the SHA-256 of what is sealed.
  CREATE TABLE payload (hash BLOB PRIMARY KEY, size INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;

  CREATE TABLE record (
    id TEXT PRIMARY KEY,
    station TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- Of the newest entry of its station about it.
    sequence INTEGER NOT NULL,
    -- Keyed hash of the NIK; NULL where the body is not here.
    nik_tag BLOB,
    client_state TEXT NOT NULL CHECK (client_state IN ('recorded', 'corrected', 'withdrawn')),
    transport_state TEXT NOT NULL CHECK (transport_state IN ('waiting', 'synchronised', 'refused')),
    centre_state TEXT,
    pre_check TEXT,
    -- Of the newest version's payloads.
    payload_bytes INTEGER NOT NULL,
    recorded_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX record_nik ON record (nik_tag) WHERE nik_tag IS NOT NULL;
  CREATE INDEX record_transport ON record (transport_state, recorded_at, payload_bytes);
  CREATE INDEX record_review ON record (id) WHERE pre_check IN ('review', 'duplicate');
  CREATE INDEX record_entry ON record (station, sequence);

  -- Whose templates the duplicate check knows; changed is the applied number of the entry that last changed the row.
  CREATE TABLE gallery_entry (
    record TEXT PRIMARY KEY,
    station TEXT NOT NULL,
    templates BLOB,
    changed INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX gallery_entry_changed ON gallery_entry (changed);

  CREATE TABLE peer (
    id TEXT PRIMARY KEY,
    relation TEXT NOT NULL CHECK (relation IN ('upstream', 'downstream')),
    verify_key TEXT NOT NULL,
    seal_to TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX peer_upstream ON peer (relation) WHERE relation = 'upstream';

  -- Peers' signed receipts of entries.
  CREATE TABLE receipt (
    station TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    peer TEXT NOT NULL,
    hash BLOB NOT NULL,
    received_at TEXT NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (station, sequence, peer)
  ) STRICT, WITHOUT ROWID;

  -- Entries that a peer will not take: for a person to look at.
  CREATE TABLE refusal (
    station TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    peer TEXT NOT NULL,
    code TEXT NOT NULL,
    refused_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'retried', 'dismissed')),
    PRIMARY KEY (station, sequence, peer)
  ) STRICT, WITHOUT ROWID;

  -- Enrolments that are not finished.
  CREATE TABLE draft (id TEXT PRIMARY KEY, started_at TEXT NOT NULL, changed_at TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;
`

/** What synchronisation adds. */
const VERSION_2 = `
  -- Keys of stations that a trusted one vouches for; by whom, and by way of which peer. relation: where the station lies from here.
  CREATE TABLE vouched (
    station TEXT PRIMARY KEY,
    verify_key TEXT NOT NULL,
    seal_to TEXT NOT NULL,
    voucher TEXT NOT NULL,
    via TEXT NOT NULL,
    relation TEXT NOT NULL CHECK (relation IN ('upstream', 'downstream'))
  ) STRICT;
  CREATE INDEX vouched_via ON vouched (via);

  -- 0: the peer has since lost what it gave this receipt for.
  ALTER TABLE receipt ADD COLUMN stands INTEGER NOT NULL DEFAULT 1;

  CREATE INDEX journal_held ON journal (station, sequence) WHERE applied IS NULL;

  -- From here on: progress. Without it the peers say again what they hold, and nothing is lost.

  -- Other stations' journals: up to which entry they are here without a gap, and its hash.
  CREATE TABLE heard (station TEXT PRIMARY KEY, through INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;

  -- The last entry of a journal that a peer has said to hold; settled: up to there it has given receipts or refusals.
  CREATE TABLE acknowledged (
    peer TEXT NOT NULL,
    station TEXT NOT NULL,
    through INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    PRIMARY KEY (peer, station)
  ) STRICT, WITHOUT ROWID;

  -- Entries that a peer waits for a receipt or a refusal of.
  CREATE TABLE due (
    peer TEXT NOT NULL,
    station TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (peer, station, sequence, hash)
  ) STRICT, WITHOUT ROWID;

  -- Entries to be sent once more though acknowledged; nonce: of the message that they went with.
  CREATE TABLE again (
    peer TEXT NOT NULL,
    station TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    nonce TEXT,
    PRIMARY KEY (peer, station, sequence)
  ) STRICT, WITHOUT ROWID;

  -- Entries whose contents this station does not take, and why.
  CREATE TABLE declined (
    station TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (station, sequence, hash)
  ) STRICT, WITHOUT ROWID;

  -- Payloads of which a part is here.
  CREATE TABLE partial (hash BLOB PRIMARY KEY, received INTEGER NOT NULL, failures INTEGER NOT NULL) STRICT;
  CREATE TABLE partial_chunk (
    hash BLOB NOT NULL,
    start INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (hash, start)
  ) STRICT;

  -- The line to each peer: the last message sent and taken, its rests, the size of messages that it bears.
  CREATE TABLE line (
    peer TEXT PRIMARY KEY,
    sent_nonce TEXT,
    taken_nonce TEXT,
    taken_at TEXT,
    state TEXT,
    message_bytes INTEGER
  ) STRICT;

  -- Anomalies that are noted already, so that a fault that repeats does not fill the journal.
  CREATE TABLE noted (about TEXT PRIMARY KEY) STRICT;
`

/** What removable media add. */
const VERSION_3 = `
  -- Bundles that were written for peers ('out') and those of peers that were taken ('in'); journals: what went, as in the entry's body.
  CREATE TABLE bundle (
    way TEXT NOT NULL CHECK (way IN ('out', 'in')),
    id TEXT NOT NULL,
    peer TEXT NOT NULL,
    at TEXT NOT NULL,
    entries INTEGER NOT NULL,
    bytes INTEGER,
    journals TEXT,
    PRIMARY KEY (way, id)
  ) STRICT, WITHOUT ROWID;

  -- Progress: payloads that the bundle of a peer that was taken last asked for.
  CREATE TABLE wanted (peer TEXT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (peer, hash)) STRICT, WITHOUT ROWID;
`

/** What printing adds: the books of stock, cards and letters. */
const VERSION_4 = STOCK_TABLES + PRINT_TABLES

/**
 * Keeps the jobs of the cards that a replacement replaces, and of those that a letter may be valid
 * beside (JSON; NULL where the entry does not say, and in letters that were revoked by hand). An
 * older program ignored both in entries of newer stations: then the tables are made again
 * (refold.ts).
 */
const VERSION_5 = `
  ALTER TABLE card_request ADD COLUMN replaces TEXT;
  ALTER TABLE letter ADD COLUMN beside TEXT;
  INSERT INTO meta (name, value)
    SELECT 'refold', 'cards named' WHERE EXISTS (SELECT 1 FROM letter)
      OR EXISTS (SELECT 1 FROM card_request WHERE purpose = 'replacement');
`

/**
 * Adds who may vouch for others, and who was revoked from which entry on. The tables are made again
 * where others vouched: versions before let a later word change a key (refold.ts).
 */
const TRUST = `
  -- NULL: may vouch here alone.
  ALTER TABLE peer ADD COLUMN vouches INTEGER CHECK (vouches IN (0, 1));
  ALTER TABLE vouched ADD COLUMN vouches INTEGER NOT NULL DEFAULT 0;
  -- There is one upstream that was not revoked, which SQL cannot say.
  DROP INDEX peer_upstream;
  -- word_of: the station that said so; verify_key: by which the station was known then.
  CREATE TABLE revoked (
    station TEXT PRIMARY KEY,
    from_sequence INTEGER NOT NULL CHECK (from_sequence > 0),
    word_of TEXT NOT NULL,
    verify_key TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX journal_trust ON journal (applied) WHERE kind IN ('peer', 'station-trusted', 'revoked');
  INSERT OR REPLACE INTO meta (name, value) SELECT 'refold', 'vouched' WHERE EXISTS (SELECT 1 FROM vouched);
`

const VERSION_7 = CHECK_TABLES + PASSED_CARDS

/**
 * Changes no table: in a file of this version they follow from the journal by newer rules, as that a
 * correction takes a clearance back (PROJECTIONS in refold.ts).
 */
const VERSION_8 = '-- No table is another.'

/** Changes no table either: the sum over the journal covers more columns (guard/journal-sum.ts). */
const VERSION_10 = '-- No table is another.'

const VERSION_6 = TRUST + BOUNDS_TABLES + GUARD_TABLES + CASE_TABLES

/** From each version to the next; the number of entries is the version of a file that is up to date (PRAGMA user_version). */
export const MIGRATIONS: readonly string[] = [
  VERSION_1,
  VERSION_2,
  VERSION_3,
  VERSION_4,
  VERSION_5,
  VERSION_6,
  VERSION_7,
  VERSION_8,
  CASES_AGAINST,
  VERSION_10,
  CARDS_OF_NIK,
  TO_LOOK_AT,
  RECHECKS,
]
