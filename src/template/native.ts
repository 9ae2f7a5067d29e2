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

import { SidikError } from '../errors.js'
import type { GeometricCodes, Minutia, Template, TemplateContents } from '../types.js'
import { crc32 } from './crc32.js'
import {
  codeOfDirection,
  directionOfCode,
  MAX_FINGER_POSITION,
  MAX_MINUTIAE,
  MAX_QUALITY,
  MINUTIA_TYPES,
} from './minutia-codes.js'

const VERSION = 1
const MAGIC = [0x53, 0x44, 0x4b, 0x54]
const HEADER_BYTES = 32
const CRC_AT = 12
const AFTER_CRC = 16
const GEOMETRIC_CODES = 1
const CODE_BYTES = 16
const MASK_BYTES = 4

/** Where the sections of a template with `count` minutiae begin, and its whole length. */
function sections(count: number, codeKinds: number) {
  const columnsEnd = HEADER_BYTES + 7 * count
  const bits = (columnsEnd + 3) & ~3
  const codes = codeKinds & GEOMETRIC_CODES ? count : 0
  const masks = bits + CODE_BYTES * codes
  return {
    x: HEADER_BYTES,
    y: HEADER_BYTES + 2 * count,
    direction: HEADER_BYTES + 4 * count,
    type: HEADER_BYTES + 5 * count,
    quality: HEADER_BYTES + 6 * count,
    columnsEnd,
    bits,
    masks,
    totalLength: masks + MASK_BYTES * codes,
  }
}

function crcOfTemplate(bytes: Uint8Array): number {
  return crc32(bytes, AFTER_CRC, bytes.length, crc32(ZERO_CRC, 0, 4, crc32(bytes, 0, CRC_AT)))
}

const ZERO_CRC = new Uint8Array(4)

/**
 * The native form of `contents`. Positions, qualities and sourcePpi are rounded to whole numbers, directions to 256ths
 * of a turn (1.4 degrees); contents that are whole already come back unchanged from {@link decodeTemplate}.
 *
 * @throws RangeError naming the field that is out of range (after rounding), or codes that are not one a minutia
 */
export function encodeTemplate(contents: TemplateContents): Template {
  const { widthPx, heightPx, minutiae, geometricCodes } = contents
  const count = whole('minutiae.length', minutiae.length, 0, MAX_MINUTIAE)
  const codeKinds = codeKindsOf(geometricCodes, count)
  const at = sections(count, codeKinds)
  const bytes = new Uint8Array(at.totalLength)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  view.setUint16(4, VERSION, true)
  view.setUint16(6, HEADER_BYTES, true)
  view.setUint32(8, at.totalLength, true)
  view.setUint32(16, whole('methodVersion', contents.methodVersion, 0, 0xffffffff), true)
  view.setUint16(20, whole('widthPx', widthPx, 1, 0xffff), true)
  view.setUint16(22, whole('heightPx', heightPx, 1, 0xffff), true)
  view.setUint16(24, rounded('sourcePpi', contents.sourcePpi, 0xffff), true)
  view.setUint8(26, rounded('quality', contents.quality, MAX_QUALITY))
  view.setUint8(27, whole('fingerPosition', contents.fingerPosition, 0, MAX_FINGER_POSITION))
  view.setUint16(28, count, true)
  view.setUint8(30, codeKinds)
  for (let i = 0; i < count; i++) {
    const { xPx, yPx, directionRad, type, quality } = minutiae[i]
    const field = `minutiae[${i}]`
    view.setUint16(at.x + 2 * i, rounded(`${field}.xPx`, xPx, widthPx - 1), true)
    view.setUint16(at.y + 2 * i, rounded(`${field}.yPx`, yPx, heightPx - 1), true)
    bytes[at.direction + i] = directionCode(`${field}.directionRad`, directionRad)
    bytes[at.type + i] = typeCode(`${field}.type`, type)
    bytes[at.quality + i] = rounded(`${field}.quality`, quality, MAX_QUALITY)
  }
  bytes.set(geometricCodes.bits, at.bits)
  geometricCodes.masks.forEach((mask, i) => {
    view.setUint32(at.masks + MASK_BYTES * i, mask, true)
  })
  view.setUint32(CRC_AT, crcOfTemplate(bytes), true)
  return bytes
}

