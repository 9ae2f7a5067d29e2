/** What is known at the end of a simulated outage: the invariants are checked on this and on nothing else. */
import type { PersonPair } from './plan-types.js'

/** A write that a station's process acknowledged to its parent. The parent's own log, of which no station knows. */
export interface Acknowledged {
  readonly station: string
  readonly kind: string
  readonly record: string
  /** SHA-256 of the journal entry, in hex. */
  readonly hash: string
  /** Number of the simulated person. */
  readonly person: number
  /** Of a decision: what was decided. */
  readonly state?: string
}

/** A journal entry as it lies in a station's file, read and checked without the station's own code. */
export interface EntryFact {
  readonly station: string
  readonly sequence: number
  /** Computed from the header's bytes. */
  readonly hash: string
  readonly previous: string
  /** Whether the station's key signed that hash. */
  readonly isSigned: boolean
  readonly kind: string
  readonly direction: string
  readonly record: string | undefined
  /** The one station below that it is for. */
  readonly to: string | undefined
  /** SHA-256 of the payloads that it names. */
  readonly payloads: readonly string[]
  /** The one of a record's fingers among these. */
  readonly templates: string | undefined
}

export interface RecordFact {
  readonly record: string
  /** That made it. */
  readonly station: string
  /** Hash of the newest entry of its station about it. */
  readonly hash: string
  /** Keyed hash of the NIK: the same for the same one in one file. */
  readonly nikTag: string
  readonly clientState: string
  readonly transportState: string
  readonly centreState: string | undefined
}

/**
 * A case of the hub as it lies in a station's file: two records that bear one NIK, or have one
 * person's fingers.
 */
export interface CaseFact {
  readonly kind: 'nik' | 'fingers'
  readonly record: string
  readonly other: string
  readonly isOpen: boolean
}

/** The hub's newest comparison of a record with all others, as it lies in a station's file. */
export interface CheckFact {
  /** SHA-256 of the fingers that were compared. */
  readonly templates: string | undefined
  readonly decision: string
}

/** Two persons of the plan who are one. */
export interface SamePersonFact {
  readonly pair: PersonPair
  /** Whether the engine, given the fingers of both alone, takes them for one person among as many as the hub has. */
  readonly matches: boolean
}

/** The hub's receipt of an entry, as it lies in a kiosk's file. */
export interface ReceiptFact {
  readonly hash: string
  /** Whether the hub's key signed it, checked without the station's own code. */
  readonly isSigned: boolean
}

export interface StationFacts {
  readonly id: string
  /** Every entry that it holds, its own and others', by station and sequence. */
  readonly entries: readonly EntryFact[]
  readonly records: readonly RecordFact[]
  readonly receipts: readonly ReceiptFact[]
  readonly cases: readonly CaseFact[]
  /** By record. */
  readonly checks: ReadonlyMap<string, CheckFact>
  /** Records that it has still to compare with all others. */
  readonly unchecked: ReadonlySet<string>
  /** SHA-256, computed from their bytes, of the payloads that it holds whole. */
  readonly payloads: ReadonlySet<string>
  /** Records in the gallery of its duplicate check. */
  readonly gallery: ReadonlySet<string>
  /** Hashes of entries that a peer would not take, and of those that it would not take itself. */
  readonly refused: readonly string[]
  /** What its own verification found wrong. */
  readonly damage: readonly string[]
}

/** What was looked at while the outage went on, day by day. */
export interface DailyFacts {
  /** Entries that their kiosk called synchronised, and those of them that the hub did not hold that evening. */
  readonly looked: number
  readonly premature: readonly string[]
}

export interface OutageFacts {
  readonly acknowledged: readonly Acknowledged[]
  /** Persons at two kiosks who were to be recorded under one NIK. */
  readonly sameNik: readonly PersonPair[]
  /** Persons who were to be recorded twice, at two kiosks. */
  readonly samePerson: readonly SamePersonFact[]
  readonly hub: StationFacts
  readonly kiosks: readonly StationFacts[]
  readonly daily: DailyFacts
  /** A copy of a kiosk's disk that was put to work when its kiosk had gone on. */
  readonly clone: StationFacts
  /** Hashes of the entries that were written there, which must be refused. */
  readonly planted: ReadonlySet<string>
  /** Bytes that were searched for names and NIKs, and where some were found. */
  readonly searchedBytes: number
  readonly leaks: readonly string[]
  /** Commands that stations were asked, and those that failed in a way that is not documented, or where they must not fail. */
  readonly asked: number
  readonly failures: readonly string[]
}
