/**
 * The native binary form of a template, version 1. Little-endian; n is the count of minutiae.
 *
 *     offset   bytes  field           meaning
 *          0       4  magic           'SDKT'
 *          4       2  version         1
 *          6       2  headerLength    32
 *          8       4  totalLength     of the whole template, this header included
 *         12       4  crc32           CRC-32 of all bytes, with these four taken as zero
 *         16       4  methodVersion   of the geometric codes; 0 unknown
 *         20       2  widthPx         of the image at 500 ppi, 1 to 65,535
 *         22       2  heightPx        the same
 *         24       2  sourcePpi       resolution before resampling; 0 unknown
 *         26       1  quality         0 to 100
 *         27       1  fingerPosition  0 to 10 (ISO/IEC 19794-2:2005, table 2)
 *         28       2  minutiaCount    n, 0 to 255
 *         30       1  codeKinds       bit 0: geometric codes follow; bit 1 is kept for learned codes and is 0, as are
 *                                     the others; with n = 0 there are no codes and this is 0
 *         31       1  reserved        0
 *         32      2n  x               column, from the left, below widthPx
 *      32+2n      2n  y               row, from the top, below heightPx
 *      32+4n       n  direction       256ths of a turn, counter-clockwise from the right
 *      32+5n       n  type            0 other, 1 ridge ending, 2 bifurcation
 *      32+6n       n  quality         0 to 100; 0 not reported
 *      32+7n  0 to 3  padding         zeros, up to a multiple of 4
 *              16n    geometricBits   16 bytes a minutia   } only with bit 0
 *               4n    geometricMasks  u32 a minutia        } of codeKinds
 *
 * Every value has one form only, so that encoding what was decoded gives the same bytes. Bytes 0 to 15 mean the same
 * in every version to come.
 */

import { crc32 } from './crc32.js'

export const VERSION = 1
/** 'SDKT'. */
export const MAGIC = [0x53, 0x44, 0x4b, 0x54]
export const HEADER_BYTES = 32
export const CRC_AT = 12
/** Bytes that mean the same in every version. */
export const COMMON_BYTES = 16
/** Bit of codeKinds. */
export const GEOMETRIC_CODES = 1
/** 128 bits a minutia. */
export const CODE_BYTES = 16
export const MASK_BYTES = 4

/** Offsets of the sections, and the length of the whole. */
export interface Sections {
  readonly x: number
  readonly y: number
  readonly direction: number
  readonly type: number
  readonly quality: number
  readonly padding: number
  readonly bits: number
  readonly masks: number
  readonly totalLength: number
}

export function sectionsOf(count: number, codeKinds: number): Sections {
  const padding = HEADER_BYTES + 7 * count
  const bits = (padding + 3) & ~3
  const codes = codeKinds & GEOMETRIC_CODES ? count : 0
  const masks = bits + CODE_BYTES * codes
  return {
    x: HEADER_BYTES,
    y: HEADER_BYTES + 2 * count,
    direction: HEADER_BYTES + 4 * count,
    type: HEADER_BYTES + 5 * count,
    quality: HEADER_BYTES + 6 * count,
    padding,
    bits,
    masks,
    totalLength: masks + MASK_BYTES * codes,
  }
}

const ZERO_CRC = new Uint8Array(4)

/** What the field crc32 of `template` has to be. */
export function crcOfTemplate(template: Uint8Array): number {
  const before = crc32(template, 0, CRC_AT)
  return crc32(template, CRC_AT + 4, template.length, crc32(ZERO_CRC, 0, 4, before))
}
