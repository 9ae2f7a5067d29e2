/** Payloads that come in chunks, kept across crashes and lost lines until they are whole; of each peer for itself. */
import { hasPayload, keepPayload, sha256 } from '../store/payloads.js'
import { chunkContext } from '../store/sealed.js'
import type { Ground } from './ground.js'
import type { Chunk } from './message-schema.js'
import { hasProvided, noteProvided } from './provided.js'
import { declineWaiting, settleWaiting } from './settle.js'
import { isWanted, sizesOfWanted } from './wants.js'

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
  const partial = partialOf(ground, key)
  const { received, failures } = partial ?? { received: 0, failures: 0 }
  const fresh = bytes.subarray(received - offset)
  if (offset > received || offset + bytes.length <= received || received + fresh.length > most) return false
  if (received === 0 && sizes.includes(fresh.length) && finish(ground, key, fresh)) {
    if (partial !== undefined) dropPartial(ground, key)
    return true
  }
  const end = received + fresh.length
  keepChunk(ground, key, received, fresh)
  keepPartial(ground, key, end, failures)
  if (received > 0 && sizes.includes(end) && finish(ground, key, joined(ground, key))) dropPartial(ground, key)
  else if (end === most) fail(ground, key, failures + 1)
  return true
}

/**
 * Keeps a chunk, with the one before it where that is small: a payload that comes byte by byte would
 * be as many rows, which are opened in one turn when it is whole.
 */
function keepChunk({ file, keys, peer }: Ground, hash: Buffer, received: number, fresh: Uint8Array): void {
  const before = 'SELECT start, sealed FROM partial_chunk WHERE peer = ? AND hash = ? ORDER BY start DESC LIMIT 1'
  const last = file.get<{ start: number; sealed: Uint8Array }>(before, peer.id, hash)
  const isSmall = last !== undefined && received - last.start < SMALL_CHUNK_BYTES
  const start = isSmall ? last.start : received
  const context = chunkContext(peer.id, hash.toString('hex'), start)
  const bytes = isSmall ? Buffer.concat([keys.unseal(last.sealed, context), fresh]) : fresh
  const sql = 'INSERT OR REPLACE INTO partial_chunk (peer, hash, start, sealed) VALUES (?, ?, ?, ?)'
  file.run(sql, peer.id, hash, start, keys.seal(bytes, context))
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
  const { file, peer } = ground
  file.run('DELETE FROM partial_chunk WHERE peer = ? AND hash = ?', peer.id, hash)
  keepPartial(ground, hash, 0, failures)
  if (failures < MOST_FAILURES) return
  declineWaiting(ground, hash, 'PAYLOAD_CORRUPT')
  dropPartial(ground, hash)
}

function joined({ file, keys, peer }: Ground, hash: Buffer): Uint8Array {
  const sql = 'SELECT start, sealed FROM partial_chunk WHERE peer = ? AND hash = ? ORDER BY start'
  const rows = file.all<{ start: number; sealed: Uint8Array }>(sql, peer.id, hash)
  const hex = hash.toString('hex')
  return Buffer.concat(rows.map(({ start, sealed }) => keys.unseal(sealed, chunkContext(peer.id, hex, start))))
}

/** What is here of a payload. */
interface PartialPayload {
  /** Bytes, from its beginning. */
  readonly received: number
  /** How often all of it was here, and had another hash. */
  readonly failures: number
}

function partialOf({ file, peer }: Ground, hash: Uint8Array): PartialPayload | undefined {
  const sql = 'SELECT received, failures FROM partial WHERE peer = ? AND hash = ?'
  return file.get<PartialPayload>(sql, peer.id, hash)
}

function keepPartial({ file, peer }: Ground, hash: Uint8Array, received: number, failures: number): void {
  const sql = 'INSERT OR REPLACE INTO partial (peer, hash, received, failures) VALUES (?, ?, ?, ?)'
  file.run(sql, peer.id, hash, received, failures)
}

function dropPartial({ file, peer }: Ground, hash: Uint8Array): void {
  file.run('DELETE FROM partial_chunk WHERE peer = ? AND hash = ?', peer.id, hash)
  file.run('DELETE FROM partial WHERE peer = ? AND hash = ?', peer.id, hash)
}
