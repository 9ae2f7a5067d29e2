/** Payloads that come in chunks, kept across crashes and lost lines until they are whole. */
import { keepPayload, sha256 } from '../store/payloads.js'
import { chunkContext } from '../store/sealed.js'
import type { Ground } from './ground.js'
import type { Chunk, Want } from './message-schema.js'
import { declineWaiting, settleWaiting } from './settle.js'

/** A payload that has come this often with another hash than it must have will not come. */
const MOST_FAILURES = 3

/** Takes a part of a payload that an entry waits for. @returns whether it brought anything */
export function takeChunk(ground: Ground, { hash, offset, bytes }: Chunk): boolean {
  const { file, keys } = ground
  const key = Buffer.from(hash, 'hex')
  const size = sizeOfWanted(ground, key)
  if (size === undefined) return false
  const partial = partialOf(ground, key)
  const { received, failures } = partial ?? { received: 0, failures: 0 }
  const fresh = bytes.subarray(received - offset)
  if (offset > received || offset + bytes.length <= received || received + fresh.length > size) return false
  if (received === 0 && fresh.length === size) {
    finish(ground, key, fresh, partial)
    return true
  }
  const context = chunkContext(hash, received)
  file.run('INSERT INTO partial_chunk (hash, start, sealed) VALUES (?, ?, ?)', key, received, keys.seal(fresh, context))
  keepPartial(ground, key, received + fresh.length, failures)
  if (received + fresh.length === size) finish(ground, key, joined(ground, key), { received, failures })
  return true
}

/** The peer will never have this payload. */
export function giveUpPayload(ground: Ground, hash: string): void {
  const key = Buffer.from(hash, 'hex')
  if (sizeOfWanted(ground, key) === undefined) return
  declineWaiting(ground, key, 'PAYLOAD_MISSING')
  dropPartial(ground, key)
}

/** What is asked of the peer: payloads of entries in their place, one entry after the other. */
export function wantsFrom({ file, peer }: Ground, limit: number): Want[] {
  const rows = file.all<{ hash: Uint8Array; received: number }>(
    `SELECT p.hash, coalesce(q.received, 0) AS received FROM journal j
     JOIN heard h ON h.station = j.station
     JOIN entry_payload p ON p.station = j.station AND p.sequence = j.sequence
     LEFT JOIN partial q ON q.hash = p.hash
     WHERE j.applied IS NULL AND j.body IS NOT NULL AND j.sequence <= h.through
       AND (j.station = ? OR j.station IN (SELECT station FROM vouched WHERE via = ?))
       AND NOT EXISTS (SELECT 1 FROM payload WHERE hash = p.hash)
     ORDER BY j.station, j.sequence, p.place LIMIT ?`,
    peer.id,
    peer.id,
    limit,
  )
  const wants = new Map(rows.map(({ hash, received }) => [Buffer.from(hash).toString('hex'), received]))
  return [...wants].map(([hash, offset]) => ({ hash, offset }))
}

/** Bytes of a payload that an entry waits for; undefined when none does, or it is here. */
function sizeOfWanted({ file }: Ground, hash: Uint8Array): number | undefined {
  return file.get<{ size: number }>(
    `SELECT p.size FROM entry_payload p JOIN journal j ON j.station = p.station AND j.sequence = p.sequence
     WHERE p.hash = ? AND j.applied IS NULL AND j.body IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM payload WHERE hash = p.hash) LIMIT 1`,
    hash,
  )?.size
}

function finish(ground: Ground, hash: Buffer, bytes: Uint8Array, partial: PartialPayload | undefined): void {
  const { file, keys } = ground
  if (sha256(bytes).equals(hash)) {
    keepPayload(file, keys, hash, bytes)
    if (partial !== undefined) dropPartial(ground, hash)
    settleWaiting(ground, hash)
    return
  }
  const failures = (partial?.failures ?? 0) + 1
  file.run('DELETE FROM partial_chunk WHERE hash = ?', hash)
  keepPartial(ground, hash, 0, failures)
  if (failures < MOST_FAILURES) return
  declineWaiting(ground, hash, 'PAYLOAD_CORRUPT')
  dropPartial(ground, hash)
}

function joined({ file, keys }: Ground, hash: Buffer): Uint8Array {
  const sql = 'SELECT start, sealed FROM partial_chunk WHERE hash = ? ORDER BY start'
  const rows = file.all<{ start: number; sealed: Uint8Array }>(sql, hash)
  return Buffer.concat(rows.map(({ start, sealed }) => keys.unseal(sealed, chunkContext(hash.toString('hex'), start))))
}

/** What is here of a payload. */
interface PartialPayload {
  /** Bytes, from its beginning. */
  readonly received: number
  /** How often all of it was here, and had another hash. */
  readonly failures: number
}

function partialOf({ file }: Ground, hash: Uint8Array): PartialPayload | undefined {
  return file.get<PartialPayload>('SELECT received, failures FROM partial WHERE hash = ?', hash)
}

function keepPartial({ file }: Ground, hash: Uint8Array, received: number, failures: number): void {
  file.run('INSERT OR REPLACE INTO partial (hash, received, failures) VALUES (?, ?, ?)', hash, received, failures)
}

function dropPartial({ file }: Ground, hash: Uint8Array): void {
  file.run('DELETE FROM partial_chunk WHERE hash = ?', hash)
  file.run('DELETE FROM partial WHERE hash = ?', hash)
}
