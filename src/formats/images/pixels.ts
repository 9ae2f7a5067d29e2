/**
 * Pixels that are not compressed. Raw: a byte each, or two (high first) above 8 bits. Packed: their bits in series, the most
 * significant first, without regard to bytes or rows; only the end is filled up to a byte. 0 is black, the largest value white.
 */
import { SidikError } from '../../errors.js'

export interface ImageShape {
  readonly widthPx: number
  readonly heightPx: number
  /** Of a pixel, 1 to 16. */
  readonly bitDepth: number
}

export const rawBytes = ({ widthPx, heightPx, bitDepth }: ImageShape) => widthPx * heightPx * (bitDepth > 8 ? 2 : 1)
export const seriesPackedBytes = ({ widthPx, heightPx, bitDepth }: ImageShape) =>
  Math.ceil((widthPx * heightPx * bitDepth) / 8)
/** Where every row is filled up to a byte. */
export const rowPackedBytes = ({ widthPx, heightPx, bitDepth }: ImageShape) =>
  heightPx * Math.ceil((widthPx * bitDepth) / 8)

/**
 * 8-bit gray of raw or packed pixels, values spread over 0 to 255 and rounded.
 *
 * @param payload of as many bytes as the shape asks for
 * @throws SidikError RECORD_CORRUPT for another count of bytes, and for a raw pixel that is larger than its bits can hold
 */
export function grayOfPixels(
  payload: Uint8Array,
  compression: 'raw' | 'packed',
  shape: ImageShape,
): Uint8Array<ArrayBuffer> {
  const { widthPx, heightPx, bitDepth } = shape
  const count = widthPx * heightPx
  const largest = 2 ** bitDepth - 1
  const grayOf = Uint8Array.from({ length: largest + 1 }, (_, value) => Math.round((value * 255) / largest))
  const gray = new Uint8Array(count)
  if (compression === 'raw') {
    expectBytes(payload.length, rawBytes(shape))
    for (let pixel = 0; pixel < count; pixel++) {
      const value = bitDepth > 8 ? (payload[2 * pixel] << 8) | payload[2 * pixel + 1] : payload[pixel]
      if (value > largest) {
        throw new SidikError(
          'RECORD_CORRUPT',
          `pixel ${pixel} of the image is ${value}, more than ${bitDepth} bits can be; use another copy of the record`,
        )
      }
      gray[pixel] = grayOf[value]
    }
    return gray
  }
  const padded = payload.length !== seriesPackedBytes(shape)
  if (padded) expectBytes(payload.length, rowPackedBytes(shape))
  let bits = 0
  let held = 0
  let at = 0
  for (let pixel = 0; pixel < count; pixel++) {
    if (padded && pixel % widthPx === 0) held = 0
    while (held < bitDepth) {
      bits = ((bits << 8) | payload[at++]) & 0xffffff
      held += 8
    }
    held -= bitDepth
    gray[pixel] = grayOf[(bits >> held) & largest]
  }
  return gray
}

/**
 * Raw or packed (in series) pixels of an 8-bit gray image, the inverse of {@link grayOfPixels}: exact from 8 bits on.
 *
 * @throws RangeError unless `bitDepth` is 1 to 16
 */
export function pixelsOfGray(
  gray: Uint8Array,
  compression: 'raw' | 'packed',
  bitDepth: number,
): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(bitDepth) || bitDepth < 1 || bitDepth > 16) {
    throw new RangeError(`bitDepth is ${bitDepth}, must be a whole number from 1 to 16`)
  }
  const largest = 2 ** bitDepth - 1
  const shape = { widthPx: gray.length, heightPx: 1, bitDepth }
  const bytes = new Uint8Array(compression === 'raw' ? rawBytes(shape) : seriesPackedBytes(shape))
  const unit = compression === 'packed' ? bitDepth : bitDepth > 8 ? 16 : 8
  let bits = 0
  let held = 0
  let at = 0
  for (const value of gray) {
    bits = ((bits << unit) | Math.round((value * largest) / 255)) & 0xffffff
    held += unit
    while (held >= 8) {
      held -= 8
      bytes[at++] = bits >> held
    }
  }
  if (held > 0) bytes[at] = bits << (8 - held)
  return bytes
}

function expectBytes(found: number, expected: number): void {
  if (found === expected) return
  throw new SidikError(
    'RECORD_CORRUPT',
    `the image has ${found} bytes, its size asks for ${expected}; use another copy of the record`,
  )
}
