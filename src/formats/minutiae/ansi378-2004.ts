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
  writeVersion,
} from './header.js'

/**
 * The finger minutiae record of ANSI INCITS 378-2004, as it stands in the bytes. Big-endian.
 *
 *     offset  bytes  field
 *          0      4  format identifier 'FMR\0'
 *          4      4  version ' 20\0'
 *          8      2  length of the record; from 65,536 on 0, and the length in 4 bytes more (all that follows 4 later)
 *         10      2  CBEFF product identifier: owner
 *         12      2  CBEFF product identifier: type
 *         14      2  certifications << 12 | capture equipment ID
 *         16      2  image width, px
 *         18      2  image height, px
 *         20      2  resolution in x, px per cm
 *         22      2  resolution in y, px per cm
 *         24      1  count of finger views
 *         25      1  reserved, 0
 *         26         finger views (finger-view.ts), angles in units of 2 degrees, 0 to 179
 */
export interface Ansi378v2004Record {
  /** Who made the software that wrote the record, as registered with IBIA. */
  readonly ownerId: number
  /** Which software of that owner. */
  readonly productTypeId: number
  /** Capture equipment compliance, 4 bits: 8 is EFTS/F appendix F. */
  readonly certifications: number
  /** Capture equipment ID, 12 bits; 0 when not reported. */
  readonly captureDeviceTypeId: number
  /** Of the image in its own resolution, 1 to 65,535. */
  readonly widthPx: number
  readonly heightPx: number
  /** Pixels per centimetre, 1 to 65,535; 197 means 500 ppi. */
  readonly xResolutionPxPerCm: number
  readonly yResolutionPxPerCm: number
  /** At most 176. */
  readonly views: readonly FingerView[]
  readonly asFound?: HeaderAsFound
}

const VERSION = ' 20\0'
const SHORT_LENGTH_BYTES = 2
const LONG_LENGTH_BYTES = 4
const LEAST_LONG_LENGTH = 0x10000

/**
 * Reads a finger minutiae record of ANSI INCITS 378-2004. Nothing of `bytes` is kept, and `writeAnsi378v2004` gives the
 * same bytes again.
 *
 * @throws SidikError RECORD_FORMAT for bytes that are no such record (ISO/IEC 19794-2 among them), RECORD_VERSION for
 *   another version of the standard, RECORD_CORRUPT for lengths, counts or values that contradict each other, naming
 *   field and offset, and for what deviates where nobody listens
 * @throws TypeError when `bytes` is not a Uint8Array
 */
export function readAnsi378v2004(bytes: Uint8Array, options?: ReadOptions): Ansi378v2004Record {
  checkFormat(bytes, 'ansi-378-2004')
  const fields = new FieldReader(bytes, 'ANSI INCITS 378-2004 record', options)
  const version = readVersion(fields, VERSION)
  const lengthAt = fields.offset
  const shortLength = fields.u16('length of the record')
  const statedLength = shortLength || fields.u32('long length of the record')
  const hasLongLength = shortLength === 0 && statedLength < LEAST_LONG_LENGTH
  if (hasLongLength) fields.deviation('length of the record', lengthAt, `has 6 bytes, is ${statedLength}`)
  const length = checkLength(fields, lengthAt, statedLength)
  const ownerId = fields.u16('CBEFF product owner')
  const productTypeId = fields.u16('CBEFF product type')
  const certificationsAndDevice = fields.u16('certifications and capture equipment ID')
  const image = {
    widthPx: fields.u16('image width', 1),
    heightPx: fields.u16('image height', 1),
    xResolutionPxPerCm: fields.u16('resolution in x', 1),
    yResolutionPxPerCm: fields.u16('resolution in y', 1),
  }
  const viewCount = fields.u8('count of finger views', 0, MAX_VIEWS)
  const reserved = readReservedByte(fields)
  const views = fields.several('finger view', viewCount, () => readFingerView(fields, image, 'ansi-378'))
  checkEnd(fields, viewCount)
  return withAsFound(
    {
      ownerId,
      productTypeId,
      certifications: certificationsAndDevice >> 12,
      captureDeviceTypeId: certificationsAndDevice & 0xfff,
      ...image,
      views,
    },
    version,
    hasLongLength ? { hasLongLength } : {},
    reserved,
    length,
  )
}

/**
 * The bytes of a finger minutiae record of ANSI INCITS 378-2004.
 *
 * @throws RangeError naming the field that the record format cannot hold
 */
export function writeAnsi378v2004(record: Ansi378v2004Record): Uint8Array<ArrayBuffer> {
  const { views, asFound } = record
  const rest = new FieldWriter()
  rest.u16('ownerId', record.ownerId)
  rest.u16('productTypeId', record.productTypeId)
  const certifications = whole('certifications', record.certifications, 0, 0xf)
  rest.u16('header', (certifications << 12) | whole('captureDeviceTypeId', record.captureDeviceTypeId, 0, 0xfff))
  rest.u16('widthPx', record.widthPx, 1)
  rest.u16('heightPx', record.heightPx, 1)
  rest.u16('xResolutionPxPerCm', record.xResolutionPxPerCm, 1)
  rest.u16('yResolutionPxPerCm', record.yResolutionPxPerCm, 1)
  rest.u8('views.length', views.length, 0, MAX_VIEWS)
  rest.u8('asFound.reservedByte', asFound?.reservedByte ?? 0)
  views.forEach((view, i) => {
    writeFingerView(rest, view, `views[${i}]`, record, 'ansi-378')
  })
  const out = new FieldWriter()
  writeVersion(out, VERSION, asFound)
  writeLength(out, out.offset + SHORT_LENGTH_BYTES + rest.offset, asFound)
  out.bytes(rest.finish())
  return out.finish()
}

/** @param shortForm length of the record when its length has 2 bytes */
function writeLength(out: FieldWriter, shortForm: number, asFound: HeaderAsFound | undefined): void {
  const stated = asFound?.statedLength
  const isLong = asFound?.hasLongLength || (stated ?? shortForm) >= LEAST_LONG_LENGTH
  if (isLong) {
    out.u16('length of the record', 0)
    out.u32('asFound.statedLength', stated ?? shortForm + LONG_LENGTH_BYTES)
  } else out.u16('asFound.statedLength', stated ?? shortForm, 1)
}
