/** Values that finger image records of all editions have, and what is wrong with them. */
import type { FieldReader } from '../field-reader.js'
import type { ImageCompression } from './compressions.js'
import { MAX_BIT_DEPTH } from './iso19794-4-2005.js'
import { type ImageShape, rawBytes, rowPackedBytes, seriesPackedBytes } from './pixels.js'

/** Without it no resolution means anything. */
export function readScaleUnits(reader: FieldReader): 1 | 2 {
  return reader.u8('scale units', 1, 2) as 1 | 2
}

export function readBitDepth(reader: FieldReader): number {
  return reader.u8('bit depth', 1, MAX_BIT_DEPTH)
}

/**
 * Whether pixels that are not compressed are as many as the sides say. Packed rows that each begin with a byte of their own are
 * one thing only, and not what the standards say.
 */
export function checkPayload(
  reader: FieldReader,
  field: string,
  offset: number,
  compression: ImageCompression | undefined,
  shape: ImageShape,
  payloadBytes: number,
): void {
  if (compression !== 'raw' && compression !== 'packed') return
  const expected = compression === 'raw' ? rawBytes(shape) : seriesPackedBytes(shape)
  if (payloadBytes === expected) return
  const { widthPx, heightPx, bitDepth } = shape
  const pixels = `${widthPx} x ${heightPx} pixels of ${bitDepth} bits`
  if (compression === 'packed' && payloadBytes === rowPackedBytes(shape)) {
    reader.deviation(
      field,
      offset,
      `has every row padded to a whole byte; ${pixels} packed in series are ${expected} bytes`,
    )
    return
  }
  reader.damage(field, offset, `has ${payloadBytes} bytes, ${pixels} ${compression} are ${expected}`)
}
