import { whole } from '../../template/ranges.js'
import type { ReadOptions } from '../deviation.js'
import { FieldReader } from '../field-reader.js'
import { FieldWriter } from '../field-writer.js'
import { type Ansi378v2009Edition, editionOf, VERSIONS } from './ansi378-2009-edition.js'
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
 * The finger minutiae record of ANSI INCITS 378-2009, with or without its amendment 1, as it stands
 * in the bytes; and that of NIST's libraries, whose header is a byte shorter
 * (ansi378-2009-edition.ts). Big-endian.
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
  /** Amendment 1 has positions of several fingers; nothing else in its layout differs. */
  readonly edition: Ansi378v2009Edition
  /** Who made the software that wrote the record, as registered with IBIA. */
  readonly ownerId: number
  /** Which software of that owner. */
  readonly productTypeId: number
  /** Capture equipment compliance, 8 bits: 0x80 is EFTS/F appendix F. In '2007-nist' 4 bits: 8. */
  readonly certifications: number
  /** Capture equipment ID, 16 bits, in '2007-nist' 12; 0 when not reported. */
  readonly captureDeviceTypeId: number
  /** At most 176. */
  readonly views: readonly Ansi378v2009View[]
  readonly asFound?: HeaderAsFound
}

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
  const { edition, isAmbiguous } = editionOf(bytes)
  readVersion(fields, VERSIONS[edition])
  const lengthAt = fields.offset
  const length = checkLength(fields, lengthAt, fields.u32('length of the record'))
  const ownerId = fields.u16('CBEFF product owner')
  const productTypeId = fields.u16('CBEFF product type')
  if (isAmbiguous) fields.deviation('certifications', fields.offset, "fit NIST's header of 20 bytes too: read as of 21")
  const equipment = readEquipment(fields, edition)
  const viewCount = fields.u8('count of finger views', 0, MAX_VIEWS)
  const reserved = readReservedByte(fields)
  const views = fields.several('finger view', viewCount, () => readAnsi378v2009View(fields))
  checkEnd(fields, viewCount)
  return withAsFound({ edition, ownerId, productTypeId, ...equipment, views }, reserved, length)
}

function readEquipment(fields: FieldReader, edition: Ansi378v2009Edition) {
  if (edition !== '2007-nist') {
    return { certifications: fields.u8('certifications'), captureDeviceTypeId: fields.u16('capture equipment ID') }
  }
  const both = fields.u16('certifications and capture equipment ID')
  return { certifications: both >> 12, captureDeviceTypeId: both & 0xfff }
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
  if (record.edition === '2007-nist') {
    const certifications = whole('certifications', record.certifications, 0, 0xf)
    rest.u16('header', (certifications << 12) | whole('captureDeviceTypeId', record.captureDeviceTypeId, 0, 0xfff))
  } else {
    rest.u8('certifications', record.certifications)
    rest.u16('captureDeviceTypeId', record.captureDeviceTypeId)
  }
  rest.u8('views.length', views.length, 0, MAX_VIEWS)
  rest.u8('asFound.reservedByte', asFound?.reservedByte ?? 0)
  views.forEach((view, i) => {
    writeAnsi378v2009View(rest, view, `views[${i}]`)
  })
  if (!Object.hasOwn(VERSIONS, record.edition)) throw new RangeError(`edition is ${JSON.stringify(record.edition)}`)
  return withLength(VERSIONS[record.edition], rest, asFound)
}
