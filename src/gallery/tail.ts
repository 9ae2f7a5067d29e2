import { CIPHER_BYTES, type Cipher } from './cipher.js'

/**
 * The tail of a durable gallery, version 2: the changes since its snapshot, in their order.
 * Little-endian.
 *
 *     header, 32 bytes                               record, one after the other
 *     offset  bytes  field                           offset  bytes  field
 *          0      8  magic 'SIDIKTAL'                     0      4  bytes of the record, these 32 included
 *          8      2  version 2                            4      2  kind: 1 insert, 2 remove, 3 mark, 4 sealed
 *         10      2  header bytes, 32 or, sealed, 96      6      2  bytes of the id; 0 in a mark or sealed
 *         12      4  generation, also in the name         8      8  sequence: 1 in the first record, then one more
 *         16      8  number of the gallery               16      8  settled: sequence up to which all records were
 *         24      4  CRC-32 in the trailer (offset 8)                on the disk when this one was written
 *                    of the snapshot it continues        24      4  sealed: CRC of the record before, 0 in the
 *                                                                    first one; else 0
 *         28      4  CRC-32 of the 28 bytes before       28      4  CRC-32 of all other bytes of the record, in their
 *                                                                    order, taken on from the tail's salt as if that
 *                                                                    were the CRC-32 of what comes before
 *                                                        32         id, UTF-8, then of an insert the template
 *
 * The salt is the CRC-32 of the gallery's number, taken on from the generation: no record reads in
 * another tail. Version 1 has no number of the gallery, and its salt is the generation.
 *
 * A gallery with a key has a sealed head (sealed-head.ts) behind the header, and sealed records
 * alone. What such a record holds behind its own header is sealed (cipher.ts) with the 28 bytes
 * before its CRC as the context: u16 kind, u16 bytes of the id, id, template. The CRC of the record
 * before is among them: where a folder was copied and both copies went on, no record of one takes
 * the place of the other's of the same number.
 *
 * Every version begins with a header of 32 bytes with its CRC at their end, so that a newer version can be told from a
 * damaged header.
 *
 * An insert stands for the template from then on, in place of one under the same id. A mark changes nothing: it only
 * says what is settled.
 *
 * A crash may leave any part of the last write: its records were not acknowledged. So records that do not read are a
 * torn end, to be cut off, or damage, to be reported; which of the two, the valid records after them tell. A record is
 * written only when the write before it is on the disk, and says in `settled` how far that is. If any record of the
 * file calls the unreadable ones settled, they were acknowledged: damage. If none does, all from there on belongs to the
 * write that the crash interrupted: a torn end, unless it is longer than any write.
 */

export const TAIL_VERSION = 2
export const TAIL_HEADER_BYTES = 32
export const TAIL_MAGIC = new TextEncoder().encode('SIDIKTAL')

export const RECORD_HEADER_BYTES = 32

/** Where the CRC of the record before lies. */
export const PREVIOUS_CRC_AT = 24

/** Where a record's CRC lies, after what else its header holds. */
export const RECORD_CRC_AT = 28

export const KIND = { insert: 1, remove: 2, mark: 3, sealed: 4 } as const

/** Kind and bytes of the id, before what a sealed record holds. */
export const SEALED_FIELDS_BYTES = 4

/** By how much sealing makes a record longer. */
export const SEALED_RECORD_BYTES = CIPHER_BYTES + SEALED_FIELDS_BYTES

/**
 * Longest record before it is sealed; a template has 7 KiB at most. A length that is damaged asks
 * for no more memory than this.
 */
export const MAX_RECORD_BYTES = 1_048_576

/**
 * Most bytes that are written before they are known to be on the disk: long enough that the wait for the disk is a
 * small part of the time, short enough that whoever waits for the first record does not wait for long.
 */
export const MAX_WRITE_BYTES = 4_194_304

/** A torn end is one such write and the mark before it, of which nobody waits to see it on the disk. */
export const MAX_TORN_BYTES = MAX_WRITE_BYTES + RECORD_HEADER_BYTES + SEALED_RECORD_BYTES

export interface TailHeader {
  readonly generation: number
  readonly snapshotCrc: number
  /** Undefined in version 1. */
  readonly galleryId: bigint | undefined
  /** Whether a sealed head follows, and sealed records. */
  readonly isSealed: boolean
}

/** How the records of a tail are written. */
export interface RecordForm {
  /** What a record's CRC is taken on from. */
  readonly salt: number
  /**
   * How sealed records are opened; `unopened`: they are, and stay so. Undefined where nothing is
   * sealed.
   */
  readonly cipher?: Cipher | 'unopened' | undefined
}

/** What is done to the set of templates. */
export type Change =
  | { readonly kind: 'insert'; readonly id: string; readonly template: Uint8Array }
  | { readonly kind: 'remove'; readonly id: string }

/** What is in a record: a change, or nothing but its numbers. */
export type TailEntry = Change | { readonly kind: 'mark' }

/** What a record is found to hold; `unopened` without the key. */
export type FoundEntry = TailEntry | { readonly kind: 'unopened' }

/** A record's numbers. */
export interface Numbers {
  readonly sequence: number
  readonly settled: number
  /** CRC of the record before, which a sealed record holds; 0 in the first, and behind one that cannot be read. */
  readonly previousCrc: number
}
