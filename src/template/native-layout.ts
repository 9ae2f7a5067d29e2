/**
 * The native binary form of a template. Little-endian; n is the count of minutiae, h the length of the header.
 *
 *     offset   bytes  field           meaning
 *          0       4  magic           'SDKT'
 *          4       2  version         1 without learned codes, 2 with them
 *          6       2  headerLength    h: 32 in version 1, 40 in version 2
 *          8       4  totalLength     of the whole template, this header included
 *         12       4  crc32           CRC-32 of all bytes, with these four taken as zero
 *         16       4  methodVersion   of the geometric codes; 0 unknown
 *         20       2  widthPx         of the image at 500 ppi, 1 to 65,535
 *         22       2  heightPx        the same
 *         24       2  sourcePpi       resolution before resampling; 0 unknown
 *         26       1  quality         0 to 100
 *         27       1  fingerPosition  0 to 10 (ISO/IEC 19794-2:2005, table 2)
 *         28       2  minutiaCount    n, 0 to 255
 *         30       1  codeKinds       bit 0: geometric codes follow; bit 1: learned codes follow, in version 2 always
 *                                     and in version 1 never; with n = 0 there are no codes and this is 0
 *         31       1  reserved        0
 *         32       4  networkVersion  of the learned codes, 1 and up  } only in
 *         36       4  reserved        0                               } version 2
 *          h      2n  x               column, from the left, below widthPx
 *       h+2n      2n  y               row, from the top, below heightPx
 *       h+4n       n  direction       256ths of a turn, counter-clockwise from the right
 *       h+5n       n  type            0 other, 1 ridge ending, 2 bifurcation
 *       h+6n       n  quality         0 to 100; 0 not reported
 *       h+7n  0 to 3  padding         zeros, up to a multiple of 4
 *              16n    geometricBits   16 bytes a minutia   } only with bit 0
 *               4n    geometricMasks  u32 a minutia        } of codeKinds
 *              16n    learnedBits     16 bytes a minutia     only with bit 1
 *
 * Every value has one form only, so that encoding what was decoded gives the same bytes: contents without learned codes
 * are written as version 1, which every reader there ever was can read. Bytes 0 to 15 mean the same in every version to
 * come.
 */

import { crc32 } from '#crc32'
import { MAX_MINUTIAE } from './minutia-codes.js'

/** The newest version, and the one with learned codes. */
export const VERSION = 2
/** 'SDKT'. */
export const MAGIC = [0x53, 0x44, 0x4b, 0x54]
/** Of version 1: the least that a whole template has. */
export const HEADER_BYTES = 32
const LEARNED_HEADER_BYTES = 40
export const CRC_AT = 12
export const METHOD_VERSION_AT = 16
export const CODE_KINDS_AT = 30
/** Bytes that mean the same in every version. */
export const COMMON_BYTES = 16
/** Bits of codeKinds. */
export const GEOMETRIC_CODES = 1
export const LEARNED_CODES = 2
/** Where version 2 has what version 1 has not. */
export const NETWORK_VERSION_AT = 32
export const NETWORK_RESERVED_AT = 36
/** 128 bits a minutia. */
export const CODE_BYTES = 16
export const MASK_BYTES = 4

/** The version that contents with codes of these kinds are written in. */
export function versionOf(codeKinds: number): number {
  return codeKinds & LEARNED_CODES ? 2 : 1
}

/** Offsets of the sections, and the length of the whole. */
export interface Sections {
  readonly headerLength: number
  readonly x: number
  readonly y: number
  readonly direction: number
  readonly type: number
  readonly quality: number
  readonly padding: number
  readonly bits: number
  readonly masks: number
  readonly learnedBits: number
  readonly totalLength: number
}

export function sectionsOf(count: number, codeKinds: number): Sections {
  const headerLength = codeKinds & LEARNED_CODES ? LEARNED_HEADER_BYTES : HEADER_BYTES
  const padding = headerLength + 7 * count
  const bits = (padding + 3) & ~3
  const geometric = codeKinds & GEOMETRIC_CODES ? count : 0
  const learned = codeKinds & LEARNED_CODES ? count : 0
  const masks = bits + CODE_BYTES * geometric
  const learnedBits = masks + MASK_BYTES * geometric
  return {
    headerLength,
    x: headerLength,
    y: headerLength + 2 * count,
    direction: headerLength + 4 * count,
    type: headerLength + 5 * count,
    quality: headerLength + 6 * count,
    padding,
    bits,
    masks,
    learnedBits,
    totalLength: learnedBits + CODE_BYTES * learned,
  }
}

/** Of the largest template there can be: all its minutiae with codes of both kinds. */
export const MAX_TEMPLATE_BYTES = sectionsOf(MAX_MINUTIAE, GEOMETRIC_CODES | LEARNED_CODES).totalLength

const ZERO_CRC = new Uint8Array(4)

/** What the field crc32 of `template` has to be. */
export function crcOfTemplate(template: Uint8Array): number {
  const before = crc32(template, 0, CRC_AT)
  return crc32(template, CRC_AT + 4, template.length, crc32(ZERO_CRC, 0, 4, before))
}
