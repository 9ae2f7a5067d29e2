/** Why a station does not take the contents of an entry. Part of the protocol: a code that a newer version adds may come too. */
export const REFUSAL_CODES = {
  ENTRY_CORRUPT: 'the body is not what its kind must hold, or not what the header states',
  ENTRY_VERSION: 'a kind of entry that a newer program writes: retry when the receiver has been renewed',
  ENTRY_MISPLACED: 'a kind of entry that a station in that place may not write',
  RECORD_FOREIGN: 'an entry about a record of another station',
  BODY_MISSING: 'the sender no longer has the contents',
  PAYLOAD_MISSING: 'the sender no longer has an image or template that the entry names',
  PAYLOAD_CORRUPT: 'an image or template came several times, and never with the hash that the entry states',
  KEY_CONFLICT:
    'a station is vouched for by another key than the one by which the receiver knows it: a person there decides',
  VOUCH_REFUSED: 'the receiver has not granted this station to vouch for others',
  VOUCH_QUOTA: 'more stations behind one peer than the receiver takes',
  NIK_QUOTA: 'more records, or cards and letters, of one NIK by one station than the receiver takes',
  VERSION_QUOTA: 'more versions of one record than the receiver takes: withdraw it, and record the person anew',
  STATION_REVOKED: 'a person has revoked the station from this entry on',
  PAYLOAD_NOT_ALLOWED: 'an image or template of a role, size or number that an entry of its kind may not name',
  ENTRY_DEFECT: 'the receiver’s program fails at it: retry when the receiver has been renewed',
  TEMPLATES_CORRUPT: 'templates that are none, or damaged',
  JOURNAL_FORK: 'another entry of the same station has this number: its disk was cloned, or restored from an old copy',
} as const

export type RefusalCode = keyof typeof REFUSAL_CODES
