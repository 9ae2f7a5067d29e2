/**
 * The resolution that a PNG, JPEG, TIFF or WebP states, along both axes. Read here and not taken from sharp: that
 * reports one axis only, reports 72 where a JPEG states nothing, and none of a WebP's EXIF.
 */
import type { StatedResolution } from './pixels.js'
import { tiffResolution } from './tiff-tags.js'

const INCH_M = 0.0254
const CM_PER_INCH = 2.54
/** EXIF 2.3, 4.6.4: 72 stands for "unknown"; writers of JFIF do the same. */
const UNKNOWN_PPI = 72
/** One pixel a millimetre: what libvips, and so sharp, writes into files for which it knows no resolution. */
const LIBVIPS_DEFAULT_PPI = 25.4

/** @param exif the EXIF block where the file has one, with or without its leading 'Exif\0\0' */
export function statedResolution(
  format: 'png' | 'jpeg' | 'tiff' | 'webp',
  bytes: Uint8Array,
  exif: Uint8Array | undefined,
): StatedResolution | undefined {
  if (format === 'tiff') return unlessDefault(tiffResolution(bytes))
  if (format === 'png') return unlessDefault(pngResolution(bytes)) ?? exifResolution(exif)
  if (format === 'jpeg') return exifResolution(exif) ?? jfifResolution(bytes)
  return exifResolution(exif)
}

/** The pHYs chunk, which comes before the pixels (PNG, third edition, 11.3.4.3). */
function pngResolution(bytes: Uint8Array): StatedResolution | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const PHYS = 0x70485973
  const IDAT = 0x49444154
  for (let at = 8; at + 21 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = view.getUint32(at + 4)
    if (type === IDAT) return undefined
    // Unit 1 is the metre; 0 states the shape of a pixel alone.
    if (type === PHYS && bytes[at + 16] === 1) {
      return { xPpi: view.getUint32(at + 8) * INCH_M, yPpi: view.getUint32(at + 12) * INCH_M }
    }
  }
  return undefined
}

const APP0 = 0xffe0
const APP1 = 0xffe1
const START_OF_SCAN = 0xffda
const JFIF = 0x4a464946
const EXIF = 0x45786966

/** The first APP1 segment with EXIF, for {@link statedResolution}; undefined where there is none. */
export function exifOfJpeg(bytes: Uint8Array): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 2; at + 10 <= bytes.length; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at)
    if (marker < 0xff00 || marker === START_OF_SCAN) return undefined
    if (marker === APP1 && view.getUint32(at + 4) === EXIF)
      return bytes.subarray(at + 4, at + 2 + view.getUint16(at + 2))
  }
  return undefined
}

/** The APP0 segment (JFIF 1.02): unit 1 is dots an inch, 2 dots a centimetre, 0 the shape of a pixel alone. */
function jfifResolution(bytes: Uint8Array): StatedResolution | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 2; at + 16 <= bytes.length; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at)
    if (marker < 0xff00 || marker === START_OF_SCAN) return undefined
    if (marker !== APP0 || view.getUint32(at + 4) !== JFIF) continue
    const unit = bytes[at + 11]
    if (unit !== 1 && unit !== 2) return undefined
    const scale = unit === 2 ? CM_PER_INCH : 1
    return unlessUnknown({ xPpi: view.getUint16(at + 12) * scale, yPpi: view.getUint16(at + 14) * scale })
  }
  return undefined
}

function exifResolution(exif: Uint8Array | undefined): StatedResolution | undefined {
  if (exif === undefined) return undefined
  const prefixed = exif[0] === 0x45 && exif[1] === 0x78
  return unlessUnknown(tiffResolution(prefixed ? exif.subarray(6) : exif))
}

/** For EXIF and JFIF, where 72 says that nothing is known. */
function unlessUnknown(stated: StatedResolution | undefined): StatedResolution | undefined {
  if (stated === undefined) return undefined
  // Within one: 28 dots a centimetre are 71.1 an inch.
  const unknown = [stated.xPpi, stated.yPpi].every(ppi => Math.abs(ppi - UNKNOWN_PPI) < 1)
  return unknown ? undefined : unlessDefault(stated)
}

function unlessDefault(stated: StatedResolution | undefined): StatedResolution | undefined {
  if (stated === undefined) return undefined
  const { xPpi, yPpi } = stated
  return Math.round(Math.max(xPpi, yPpi)) <= Math.round(LIBVIPS_DEFAULT_PPI) ? undefined : stated
}
