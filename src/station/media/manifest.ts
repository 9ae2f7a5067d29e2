/**
 * The manifest of a bundle, version 1: which files belong to it, and what they must hold, piece by piece, so that what is missing or
 * damaged can be named before anything is opened. It is in the clear and names stations, never persons. Little-endian.
 *
 *     offset  bytes  field
 *          0      8  magic 'SIDIKBDL'
 *          8      2  version 1
 *         10      2  0
 *         12     16  id of the bundle, ASCII
 *         28     64  station that made it, ASCII, filled up with 0
 *         92     64  station that it is for, the same
 *        156      4  c, bytes of a chunk
 *        160      4  m, parts
 *        164      8  bytes of all parts together
 *        172      4  CRC-32 of the 172 bytes before
 *        176         for each part, in order:
 *                 8  s, bytes of the part
 *                32  SHA-256 of the part
 *            32 * k  SHA-256 of each chunk of it, k = ceil(s / c)
 *                 4  CRC-32 of the bytes of this part's entry before
 *                64  Ed25519 signature of the station that made it, over SHA-256("sidik-bundle-1\n" + all bytes before)
 *                 4  CRC-32 of the signature
 *
 * The CRCs say where a manifest was damaged; that nobody altered it, the signature says alone. The first 176 bytes are the same in every
 * version, so that a newer one can be told from damage.
 */
import { createHash, type KeyObject } from 'node:crypto'
import { SidikError } from '../../errors.js'
import { crc32 } from '../../node/crc32.js'
import { signWith, verifyWith } from '../identity.js'
import { BUNDLE_ID_LETTERS, isBundleId, MOST_PARTS } from './names.js'

export const MANIFEST_VERSION = 1

const MAGIC = Buffer.from('SIDIKBDL')
const SIGNED_PREFIX = 'sidik-bundle-1\n'
const STATION_BYTES = 64
/** The same in every version. */
export const HEADER_BYTES = 176
const CRC_BYTES = 4
export const HASH_BYTES = 32
const SIGNATURE_BYTES = 64
const PART_HEAD_BYTES = 8 + HASH_BYTES

/** Most bytes of a manifest: of 500 GB in chunks of 256 KiB. */
export const MOST_MANIFEST_BYTES = 2 ** 26

/** The largest file of FAT32: no part has more. */
export const MOST_PART_BYTES = 2 ** 32 - 1

/** Bounds of a chunk: it is read into memory whole. */
const LEAST_CHUNK_BYTES = 2 ** 10
const MOST_CHUNK_BYTES = 2 ** 24

export interface ManifestPart {
  readonly sizeBytes: number
  readonly sha256: Uint8Array
  /** SHA-256 of each chunk, one after the other. */
  readonly chunkHashes: Uint8Array
}

export interface Manifest {
  readonly bundle: string
  readonly from: string
  readonly to: string
  readonly chunkBytes: number
  readonly parts: readonly ManifestPart[]
}

/** A stretch of a file that is not as it was written. */
export interface Stretch {
  readonly offset: number
  readonly bytes: number
  readonly what: string
}

/** A manifest that was read. That its sender made it is not said before {@link isSignedBy} has said it. */
export interface ReadManifest extends Manifest {
  readonly digest: Uint8Array
  readonly signature: Uint8Array
}

export function encodeManifest(manifest: Manifest, key: KeyObject): Buffer {
  const signed = Buffer.concat([encodeHeader(manifest), ...manifest.parts.map(encodePart)])
  return Buffer.concat([signed, withCrc(signWith(key, digestOf(signed)))])
}

/**
 * What the bytes of a manifest say, or where they were damaged.
 *
 * @param name of its file, for messages
 * @throws SidikError BUNDLE_FORMAT, BUNDLE_VERSION
 */
export function readManifest(bytes: Buffer, name: string): ReadManifest | Stretch {
  const head = readManifestHead(bytes, name)
  return 'what' in head ? head : readParts(bytes, head, name)
}

/**
 * Reads the header of a manifest; returns the damaged stretch if it is damaged. Throws as
 * {@link readManifest}.
 */
export function readManifestHead(bytes: Buffer, name: string): ManifestHead | Stretch {
  if (bytes.length < HEADER_BYTES)
    return { offset: bytes.length, bytes: HEADER_BYTES - bytes.length, what: 'is cut short' }
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new SidikError('BUNDLE_FORMAT', `${name} is no manifest of a bundle: bytes 0 to 7 are not 'SIDIKBDL'`)
  }
  if (!hasCrc(bytes.subarray(0, HEADER_BYTES))) return { offset: 0, bytes: HEADER_BYTES, what: ALTERED }
  const version = bytes.readUInt16LE(8)
  if (version > MANIFEST_VERSION) {
    const known = `this program reads version ${MANIFEST_VERSION}: update it`
    throw new SidikError('BUNDLE_VERSION', `${name} is of version ${version}, ${known}`)
  }
  const head = readHeader(bytes)
  if (head === undefined) throw new SidikError('BUNDLE_FORMAT', `${name} has a header that contradicts itself`)
  return head
}

/** Most bytes of a manifest with this header: each part has at most one chunk that is not full. */
export function mostBytesOf({ count, allBytes, chunkBytes }: ManifestHead): number {
  const chunks = Math.floor(allBytes / chunkBytes) + count
  return HEADER_BYTES + count * (PART_HEAD_BYTES + CRC_BYTES) + chunks * HASH_BYTES + SIGNATURE_BYTES + CRC_BYTES
}

export function isSignedBy({ digest, signature }: ReadManifest, key: KeyObject): boolean {
  return verifyWith(key, digest, signature)
}

