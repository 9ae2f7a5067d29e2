/** Values that finger image records of all editions have, and what is wrong with them. */
import { problemsOfResolution } from '../coded-resolution.js'
import type { FieldReader } from '../field-reader.js'
import { type ImageKind, imageKindOf, problemOfEnd } from '../image-end.js'
import type { ImageCompression } from './compressions.js'
import { type ImageResolution, resolutionOf } from './image-resolution.js'
import { MAX_BIT_DEPTH } from './iso19794-4-2005.js'
import { type ImageShape, rawBytes, rowPackedBytes, seriesPackedBytes } from './pixels.js'

/** Images that are read of one record: 16 views of each of 42 positions, six times over. */
export const MAX_IMAGES = 4096

/** Without it no resolution means anything. */
export function readScaleUnits(reader: FieldReader): 1 | 2 {
  return reader.u8('scale units', 1, 2) as 1 | 2
}

export function readBitDepth(reader: FieldReader): number {
  return reader.u8('bit depth', 1, MAX_BIT_DEPTH)
}

/**
 * Whether pixels that are not compressed are as many as the sides say, and a compressed image is
 * whole with nothing behind it and of the resolution that the record says. Packed rows that each
 * begin with a byte of their own are one thing only, and not what the standards say.
 */
export function checkPayload(
  reader: FieldReader,
  field: string,
  offset: number,
  compression: ImageCompression | undefined,
  shape: ImageShape & ImageResolution,
  payload: Uint8Array,
): void {
  if (compression !== 'raw' && compression !== 'packed') {
    const problem = problemOfCompressed(compression, payload)
    if (problem !== undefined) reader.deviation(field, offset, problem)
    reportResolution(reader, field, offset, shape, payload)
    return
  }
  const payloadBytes = payload.length
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

/** Not thrown where nobody listens: many state another, and the record's word holds. */
function reportResolution(
  reader: FieldReader,
  field: string,
  offset: number,
  stated: ImageResolution,
  payload: Uint8Array,
): void {
  if (!reader.takesDeviations) return
  problemsOfResolution(resolutionOf(stated), payload).forEach((problem, axis) => {
    if (problem !== undefined) reader.deviation(`resolution in ${'xy'[axis]} of ${field}`, offset, problem)
  })
}

const KINDS: Readonly<Record<Exclude<ImageCompression, 'raw' | 'packed'>, ImageKind>> = {
  wsq: 'WSQ',
  jpeg: 'JPEG',
  jpeg2000: 'JPEG 2000',
  'jpeg2000-lossy': 'JPEG 2000',
  'jpeg2000-lossless': 'JPEG 2000',
  png: 'PNG',
}

/** @param compression undefined for one that is reserved */
function problemOfCompressed(
  compression: Exclude<ImageCompression, 'raw' | 'packed'> | undefined,
  payload: Uint8Array,
): string | undefined {
  if (payload.length === 0) return 'is empty'
  const kind = imageKindOf(payload)
  if (compression !== undefined && kind !== KINDS[compression]) {
    return `is ${kind === undefined ? 'no image of a known kind' : `a ${kind} image`}, compression says ${compression}`
  }
  return problemOfEnd(payload)
}
