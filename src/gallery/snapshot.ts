/**
 * The file form of a gallery, version 1; version 2 where it is sealed with a key. Little-endian.
 *
 *     header, 32 bytes                               block, one after the other
 *     offset  bytes  field                           offset  bytes  field
 *          0      8  magic 'SIDIKGAL'                     0      4  payloadBytes, at most 16 MiB
 *          8      2  version 1, sealed 2                  4      4  entries, at least 1
 *         10      2  header bytes, 32, sealed 96          8      4  CRC-32 of the payload
 *         12      4  count of templates                  12      4  CRC-32 of the 12 bytes before
 *         16      4  count of blocks                     16         payload:
 *         20      8  0; sealed, the gallery's number                index: u32 bytes of the id, u32 bytes of the
 *         28      4  CRC-32 of the 28 bytes before                  template, once an entry
 *                                                                   ids, UTF-8, then templates in their native
 *     trailer, 16 bytes, after the last block                       form, in the order of the index
 *          0      8  magic 'SIDIKEND'
 *          8      4  CRC-32 of the header and of all block headers (which hold the CRCs of the payloads), each
 *                     without its own CRC: bytes followed by their CRC would all have the same one
 *         12      4  CRC-32 of the 12 bytes before
 *
 * In a sealed file a sealed head (sealed-head.ts) follows the header, and a block's payload is
 *
 *          0      4  number of the block, 0 in the first
 * 4         what the payload of version 1 is, sealed (cipher.ts) with u32 number and u32 entries as
 * its context
 *
 * and the trailer's CRC is of header, sealed head and block headers.
 *
 * Written front to back and read front to back, a block at a time. A file cut short lacks its trailer; every altered
 * bit is under one of the CRCs.
 */

export const GALLERY_FILE_VERSION = 1
export const SEALED_FILE_VERSION = 2
export const HEADER_BYTES = 32

/** With the sealed head. */
export const SEALED_HEADER_BYTES = 96
export const BLOCK_HEADER_BYTES = 16
export const INDEX_ENTRY_BYTES = 8

/** Number of the block, before what is sealed. */
export const BLOCK_NUMBER_BYTES = 4
export const TRAILER_BYTES = 16

/** A CRC-32 of what is before it, at the end of header, block header and trailer. */
export const SEAL_BYTES = 4

/** A length that is damaged asks for no more memory than this. */
export const MAX_PAYLOAD_BYTES = 16_777_216

export const HEADER_MAGIC = new TextEncoder().encode('SIDIKGAL')
export const TRAILER_MAGIC = new TextEncoder().encode('SIDIKEND')

export interface SnapshotEntry {
  readonly id: string
  readonly template: Uint8Array
  /**
   * For a template that is made when it is asked for: copies it into `target` from `offset` on, where
   * {@link MAX_TEMPLATE_BYTES} are free, and returns its bytes.
   */
  copyTemplate?(target: Uint8Array, offset: number): number
}
