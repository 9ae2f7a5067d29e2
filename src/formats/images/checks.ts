/** Values that finger image records of all editions have, and what is wrong with them. */
import type { FieldReader } from '../field-reader.js'
import type { ImageCompression } from './code-names.js'
import { MAX_BIT_DEPTH } from './iso19794-4-2005.js'
import { rawBytes, rowPackedBytes, seriesPackedBytes } from './pixels.js'

export interface ImageShape {
  readonly widthPx: number
  readonly heightPx: number
  readonly bitDepth: number
}

/** Without it no resolution means anything. */
export function readScaleUnits(reader: FieldReader): 1 | 2 {
  const { offset } = reader
  const units = reader.u8('scale units')
  if (units === 1 || units === 2) return units
  throw reader.corrupt('scale units', offset, `is ${units}, neither 1 (inch) nor 2 (centimetre)`)
}

export function readBitDepth(reader: FieldReader): number {
  const { offset } = reader
  const bitDepth = reader.u8('bit depth')
  if (bitDepth >= 1 && bitDepth <= MAX_BIT_DEPTH) return bitDepth
  throw reader.corrupt('bit depth', offset, `is ${bitDepth}, not 1 to ${MAX_BIT_DEPTH}`)
}

/** A code that the standard may or may not have; kept where it has not, since nothing else depends on it. */
export function readCode(reader: FieldReader, field: string, known: { has(code: number): boolean }): number {
  const { offset } = reader
  const code = reader.u8(field)
  if (!known.has(code)) reader.deviation(field, offset, `is ${code}, which is reserved`)
  return code
}

export function readSide(reader: FieldReader, field: string): number {
  const { offset } = reader
  const sidePx = reader.u16(field)
  if (sidePx === 0) throw reader.corrupt(field, offset, 'is 0')
  return sidePx
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
  throw reader.corrupt(field, offset, `has ${payloadBytes} bytes, ${pixels} ${compression} are ${expected}`)
}
