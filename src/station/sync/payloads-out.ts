/** Chunks of the payloads that a peer asked for. */
import { SidikError } from '../../errors.js'
import { decodeHeader } from '../journal/entry.js'
import { getPayload } from '../store/payloads.js'
import type { Ground } from './ground.js'
import { type Chunk, MAX_CHUNK_BYTES, MOST, type Want } from './message-schema.js'
import { isFor } from './routes.js'

/** What a chunk adds to the text of a message, about. */
const CHUNK_TEXT_BYTES = 112

/** Less than this is not cut from a payload while something else is in the message. */
const LEAST_CHUNK_BYTES = 4_096

export interface Served {
  readonly chunks: Chunk[]
  /** Payloads that the peer will never get from here. */
  readonly lacks: string[]
  /** What it will still want once it has these chunks. */
  readonly left: Want[]
  /** Bytes of `left`. */
  readonly leftBytes: number
  /** Bytes that the chunks take in the message. */
  readonly bytes: number
}

/** As much of `wants`, in their order, as has room in `room` bytes; at least a bit of the first. */
export function serveWants(ground: Ground, wants: readonly Want[], room: number): Served {
  const chunks: Chunk[] = []
  const lacks: string[] = []
  const left: Want[] = []
  let [bytes, leftBytes] = [0, 0]
  for (const { hash, offset } of wants) {
    const key = Buffer.from(hash, 'hex')
    const size = mayHave(ground, key) ? sizeOf(ground, key) : undefined
    const isFull = chunks.length > 0 && (room - bytes < LEAST_CHUNK_BYTES || chunks.length >= MOST.chunks)
    const payload = size === undefined || isFull ? undefined : readPayload(ground, key)
    if (size === undefined || (payload === undefined && !isFull)) {
      if (!isAwaited(ground, key)) lacks.push(hash)
      continue
    }
    let at = offset
    while (payload !== undefined && at < size && chunks.length < MOST.chunks) {
      const fits = Math.min(size - at, MAX_CHUNK_BYTES, room - bytes - CHUNK_TEXT_BYTES)
      const least = Math.min(size - at, LEAST_CHUNK_BYTES)
      if (fits < least && chunks.length > 0) break
      const part = payload.subarray(at, at + Math.max(fits, least))
      chunks.push({ hash, offset: at, bytes: part })
      at += part.length
      bytes += part.length + CHUNK_TEXT_BYTES
    }
    if (at >= size) continue
    left.push({ hash, offset: at })
    leftBytes += size - at
  }
  return { chunks, lacks: lacks.slice(0, MOST.lacks), left, leftBytes, bytes }
}

/** A peer gets what entries name that are of use to it: those below never see a photo or an image of others. */
function mayHave({ file, peer }: Ground, hash: Uint8Array): boolean {
  const named = `FROM entry_payload p JOIN journal j ON j.station = p.station AND j.sequence = p.sequence
     WHERE p.hash = ? AND j.direction = ?`
  if (peer.relation === 'upstream') return file.get(`SELECT 1 ${named} LIMIT 1`, hash, 'up') !== undefined
  const rows = file.all<{ header: Uint8Array }>(`SELECT j.header ${named}`, hash, 'down')
  return rows.some(({ header }) => isFor(file, decodeHeader(header), peer))
}

function sizeOf({ file }: Ground, hash: Uint8Array): number | undefined {
  return file.get<{ size: number }>('SELECT size FROM payload WHERE hash = ?', hash)?.size
}

/** Whether this station waits for the payload itself: then it will have it. */
function isAwaited({ file }: Ground, hash: Uint8Array): boolean {
  const sql = `SELECT 1 FROM entry_payload p JOIN journal j ON j.station = p.station AND j.sequence = p.sequence
    WHERE p.hash = ? AND j.applied IS NULL LIMIT 1`
  return file.get(sql, hash) !== undefined
}

/** One that was altered on this disk is one that is not here. */
function readPayload({ file, keys }: Ground, hash: Uint8Array): Buffer | undefined {
  try {
    return getPayload(file, keys, hash)
  } catch (error) {
    if (error instanceof SidikError && error.code === 'STATION_CORRUPT') return undefined
    throw error
  }
}
