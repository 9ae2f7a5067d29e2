import { SidikError } from '../../errors.js'
import { whole } from '../../template/ranges.js'
import type { ReadOptions } from '../deviation.js'
import { FieldReader } from '../field-reader.js'
import { FieldWriter } from '../field-writer.js'
import { type CoresAndDeltasExtension, readCoresAndDeltas, writeCoresAndDeltas } from './cores-and-deltas.js'
import type { ExtensionContext } from './extension-context.js'
import { type RidgeCountExtension, readRidgeCounts, writeRidgeCounts } from './ridge-counts.js'
import { readZonalQuality, writeZonalQuality, type ZonalQualityExtension } from './zonal-quality.js'

/**
 * Extended data of a view (ISO/IEC 19794-2:2005, 7.5, and :2011; ANSI INCITS 378). Big-endian.
 *
 *     offset  bytes  field
 *          0      2  length of all extensions, 0 when there are none
 *          2         extensions
 *
 *     extension
 *          0      2  type
 *          2      2  length
 *          4         data
 */

/** An extension kept as bytes: a vendor's own, or one of the standard's that does not parse. */
export interface OpaqueExtension {
  readonly kind: 'opaque'
  /** 1 ridge counts, 2 cores and deltas, 3 zonal quality (ISO), 256 and above a vendor's own; others are reserved. */
  readonly type: number
  readonly data: Uint8Array
}

export type RecordExtension = RidgeCountExtension | CoresAndDeltasExtension | ZonalQualityExtension | OpaqueExtension

/** Extensions of a view, and how their lengths are counted. */
export interface ExtendedData {
  readonly extensions: readonly RecordExtension[]
  /**
   * Whether the length of an extension counts the four bytes of its type and length too, as ISO/IEC 19794-2:2011 and ANSI
   * INCITS 378 have it. Writers of ISO/IEC 19794-2:2005 differ: FingerprintIO counts the data alone (its sample of 2 views
   * shows it), NIST's BiomDI counts all. What a record has is found by which of the two fills the extended data
   * exactly; in records of 2005 data alone is tried first and neither deviates.
   */
  readonly extensionLengthsCountHeaders: boolean
}

const HEADER_BYTES = 4
const LENGTH_BYTES = 2
const TYPES = { 'ridge-counts': 1, 'cores-and-deltas': 2, 'zonal-quality': 3 } as const

/**
 * The extension that these data are.
 *
 * @param options without a listener, data of type 1 to 3 that do not parse are thrown; with one they are reported and
 *   kept as bytes
 * @throws SidikError RECORD_CORRUPT
 */
export function decodeExtension(
  type: number,
  data: Uint8Array,
  context: ExtensionContext,
  options: ReadOptions = {},
): RecordExtension {
  return readExtension(type, new FieldReader(data, `extension ${type}`, options), context)
}

/**
 * Type and data of an extension.
 *
 * @throws RangeError naming the field that it cannot hold
 */
export function encodeExtension(
  extension: RecordExtension,
  context: ExtensionContext,
  path = 'extension',
): { type: number; data: Uint8Array } {
  const { standard } = context
  const out = new FieldWriter()
  if (extension.kind === 'opaque') {
    return { type: whole(`${path}.type`, extension.type, 0, 0xffff), data: extension.data }
  }
  if (extension.kind === 'ridge-counts') writeRidgeCounts(out, extension, path, context)
  else if (extension.kind === 'cores-and-deltas') writeCoresAndDeltas(out, extension, path, context)
  else if (standard !== 'ansi-378') writeZonalQuality(out, extension, path, context)
  else throw new RangeError(`${path} is of zonal quality, which has no place in ANSI INCITS 378`)
  return { type: TYPES[extension.kind], data: out.finish() }
}

/** Reads the length of the extended data and what it covers. */
export function readExtendedData(fields: FieldReader, context: ExtensionContext): ExtendedData {
  const orders = context.standard === 'iso-19794-2-2005' ? [false, true] : [true, false]
  if (fields.leftBytes < LENGTH_BYTES && fields.takesDamage) {
    fields.damage('length of the extended data', fields.offset, 'is not there: the record ends before it')
    return { extensions: [], extensionLengthsCountHeaders: orders[0] }
  }
  const area = fields.part('extended data', fields.u16('length of the extended data'))
  for (const extensionLengthsCountHeaders of orders) {
    const parts = splitExtensions(area.fork(), extensionLengthsCountHeaders ? HEADER_BYTES : 0)
    if (parts === null) continue
    if (!extensionLengthsCountHeaders && context.standard !== 'iso-19794-2-2005') {
      fields.deviation('length of an extension', area.offset + 2, 'does not count its own four bytes of header')
    }
    const extensions = parts.map(({ type, data }) => readExtension(type, data, context))
    return { extensions, extensionLengthsCountHeaders }
  }
  fields.damage('extended data', area.offset, `has lengths that do not fill its ${area.leftBytes} bytes`)
  return { extensions: [], extensionLengthsCountHeaders: orders[0] }
}

export function writeExtendedData(
  out: FieldWriter,
  { extensions, extensionLengthsCountHeaders }: ExtendedData,
  path: string,
  context: ExtensionContext,
): void {
  const area = new FieldWriter()
  extensions.forEach((extension, i) => {
    const { type, data } = encodeExtension(extension, context, `${path}.extensions[${i}]`)
    area.u16(`${path}.extensions[${i}].type`, type)
    area.u16(`the length of ${path}.extensions[${i}]`, data.length + (extensionLengthsCountHeaders ? HEADER_BYTES : 0))
    area.bytes(data)
  })
  out.u16(`the length of all ${path}.extensions`, area.offset)
  out.bytes(area.finish())
}

/** Data that do not parse stay bytes, all of them, also where somebody listens to damage. */
function readExtension(type: number, all: FieldReader, context: ExtensionContext): RecordExtension {
  const fields = all.forkOfSound()
  try {
    if (type === TYPES['ridge-counts']) return readRidgeCounts(fields, context)
    if (type === TYPES['cores-and-deltas']) return readCoresAndDeltas(fields, context)
    if (type === TYPES['zonal-quality'] && context.standard !== 'ansi-378') return readZonalQuality(fields, context)
  } catch (error) {
    if (!(error instanceof SidikError)) throw error
    all.deviation(`data of extension ${type}`, all.offset, `do not parse and stay bytes: ${error.message}`)
  }
  return { kind: 'opaque', type, data: all.bytes(`data of extension ${type}`, all.leftBytes) }
}

/** Type and data of each extension, or null when their lengths, less `counted` bytes of header, do not fill the area. */
function splitExtensions(area: FieldReader, counted: number): { type: number; data: FieldReader }[] | null {
  const parts: { type: number; data: FieldReader }[] = []
  while (area.leftBytes >= HEADER_BYTES) {
    const type = area.u16('type of an extension')
    const dataLength = area.u16('length of an extension') - counted
    if (dataLength < 0 || dataLength > area.leftBytes) return null
    parts.push({ type, data: area.part(`data of extension ${type}`, dataLength) })
  }
  return area.leftBytes === 0 ? parts : null
}
