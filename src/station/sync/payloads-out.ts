/** Chunks of the payloads that a peer asked for. */
import { SidikError } from '../../errors.js'
import { decodeHeader, type EntryHeader, hashHeader } from '../journal/entry.js'
import { mayName } from '../journal/payload-rules.js'
import { type EntryRow, entryAt } from '../journal/read.js'
import { MOST_PRINT_BYTES } from '../store/payload-sizes.js'
import { getPayload } from '../store/payloads.js'
import type { Ground } from './ground.js'
import { type Chunk, MAX_CHUNK_BYTES, MOST, type Want } from './message-schema.js'
import { isNamedByWaiting, type NamingRow, namingWithContents } from './naming.js'
import { isFor } from './routes.js'
import { trustedStation } from './trust.js'

/** What a chunk adds to the text of a message, about. */
const CHUNK_TEXT_BYTES = 112

/**
 * Longest time for one answer, in ms; the rest is left for the next message. The peer decides how
 * much it asks for, not how long others wait.
 */
const MOST_MS = 150

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
  let [bytes, leftBytes, read] = [0, 0, 0]
  const asked = new Map(wants.map(want => [want.hash, want]))
  const until = performance.now() + MOST_MS
  // An entry names a dozen payloads, and its header is read once.
  const given = new Map<string, ReadonlySet<string>>()
  for (const { hash, offset } of asked.values()) {
    if (performance.now() > until && chunks.length + lacks.length > 0) {
      left.push({ hash, offset })
      continue
    }
    const key = Buffer.from(hash, 'hex')
    const size = mayHave(ground, key, given) ? sizeOf(ground, key) : undefined
    if (size !== undefined && offset >= size) continue
    const isFull =
      chunks.length > 0 &&
      (room - bytes < LEAST_CHUNK_BYTES || chunks.length >= MOST.chunks || read >= room + MOST_PRINT_BYTES)
    const payload = size === undefined || isFull ? undefined : readPayload(ground, key)
    read += payload?.length ?? 0
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

/**
 * Whether the peer may have a payload: an entry that is of use to it names it. Stations below never
 * get a photo or an image of others. Only the signed header counts, of an entry that is here with
 * its contents and may name payloads for that side: anybody can write a hash into a header of their
 * own, and whoever can write the file can write one into a row.
 */
function mayHave(ground: Ground, hash: Uint8Array, given: Map<string, ReadonlySet<string>>): boolean {
  const { file, peer } = ground
  const direction = peer.relation === 'upstream' ? 'up' : 'down'
  const hex = Buffer.from(hash).toString('hex')
  for (const row of namingWithContents(file, hash, direction)) {
    const name = `${row.station} ${row.sequence}`
    const known = given.get(name) ?? givenBy(ground, row)
    given.set(name, known)
    if (known.has(hex)) return true
  }
  return false
}

/** The payloads that an entry gives to the peer. */
function givenBy(ground: Ground, { station, sequence }: NamingRow): ReadonlySet<string> {
  const row = entryAt(ground.file, station, sequence)
  const header = row && headerOf(row)
  const isGiving =
    header !== undefined &&
    mayName(header.kind, header.payloads) &&
    isOfOtherSide(ground, header.station) &&
    isFor(ground.file, header, ground.peer)
  return new Set(isGiving ? header.payloads.map(({ hash }) => hash) : [])
}

/** The header as it was hashed; undefined for one that was altered. */
function headerOf({ header, hash }: EntryRow): EntryHeader | undefined {
  if (!hashHeader(header).equals(hash)) return undefined
  try {
    return decodeHeader(header)
  } catch (error) {
    if (error instanceof SidikError) return undefined
    throw error
  }
}

/**
 * Whether an entry's station is this one, or lies on the other side of it than the peer. An entry
 * that the peer wrote itself gives it nothing.
 */
function isOfOtherSide({ file, self, peer }: Ground, station: string): boolean {
  if (station === self) return true
  const relation = trustedStation(file, station)?.relation
  return relation !== undefined && relation !== peer.relation
}

function sizeOf({ file }: Ground, hash: Uint8Array): number | undefined {
  return file.get<{ size: number }>('SELECT size FROM payload WHERE hash = ?', hash)?.size
}

/** Whether this station waits for the payload itself: then it will have it. */
function isAwaited({ file }: Ground, hash: Uint8Array): boolean {
  return isNamedByWaiting(file, hash)
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
