import { SidikError } from '../errors.js'
import { crc32 } from '../template/crc32.js'
import { PartFault, viewOf } from './snapshot-parts.js'

/**
 * The file that makes a folder a durable gallery, version 2: it says which snapshot and tail are
 * the gallery's. It is replaced as a whole, which is the moment at which a compaction takes effect.
 * Little-endian, 32 bytes.
 *
 *     offset  bytes  field
 *          0      8  magic 'SIDIKSET'
 *          8      2  version 2
 *         10      2  bytes, 32
 *         12      4  generation, 1 and up: of snapshot-000001.sidikgal and tail-000001.sidiktail
 *         16      8  number of the gallery, random
 *         24      4  0
 *         28      4  CRC-32 of the 28 bytes before
 *
 * Version 1 has 0 in place of the number, and its tail has no file that says how far it goes
 * (tail-length.ts). A writer that opens a folder of version 1 writes that file and then this one.
 *
 * Every version is 32 bytes with their CRC at the end, so that a newer version can be told from damage.
 */

export const MARKER_VERSION = 2
export const MARKER_BYTES = 32
export const MARKER_MAGIC = new TextEncoder().encode('SIDIKSET')

export interface Marker {
  readonly generation: number
  /** Undefined in version 1. */
  readonly galleryId: bigint | undefined
}

export function encodeMarker({ generation, galleryId }: { generation: number; galleryId: bigint }): Uint8Array {
  const bytes = new Uint8Array(MARKER_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(MARKER_MAGIC)
  view.setUint16(8, MARKER_VERSION, true)
  view.setUint16(10, MARKER_BYTES, true)
  view.setUint32(12, generation, true)
  view.setBigUint64(16, galleryId, true)
  view.setUint32(28, crc32(bytes, 0, 28), true)
  return bytes
}

/** @throws SidikError GALLERY_VERSION, PartFault */
export function readMarker(bytes: Uint8Array): Marker {
  if (bytes.length !== MARKER_BYTES) throw new PartFault(`it has ${bytes.length} bytes, not ${MARKER_BYTES}`, 0)
  if (MARKER_MAGIC.some((byte, i) => bytes[i] !== byte)) throw new PartFault("it does not begin with 'SIDIKSET'", 0)
  const view = viewOf(bytes)
  if (view.getUint32(28, true) !== crc32(bytes, 0, 28)) throw new PartFault('its CRC does not fit', 28)
  const version = view.getUint16(8, true)
  if (version > MARKER_VERSION) {
    const message = `the gallery is of version ${version}, this program reads up to ${MARKER_VERSION}: update sidik`
    throw new SidikError('GALLERY_VERSION', message)
  }
  const generation = view.getUint32(12, true)
  if (version === 0 || view.getUint16(10, true) !== MARKER_BYTES || generation === 0) {
    throw new PartFault('version, length or generation is wrong', 8)
  }
  return { generation, galleryId: version === 1 ? undefined : view.getBigUint64(16, true) }
}