/** Which chunk's hash it is, from 0. */
export function chunkHash(part: ManifestPart, chunk: number): Uint8Array {
  return part.chunkHashes.subarray(chunk * HASH_BYTES, (chunk + 1) * HASH_BYTES)
}

const ALTERED = 'was altered'

export interface ManifestHead extends Omit<Manifest, 'parts'> {
  /** Number of parts. */
  readonly count: number
  /** Bytes of all parts together. */
  readonly allBytes: number
}

function encodeHeader({ bundle, from, to, chunkBytes, parts }: Manifest): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES - CRC_BYTES)
  MAGIC.copy(bytes)
  bytes.writeUInt16LE(MANIFEST_VERSION, 8)
  bytes.write(bundle, 12, 'ascii')
  bytes.write(from, 28, STATION_BYTES, 'ascii')
  bytes.write(to, 92, STATION_BYTES, 'ascii')
  bytes.writeUInt32LE(chunkBytes, 156)
  bytes.writeUInt32LE(parts.length, 160)
  bytes.writeBigUInt64LE(BigInt(parts.reduce((sum, part) => sum + part.sizeBytes, 0)), 164)
  return withCrc(bytes)
}

function encodePart({ sizeBytes, sha256, chunkHashes }: ManifestPart): Buffer {
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(sizeBytes))
  return withCrc(Buffer.concat([size, sha256, chunkHashes]))
}

function readHeader(bytes: Buffer): ManifestHead | undefined {
  const text = (at: number, size: number) => bytes.toString('latin1', at, at + size).replace(/\0+$/, '')
  const head = {
    bundle: text(12, BUNDLE_ID_LETTERS),
    from: text(28, STATION_BYTES),
    to: text(92, STATION_BYTES),
    chunkBytes: bytes.readUInt32LE(156),
    count: bytes.readUInt32LE(160),
    allBytes: Number(bytes.readBigUInt64LE(164)),
  }
  const isStation = (id: string) => /^[A-Za-z0-9._-]{1,64}$/.test(id)
  const fits = bytes.readUInt16LE(8) === MANIFEST_VERSION && bytes.readUInt16LE(10) === 0
  const isBounded = head.chunkBytes >= LEAST_CHUNK_BYTES && head.chunkBytes <= MOST_CHUNK_BYTES
  const isWhole = isBundleId(head.bundle) && isStation(head.from) && isStation(head.to)
  const isCounted = head.count >= 1 && head.count <= MOST_PARTS && head.allBytes <= head.count * MOST_PART_BYTES
  return fits && isBounded && isWhole && isCounted ? head : undefined
}

function readParts(bytes: Buffer, { count, allBytes, ...head }: ManifestHead, name: string): ReadManifest | Stretch {
  const parts: ManifestPart[] = []
  let at = HEADER_BYTES
  for (let number = 1; number <= count; number++) {
    const about = `says of part ${number}`
    if (at + PART_HEAD_BYTES > bytes.length) return cutShort(bytes, about)
    const sizeBytes = Number(bytes.readBigUInt64LE(at))
    const chunks = Math.ceil(sizeBytes / head.chunkBytes)
    const end = at + PART_HEAD_BYTES + chunks * HASH_BYTES + CRC_BYTES
    // A size that was altered can point anywhere.
    if (end > bytes.length)
      return { offset: at, bytes: bytes.length - at, what: `was altered or cut short in what it ${about}` }
    const entry = bytes.subarray(at, end)
    if (!hasCrc(entry)) return { offset: at, bytes: entry.length, what: `was altered in what it ${about}` }
    if (sizeBytes > MOST_PART_BYTES) {
      throw new SidikError('BUNDLE_FORMAT', `${name} states ${sizeBytes} bytes of part ${number}, no file has so many`)
    }
    const chunkHashes = entry.subarray(PART_HEAD_BYTES, -CRC_BYTES)
    parts.push({ sizeBytes, sha256: entry.subarray(8, PART_HEAD_BYTES), chunkHashes })
    at = end
  }
  const rest = bytes.subarray(at, at + SIGNATURE_BYTES + CRC_BYTES)
  if (rest.length < SIGNATURE_BYTES + CRC_BYTES) return cutShort(bytes, 'has as signature')
  if (!hasCrc(rest)) return { offset: at, bytes: rest.length, what: 'was altered in its signature' }
  const end = at + rest.length
  if (end < bytes.length) return { offset: end, bytes: bytes.length - end, what: 'has bytes behind its end' }
  if (parts.reduce((sum, part) => sum + part.sizeBytes, 0) !== allBytes) {
    throw new SidikError('BUNDLE_FORMAT', `${name} states ${allBytes} bytes in all, and parts of another sum`)
  }
  return { ...head, parts, digest: digestOf(bytes.subarray(0, at)), signature: rest.subarray(0, SIGNATURE_BYTES) }
}

function cutShort(bytes: Buffer, about: string): Stretch {
  return { offset: bytes.length, bytes: 0, what: `is cut short in what it ${about}` }
}

function digestOf(signed: Uint8Array): Buffer {
  return createHash('sha256').update(SIGNED_PREFIX).update(signed).digest()
}

function withCrc(bytes: Uint8Array): Buffer {
  const crc = Buffer.alloc(CRC_BYTES)
  crc.writeUInt32LE(crc32(bytes))
  return Buffer.concat([bytes, crc])
}

function hasCrc(bytes: Buffer): boolean {
  const end = bytes.length - CRC_BYTES
  return bytes.readUInt32LE(end) === crc32(bytes, 0, end)
}
