import { crc32 } from '../node/crc32.js'
import {
  BLOCK_HEADER_BYTES,
  GALLERY_FILE_VERSION,
  HEADER_BYTES,
  HEADER_MAGIC,
  INDEX_ENTRY_BYTES,
  SEAL_BYTES,
  type SnapshotEntry,
  TRAILER_BYTES,
  TRAILER_MAGIC,
} from './snapshot.js'
import { chainCrc } from './snapshot-parts.js'

/** Entries of a block: about a megabyte of templates. */
export const BLOCK_ENTRIES = 1_024

/** The file of `count` entries, piece by piece: a header, blocks, a trailer. Reads each entry when it comes to it. */
export function* encodeSnapshot(entries: Iterable<SnapshotEntry>, count: number): Generator<Uint8Array> {
  const header = encodeHeader(count)
  yield header
  let crc = chainCrc(header)
  for (const block of blocksOf(entries)) {
    crc = chainBlock(block, crc)
    yield block
  }
  yield encodeTrailer(crc)
}

/** The same of blocks that were encoded elsewhere: of BLOCK_ENTRIES of the `count` entries each, the last of what is left. */
export async function* assembleSnapshot(blocks: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  const header = encodeHeader(count)
  yield header
  let crc = chainCrc(header)
  for await (const block of blocks) {
    crc = chainBlock(block, crc)
    yield block
  }
  yield encodeTrailer(crc)
}

function encodeHeader(count: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES)
  const view = new DataView(header.buffer)
  header.set(HEADER_MAGIC)
  view.setUint16(8, GALLERY_FILE_VERSION, true)
  view.setUint16(10, HEADER_BYTES, true)
  view.setUint32(12, count, true)
  view.setUint32(16, Math.ceil(count / BLOCK_ENTRIES), true)
  sealLastWord(header)
  return header
}

function encodeTrailer(crc: number): Uint8Array {
  const trailer = new Uint8Array(TRAILER_BYTES)
  trailer.set(TRAILER_MAGIC)
  new DataView(trailer.buffer).setUint32(8, crc, true)
  sealLastWord(trailer)
  return trailer
}

function chainBlock(block: Uint8Array, previous: number): number {
  return chainCrc(block.subarray(0, BLOCK_HEADER_BYTES), previous)
}

function* blocksOf(entries: Iterable<SnapshotEntry>): Generator<Uint8Array> {
  let waiting: SnapshotEntry[] = []
  for (const entry of entries) {
    waiting.push(entry)
    if (waiting.length < BLOCK_ENTRIES) continue
    yield encodeBlock(waiting)
    waiting = []
  }
  if (waiting.length > 0) yield encodeBlock(waiting)
}

/** A block of the file, header and payload. */
export function encodeBlock(entries: readonly SnapshotEntry[]): Uint8Array {
  const ids = entries.map(({ id }) => new TextEncoder().encode(id))
  const payloadBytes = entries.reduce(
    (sum, { template }, i) => sum + INDEX_ENTRY_BYTES + ids[i].length + template.length,
    0,
  )
  const block = new Uint8Array(BLOCK_HEADER_BYTES + payloadBytes)
  const view = new DataView(block.buffer)
  let at = BLOCK_HEADER_BYTES
  for (const [i, { template }] of entries.entries()) {
    view.setUint32(at, ids[i].length, true)
    view.setUint32(at + 4, template.length, true)
    at += INDEX_ENTRY_BYTES
  }
  for (const piece of [...ids, ...entries.map(({ template }) => template)]) {
    block.set(piece, at)
    at += piece.length
  }
  view.setUint32(0, payloadBytes, true)
  view.setUint32(4, entries.length, true)
  view.setUint32(8, crc32(block, BLOCK_HEADER_BYTES), true)
  view.setUint32(12, crc32(block, 0, BLOCK_HEADER_BYTES - SEAL_BYTES), true)
  return block
}

function sealLastWord(bytes: Uint8Array): void {
  new DataView(bytes.buffer).setUint32(bytes.length - SEAL_BYTES, crc32(bytes, 0, bytes.length - SEAL_BYTES), true)
}
