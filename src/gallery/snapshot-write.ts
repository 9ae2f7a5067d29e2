import { crc32 } from '../node/crc32.js'
import { MAX_TEMPLATE_BYTES } from '../template/native-layout.js'
import { CIPHER_BYTES, type Cipher, type GenerationSeal } from './cipher.js'
import { encodeSealedHead } from './sealed-head.js'
import {
  BLOCK_HEADER_BYTES,
  BLOCK_NUMBER_BYTES,
  GALLERY_FILE_VERSION,
  HEADER_BYTES,
  HEADER_MAGIC,
  INDEX_ENTRY_BYTES,
  SEAL_BYTES,
  SEALED_FILE_VERSION,
  SEALED_HEADER_BYTES,
  type SnapshotEntry,
  TRAILER_BYTES,
  TRAILER_MAGIC,
} from './snapshot.js'
import { blockContext, chainCrc, viewOf } from './snapshot-parts.js'

/** Entries of a block: about a megabyte of templates. */
export const BLOCK_ENTRIES = 1_024

/**
 * The file of `count` entries, piece by piece: a header, blocks, a trailer; sealed with `seal`.
 * Reads each entry when it comes to it.
 */
export function* encodeSnapshot(
  entries: Iterable<SnapshotEntry>,
  count: number,
  seal?: GenerationSeal,
): Generator<Uint8Array> {
  const header = encodeHeader(count, seal?.galleryId)
  yield header
  let crc = chainCrc(header)
  if (seal) {
    const head = encodeSealedHead(header, seal, 'snapshot')
    crc = chainCrc(head, crc)
    yield head
  }
  const cipher = seal?.cipherOf('snapshot')
  const encoder = new BlockEncoder()
  let number = 0
  for (const some of inBlocks(entries)) {
    const block = cipher ? encoder.sealed(some, number++, cipher) : encoder.plain(some)
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

function encodeHeader(count: number, sealedFor?: bigint): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES)
  const view = new DataView(header.buffer)
  header.set(HEADER_MAGIC)
  view.setUint16(8, sealedFor === undefined ? GALLERY_FILE_VERSION : SEALED_FILE_VERSION, true)
  view.setUint16(10, sealedFor === undefined ? HEADER_BYTES : SEALED_HEADER_BYTES, true)
  view.setUint32(12, count, true)
  view.setUint32(16, Math.ceil(count / BLOCK_ENTRIES), true)
  view.setBigUint64(20, sealedFor ?? 0n, true)
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

function* inBlocks(entries: Iterable<SnapshotEntry>): Generator<SnapshotEntry[]> {
  let waiting: SnapshotEntry[] = []
  for (const entry of entries) {
    waiting.push(entry)
    if (waiting.length < BLOCK_ENTRIES) continue
    yield waiting
    waiting = []
  }
  if (waiting.length > 0) yield waiting
}

/** A block of the file, header and payload. */
export function encodeBlock(entries: readonly SnapshotEntry[]): Uint8Array {
  return new BlockEncoder().plain(entries)
}

const utf8 = new TextEncoder()

/**
 * Encodes blocks, one after the other, by way of one buffer: with new ones for each template and
 * step, V8 looks through its heap again and again, and the ids of millions of templates are a large
 * one.
 */
class BlockEncoder {
  #payload = new Uint8Array(0)

  plain(entries: readonly SnapshotEntry[]): Uint8Array {
    const payload = this.#encode(entries)
    const block = new Uint8Array(BLOCK_HEADER_BYTES + payload.length)
    block.set(payload, BLOCK_HEADER_BYTES)
    return withHeader(block, entries.length)
  }

  sealed(entries: readonly SnapshotEntry[], number: number, cipher: Cipher): Uint8Array {
    const payload = this.#encode(entries)
    const sealedAt = BLOCK_HEADER_BYTES + BLOCK_NUMBER_BYTES
    const block = new Uint8Array(sealedAt + payload.length + CIPHER_BYTES)
    viewOf(block).setUint32(BLOCK_HEADER_BYTES, number, true)
    cipher.sealInto(block.subarray(sealedAt), payload, blockContext(number, entries.length))
    return withHeader(block, entries.length)
  }

  /** The payload of a plain block: overwritten by the next. */
  #encode(entries: readonly SnapshotEntry[]): Uint8Array {
    const ids = entries.map(({ id }) => utf8.encode(id))
    const idsAt = entries.length * INDEX_ENTRY_BYTES
    const templatesAt = ids.reduce((sum, id) => sum + id.length, idsAt)
    const mostBytes = entries.reduce((sum, entry) => sum + mostTemplateBytes(entry), templatesAt)
    if (this.#payload.length < mostBytes) this.#payload = new Uint8Array(mostBytes)
    const payload = this.#payload
    const view = viewOf(payload)
    let [idAt, templateAt] = [idsAt, templatesAt]
    for (const [i, entry] of entries.entries()) {
      const templateBytes = copyTemplate(entry, payload, templateAt)
      view.setUint32(i * INDEX_ENTRY_BYTES, ids[i].length, true)
      view.setUint32(i * INDEX_ENTRY_BYTES + 4, templateBytes, true)
      payload.set(ids[i], idAt)
      idAt += ids[i].length
      templateAt += templateBytes
    }
    return payload.subarray(0, templateAt)
  }
}

function mostTemplateBytes(entry: SnapshotEntry): number {
  return entry.copyTemplate ? MAX_TEMPLATE_BYTES : entry.template.length
}

function copyTemplate(entry: SnapshotEntry, target: Uint8Array, offset: number): number {
  if (entry.copyTemplate) return entry.copyTemplate(target, offset)
  target.set(entry.template, offset)
  return entry.template.length
}

/** Writes the header of a block in front of its payload, where there is room for it. */
function withHeader(block: Uint8Array, entries: number): Uint8Array {
  const view = viewOf(block)
  view.setUint32(0, block.length - BLOCK_HEADER_BYTES, true)
  view.setUint32(4, entries, true)
  view.setUint32(8, crc32(block, BLOCK_HEADER_BYTES), true)
  view.setUint32(12, crc32(block, 0, BLOCK_HEADER_BYTES - SEAL_BYTES), true)
  return block
}

function sealLastWord(bytes: Uint8Array): void {
  new DataView(bytes.buffer).setUint32(bytes.length - SEAL_BYTES, crc32(bytes, 0, bytes.length - SEAL_BYTES), true)
}
