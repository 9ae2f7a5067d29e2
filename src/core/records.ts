import { codeOfDirection, MAX_MINUTIAE } from '../template/minutia-codes.js'
import { CODE_KINDS_AT, COMMON_BYTES, GEOMETRIC_CODES } from '../template/native-layout.js'
import {
  hasGeometry,
  joinPieces,
  PLACE_BYTES,
  type TemplateParts,
  type TemplatePieces,
  writePieces,
} from '../template/native-parts.js'
import type { Template, TemplateContents } from '../types.js'
import type { CoreExports } from './instance.js'

/** Bytes that one code and one mask take, and fields of the header (assembly/memory-record.ts). */
const CODE_BYTES = 16
const MASK_BYTES = 4
const DESCRIBED_AT = 2
const LENGTH_AT = 4
const NETWORK_AT = 8
const GEOMETRY_AT = 12

/** Instead of an address: the record has no room for geometric codes (assembly/memory-record.ts). */
const NO_GEOMETRY = 0xffff0000

/** Addresses in a header are in units of so many bytes. */
const UNIT_BYTES = 16

/** A memory's bytes, made once: asking a memory for its buffer takes longer than copying a record. Made anew when it grows. */
export interface MemoryViews {
  readonly bytes: Uint8Array
  readonly data: DataView
}

export function viewsOf({ buffer }: WebAssembly.Memory): MemoryViews {
  return { bytes: new Uint8Array(buffer), data: new DataView(buffer) }
}

/** What a record is written from: a template, or minutiae alone (`methodVersion` 0). */
export type RecordSource = Pick<TemplateContents, 'minutiae' | 'geometricCodes' | 'methodVersion' | 'learnedCodes'>

/** Bytes that the record of `source` and its geometric codes behind it take in the core's memory; a multiple of 16. */
export function recordBytes(
  core: CoreExports,
  { minutiae, learnedCodes }: Pick<TemplateContents, 'minutiae' | 'learnedCodes'>,
): number {
  return core.recordBytes(minutiae.length, learnedCodes !== undefined, 0) + core.geometryBytes(minutiae.length)
}

/**
 * Writes `source` as a record at `pointer` (16-byte aligned) of the memory `core` lives in, its geometric codes behind it.
 * Those of another method version than the core's own are left out like absent ones: the core makes them when it first
 * needs them.
 *
 * @throws RangeError for more minutiae than a record holds, or a position that does not fit in 16 bits
 */
export function writeRecord(
  core: CoreExports,
  memory: WebAssembly.Memory,
  pointer: number,
  source: RecordSource,
): void {
  const { minutiae, geometricCodes, learnedCodes } = source
  const count = minutiae.length
  if (count > MAX_MINUTIAE) throw new RangeError(`minutiae must be at most ${MAX_MINUTIAE}, given ${count}`)
  const bytes = core.recordBytes(count, learnedCodes !== undefined, 0)
  const view = new DataView(memory.buffer, pointer, recordBytes(core, source))
  new Uint8Array(memory.buffer, pointer, view.byteLength).fill(0)
  const { data } = viewsOf(memory)
  writeHeader(data, pointer, count, bytes, learnedCodes?.networkVersion ?? 0)
  const x = core.recordX()
  const y = core.recordY(count)
  const direction = core.recordDirections(count)
  const quality = core.recordQualities(count, learnedCodes !== undefined)
  for (let i = 0; i < count; i++) {
    const minutia = minutiae[i]
    view.setInt16(x + 2 * i, coordinate('xPx', minutia.xPx, i), true)
    view.setInt16(y + 2 * i, coordinate('yPx', minutia.yPx, i), true)
    view.setUint8(direction + i, codeOfDirection(minutia.directionRad))
    view.setUint8(quality + i, minutia.quality)
  }
  setGeometry(data, pointer, pointer + bytes)
  const { bits, masks } = geometricCodes
  const current = source.methodVersion === core.METHOD_VERSION.value
  if (current && bits.length === count * CODE_BYTES && masks.length === count) {
    new Uint8Array(memory.buffer, pointer + bytes, bits.length).set(bits)
    for (let i = 0; i < count; i++) view.setUint32(bytes + count * CODE_BYTES + MASK_BYTES * i, masks[i], true)
    view.setUint16(DESCRIBED_AT, 1, true)
  }
  if (learnedCodes !== undefined) {
    if (learnedCodes.bits.length !== count * CODE_BYTES) {
      throw new RangeError(`learnedCodes.bits must be ${count * CODE_BYTES} bytes, given ${learnedCodes.bits.length}`)
    }
    new Uint8Array(memory.buffer, pointer + core.recordLearned(count), learnedCodes.bits.length).set(learnedCodes.bits)
  }
}

/** @throws RangeError for a position that does not fit in 16 bits with its sign, as records hold them */
export function checkPlaces({ template, at, count }: TemplateParts): void {
  for (let i = 0; i < 2 * count; i++) {
    // The upper byte of each coordinate: all x, then all y.
    const upper = at.x + 2 * i + 1
    if (template[upper] < 0x80) continue
    const value = template[upper - 1] | (template[upper] << 8)
    coordinate(i < count ? 'xPx' : 'yPx', value, i % count)
  }
}

