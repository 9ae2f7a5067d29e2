import { crc32 } from '../template/crc32.js'
import type { GenerationSeal } from './cipher.js'
import { encodeSealedHead, SEALED_HEAD_BYTES } from './sealed-head.js'
import { viewOf } from './snapshot-parts.js'
import {
  KIND,
  MAX_RECORD_BYTES,
  type Numbers,
  PREVIOUS_CRC_AT,
  RECORD_CRC_AT,
  RECORD_HEADER_BYTES,
  type RecordForm,
  SEALED_FIELDS_BYTES,
  SEALED_RECORD_BYTES,
  TAIL_HEADER_BYTES,
  TAIL_MAGIC,
  TAIL_VERSION,
  type TailEntry,
} from './tail.js'

/** The header of a tail, and its sealed head where there is a seal. */
export function encodeTailHeader(
  { generation, snapshotCrc, galleryId }: { generation: number; snapshotCrc: number; galleryId: bigint },
  seal?: GenerationSeal,
): Uint8Array {
  const bytes = new Uint8Array(TAIL_HEADER_BYTES)
  const view = viewOf(bytes)
  bytes.set(TAIL_MAGIC)
  view.setUint16(8, TAIL_VERSION, true)
  view.setUint16(10, tailHeadBytes(seal !== undefined), true)
  view.setUint32(12, generation, true)
  view.setBigUint64(16, galleryId, true)
  view.setUint32(24, snapshotCrc, true)
  view.setUint32(28, crc32(bytes, 0, 28), true)
  return seal ? Buffer.concat([bytes, encodeSealedHead(bytes, seal, 'tail')]) : bytes
}

/** Where the first record begins. */
export function tailHeadBytes(isSealed: boolean): number {
  return isSealed ? TAIL_HEADER_BYTES + SEALED_HEAD_BYTES : TAIL_HEADER_BYTES
}

/** What the CRCs of a tail's records are taken on from. */
export function recordSalt(generation: number, galleryId: bigint | undefined): number {
  if (galleryId === undefined) return generation
  const number = new Uint8Array(8)
  viewOf(number).setBigUint64(0, galleryId, true)
  return crc32(number, 0, number.length, generation)
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

/**
 * The record as it is written: with its numbers and CRC (`record` itself), or sealed with them (new
 * bytes).
 */
export function sealRecord(record: Uint8Array, numbers: Numbers, { salt, cipher }: RecordForm): Uint8Array {
  if (cipher === 'unopened') throw new Error('nothing can be written without the key')
  const bytes = cipher ? new Uint8Array(record.length + SEALED_RECORD_BYTES) : record
  const view = viewOf(bytes)
  if (cipher) {
    view.setUint32(0, bytes.length, true)
    view.setUint16(4, KIND.sealed, true)
  }
  view.setBigUint64(8, BigInt(numbers.sequence), true)
  view.setBigUint64(16, BigInt(numbers.settled), true)
  if (cipher) {
    view.setUint32(PREVIOUS_CRC_AT, numbers.previousCrc, true)
    const plain = Buffer.concat([record.subarray(4, 4 + SEALED_FIELDS_BYTES), record.subarray(RECORD_HEADER_BYTES)])
    bytes.set(cipher.seal(plain, bytes.subarray(0, RECORD_CRC_AT)), RECORD_HEADER_BYTES)
  }
  view.setUint32(RECORD_CRC_AT, recordCrc(bytes, salt), true)
  return bytes
}

/** The CRC-32 that a record holds. */
export function storedCrc(record: Uint8Array): number {
  return viewOf(record).getUint32(RECORD_CRC_AT, true)
}

/** The CRC-32 that belongs into a record. */
export function recordCrc(record: Uint8Array, salt: number): number {
  return crc32(record, RECORD_HEADER_BYTES, record.length, crc32(record, 0, RECORD_CRC_AT, salt))
}
