import { SidikError } from '../errors.js'
import { crc32 } from '../template/crc32.js'
import { PartFault, textOf, viewOf } from './snapshot-parts.js'
import {
  KIND,
  MAX_RECORD_BYTES,
  RECORD_CRC_AT,
  RECORD_HEADER_BYTES,
  TAIL_HEADER_BYTES,
  TAIL_MAGIC,
  TAIL_VERSION,
  type TailEntry,
  type TailHeader,
} from './tail.js'
import { recordCrc } from './tail-write.js'

/** A record of a tail; the template is a view of what was read. */
export interface TailRecord {
  readonly entry: TailEntry
  readonly sequence: number
  readonly settled: number
}

/** @throws SidikError GALLERY_VERSION, PartFault */
export function readTailHeader(bytes: Uint8Array): TailHeader {
  if (bytes.length < TAIL_HEADER_BYTES) throw new PartFault('the file ends in its header', bytes.length)
  if (TAIL_MAGIC.some((byte, i) => bytes[i] !== byte)) throw new PartFault("it does not begin with 'SIDIKTAL'", 0)
  const view = viewOf(bytes)
  const version = view.getUint16(8, true)
  if (view.getUint32(28, true) !== crc32(bytes, 0, 28)) throw new PartFault("the header's CRC does not fit", 28)
  if (version > TAIL_VERSION) {
    const message = `the tail is of version ${version}, this program reads up to ${TAIL_VERSION}: update sidik`
    throw new SidikError('GALLERY_VERSION', message)
  }
  if (version === 0 || view.getUint16(10, true) !== TAIL_HEADER_BYTES) {
    throw new PartFault('version or length is wrong', 8)
  }
  return { generation: view.getUint32(12, true), snapshotCrc: view.getUint32(24, true) }
}

/**
 * The length of the record that begins with these 32 bytes, or undefined when no record does. Cheap, because a search
 * for the next record asks it at every byte.
 */
export function recordLength(header: Uint8Array, at = 0): number | undefined {
  if (at + RECORD_HEADER_BYTES > header.length) return undefined
  const kind = header[at + 4]
  if (kind < KIND.insert || kind > KIND.mark || header[at + 5] !== 0) return undefined
  const view = new DataView(header.buffer, header.byteOffset + at, RECORD_HEADER_BYTES)
  if (view.getUint32(24, true) !== 0) return undefined
  const idBytes = view.getUint16(6, true)
  const bytes = view.getUint32(0, true)
  const least = RECORD_HEADER_BYTES + idBytes
  if (bytes < least || bytes > MAX_RECORD_BYTES) return undefined
  if (kind === KIND.mark ? idBytes > 0 : idBytes === 0) return undefined
  return kind !== KIND.insert && bytes !== least ? undefined : bytes
}

/** The record in just these bytes, or undefined when its CRC does not fit. */
export function readRecord(bytes: Uint8Array, generation: number): TailRecord | undefined {
  const view = viewOf(bytes)
  if (view.getUint32(RECORD_CRC_AT, true) !== recordCrc(bytes, generation)) return undefined
  const templateAt = RECORD_HEADER_BYTES + view.getUint16(6, true)
  const id = textOf(bytes.subarray(RECORD_HEADER_BYTES, templateAt))
  if (id === undefined) return undefined
  const sequence = Number(view.getBigUint64(8, true))
  const settled = Number(view.getBigUint64(16, true))
  return { entry: entryOf(view.getUint16(4, true), id, bytes.subarray(templateAt)), sequence, settled }
}

function entryOf(kind: number, id: string, template: Uint8Array): TailEntry {
  if (kind === KIND.insert) return { kind: 'insert', id, template }
  return kind === KIND.remove ? { kind: 'remove', id } : { kind: 'mark' }
}
