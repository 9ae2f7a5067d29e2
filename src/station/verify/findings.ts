/** What `verifyStation` says. */

/** What can be wrong, with what it means. */
export const FINDING_CODES = {
  'file-unopened': 'SQLite does not open the file; nothing that lies in it could be looked at',
  'file-header': 'the first 100 bytes of the file say what they must not',
  'file-structure': "SQLite's own check of its trees and indexes found something",
  'page-unreadable': 'a page of the file is not what its place in a tree needs',
  'page-lost': 'a page that belongs to nothing, or to two things',
  'unused-bytes': 'bytes that hold nothing are not zero as they were left: nothing is lost, but something changed them',
  'wal-damaged':
    'the write-ahead log was changed after it was written: what was committed after that place is not seen any more',
  'rolled-back': 'the journal ends before what was acknowledged',
  'mark-unreadable':
    'the note of what was acknowledged last, beside the file, is not readable; the next change writes it anew',
  schema: 'a table or index is missing, or is not as this program made it',
  'table-unreadable': 'rows of a table cannot be read',
  'row-wrong': 'a value that cannot be, in a table that follows from nothing else',
  'entry-header': 'the header of an entry is not written as the journal writes it',
  'entry-hash': 'the stored hash of an entry is not that of its header',
  'entry-chain': 'an entry does not follow the one before it',
  'entry-signature': 'an entry is not signed by its station',
  'entry-columns': 'the columns of an entry do not repeat its header',
  'entry-body': 'the body of an entry does not open, or is not what its header states',
  'entry-payloads': 'the payloads that an entry names are listed differently beside it',
  'entry-order': "the station's own entries did not take effect in the order of their chain",
  'entry-mac':
    'an entry is not as this station took it: edited, put in, or given another place by somebody who has no key ' +
    'of the file; or of an older version, and nothing proves it',
  'guard-head':
    'peers, keys, or which entries the journal has, are not as this station wrote them: ' +
    'somebody who has no key of the file changed it',
  'guard-record': 'the rows about a record, its cards and letters are not as this station wrote them',
  'payload-damaged': 'a payload does not open, or does not have its hash',
  'payload-missing': 'a payload of an entry that has taken effect is not here',
  'payload-unaccounted': 'a payload that no entry names',
  'receipt-signature': 'a receipt is not signed by its peer, or of another entry than is here',
  'table-differs': 'a table is not what follows from the journal',
  'draft-damaged': 'a draft does not open',
  'key-damaged': 'a data key does not open',
} as const

export type FindingCode = keyof typeof FINDING_CODES

/** Where it is, as far as that can be told. */
export interface Where {
  readonly file?: string
  readonly table?: string
  readonly column?: string
  readonly station?: string
  readonly sequence?: number
  readonly record?: string
  readonly peer?: string
  /** SHA-256 of a payload. */
  readonly payload?: string
  /** Of the file, from 1. */
  readonly page?: number
  readonly offsetBytes?: number
}

export interface Finding {
  readonly code: FindingCode
  readonly where: Where
  /** In plain words; names no person. */
  readonly message: string
}

/** What was looked at. */
export interface VerifyCounts {
  pages: number
  /** Unallocated bytes of the file. */
  unusedBytes: number
  /** Of these, the ones that SQLite has moved rows away from and not made zero again: a flipped bit there would not be noticed. */
  strayBytes: number
  walFrames: number
  entries: number
  /** Entries whose station's key is known neither from here nor from `peers`: their chain was checked, their signature was not. */
  entriesWithoutKey: number
  bodies: number
  payloads: number
  /** Payloads that have not come, of other stations' entries that have no effect yet, or none here. */
  payloadsAwaited: number
  receipts: number
  /** Rows compared with those that follow from the journal. */
  projectedRows: number
  drafts: number
}

/** A check yields what it finds, and undefined where it can be interrupted. */
export type Check = Generator<Finding | undefined, void>

/** More of one code are counted, not listed: a damaged page of an index gives one for each of its rows. */
export const MOST_FINDINGS_OF_A_CODE = 1_000

export function zeroCounts(): VerifyCounts {
  return {
    pages: 0,
    unusedBytes: 0,
    strayBytes: 0,
    walFrames: 0,
    entries: 0,
    entriesWithoutKey: 0,
    bodies: 0,
    payloads: 0,
    payloadsAwaited: 0,
    receipts: 0,
    projectedRows: 0,
    drafts: 0,
  }
}
