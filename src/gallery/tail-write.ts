import { crc32 } from '../template/crc32.js'
import {
  KIND,
  MAX_RECORD_BYTES,
  type Numbers,
  RECORD_CRC_AT,
  RECORD_HEADER_BYTES,
  TAIL_HEADER_BYTES,
  TAIL_MAGIC,
  TAIL_VERSION,
  type TailEntry,
  type TailHeader,
} from './tail.js'

export function encodeTailHeader({ generation, snapshotCrc }: TailHeader): Uint8Array {
  const bytes = new Uint8Array(TAIL_HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(TAIL_MAGIC)
  view.setUint16(8, TAIL_VERSION, true)
  view.setUint16(10, TAIL_HEADER_BYTES, true)
  view.setUint32(12, generation, true)
  view.setUint32(24, snapshotCrc, true)
  view.setUint32(28, crc32(bytes, 0, 28), true)
  return bytes
}

/** The bytes of a record but its numbers, which are given when it is written: {@link sealRecord}. */
export function encodeRecord(entry: TailEntry): Uint8Array {
  const id = new TextEncoder().encode(entry.kind === 'mark' ? '' : entry.id)
  const template = entry.kind === 'insert' ? entry.template : new Uint8Array(0)
  const bytes = new Uint8Array(RECORD_HEADER_BYTES + id.length + template.length)
  if (bytes.length > MAX_RECORD_BYTES) {
    throw new RangeError(`template of ${template.length} bytes is too long: a record has ${MAX_RECORD_BYTES} at most`)
  }
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length, true)
  view.setUint16(4, KIND[entry.kind], true)
  view.setUint16(6, id.length, true)
  bytes.set(id, RECORD_HEADER_BYTES)
  bytes.set(template, RECORD_HEADER_BYTES + id.length)
  return bytes
}

/** Writes the numbers and the CRC into a record. */
export function sealRecord(record: Uint8Array, { generation, sequence, settled }: Numbers): void {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength)
  view.setBigUint64(8, BigInt(sequence), true)
  view.setBigUint64(16, BigInt(settled), true)
  view.setUint32(RECORD_CRC_AT, recordCrc(record, generation), true)
}

/** The CRC-32 that belongs into a record. */
export function recordCrc(record: Uint8Array, generation: number): number {
  return crc32(record, RECORD_HEADER_BYTES, record.length, crc32(record, 0, RECORD_CRC_AT, generation))
}