function codeKindsOf({ bits, masks }: GeometricCodes, count: number): number {
  if (bits.length === 0 && masks.length === 0) return 0
  if (bits.length !== CODE_BYTES * count) {
    throw new RangeError(`geometricCodes.bits has ${bits.length} bytes, ${count} minutiae need ${CODE_BYTES * count}`)
  }
  if (masks.length !== count) {
    throw new RangeError(`geometricCodes.masks has ${masks.length} words, ${count} minutiae need ${count}`)
  }
  return GEOMETRIC_CODES
}

function whole(field: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`${field} is ${value}, must be a whole number from ${least} to ${most}`)
}

function rounded(field: string, value: number, most: number): number {
  const nearest = Math.round(value)
  if (nearest >= 0 && nearest <= most) return nearest
  throw new RangeError(`${field} is ${value}, must be from 0 to ${most}`)
}

function directionCode(field: string, directionRad: number): number {
  if (directionRad >= 0 && directionRad <= 2 * Math.PI) return codeOfDirection(directionRad)
  throw new RangeError(`${field} is ${directionRad}, must be from 0 to 2 pi`)
}

function typeCode(field: string, type: Minutia['type']): number {
  const code = MINUTIA_TYPES.indexOf(type)
  if (code >= 0) return code
  throw new RangeError(`${field} is ${JSON.stringify(type)}, must be one of ${MINUTIA_TYPES.join(', ')}`)
}

/**
 * What a template holds. Reads from a view at any offset and keeps nothing of it.
 *
 * @throws SidikError TEMPLATE_FORMAT for bytes that are no template of ours, TEMPLATE_VERSION for a newer version's,
 *   TEMPLATE_CORRUPT for one that was cut short or altered, naming field and offset
 * @throws TypeError when `bytes` is not a Uint8Array
 */
export function decodeTemplate(bytes: Uint8Array): TemplateContents {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
  checkEnvelope(bytes)
  const count = u16(bytes, 28)
  const codeKinds = bytes[30]
  const at = sections(count, codeKinds)
  checkLayout(bytes, count, codeKinds, at.totalLength)
  const widthPx = u16(bytes, 20)
  const heightPx = u16(bytes, 22)
  if (widthPx === 0) throw corrupt('widthPx', 20, 'is 0')
  if (heightPx === 0) throw corrupt('heightPx', 22, 'is 0')
  atMost('quality', bytes, 26, MAX_QUALITY)
  atMost('fingerPosition', bytes, 27, MAX_FINGER_POSITION)
  const minutiae: Minutia[] = []
  for (let i = 0; i < count; i++) {
    const xPx = u16(bytes, at.x + 2 * i)
    const yPx = u16(bytes, at.y + 2 * i)
    if (xPx >= widthPx) throw corrupt(`x of minutia ${i}`, at.x + 2 * i, `is ${xPx}, the image is ${widthPx} px wide`)
    if (yPx >= heightPx) throw corrupt(`y of minutia ${i}`, at.y + 2 * i, `is ${yPx}, the image is ${heightPx} px high`)
    const type = MINUTIA_TYPES[bytes[at.type + i]]
    if (type === undefined) throw corrupt(`type of minutia ${i}`, at.type + i, `is ${bytes[at.type + i]}, not 0 to 2`)
    const quality = bytes[at.quality + i]
    if (quality > MAX_QUALITY) throw corrupt(`quality of minutia ${i}`, at.quality + i, `is ${quality}, above 100`)
    minutiae.push({ xPx, yPx, directionRad: directionOfCode(bytes[at.direction + i]), type, quality })
  }
  for (let i = at.columnsEnd; i < at.bits; i++) if (bytes[i] !== 0) throw corrupt('padding', i, 'is not 0')
  return {
    widthPx,
    heightPx,
    sourcePpi: u16(bytes, 24),
    quality: bytes[26],
    fingerPosition: bytes[27],
    methodVersion: u32(bytes, 16),
    minutiae,
    geometricCodes: codesOf(bytes, at),
  }
}

