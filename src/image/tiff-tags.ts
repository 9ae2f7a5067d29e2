/** The first directory of a TIFF, which is also where EXIF keeps the resolution (TIFF 6.0, sections 2 and 8). */
import type { StatedResolution } from './pixels.js'

const X_RESOLUTION = 282
const Y_RESOLUTION = 283
const RESOLUTION_UNIT = 296
const RATIONAL = 5
const SHORT = 3
const UNIT_NONE = 1
const UNIT_CM = 3
const CM_PER_INCH = 2.54

/**
 * @returns absent where the tags are, where the unit is none, and in BigTIFF and anything that does not parse: whether
 *   the file is sound is for its decoder to say
 */
export function tiffResolution(bytes: Uint8Array): StatedResolution | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.byteLength < 8) return undefined
  const little = view.getUint16(0) === 0x4949
  if (view.getUint16(2, little) !== 42) return undefined
  const directoryAt = view.getUint32(4, little)
  if (directoryAt + 2 > view.byteLength) return undefined
  const entries = view.getUint16(directoryAt, little)

  let xPpi = 0
  let yPpi = 0
  let unit = 2 // inch, the standard's default
  for (let i = 0; i < entries; i++) {
    const at = directoryAt + 2 + 12 * i
    if (at + 12 > view.byteLength) break
    const tag = view.getUint16(at, little)
    const type = view.getUint16(at + 2, little)
    if (tag === X_RESOLUTION && type === RATIONAL) xPpi = readRational(view, view.getUint32(at + 8, little), little)
    if (tag === Y_RESOLUTION && type === RATIONAL) yPpi = readRational(view, view.getUint32(at + 8, little), little)
    if (tag === RESOLUTION_UNIT && type === SHORT) unit = view.getUint16(at + 8, little)
  }
  if (unit === UNIT_NONE) return undefined
  const scale = unit === UNIT_CM ? CM_PER_INCH : 1
  return { xPpi: xPpi * scale, yPpi: yPpi * scale }
}

/** Zero, which means unknown, for a fraction outside the file or over nothing. */
function readRational(view: DataView, at: number, little: boolean): number {
  if (at + 8 > view.byteLength) return 0
  const denominator = view.getUint32(at + 4, little)
  return denominator === 0 ? 0 : view.getUint32(at, little) / denominator
}
