/**
 * SQLite's write-ahead log (sqlite.org/fileformat2.html, section 4): what is in it, and where it stops to be as it was written.
 *
 *    32  header: magic (whose last bit says how checksums read words), version, page size, checkpoint, salt (8), checksum (8)
 *        frames: page (4), pages of the file after a commit or 0 (4), salt (8), checksum of all before (8), the page
 *
 * SQLite reads frames to the last commit before the first wrong checksum and drops the rest without a word: that is how it knows what a
 * power cut left unfinished. A flipped bit looks to it just the same, so what was committed after that must be missed by others: by the
 * mark (mark.ts), and here, where more whole commits lie after the place than a power cut can leave.
 */

import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { SidikError } from '../../errors.js'
import { PRIVATE_FILE_MODE } from '../../node/modes.js'

/** SQLite's default, and so that of every station's file. */
export const PAGE_BYTES = 4_096

const HEADER_BYTES = 32
const FRAME_HEAD_BYTES = 24
const FRAME_BYTES = FRAME_HEAD_BYTES + PAGE_BYTES
const MAGIC = 0x377f0682

export interface WalContent {
  /** Of each page that the log holds, the offset of its newest committed image. */
  readonly pages: ReadonlyMap<number, number>
  /** Committed. */
  readonly frames: number
  /** Pages of the file after the last commit; undefined without one. */
  readonly filePages: number | undefined
  /** Where the first frame lies that is not as it was written, and how many commits of this log lie from there on. */
  readonly damage: { readonly offsetBytes: number; readonly commits: number } | undefined
}

const EMPTY: WalContent = { pages: new Map(), frames: 0, filePages: undefined, damage: undefined }

export const walPathOf = (path: string) => `${path}-wal`

/** Longest log that is looked at. A station's has some 4 MB; it grows while others read. */
const MOST_WAL_BYTES = 1 << 30

/**
 * The log of a database file; empty where there is none.
 *
 * @throws SidikError FILE_UNREADABLE when it is longer than any station writes
 */
export function walBytes(path: string): Buffer {
  const wal = walPathOf(path)
  if (!existsSync(wal)) return Buffer.alloc(0)
  const { size } = statSync(wal)
  if (size <= MOST_WAL_BYTES) return readFileSync(wal)
  const what = `${wal} has ${size} bytes, more than the ${MOST_WAL_BYTES} that are looked at`
  throw new SidikError('FILE_UNREADABLE', `${what}: keep a copy, and have SQLite write the log into the file`)
}

/**
 * A copy of a log that holds commits which SQLite will not see, before SQLite writes over them; undefined where there is nothing to keep, or
 * no room for it.
 */
export function keepDamagedWal(path: string, now: string): { readonly path: string; drop(): void } | undefined {
  try {
    if (readWal(walBytes(path)).damage === undefined) return undefined
    const kept = `${path}-wal.damaged-${now.replaceAll(/[:.]/g, '-')}`
    copyFileSync(walPathOf(path), kept)
    chmodSync(kept, PRIVATE_FILE_MODE)
    return { path: kept, drop: () => rmSync(kept, { force: true }) }
  } catch {
    return undefined
  }
}

/** @param wal all of it */
export function readWal(wal: Buffer): WalContent {
  if (wal.length < HEADER_BYTES) return EMPTY
  const magic = wal.readUInt32BE(0)
  const bigEndian = (magic & 1) === 1
  let sum = checksum([0, 0], wal, 0, 24, bigEndian)
  const headerIsRight = (magic & ~1) >>> 0 === MAGIC && wal.readUInt32BE(8) === PAGE_BYTES && sumAt(wal, 24, sum)
  if (!headerIsRight) {
    const commits = commitsFrom(wal, HEADER_BYTES)
    return commits === 0 ? EMPTY : { ...EMPTY, damage: { offsetBytes: 0, commits } }
  }
  const pages = new Map<number, number>()
  let committed = { frames: 0, filePages: undefined as number | undefined }
  let pending: [number, number][] = []
  let at = HEADER_BYTES
  for (let frame = 1; at + FRAME_BYTES <= wal.length; frame++) {
    if (!sameSalt(wal, at)) break
    sum = checksum(sum, wal, at, at + 8, bigEndian)
    sum = checksum(sum, wal, at + FRAME_HEAD_BYTES, at + FRAME_BYTES, bigEndian)
    if (!sumAt(wal, at + 16, sum)) break
    pending.push([wal.readUInt32BE(at), at + FRAME_HEAD_BYTES])
    const filePages = wal.readUInt32BE(at + 4)
    at += FRAME_BYTES
    if (filePages === 0) continue
    for (const [page, offset] of pending) pages.set(page, offset)
    pending = []
    committed = { frames: frame, filePages }
  }
  const commits = commitsFrom(wal, at)
  return { pages, ...committed, damage: commits === 0 ? undefined : { offsetBytes: at, commits } }
}

/** Frames of a former round have another salt. */
function commitsFrom(wal: Buffer, from: number): number {
  let commits = 0
  for (let at = from; at + FRAME_BYTES <= wal.length; at += FRAME_BYTES) {
    if (sameSalt(wal, at) && wal.readUInt32BE(at + 4) !== 0) commits++
  }
  return commits
}

function sameSalt(wal: Buffer, frame: number): boolean {
  return wal.compare(wal, 16, 24, frame + 8, frame + 16) === 0
}

function sumAt(wal: Buffer, at: number, [a, b]: readonly [number, number]): boolean {
  return wal.readUInt32BE(at) === a && wal.readUInt32BE(at + 4) === b
}

function checksum(
  [a, b]: readonly [number, number],
  bytes: Buffer,
  from: number,
  to: number,
  bigEndian: boolean,
): [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let s0 = a
  let s1 = b
  for (let at = from; at < to; at += 8) {
    s0 = (s0 + view.getUint32(at, !bigEndian) + s1) >>> 0
    s1 = (s1 + view.getUint32(at + 4, !bigEndian) + s0) >>> 0
  }
  return [s0, s1]
}