/** Bytes of the record that {@link writeParts} writes; a multiple of 16. */
export function partsBytes(core: CoreExports, { at, count, networkVersion }: TemplateParts): number {
  return core.recordBytes(count, networkVersion > 0, count + at.headerLength - COMMON_BYTES)
}

/**
 * Writes a template as a record that {@link readTemplateAt} makes the template of again, byte for byte. `geometry`: where
 * its geometric codes are to be, or 0 for a record that has no room for them; those that the template has are copied there.
 * `staging`: {@link MAX_TEMPLATE_BYTES} of the memory that nobody else uses.
 */
export function writeParts(
  core: CoreExports,
  { bytes, data }: MemoryViews,
  staging: number,
  pointer: number,
  geometry: number,
  parts: TemplateParts,
): void {
  const { template, at, count, networkVersion } = parts
  bytes.set(template, staging)
  core.storeRecord(
    pointer,
    geometry,
    count,
    networkVersion,
    staging + at.x,
    staging + at.learnedBits,
    staging + at.quality,
    staging + at.type,
    staging + COMMON_BYTES,
    at.headerLength - COMMON_BYTES,
  )
  if (geometry === 0 || !hasGeometry(parts) || !keepsAll(core, parts)) return
  bytes.copyWithin(geometry, staging + at.bits, staging + at.learnedBits)
  data.setUint16(pointer + DESCRIBED_AT, 1, true)
}

/** Whether the record of a template holds all of it: not where its geometric codes are of another method's version. */
export function keepsAll(core: CoreExports, parts: TemplateParts): boolean {
  return !hasGeometry(parts) || parts.methodVersion === core.METHOD_VERSION.value
}

/** The template that {@link writeParts} wrote at `pointer`. */
export function readTemplateAt(core: CoreExports, views: MemoryViews, pointer: number): Template {
  return joinPieces(piecesAt(core, views, pointer))
}

/** Copies it into `target` from `offset` on, and says how many bytes it has. */
export function copyTemplateAt(
  core: CoreExports,
  views: MemoryViews,
  pointer: number,
  target: Uint8Array,
  offset: number,
): number {
  return writePieces(piecesAt(core, views, pointer), target, offset)
}

/** Views of a record. */
function piecesAt(core: CoreExports, { bytes, data }: MemoryViews, pointer: number): TemplatePieces {
  const { count, bytes: length, networkVersion, geometry } = readHeader(data, pointer)
  const record = bytes.subarray(pointer, pointer + length)
  const learned = networkVersion > 0
  const part = (at: number, length: number) => record.subarray(at, at + length)
  const kept = core.recordKept(count, learned)
  const header = part(kept + count, learned ? LEARNED_HEADER_REST : PLAIN_HEADER_REST)
  const described = (header[CODE_KINDS_AT - COMMON_BYTES] & GEOMETRIC_CODES) !== 0
  const geometryBytes = described ? count * (CODE_BYTES + MASK_BYTES) : 0
  return {
    places: part(core.recordX(), PLACE_BYTES * count),
    types: part(kept, count),
    qualities: part(core.recordQualities(count, learned), count),
    geometry: bytes.subarray(geometry, geometry + geometryBytes),
    learnedBits: part(core.recordLearned(count), learned ? CODE_BYTES * count : 0),
    header,
  }
}

/** Bytes of a template's header after those that every version has (src/template/native-layout.ts). */
const PLAIN_HEADER_REST = 16
export const LEARNED_HEADER_REST = 24

/** What the header of the record at `pointer` says; `geometry` 0: there is no room for geometric codes. */
export function readHeader(data: DataView, pointer: number) {
  const geometry = data.getUint32(pointer + GEOMETRY_AT, true) * UNIT_BYTES
  return {
    count: data.getUint16(pointer, true),
    bytes: data.getUint32(pointer + LENGTH_AT, true),
    networkVersion: data.getUint32(pointer + NETWORK_AT, true),
    geometry: geometry === NO_GEOMETRY ? 0 : geometry,
  }
}

/** Gives the record at `pointer` room for geometric codes. */
export function setGeometry(data: DataView, pointer: number, geometry: number): void {
  data.setUint32(pointer + GEOMETRY_AT, geometry / UNIT_BYTES, true)
}

/** The geometric codes of the described record at `pointer`, copied out. */
export function readCodes(memory: WebAssembly.Memory, pointer: number) {
  const { count, geometry } = readHeader(new DataView(memory.buffer), pointer)
  const bits = new Uint8Array(count * CODE_BYTES)
  bits.set(new Uint8Array(memory.buffer, geometry, bits.length))
  const masks = new Uint32Array(count)
  masks.set(new Uint32Array(memory.buffer, geometry + bits.length, count))
  return { bits, masks }
}

function writeHeader(data: DataView, pointer: number, count: number, bytes: number, networkVersion: number): void {
  data.setUint16(pointer, count, true)
  data.setUint32(pointer + LENGTH_AT, bytes, true)
  data.setUint32(pointer + NETWORK_AT, networkVersion, true)
}

function coordinate(name: string, value: number, i: number): number {
  const rounded = Math.round(value)
  if (!(rounded >= -32_768 && rounded <= 32_767)) {
    throw new RangeError(`${name} of minutia ${i} must fit in 16 bits, given ${value}`)
  }
  return rounded
}
