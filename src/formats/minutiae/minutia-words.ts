import { MAX_QUALITY } from '../../template/minutia-codes.js'
import { whole } from '../../template/ranges.js'
import type { FieldReader } from '../field-reader.js'
import type { FieldWriter } from '../field-writer.js'
import { QUALITY_FAILED, QUALITY_NOT_REPORTED } from '../quality.js'

/**
 * One minutia, in the words that the record formats share (ISO/IEC 19794-2:2005, 7.4.2, and :2011; ANSI
 * INCITS 378-2004 and -2009). Big-endian.
 *
 *     offset  bytes  field
 *          0      2  type << 14 | x
 *          2      2  reserved, 0 << 14 | y
 *          4      1  angle: 256ths of a turn (ISO), units of 2 degrees (ANSI)
 *          5      1  quality, 0 to 100; absent where a minutia has 5 bytes
 */

/** Type of minutia: 0 other, 1 ridge ending, 2 ridge bifurcation. */
export type MinutiaTypeCode = 0 | 1 | 2

/** Where a minutia is and what it is, as recorded. */
export interface RecordedMinutia {
  readonly type: MinutiaTypeCode
  /** Pixels of the image from the left, 0 to 16,383 (in card formats: units of length). */
  readonly x: number
  /** From the top. */
  readonly y: number
  /**
   * Counter-clockwise from the right: 256ths of a turn, 180ths in ANSI records, 64ths in the compact card format. ANSI records
   * with 180 to 255 deviate (the sample that ANSI INCITS 378-2004 prints is one: its angles are ISO's); they are kept.
   */
  readonly angle: number
  /** The two bits before y, where they are not 0: against the standard, kept as they are. */
  readonly reservedBits?: number
}

/** A minutia of a record. */
export interface RecordMinutia extends RecordedMinutia {
  /**
   * 0 to 100. Not reported: 0 in ISO/IEC 19794-2:2005 and ANSI INCITS 378-2004, {@link QUALITY_NOT_REPORTED} in the later
   * ones, which have {@link QUALITY_FAILED} too.
   */
  readonly quality: number
}

/** Sides of the image that coordinates lie in. */
export interface ImageSize {
  readonly widthPx: number
  readonly heightPx: number
}

export interface MinutiaLayout {
  /** Units of an angle in a turn. */
  readonly anglesPerTurn: 256 | 180
  /** Whether a quality may be 254 or 255. */
  readonly hasQualityCodes: boolean
  /** 5: without quality. */
  readonly bytes: 5 | 6
}

/** 14 bits. */
export const MAX_COORDINATE = 0x3fff

/** @param hasCodes whether it may be 254 or 255 */
export function readQuality(fields: FieldReader, field: string, hasCodes: boolean): number {
  const offset = fields.offset
  const quality = fields.u8(field)
  if (quality <= MAX_QUALITY || (hasCodes && quality >= QUALITY_NOT_REPORTED)) return quality
  fields.damage(field, offset, `is ${quality}, must be from 0 to ${MAX_QUALITY}${hasCodes ? ', 254 or 255' : ''}`)
  return quality
}

export function writeQuality(out: FieldWriter, field: string, quality: number, hasCodes: boolean): void {
  out.u8(field, quality, 0, hasCodes && quality >= QUALITY_NOT_REPORTED ? QUALITY_FAILED : MAX_QUALITY)
}

/** @param image where x and y lie; any 14 bits where it is not given */
export function readTypeAndPosition(fields: FieldReader, image?: ImageSize): Omit<RecordedMinutia, 'angle'> {
  const offset = fields.offset
  const typeAndX = fields.u16('minutia type and x')
  const reservedAndY = fields.u16('minutia y')
  const type = typeAndX >> 14
  const x = typeAndX & MAX_COORDINATE
  const y = reservedAndY & MAX_COORDINATE
  const reservedBits = reservedAndY >> 14
  if (type === 3) fields.damage('minutia type', offset, 'is 3, which is reserved')
  if (reservedBits !== 0) fields.deviation('reserved bits before y', offset + 2, 'are not 0')
  if (image && x >= image.widthPx) {
    fields.damage('minutia x', offset, `is ${x}, the image is ${image.widthPx} px wide`)
  }
  if (image && y >= image.heightPx) {
    fields.damage('minutia y', offset + 2, `is ${y}, the image is ${image.heightPx} px high`)
  }
  return { type: type as MinutiaTypeCode, x, y, ...(reservedBits !== 0 && { reservedBits }) }
}

export function writeTypeAndPosition(
  out: FieldWriter,
  { type, x, y, reservedBits = 0 }: RecordedMinutia,
  path: string,
  { widthPx, heightPx }: ImageSize,
): void {
  const typeBits = whole(`${path}.type`, type, 0, 2) << 14
  out.u16(path, typeBits | whole(`${path}.x`, x, 0, Math.min(widthPx - 1, MAX_COORDINATE)))
  const reserved = whole(`${path}.reservedBits`, reservedBits, 0, 3) << 14
  out.u16(path, reserved | whole(`${path}.y`, y, 0, Math.min(heightPx - 1, MAX_COORDINATE)))
}

export function readMinutia(fields: FieldReader, image: ImageSize, layout: MinutiaLayout): RecordMinutia {
  const position = readTypeAndPosition(fields, image)
  const angleAt = fields.offset
  const angle = fields.u8('minutia angle')
  if (angle >= layout.anglesPerTurn) {
    fields.deviation('minutia angle', angleAt, `is ${angle}, above ${layout.anglesPerTurn - 1}: more than a turn`)
  }
  const hasQuality = layout.bytes === 6
  const quality = hasQuality ? readQuality(fields, 'minutia quality', layout.hasQualityCodes) : QUALITY_NOT_REPORTED
  return { ...position, angle, quality }
}

export function writeMinutia(
  out: FieldWriter,
  minutia: RecordMinutia,
  path: string,
  image: ImageSize,
  { hasQualityCodes, bytes }: MinutiaLayout,
): void {
  writeTypeAndPosition(out, minutia, path, image)
  out.u8(`${path}.angle`, minutia.angle)
  if (bytes === 6) writeQuality(out, `${path}.quality`, minutia.quality, hasQualityCodes)
  else whole(`${path}.quality (of 5 bytes)`, minutia.quality, QUALITY_NOT_REPORTED, QUALITY_NOT_REPORTED)
}
