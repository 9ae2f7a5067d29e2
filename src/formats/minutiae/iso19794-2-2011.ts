import type { ReadOptions } from '../deviation.js'
import { FieldReader } from '../field-reader.js'
import { FieldWriter } from '../field-writer.js'
import { checkFormat } from './format-of.js'
import { checkEnd, checkLength, type HeaderAsFound, MAX_VIEWS, readVersion, withAsFound, withLength } from './header.js'
import {
  type Iso19794p2v2011Representation,
  readRepresentation,
  writeRepresentation,
} from './iso19794-2-2011-representation.js'

/**
 * The finger minutiae record of ISO/IEC 19794-2:2011 (clause 8: the record format), as it stands in the bytes: nothing
 * scaled, nothing left out. Big-endian.
 *
 *     offset  bytes  field
 *          0      4  format identifier 'FMR\0'
 *          4      4  version '030\0'
 *          8      4  length of the record
 *         12      2  count of representations
 *         14      1  whether representations have certification blocks, 0 or 1
 *         15         representations (iso19794-2-2011-representation.ts), one after the other
 */
export interface Iso19794p2v2011Record {
  readonly hasCertificationBlocks: boolean
  /** At most 176. */
  readonly views: readonly Iso19794p2v2011Representation[]
  readonly asFound?: HeaderAsFound
}

const VERSION = '030\0'

/**
 * Reads a finger minutiae record of ISO/IEC 19794-2:2011. Nothing of `bytes` is kept, and `writeIso19794p2v2011` gives
 * the same bytes again.
 *
 * @throws SidikError RECORD_FORMAT for bytes that are no such record (ANSI INCITS 378-2009 among them), RECORD_VERSION for
 *   another version of the standard, RECORD_CORRUPT for lengths, counts or values that contradict each other, naming
 *   field and offset, and for what deviates where nobody listens
 * @throws TypeError when `bytes` is not a Uint8Array
 */
export function readIso19794p2v2011(bytes: Uint8Array, options?: ReadOptions): Iso19794p2v2011Record {
  checkFormat(bytes, 'iso-19794-2-2011')
  const fields = new FieldReader(bytes, 'ISO/IEC 19794-2:2011 record', options)
  readVersion(fields, VERSION)
  const lengthAt = fields.offset
  const length = checkLength(fields, lengthAt, fields.u32('length of the record'))
  const viewCount = fields.u16('count of representations', 0, MAX_VIEWS)
  const hasCertificationBlocks = fields.u8('certification flag', 0, 1) === 1
  const views = fields.several('representation', viewCount, () => readRepresentation(fields, hasCertificationBlocks))
  checkEnd(fields, viewCount)
  return withAsFound({ hasCertificationBlocks, views }, length)
}

/**
 * The bytes of a finger minutiae record of ISO/IEC 19794-2:2011.
 *
 * @throws RangeError naming the field that the record format cannot hold
 */
export function writeIso19794p2v2011(record: Iso19794p2v2011Record): Uint8Array<ArrayBuffer> {
  const { views, hasCertificationBlocks, asFound } = record
  const rest = new FieldWriter()
  rest.u16('views.length', views.length, 0, MAX_VIEWS)
  rest.u8('hasCertificationBlocks', hasCertificationBlocks ? 1 : 0)
  views.forEach((view, i) => {
    writeRepresentation(rest, view, `views[${i}]`, hasCertificationBlocks)
  })
  return withLength(VERSION, rest, asFound)
}
