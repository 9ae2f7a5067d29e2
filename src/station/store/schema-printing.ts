/** The tables of version 4: what lies where, who waits for a card, what was printed. All of them are made from the journal by the projections. */

export const STOCK_TABLES = `
  -- What a lot is, as the first entry said whose word counts: of this station, of those above, or of one
  -- below for its own books (id: the lot and that station). What it left open, as a later one said. rules: JSON.
  CREATE TABLE lot (
    id TEXT PRIMARY KEY,
    item TEXT NOT NULL,
    yield_cards INTEGER,
    rules TEXT
  ) STRICT, WITHOUT ROWID;

  -- The books. Each row takes a quantity of a lot out of one account of a station and puts it into another one.
  CREATE TABLE stock_move (
    station TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    line INTEGER NOT NULL,
    at TEXT NOT NULL,
    lot TEXT NOT NULL,
    from_account TEXT NOT NULL,
    to_account TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    -- Serials, where the lot has some: quantity = last - first + 1.
    prefix TEXT,
    digits INTEGER,
    first INTEGER,
    last INTEGER,
    shipment TEXT,
    job TEXT,
    PRIMARY KEY (station, sequence, line)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX stock_move_at ON stock_move (station, at);
  CREATE INDEX stock_move_job ON stock_move (job) WHERE job IS NOT NULL;

  -- Sums of the moves: of each lot at a station they are 0 together.
  CREATE TABLE stock_balance (
    station TEXT NOT NULL,
    lot TEXT NOT NULL,
    account TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (station, lot, account)
  ) STRICT, WITHOUT ROWID;

  -- Where each serial lies: ranges that do not overlap, joined where they can be.
  CREATE TABLE stock_range (
    station TEXT NOT NULL,
    lot TEXT NOT NULL,
    prefix TEXT NOT NULL,
    digits INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    account TEXT NOT NULL,
    PRIMARY KEY (station, lot, prefix, digits, first)
  ) STRICT, WITHOUT ROWID;
  -- Which ranges a serial lies in, whoever's: those that begin before it, and not further before it than the longest is long.
  CREATE INDEX stock_range_serial ON stock_range (prefix, digits, account, first, last);
  CREATE INDEX stock_range_length ON stock_range (prefix, digits, account, last - first);

  -- Cards that were taken of a lot by what for: those reserved and printed, without those that were spoiled.
  CREATE TABLE lot_cards (
    station TEXT NOT NULL,
    lot TEXT NOT NULL,
    purpose TEXT NOT NULL,
    cards INTEGER NOT NULL,
    PRIMARY KEY (station, lot, purpose)
  ) STRICT, WITHOUT ROWID;

  -- What was announced, sent and received under one note; lines: JSON.
  CREATE TABLE shipment (
    id TEXT NOT NULL,
    station TEXT NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('announced', 'sent', 'received')),
    -- The other end, where it is a station.
    other TEXT,
    at TEXT NOT NULL,
    lines TEXT NOT NULL,
    PRIMARY KEY (id, station, way)
  ) STRICT, WITHOUT ROWID;

  -- Consumables that were taken out and put back, by the entry that says so, with what was printed with them.
  CREATE TABLE opened_consumable (
    station TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    lot TEXT NOT NULL,
    cards INTEGER NOT NULL,
    PRIMARY KEY (station, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX opened_consumable_lot ON opened_consumable (station, lot, sequence);

  -- What is in a printer and is used up card by card; cards: printed with it so far.
  CREATE TABLE consumable (
    station TEXT NOT NULL,
    printer TEXT NOT NULL,
    lot TEXT NOT NULL,
    item TEXT NOT NULL,
    cards INTEGER NOT NULL,
    installed_at TEXT NOT NULL,
    PRIMARY KEY (station, printer, item)
  ) STRICT, WITHOUT ROWID;

  -- What does not agree: with the books, with a note, with what another station says. detail: JSON of numbers and names of lots.
  CREATE TABLE discrepancy (
    station TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    place INTEGER NOT NULL,
    code TEXT NOT NULL,
    at TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (station, sequence, place)
  ) STRICT, WITHOUT ROWID;
`

export const PRINT_TABLES = `
  -- Cards that are wanted. station: that asked; prints: that prints it.
  CREATE TABLE card_request (
    id TEXT PRIMARY KEY,
    record TEXT NOT NULL,
    station TEXT NOT NULL,
    prints TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('new', 'replacement')),
    urgent INTEGER NOT NULL,
    -- Keyed hash of the NIK that the card bears, or will bear: one card for one number.
    nik_tag BLOB,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'printing', 'printed', 'handed-over', 'cancelled')),
    requested_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX card_request_record ON card_request (record);
  CREATE INDEX card_request_nik ON card_request (nik_tag) WHERE nik_tag IS NOT NULL;
  CREATE INDEX card_request_waiting ON card_request (prints, requested_at) WHERE state = 'waiting';

  -- A blank for a request, and what became of it.
  CREATE TABLE print_job (
    id TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    record TEXT NOT NULL,
    -- Of the record, that the card shows.
    version INTEGER,
    station TEXT NOT NULL,
    lot TEXT NOT NULL,
    prefix TEXT,
    digits INTEGER,
    number INTEGER,
    printer TEXT NOT NULL,
    -- JSON: lots of consumables.
    consumables TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('reserved', 'sent', 'uncertain', 'printed', 'spoiled', 'released', 'handed-over')),
    reserved_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX print_job_request ON print_job (request);
  CREATE INDEX print_job_reserved ON print_job (station, reserved_at);
  CREATE INDEX print_job_blank ON print_job (lot, prefix, digits, number) WHERE number IS NOT NULL;
  CREATE INDEX print_job_open ON print_job (state) WHERE state IN ('reserved', 'sent', 'uncertain');

  CREATE TABLE letter (
    id TEXT PRIMARY KEY,
    record TEXT NOT NULL,
    station TEXT NOT NULL,
    number TEXT NOT NULL,
    -- State of the record, short, as it is printed.
    code TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    until TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('valid', 'revoked')),
    changed_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX letter_record ON letter (record);
  CREATE INDEX letter_number ON letter (station, number);
`

/** Columns of version 7: where a card is that the station which printed it has sent away. */
/** Part of version 11. */
export const CARDS_OF_NIK = `
  -- Cards that bear the NIK of a record and were printed for others, of which its station does not know by
  -- itself. word_of: the station above that said so. fell: 1 where the record of the card is nobody's any more.
  CREATE TABLE card_of_nik (
    record TEXT NOT NULL,
    job TEXT NOT NULL,
    word_of TEXT NOT NULL,
    fell INTEGER NOT NULL,
    PRIMARY KEY (record, word_of, job)
  ) STRICT, WITHOUT ROWID;

  INSERT OR IGNORE INTO case_review
    SELECT r.id FROM card_request c JOIN print_job j ON j.request = c.id
    JOIN record r ON r.nik_tag = c.nik_tag AND r.id <> c.record
    WHERE j.state IN ('printed', 'handed-over') AND r.client_state <> 'withdrawn';
`

export const PASSED_CARDS = `
  -- NULL where it was not, or came back. shipment: the number it was sent under. leg: on its way there, there, or on
  -- its way back.
  ALTER TABLE print_job ADD COLUMN sent_to TEXT;
  ALTER TABLE print_job ADD COLUMN shipment TEXT;
  ALTER TABLE print_job ADD COLUMN leg TEXT CHECK (leg IN ('out', 'there', 'back'));
  CREATE INDEX print_job_away ON print_job (leg, state) WHERE leg IS NOT NULL;
`
