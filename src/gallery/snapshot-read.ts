import { SidikError } from '../errors.js'
import { BLOCK_HEADER_BYTES, HEADER_BYTES, type SnapshotEntry, TRAILER_BYTES } from './snapshot.js'
import {
  type BlockHeader,
  chainCrc,
  checkMagic,
  PartFault,
  readBlock,
  readBlockHeader,
  readHeader,
  readTrailer,
} from './snapshot-parts.js'

type Part = 'header' | 'block header' | 'block' | 'trailer' | 'end'

/**
 * Reads a gallery file front to back: give it exactly {@link nextBytes} bytes at a time, or fewer where the file ends,
 * until that is 0. It does no reading itself, so that bytes and files take the same way.
 */
export class SnapshotReader {
  #part: Part = 'header'
  #nextBytes = HEADER_BYTES
  /** Of the next byte, for messages. */
  #offset = 0
  #block = 0
  #blocks = 0
  #left = 0
  #crc = 0
  #blockHeader: BlockHeader | undefined

  /** Bytes to give next; 0 after the trailer. */
  get nextBytes(): number {
    return this.#nextBytes
  }

  /**
   * The entries that `bytes` complete: views of them, not copies.
   *
   * @throws SidikError GALLERY_FORMAT, GALLERY_VERSION, GALLERY_KEY or GALLERY_CORRUPT, which says
   *   where
   */
  accept(bytes: Uint8Array): SnapshotEntry[] {
    if (this.#part === 'header') checkMagic(bytes)
    try {
      if (bytes.length < this.#nextBytes) throw new PartFault('the file ends', bytes.length)
      return this.#read(bytes)
    } catch (fault) {
      if (fault instanceof PartFault) throw this.#corrupt(fault)
      throw fault
    } finally {
      this.#offset += bytes.length
    }
  }

  #read(bytes: Uint8Array): SnapshotEntry[] {
    if (this.#part === 'block') {
      const entries = readBlock(bytes, this.#blockHeader!)
      this.#block++
      this.#expectBlock(bytes.length)
      return entries
    }
    if (this.#part === 'header') {
      const { count, blocks, sealedFor } = readHeader(bytes)
      if (sealedFor !== undefined) {
        const message =
          'the gallery is sealed with a key: open the folder it is from with openDurableGallery and the key'
        throw new SidikError('GALLERY_KEY', message)
      }
      this.#left = count
      this.#blocks = blocks
      this.#crc = chainCrc(bytes)
      this.#expectBlock(bytes.length)
    } else if (this.#part === 'block header') {
      this.#blockHeader = readBlockHeader(bytes, this.#left)
      this.#crc = chainCrc(bytes, this.#crc)
      this.#left -= this.#blockHeader.entries
      this.#part = 'block'
      this.#nextBytes = this.#blockHeader.payloadBytes
    } else {
      if (readTrailer(bytes) !== this.#crc) {
        throw new PartFault('header and blocks are not those that were written', 8)
      }
      this.#part = 'end'
      this.#nextBytes = 0
    }
    return []
  }

  #expectBlock(partBytes: number): void {
    const more = this.#block < this.#blocks
    if (!more && this.#left > 0) throw new PartFault(`${this.#left} of its templates are in no block`, partBytes)
    this.#part = more ? 'block header' : 'trailer'
    this.#nextBytes = more ? BLOCK_HEADER_BYTES : TRAILER_BYTES
  }

  #corrupt({ message, at }: PartFault): SidikError {
    const part = this.#part.startsWith('block') ? `${this.#part} ${this.#block + 1} of ${this.#blocks}` : this.#part
    const where = `${part}, byte ${this.#offset + at}`
    return new SidikError('GALLERY_CORRUPT', `gallery damaged: ${message} (${where}); use another copy of the file`)
  }
}

/** All entries of a file given as bytes: views of them. */
export function* decodeSnapshot(bytes: Uint8Array): Generator<SnapshotEntry[]> {
  const reader = new SnapshotReader()
  let at = 0
  while (reader.nextBytes > 0) {
    const end = at + reader.nextBytes
    yield reader.accept(bytes.subarray(at, end))
    at = end
  }
  if (at < bytes.length) throw surplus(at)
}

/** What follows the trailer is not ours: two files run together, or one written over a longer one. */
export function surplus(at: number): SidikError {
  return new SidikError('GALLERY_CORRUPT', `gallery damaged: more follows its end at byte ${at}; use another copy`)
}
