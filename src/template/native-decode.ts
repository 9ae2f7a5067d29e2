import { SidikError } from '../errors.js'
import type { GeometricCodes, LearnedCodes, TemplateContents } from '../types.js'
import { directionOfCode, MAX_FINGER_POSITION, MAX_MINUTIAE, MAX_QUALITY, MINUTIA_TYPES } from './minutia-codes.js'
import {
  COMMON_BYTES,
  CRC_AT,
  crcOfTemplate,
  GEOMETRIC_CODES,
  HEADER_BYTES,
  LEARNED_CODES,
  MAGIC,
  MASK_BYTES,
  NETWORK_RESERVED_AT,
  NETWORK_VERSION_AT,
  type Sections,
  sectionsOf,
  VERSION,
  versionOf,
} from './native-layout.js'

/**
 * What a template holds. Reads from a view at any offset and keeps nothing of it.
 *
 * @throws SidikError TEMPLATE_FORMAT for bytes that are no template of ours, TEMPLATE_VERSION for a newer version's,
 *   TEMPLATE_CORRUPT for one that was cut short or altered, naming field and offset
 * @throws TypeError when `bytes` is not a Uint8Array
 */
export function decodeTemplate(bytes: Uint8Array): TemplateContents {
  const at = checkTemplate(bytes)
  const count = u16(bytes, 28)
  const minutiae = Array.from({ length: count }, (_, i) => ({
    xPx: u16(bytes, at.x + 2 * i),
    yPx: u16(bytes, at.y + 2 * i),
    directionRad: directionOfCode(bytes[at.direction + i]),
    type: MINUTIA_TYPES[bytes[at.type + i]],
    quality: bytes[at.quality + i],
  }))
  return {
    widthPx: u16(bytes, 20),
    heightPx: u16(bytes, 22),
    sourcePpi: u16(bytes, 24),
    quality: bytes[26],
    fingerPosition: bytes[27],
    methodVersion: u32(bytes, 16),
    minutiae,
    geometricCodes: geometricCodesOf(bytes, at),
    ...(bytes[30] & LEARNED_CODES && { learnedCodes: learnedCodesOf(bytes, at) }),
  }
}

/** Where the sections of a whole, unaltered template are. Throws as {@link decodeTemplate}. */
export function checkTemplate(bytes: Uint8Array): Sections {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
  checkEnvelope(bytes)
  if (bytes.length < HEADER_BYTES) throw corrupt('totalLength', 8, `is ${bytes.length}, less than the header`)
  const count = u16(bytes, 28)
  const codeKinds = bytes[30]
  const at = sectionsOf(count, codeKinds)
  checkLayout(bytes, count, codeKinds, at)
  const widthPx = u16(bytes, 20)
  const heightPx = u16(bytes, 22)
  if (widthPx === 0) throw corrupt('widthPx', 20, 'is 0')
  if (heightPx === 0) throw corrupt('heightPx', 22, 'is 0')
  atMost('quality', bytes, 26, MAX_QUALITY)
  atMost('fingerPosition', bytes, 27, MAX_FINGER_POSITION)
  for (let i = 0; i < count; i++) {
    const xPx = u16(bytes, at.x + 2 * i)
    const yPx = u16(bytes, at.y + 2 * i)
    if (xPx >= widthPx) throw corrupt(`x of minutia ${i}`, at.x + 2 * i, `is ${xPx}, the image is ${widthPx} px wide`)
    if (yPx >= heightPx) throw corrupt(`y of minutia ${i}`, at.y + 2 * i, `is ${yPx}, the image is ${heightPx} px high`)
    const type = bytes[at.type + i]
    if (type >= MINUTIA_TYPES.length) throw corrupt(`type of minutia ${i}`, at.type + i, `is ${type}, not 0 to 2`)
    const quality = bytes[at.quality + i]
    if (quality > MAX_QUALITY) throw corrupt(`quality of minutia ${i}`, at.quality + i, `is ${quality}, above 100`)
  }
  for (let i = at.padding; i < at.bits; i++) if (bytes[i] !== 0) throw corrupt('padding', i, 'is not 0')
  return at
}

/** Whether these are the bytes of one whole, unaltered template of this version. */
function checkEnvelope(bytes: Uint8Array): void {
  if (bytes.length < COMMON_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte)) {
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

/** Whether the header of a whole template agrees with its version and its length. */
function checkLayout(bytes: Uint8Array, count: number, codeKinds: number, at: Sections): void {
  const version = u16(bytes, 4)
  const learned = version === 2 ? LEARNED_CODES : 0
  const possible = count === 0 ? 0 : GEOMETRIC_CODES | learned
  if ((codeKinds & ~possible) !== 0 || versionOf(codeKinds) !== version) {
    throw corrupt('codeKinds', 30, `is ${codeKinds}, in version ${version} with ${count} minutiae`)
  }
  const headerLength = u16(bytes, 6)
  if (headerLength !== at.headerLength) throw corrupt('headerLength', 6, `is ${headerLength}, not ${at.headerLength}`)
  if (count > MAX_MINUTIAE) throw corrupt('minutiaCount', 28, `is ${count}, above ${MAX_MINUTIAE}`)
  if (bytes[31] !== 0) throw corrupt('reserved', 31, `is ${bytes[31]}, not 0`)
  if (bytes.length !== at.totalLength) {
    throw corrupt('minutiaCount', 28, `is ${count}, which takes ${at.totalLength} bytes, not ${bytes.length}`)
  }
  if (version === 1) return
  if (u32(bytes, NETWORK_VERSION_AT) === 0) throw corrupt('networkVersion', NETWORK_VERSION_AT, 'is 0')
  if (u32(bytes, NETWORK_RESERVED_AT) !== 0) throw corrupt('reserved', NETWORK_RESERVED_AT, 'is not 0')
}

function geometricCodesOf(bytes: Uint8Array, at: Sections): GeometricCodes {
  const masks = new Uint32Array((at.learnedBits - at.masks) / MASK_BYTES)
  for (let i = 0; i < masks.length; i++) masks[i] = u32(bytes, at.masks + MASK_BYTES * i)
  return { bits: copied(bytes, at.bits, at.masks), masks }
}

function learnedCodesOf(bytes: Uint8Array, at: Sections): LearnedCodes {
  const networkVersion = u32(bytes, NETWORK_VERSION_AT)
  return { networkVersion, bits: copied(bytes, at.learnedBits, at.totalLength) }
}

/** Not by slice, which of a Buffer is a view. */
function copied(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return new Uint8Array(bytes.subarray(from, to))
}

function atMost(field: string, bytes: Uint8Array, offset: number, most: number): void {
  if (bytes[offset] > most) throw corrupt(field, offset, `is ${bytes[offset]}, above ${most}`)
}

function u16(bytes: Uint8Array, offset: number): number {
  return bytes[offset] | (bytes[offset + 1] << 8)
}

/** The little-endian word at `offset`. */
export function u32(bytes: Uint8Array, offset: number): number {
  return (u16(bytes, offset) | (u16(bytes, offset + 2) << 16)) >>> 0
}

function corrupt(field: string, offset: number, problem: string): SidikError {
  return new SidikError(
    'TEMPLATE_CORRUPT',
    `template damaged: ${field} (offset ${offset}) ${problem}; use another copy or extract the print again`,
  )
}
