import { SidikError } from '../errors.js'
import type { Cipher } from '../gallery/cipher.js'
import type { Damage } from '../gallery/damage.js'
import { readSealedHead, SEALED_HEAD_BYTES } from '../gallery/sealed-head.js'
import {
  BLOCK_HEADER_BYTES,
  HEADER_BYTES,
  type SnapshotEntry,
  TRAILER_BYTES,
  TRAILER_MAGIC,
} from '../gallery/snapshot.js'
import {
  type BlockHeader,
  chainCrc,
  checkMagic,
  PartFault,
  readBlock,
  readBlockHeader,
  readHeader,
  readSealedBlock,
  readTrailer,
  type SnapshotHeader,
} from '../gallery/snapshot-parts.js'
import type { FileWindow } from './file-window.js'

/** The entries of a block and where it lies. */
export interface PlacedEntries {
  readonly entries: readonly SnapshotEntry[]
  readonly offsetBytes: number
  readonly bytes: number
}

/** What the blocks of a sealed snapshot are opened with; `unopened` without the key. */
export type SnapshotCipher = Cipher | 'unopened' | undefined

/**
 * The blocks of a snapshot that can be read. What cannot is reported, and reading goes on behind it unless `report`
 * throws; `generator.return` at the end is the CRC of its trailer, if that could be read.
 */
export async function* scanSnapshot(
  window: FileWindow,
  cipher: SnapshotCipher,
  report: (damage: Omit<Damage, 'file'>) => void,
): AsyncGenerator<PlacedEntries, number | undefined> {
  const head = await window.bytes(0, HEADER_BYTES)
  const header = read(() => readSnapshotHeader(head))
  let whole = !(header instanceof PartFault)
  if (header instanceof PartFault) report({ offsetBytes: 0, bytes: head.length, reason: `header: ${header.message}` })
  let chain = chainCrc(head)
  let block = 0
  let entries = 0
  let at = HEADER_BYTES
  let isBehindGap = false
  if (cipher !== undefined) {
    const bytes = await window.bytes(at, SEALED_HEAD_BYTES)
    const sealedHead = read(() => readSealedHead(head, bytes))
    if (sealedHead instanceof PartFault) {
      report({ offsetBytes: at, bytes: bytes.length, reason: `header: ${sealedHead.message}` })
      whole = false
    }
    chain = chainCrc(bytes, chain)
    at += bytes.length
  }
  while (at < window.sizeBytes) {
    const trailer = await trailerAt(window, at)
    if (trailer !== undefined) {
      const isCounted = header instanceof PartFault || header.count === entries
      if (whole && (trailer !== chain || !isCounted)) {
        report({ offsetBytes: at, bytes: TRAILER_BYTES, reason: 'header and blocks are not those that were written' })
      }
      const surplusBytes = window.sizeBytes - at - TRAILER_BYTES
      if (surplusBytes > 0) {
        report({ offsetBytes: at + TRAILER_BYTES, bytes: surplusBytes, reason: 'more follows its end' })
      }
      return trailer
    }
    const found = await blockAt(window, at, cipher)
    block++
    if (found instanceof PartFault) {
      const next = await window.find(at + 1, BLOCK_HEADER_BYTES, looksLikePart, offset => {
        return isPart(window, offset, cipher)
      })
      report({ offsetBytes: at, bytes: next - at, reason: `block ${block} or trailer: ${found.message}` })
      whole = false
      isBehindGap = true
      at = next
      continue
    }
    const { headerBytes, payload, content } = found
    const bytes = BLOCK_HEADER_BYTES + payload.length
    chain = chainCrc(headerBytes, chain)
    entries += found.header.entries
    if (content instanceof PartFault) {
      const reason = `block ${block}, ${found.header.entries} templates: ${content.message}`
      report({ offsetBytes: at, bytes, reason })
    } else {
      // Blocks that do not follow each other are not served in silence: one was taken out, or two
      // changed places.
      if (content.number !== undefined && content.number !== block - 1) {
        if (!isBehindGap) report({ offsetBytes: at, bytes: 0, reason: `block ${block} should be here` })
        whole = false
        block = content.number + 1
      }
      isBehindGap = false
      yield { entries: content.entries, offsetBytes: at, bytes }
    }
    at += bytes
  }
  if (whole) report({ offsetBytes: at, bytes: 0, reason: 'the file ends without its trailer' })
  return undefined
}

/** The header of a snapshot in its folder. Throws SidikError GALLERY_VERSION, PartFault. */
export function readSnapshotHeader(bytes: Uint8Array): SnapshotHeader {
  try {
    if (bytes.length < HEADER_BYTES) throw new PartFault('the file ends', bytes.length)
    checkMagic(bytes)
    return readHeader(bytes)
  } catch (error) {
    // That the file is no gallery at all is damage here: there was one.
    if (error instanceof SidikError && error.code === 'GALLERY_FORMAT') throw new PartFault(error.message, 0)
    throw error
  }
}

interface Block {
  readonly header: BlockHeader
  readonly headerBytes: Uint8Array
  readonly payload: Uint8Array
  readonly content: Content | PartFault
}

interface Content {
  /** Number of the block, if it is sealed. */
  readonly number?: number
  readonly entries: SnapshotEntry[]
}

/** The block whose header is at `at`; its fault when there is no header. */
async function blockAt(window: FileWindow, at: number, cipher: SnapshotCipher): Promise<Block | PartFault> {
  const headerBytes = await window.bytes(at, BLOCK_HEADER_BYTES)
  if (headerBytes.length < BLOCK_HEADER_BYTES) return new PartFault('the file ends', headerBytes.length)
  const header = read(() => readBlockHeader(headerBytes, Infinity))
  if (header instanceof PartFault) return header
  const payload = await window.bytes(at + BLOCK_HEADER_BYTES, header.payloadBytes)
  const content = read(() => {
    return cipher === undefined ? { entries: readBlock(payload, header) } : readSealedBlock(payload, header, cipher)
  })
  return { header, headerBytes, payload, content }
}

async function trailerAt(window: FileWindow, at: number): Promise<number | undefined> {
  const bytes = await window.bytes(at, TRAILER_BYTES)
  const crc = bytes.length < TRAILER_BYTES ? undefined : read(() => readTrailer(bytes))
  return typeof crc === 'number' ? crc : undefined
}

/** Whether a block header or the trailer, which is as long, may begin there: cheap, because it is asked at every byte. */
function looksLikePart(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] === TRAILER_MAGIC[0] && bytes[at + 1] === TRAILER_MAGIC[1]) return true
  // The payload has less than 16 MiB and so less than 2^24 entries, of which there is one at least.
  if (bytes[at + 3] > 1 || bytes[at + 7] !== 0) return false
  return bytes[at + 4] !== 0 || bytes[at + 5] !== 0 || bytes[at + 6] !== 0
}

async function isPart(window: FileWindow, at: number, cipher: SnapshotCipher): Promise<boolean> {
  if ((await trailerAt(window, at)) !== undefined) return true
  const block = await blockAt(window, at, cipher)
  return !(block instanceof PartFault) && !(block.content instanceof PartFault)
}

function read<T>(work: () => T): T | PartFault {
  try {
    return work()
  } catch (error) {
    if (error instanceof PartFault) return error
    throw error
  }
}