/** Whether these are the bytes of one whole, unaltered template of this version. */
function checkEnvelope(bytes: Uint8Array): void {
  if (bytes.length < AFTER_CRC || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new SidikError(
      'TEMPLATE_FORMAT',
      `${bytes.length} bytes that do not begin as a template does ('SDKT'): give what extract returned`,
    )
  }
  const version = u16(bytes, 4)
  if (version > VERSION) {
    throw new SidikError(
      'TEMPLATE_VERSION',
      `the template is of version ${version}, this program reads up to version ${VERSION}: update sidik`,
    )
  }
  if (version === 0) throw corrupt('version', 4, 'is 0')
  const totalLength = u32(bytes, 8)
  if (totalLength !== bytes.length) throw corrupt('totalLength', 8, `says ${totalLength} bytes, given ${bytes.length}`)
  if (u32(bytes, CRC_AT) !== crcOfTemplate(bytes)) throw corrupt('crc32', CRC_AT, 'does not fit the bytes')
}

/** Whether the header of a whole template agrees with its length. */
function checkLayout(bytes: Uint8Array, count: number, codeKinds: number, totalLength: number): void {
  if (bytes.length < HEADER_BYTES) throw corrupt('totalLength', 8, `is ${bytes.length}, less than the header`)
  const headerLength = u16(bytes, 6)
  if (headerLength !== HEADER_BYTES) throw corrupt('headerLength', 6, `is ${headerLength}, not ${HEADER_BYTES}`)
  if (count > MAX_MINUTIAE) throw corrupt('minutiaCount', 28, `is ${count}, above ${MAX_MINUTIAE}`)
  const possible = count === 0 ? 0 : GEOMETRIC_CODES
  if ((codeKinds & ~possible) !== 0) throw corrupt('codeKinds', 30, `is ${codeKinds}, with ${count} minutiae`)
  if (bytes[31] !== 0) throw corrupt('reserved', 31, `is ${bytes[31]}, not 0`)
  if (bytes.length !== totalLength) {
    throw corrupt('minutiaCount', 28, `is ${count}, which takes ${totalLength} bytes, not ${bytes.length}`)
  }
}

function codesOf(bytes: Uint8Array, at: ReturnType<typeof sections>): GeometricCodes {
  const bits = new Uint8Array(at.masks - at.bits)
  bits.set(bytes.subarray(at.bits, at.masks))
  const masks = new Uint32Array((at.totalLength - at.masks) / MASK_BYTES)
  for (let i = 0; i < masks.length; i++) masks[i] = u32(bytes, at.masks + MASK_BYTES * i)
  return { bits, masks }
}

function atMost(field: string, bytes: Uint8Array, offset: number, most: number): void {
  if (bytes[offset] > most) throw corrupt(field, offset, `is ${bytes[offset]}, above ${most}`)
}

function u16(bytes: Uint8Array, offset: number): number {
  return bytes[offset] | (bytes[offset + 1] << 8)
}

function u32(bytes: Uint8Array, offset: number): number {
  return (u16(bytes, offset) | (u16(bytes, offset + 2) << 16)) >>> 0
}

function corrupt(field: string, offset: number, problem: string): SidikError {
  return new SidikError(
    'TEMPLATE_CORRUPT',
    `template damaged: ${field} (offset ${offset}) ${problem}; use another copy or extract the print again`,
  )
}
