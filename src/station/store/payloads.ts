/** What entries name and do not hold: templates, images, a photo; sealed, and found by the SHA-256 of their bytes. */
import { createHash } from 'node:crypto'
import { SidikError } from '../../errors.js'
import type { DataKeys } from './data-keys.js'
import type { StationFile } from './database.js'
import { freeBytes } from './disk.js'

/** Most bytes of one payload: ten times an uncompressed ten-print slap at 500 ppi is still below it. */
export const MOST_PAYLOAD_BYTES = 2 ** 26

/** Free bytes of the disk that payloads do not touch: thousands of small entries, so that a station that is full can still be emptied. */
const RESERVED_BYTES = 2 ** 24

/** A payload as an entry's header names it. */
export interface PayloadReference {
  /** 'templates', 'finger-<position>', 'photo', 'signature'. */
  readonly role: string
  /** SHA-256, 64 hexadecimal digits. */
  readonly hash: string
  /** Bytes. */
  readonly size: number
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** Keeps a payload, once however often it is given; its reference. */
export function putPayload(file: StationFile, keys: DataKeys, role: string, bytes: Uint8Array): PayloadReference {
  const hash = sha256(bytes)
  if (!hasPayload(file, hash)) keepPayload(file, keys, hash, bytes)
  return { role, hash: hash.toString('hex'), size: bytes.length }
}

/**
 * Keeps a payload that is not held, whose hash was checked.
 *
 * @throws SidikError STATION_FULL where it would leave no room for what is small: receipts, anomalies, an export
 */
export function keepPayload(file: StationFile, keys: DataKeys, hash: Uint8Array, bytes: Uint8Array): void {
  if (freeBytes(file.path) < RESERVED_BYTES + bytes.length) {
    const rest = `the last ${RESERVED_BYTES / 2 ** 20} MB are kept for synchronising and exporting what is here`
    throw new SidikError('STATION_FULL', `${file.path}: the disk is full: ${rest}; nothing was changed, make room`)
  }
  const sealed = keys.seal(bytes, payloadContext(hash))
  file.run('INSERT INTO payload (hash, size, sealed) VALUES (?, ?, ?)', hash, bytes.length, sealed)
}

export function hasPayload(file: StationFile, hash: Uint8Array): boolean {
  return file.get('SELECT 1 FROM payload WHERE hash = ?', hash) !== undefined
}

/**
 * A payload's bytes, checked against its hash; undefined when it is not held.
 *
 * @throws SidikError STATION_CORRUPT when it was altered
 */
export function getPayload(file: StationFile, keys: DataKeys, hash: Uint8Array): Buffer | undefined {
  const row = file.get<{ sealed: Uint8Array }>('SELECT sealed FROM payload WHERE hash = ?', hash)
  if (row === undefined) return undefined
  const bytes = keys.unseal(row.sealed, payloadContext(hash))
  if (sha256(bytes).equals(hash)) return bytes
  throw new SidikError('STATION_CORRUPT', `${file.path}: ${payloadContext(hash)} does not have that hash`)
}

/** For messages and as what the seal covers. */
export function payloadContext(hash: Uint8Array): string {
  return `payload ${Buffer.from(hash).toString('hex')}`
}
