/** Payloads that come in chunks, kept across crashes and lost lines until they are whole; of each peer for itself. */
import { SidikError } from '../../errors.js'
import { hasPayload, keepPayload, sha256 } from '../store/payloads.js'
import { chunkContext } from '../store/sealed.js'
import type { Ground } from './ground.js'
import type { Chunk } from './message-schema.js'
import { hasProvided, noteProvided } from './provided.js'
import { declineWaiting, settleWaiting } from './settle.js'
import { isWanted, receivedOf, sizesOfWanted } from './wants.js'

/** A payload that has come this often with another hash than it must have will not come. */
const MOST_FAILURES = 3

/** A chunk below is kept together with the next. */
const SMALL_CHUNK_BYTES = 16_384

/** Takes a part of a payload that an entry waits for. @returns whether it brought anything */
export function takeChunk(ground: Ground, { hash, offset, bytes }: Chunk): boolean {
  const key = Buffer.from(hash, 'hex')
  if (hasCome(ground, key)) return false
  const sizes = sizesOfWanted(ground, key)
  const most = Math.max(...sizes)
  const partial = partialOf(ground, key, most)
  const { received, failures } = partial ?? { received: 0, failures: 0 }
  const fresh = bytes.subarray(received - offset)
  if (offset > received || offset + bytes.length <= received || received + fresh.length > most) return false
  if (received === 0 && sizes.includes(fresh.length) && finish(ground, key, fresh)) {
    if (partial !== undefined) dropPartial(ground, key)
    return true
  }
  if (received === 0) dropChunks(ground, key)
  const end = received + fresh.length
  if (!keepChunk(ground, key, received, fresh)) return false
  keepPartial(ground, key, end, failures)
  const whole = received > 0 && sizes.includes(end) ? joined(ground, key) : undefined
  if (whole !== undefined && finish(ground, key, whole)) dropPartial(ground, key)
  else if (end === most) fail(ground, key, failures + 1)
  return true
}

/**
 * Keeps a chunk, with the one before it where that is small: a payload that comes byte by byte would
 * be as many rows, which are opened in one turn when it is whole.
 *
 * @returns whether it is kept; where the one before is damaged, all that was here is dropped
 */
function keepChunk(ground: Ground, hash: Buffer, received: number, fresh: Uint8Array): boolean {
  const { file, keys, peer } = ground
  const before = 'SELECT start, sealed FROM partial_chunk WHERE peer = ? AND hash = ? ORDER BY start DESC LIMIT 1'
  const last = file.get<{ start: number; sealed: Uint8Array }>(before, peer.id, hash)
  const isSmall = last !== undefined && received - last.start < SMALL_CHUNK_BYTES
  const start = isSmall ? last.start : received
  const context = chunkContext(peer.id, hash.toString('hex'), start)
  const kept = isSmall ? opened(ground, last.sealed, context) : Buffer.alloc(0)
  if (kept === undefined) {
    dropPartial(ground, hash)
    return false
  }
  const bytes = isSmall ? Buffer.concat([kept, fresh]) : fresh
  const sql = 'INSERT OR REPLACE INTO partial_chunk (peer, hash, start, sealed) VALUES (?, ?, ?, ?)'
  file.run(sql, peer.id, hash, start, keys.seal(bytes, context))
  return true
}

/** A chunk that was kept; undefined for a damaged one, without which the peer is asked for all of it again. */
function opened({ keys }: Ground, sealed: Uint8Array, context: string): Buffer | undefined {
  try {
    return keys.unseal(sealed, context)
  } catch (error) {
    if (error instanceof SidikError && error.code === 'STATION_CORRUPT') return undefined
    throw error
  }
}

/** The peer will never have this payload. */
export function giveUpPayload(ground: Ground, hash: string): void {
  const key = Buffer.from(hash, 'hex')
  if (hasCome(ground, key) || !isWanted(ground, key)) return
  declineWaiting(ground, key, 'PAYLOAD_MISSING')
  dropPartial(ground, key)
}

/** Whether nothing of it is needed: it is here, and a peer below has sent it itself. */
function hasCome(ground: Ground, hash: Uint8Array): boolean {
  const { file, peer } = ground
  return (peer.relation === 'upstream' || hasProvided(ground, peer.id, hash)) && hasPayload(file, hash)
}

/** @returns whether these are the bytes of the payload. Where it is here already they are checked, and dropped. */
function finish(ground: Ground, hash: Buffer, bytes: Uint8Array): boolean {
  const { file, keys } = ground
  if (!sha256(bytes).equals(hash)) return false
  if (!hasPayload(file, hash)) keepPayload(file, keys, hash, bytes)
  noteProvided(ground, hash)
  settleWaiting(ground, hash)
  return true
}

/** All bytes are here, and have another hash. */
function fail(ground: Ground, hash: Buffer, failures: number): void {
  dropChunks(ground, hash)
  keepPartial(ground, hash, 0, failures)
  if (failures < MOST_FAILURES) return
  declineWaiting(ground, hash, 'PAYLOAD_CORRUPT')
  dropPartial(ground, hash)
}

/** All that is here of a payload; undefined where some of it is damaged. */
function joined(ground: Ground, hash: Buffer): Uint8Array | undefined {
  const { file, peer } = ground
  const sql = 'SELECT start, sealed FROM partial_chunk WHERE peer = ? AND hash = ? ORDER BY start'
  const rows = file.all<{ start: number; sealed: Uint8Array }>(sql, peer.id, hash)
  const hex = hash.toString('hex')
  const chunks: Buffer[] = []
  for (const { start, sealed } of rows) {
    const chunk = opened(ground, sealed, chunkContext(peer.id, hex, start))
    if (chunk === undefined) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** What is here of a payload. */
interface PartialPayload {
  /** Bytes, from its beginning. */
  readonly received: number
  /** How often all of it was here, and had another hash. */
  readonly failures: number
}

/** @param most bytes that it may have */
function partialOf({ file, peer }: Ground, hash: Uint8Array, most: number): PartialPayload | undefined {
  const sql = `SELECT ${receivedOf('q', '?')} AS received, failures FROM partial q WHERE peer = ? AND hash = ?`
  return file.get<PartialPayload>(sql, most, peer.id, hash)
}

function keepPartial({ file, peer }: Ground, hash: Uint8Array, received: number, failures: number): void {
  const sql = 'INSERT OR REPLACE INTO partial (peer, hash, received, failures) VALUES (?, ?, ?, ?)'
  file.run(sql, peer.id, hash, received, failures)
}

function dropChunks({ file, peer }: Ground, hash: Uint8Array): void {
  file.run('DELETE FROM partial_chunk WHERE peer = ? AND hash = ?', peer.id, hash)
}

function dropPartial(ground: Ground, hash: Uint8Array): void {
  const { file, peer } = ground
  dropChunks(ground, hash)
  file.run('DELETE FROM partial WHERE peer = ? AND hash = ?', peer.id, hash)
}
