import type { ReadOptions } from '../deviation.js'
import { FieldReader } from '../field-reader.js'
import { FieldWriter } from '../field-writer.js'
import { type Ansi378v2009View, readAnsi378v2009View, writeAnsi378v2009View } from './ansi378-2009-view.js'
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
 * The finger minutiae record of ANSI INCITS 378-2009, with or without its amendment 1, as it stands in the bytes.
 * Big-endian.
 *
 *     offset  bytes  field
 *          0      4  format identifier 'FMR\0'
 *          4      4  version '030\0', with amendment 1 '035\0'
 *          8      4  length of the record
 *         12      2  CBEFF product identifier: owner
 *         14      2  CBEFF product identifier: type
 *         16      1  certifications
 *         17      2  capture equipment ID
 *         19      1  count of finger views
 *         20      1  reserved, 0
 *         21         finger views (ansi378-2009-view.ts)
 */
export interface Ansi378v2009Record {
  /** Whether it is of amendment 1, which has positions of several fingers; nothing else in the layout differs. */
  readonly isAmendment1: boolean
  /** Who made the software that wrote the record, as registered with IBIA. */
  readonly ownerId: number
  /** Which software of that owner. */
  readonly productTypeId: number
  /** Capture equipment compliance, 8 bits: 0x80 is EFTS/F appendix F. */
  readonly certifications: number
  /** Capture equipment ID, 16 bits; 0 when not reported. */
  readonly captureDeviceTypeId: number
  /** At most 176. */
  readonly views: readonly Ansi378v2009View[]
  readonly asFound?: HeaderAsFound
}

const VERSION = '030\0'
const VERSION_OF_AMENDMENT_1 = '035\0'

/**
 * Reads a finger minutiae record of ANSI INCITS 378-2009 or its amendment 1. Nothing of `bytes` is kept, and
 * `writeAnsi378v2009` gives the same bytes again.
 *
 * @throws SidikError RECORD_FORMAT for bytes that are no such record (ISO/IEC 19794-2 among them), RECORD_VERSION for
 *   another version of the standard, RECORD_CORRUPT for lengths, counts or values that contradict each other, naming
 *   field and offset, and for what deviates where nobody listens
 * @throws TypeError when `bytes` is not a Uint8Array
 */
export function readAnsi378v2009(bytes: Uint8Array, options?: ReadOptions): Ansi378v2009Record {
  checkFormat(bytes, 'ansi-378-2009')
  const fields = new FieldReader(bytes, 'ANSI INCITS 378-2009 record', options)
  const isAmendment1 = String.fromCharCode(...bytes.subarray(4, 8)) === VERSION_OF_AMENDMENT_1
  readVersion(fields, isAmendment1 ? VERSION_OF_AMENDMENT_1 : VERSION)
  const lengthAt = fields.offset
  const length = checkLength(fields, lengthAt, fields.u32('length of the record'))
  const ownerId = fields.u16('CBEFF product owner')
  const productTypeId = fields.u16('CBEFF product type')
  const certifications = fields.u8('certifications')
  const captureDeviceTypeId = fields.u16('capture equipment ID')
  const viewCount = fields.u8('count of finger views', 0, MAX_VIEWS)
  const reserved = readReservedByte(fields)
  const views = Array.from({ length: viewCount }, () => readAnsi378v2009View(fields))
  checkEnd(fields, viewCount)
  const record = { isAmendment1, ownerId, productTypeId, certifications, captureDeviceTypeId, views }
  return withAsFound(record, reserved, length)
}

/**
 * The bytes of a finger minutiae record of ANSI INCITS 378-2009.
 *
 * @throws RangeError naming the field that the record format cannot hold
 */
export function writeAnsi378v2009(record: Ansi378v2009Record): Uint8Array<ArrayBuffer> {
  const { views, asFound } = record
  const rest = new FieldWriter()
  rest.u16('ownerId', record.ownerId)
  rest.u16('productTypeId', record.productTypeId)
  rest.u8('certifications', record.certifications)
  rest.u16('captureDeviceTypeId', record.captureDeviceTypeId)
  rest.u8('views.length', views.length, 0, MAX_VIEWS)
  rest.u8('asFound.reservedByte', asFound?.reservedByte ?? 0)
  views.forEach((view, i) => {
    writeAnsi378v2009View(rest, view, `views[${i}]`)
  })
  return withLength(record.isAmendment1 ? VERSION_OF_AMENDMENT_1 : VERSION, rest, asFound)
}
