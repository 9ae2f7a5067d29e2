import { whole } from '../../template/ranges.js'
import type { ReadOptions } from '../deviation.js'
import { FieldReader } from '../field-reader.js'
import { FieldWriter } from '../field-writer.js'
import { type FingerView, readFingerView, writeFingerView } from './finger-view.js'
import { checkFormat } from './format-of.js'
import {
  checkEnd,
  checkLength,
  type HeaderAsFound,
  MAX_VIEWS,
  readReservedByte,
  readVersion,
  withAsFound,
  withLength,
} from './header.js'

/**
 * The finger minutiae record of ISO/IEC 19794-2:2005 (clause 7: the record format, not the card formats of clause 8),
 * as it stands in the bytes: nothing scaled, nothing left out. Big-endian.
 *
 *     record header (7.3)
 *     offset  bytes  field
 *          0      4  format identifier 'FMR\0'
 *          4      4  version ' 20\0'
 *          8      4  length of the record
 *         12      2  certifications << 12 | capture device type ID
 *         14      2  image width, px
 *         16      2  image height, px
 *         18      2  resolution in x, px per cm
 *         20      2  resolution in y, px per cm
 *         22      1  count of finger views
 *         23      1  reserved, 0
 *         24         finger views (7.4; finger-view.ts), one after the other
 */
export interface Iso19794p2v2005Record {
  /** Capture equipment certifications, 4 bits: 8 is EFTS/F appendix F. */
  readonly certifications: number
  /** Capture device type ID, 12 bits, given out by the vendor; 0 when not reported. */
  readonly captureDeviceTypeId: number
  /** Of the image in its own resolution, 1 to 65,535. */
  readonly widthPx: number
  readonly heightPx: number
  /** Pixels per centimetre, at least 99 (250 ppi); 197 means 500 ppi. */
  readonly xResolutionPxPerCm: number
  readonly yResolutionPxPerCm: number
  /** At most 176. */
  readonly views: readonly FingerView[]
  readonly asFound?: HeaderAsFound
}

const VERSION = ' 20\0'
/** Pixels per centimetre, 7.3. */
export const MIN_RESOLUTION_PX_PER_CM = 99

/**
 * Reads a finger minutiae record of ISO/IEC 19794-2:2005 (clause 7). Nothing of `bytes` is kept, and
 * `writeIso19794p2v2005` gives the same bytes again.
 *
 * @throws SidikError RECORD_FORMAT for bytes that are no such record (ANSI INCITS 378 among them), RECORD_VERSION for
 *   another version of the standard, RECORD_CORRUPT for lengths, counts or values that contradict each other, naming
 *   field and offset, and for what deviates where nobody listens
 * @throws TypeError when `bytes` is not a Uint8Array
 */
export function readIso19794p2v2005(bytes: Uint8Array, options?: ReadOptions): Iso19794p2v2005Record {
  checkFormat(bytes, 'iso-19794-2-2005')
  const fields = new FieldReader(bytes, 'ISO/IEC 19794-2:2005 record', options)
  const version = readVersion(fields, VERSION)
  const lengthAt = fields.offset
  const length = checkLength(fields, lengthAt, fields.u32('length of the record'))
  const certificationsAndDevice = fields.u16('certifications and capture device type ID')
  const image = {
    widthPx: fields.u16('image width', 1),
    heightPx: fields.u16('image height', 1),
    xResolutionPxPerCm: fields.u16('resolution in x', MIN_RESOLUTION_PX_PER_CM),
    yResolutionPxPerCm: fields.u16('resolution in y', MIN_RESOLUTION_PX_PER_CM),
  }
  const viewCount = fields.u8('count of finger views', 0, MAX_VIEWS)
  const reserved = readReservedByte(fields)
  const views = fields.several('finger view', viewCount, () => readFingerView(fields, image, 'iso-19794-2-2005'))
  checkEnd(fields, viewCount)
  return withAsFound(
    {
      certifications: certificationsAndDevice >> 12,
      captureDeviceTypeId: certificationsAndDevice & 0xfff,
      ...image,
      views,
    },
    version,
    reserved,
    length,
  )
}

/**
 * The bytes of a finger minutiae record (ISO/IEC 19794-2:2005, clause 7).
 *
 * @throws RangeError naming the field that the record format cannot hold
 */
export function writeIso19794p2v2005(record: Iso19794p2v2005Record): Uint8Array<ArrayBuffer> {
  const { views, asFound } = record
  const rest = new FieldWriter()
  const certifications = whole('certifications', record.certifications, 0, 0xf)
  rest.u16('header', (certifications << 12) | whole('captureDeviceTypeId', record.captureDeviceTypeId, 0, 0xfff))
  rest.u16('widthPx', record.widthPx, 1)
  rest.u16('heightPx', record.heightPx, 1)
  rest.u16('xResolutionPxPerCm', record.xResolutionPxPerCm, MIN_RESOLUTION_PX_PER_CM)
  rest.u16('yResolutionPxPerCm', record.yResolutionPxPerCm, MIN_RESOLUTION_PX_PER_CM)
  rest.u8('views.length', views.length, 0, MAX_VIEWS)
  rest.u8('asFound.reservedByte', asFound?.reservedByte ?? 0)
  views.forEach((view, i) => {
    writeFingerView(rest, view, `views[${i}]`, record, 'iso-19794-2-2005')
  })
  return withLength(VERSION, rest, asFound)
}
