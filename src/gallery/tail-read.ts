import { SidikError } from '../errors.js'
import { crc32 } from '../template/crc32.js'
import type { Cipher } from './cipher.js'
import { PartFault, textOf, viewOf } from './snapshot-parts.js'
import {
  type FoundEntry,
  KIND,
  MAX_RECORD_BYTES,
  PREVIOUS_CRC_AT,
  RECORD_CRC_AT,
  RECORD_HEADER_BYTES,
  type RecordForm,
  SEALED_FIELDS_BYTES,
  SEALED_RECORD_BYTES,
  TAIL_HEADER_BYTES,
  TAIL_MAGIC,
  TAIL_VERSION,
  type TailHeader,
} from './tail.js'
import { recordCrc, storedCrc, tailHeadBytes } from './tail-write.js'

/** A record of a tail; the template is a view of what was read, unless it was sealed. */
export interface TailRecord {
  readonly entry: FoundEntry
  readonly sequence: number
  readonly settled: number
  readonly crc: number
  /** CRC of the record before it; undefined in one that is not sealed. */
  readonly previousCrc: number | undefined
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
  const headBytes = view.getUint16(10, true)
  const isSealed = version === TAIL_VERSION && headBytes === tailHeadBytes(true)
  if (version === 0 || headBytes !== tailHeadBytes(isSealed)) throw new PartFault('version or length is wrong', 8)
  const galleryId = version === 1 ? undefined : view.getBigUint64(16, true)
  return { generation: view.getUint32(12, true), snapshotCrc: view.getUint32(24, true), galleryId, isSealed }
}

/**
 * The length of the record that begins with these 32 bytes, or undefined when no record does. Cheap, because a search
 * for the next record asks it at every byte.
 */
export function recordLength(header: Uint8Array, at = 0): number | undefined {
  if (at + RECORD_HEADER_BYTES > header.length) return undefined
  const kind = header[at + 4]
  if (kind < KIND.insert || kind > KIND.sealed || header[at + 5] !== 0) return undefined
  const view = new DataView(header.buffer, header.byteOffset + at, RECORD_HEADER_BYTES)
  if (kind !== KIND.sealed && view.getUint32(PREVIOUS_CRC_AT, true) !== 0) return undefined
  const idBytes = view.getUint16(6, true)
  const bytes = view.getUint32(0, true)
  const sealing = kind === KIND.sealed ? SEALED_RECORD_BYTES : 0
  const least = RECORD_HEADER_BYTES + idBytes + sealing
  if (bytes < least || bytes > MAX_RECORD_BYTES + sealing) return undefined
  if (kind === KIND.mark || kind === KIND.sealed ? idBytes > 0 : idBytes === 0) return undefined
  return kind !== KIND.insert && kind !== KIND.sealed && bytes !== least ? undefined : bytes
}

/**
 * The record in just these bytes. Undefined when its CRC does not fit, when it is not sealed as the
 * others are, or when what is sealed was altered or belongs elsewhere.
 */
export function readRecord(bytes: Uint8Array, { salt, cipher }: RecordForm): TailRecord | undefined {
  const view = viewOf(bytes)
  const kind = view.getUint16(4, true)
  if ((kind === KIND.sealed) !== (cipher !== undefined)) return undefined
  const crc = storedCrc(bytes)
  if (crc !== recordCrc(bytes, salt)) return undefined
  const sequence = Number(view.getBigUint64(8, true))
  const settled = Number(view.getBigUint64(16, true))
  // Past it numbers are no longer told apart.
  if (!Number.isSafeInteger(sequence) || !Number.isSafeInteger(settled)) return undefined
  const entry =
    cipher === undefined
      ? entryOf(kind, view.getUint16(6, true), bytes.subarray(RECORD_HEADER_BYTES))
      : sealedEntry(bytes, cipher)
  const previousCrc = kind === KIND.sealed ? view.getUint32(PREVIOUS_CRC_AT, true) : undefined
  return entry && { entry, sequence, settled, crc, previousCrc }
}

function sealedEntry(bytes: Uint8Array, cipher: Cipher | 'unopened'): FoundEntry | undefined {
  if (cipher === 'unopened') return { kind: 'unopened' }
  const plain = cipher.open(bytes.subarray(RECORD_HEADER_BYTES), bytes.subarray(0, RECORD_CRC_AT))
  if (plain === undefined) return undefined
  const view = viewOf(plain)
  return entryOf(view.getUint16(0, true), view.getUint16(2, true), plain.subarray(SEALED_FIELDS_BYTES))
}

function entryOf(kind: number, idBytes: number, content: Uint8Array): FoundEntry | undefined {
  const id = textOf(content.subarray(0, idBytes))
  if (id === undefined || idBytes > content.length) return undefined
  if (kind === KIND.insert) return { kind: 'insert', id, template: content.subarray(idBytes) }
  if (kind === KIND.remove) return { kind: 'remove', id }
  return kind === KIND.mark ? { kind: 'mark' } : undefined
}
