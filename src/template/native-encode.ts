import type { Minutia, Template, TemplateContents } from '../types.js'
import { codeOfDirection, MAX_FINGER_POSITION, MAX_MINUTIAE, MAX_QUALITY, MINUTIA_TYPES } from './minutia-codes.js'
import {
  CODE_BYTES,
  CRC_AT,
  crcOfTemplate,
  GEOMETRIC_CODES,
  LEARNED_CODES,
  MAGIC,
  MASK_BYTES,
  NETWORK_VERSION_AT,
  sectionsOf,
  versionOf,
} from './native-layout.js'
import { rounded, whole } from './ranges.js'

/**
 * The native form of `contents`. Positions, qualities and sourcePpi are rounded to whole numbers, directions to 256ths
 * of a turn (1.4 degrees); contents that are whole already come back unchanged from {@link decodeTemplate}.
 *
 * @throws RangeError naming the field that is out of range (after rounding), or codes that are not one a minutia
 */
export function encodeTemplate(contents: TemplateContents): Template {
  const { widthPx, heightPx, minutiae, geometricCodes, learnedCodes } = contents
  const count = whole('minutiae.length', minutiae.length, 0, MAX_MINUTIAE)
  const codeKinds = codeKindsOf(contents, count)
  const at = sectionsOf(count, codeKinds)
  const bytes = new Uint8Array(at.totalLength)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  view.setUint16(4, versionOf(codeKinds), true)
  view.setUint16(6, at.headerLength, true)
  view.setUint32(8, at.totalLength, true)
  view.setUint32(16, whole('methodVersion', contents.methodVersion, 0, 0xffffffff), true)
  view.setUint16(20, whole('widthPx', widthPx, 1, 0xffff), true)
  view.setUint16(22, whole('heightPx', heightPx, 1, 0xffff), true)
  view.setUint16(24, rounded('sourcePpi', contents.sourcePpi, 0xffff), true)
  view.setUint8(26, rounded('quality', contents.quality, MAX_QUALITY))
  view.setUint8(27, whole('fingerPosition', contents.fingerPosition, 0, MAX_FINGER_POSITION))
  view.setUint16(28, count, true)
  view.setUint8(30, codeKinds)
  if (learnedCodes !== undefined) {
    const { networkVersion, bits } = learnedCodes
    view.setUint32(NETWORK_VERSION_AT, whole('learnedCodes.networkVersion', networkVersion, 1, 0xffffffff), true)
    bytes.set(bits, at.learnedBits)
  }
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

function codeKindsOf({ geometricCodes, learnedCodes }: TemplateContents, count: number): number {
  const { bits, masks } = geometricCodes
  const geometric = bits.length > 0 || masks.length > 0
  if (geometric) {
    checkBits('geometricCodes', bits, count)
    if (masks.length !== count) {
      throw new RangeError(`geometricCodes.masks has ${masks.length} words, ${count} minutiae need ${count}`)
    }
  }
  if (learnedCodes !== undefined) {
    if (count === 0) throw new RangeError('learnedCodes must be absent where there are no minutiae')
    checkBits('learnedCodes', learnedCodes.bits, count)
  }
  return (geometric ? GEOMETRIC_CODES : 0) | (learnedCodes === undefined ? 0 : LEARNED_CODES)
}

function checkBits(field: string, bits: Uint8Array, count: number): void {
  if (bits.length === CODE_BYTES * count) return
  throw new RangeError(`${field}.bits has ${bits.length} bytes, ${count} minutiae need ${CODE_BYTES * count}`)
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
