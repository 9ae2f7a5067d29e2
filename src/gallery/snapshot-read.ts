import { SidikError } from '../errors.js'
import { crc32 } from '../template/crc32.js'
import {
  BLOCK_HEADER_BYTES,
  GALLERY_FILE_VERSION,
  HEADER_BYTES,
  HEADER_MAGIC,
  INDEX_ENTRY_BYTES,
  MAX_PAYLOAD_BYTES,
  SEAL_BYTES,
  type SnapshotEntry,
  TRAILER_BYTES,
  TRAILER_MAGIC,
} from './snapshot.js'

type Part = 'header' | 'block header' | 'block' | 'trailer' | 'end'

/**
 * Reads a gallery file front to back: give it exactly {@link nextBytes} bytes at a time, or fewer where the file ends,
 * until that is 0. It does no reading itself, so that bytes and files take the same way.
 */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export class SnapshotReader {
  #part: Part = 'header'
  #nextBytes = HEADER_BYTES
  /** Of the next byte, for messages. */
  #offset = 0
  #block = 0
  #blocks = 0
  #left = 0
  #crc = 0
  #entries = 0
  #payloadCrc = 0

  /** Bytes to give next; 0 after the trailer. */
  get nextBytes(): number {
    return this.#nextBytes
  }

  /**
   * The entries that `bytes` complete: views of them, not copies.
   *
   * @throws SidikError GALLERY_FORMAT, GALLERY_VERSION or GALLERY_CORRUPT, which says where
   */
  accept(bytes: Uint8Array): SnapshotEntry[] {
    if (this.#part === 'header') this.#checkMagic(bytes)
    if (bytes.length < this.#nextBytes) throw this.#corrupt('the file ends', bytes.length)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const entries = this.#part === 'block' ? this.#readBlock(bytes, view) : []
    if (this.#part === 'header') this.#readHeader(bytes, view)
    else if (this.#part === 'block header') this.#readBlockHeader(bytes, view)
    else if (this.#part === 'trailer') this.#readTrailer(bytes, view)
    else if (this.#part === 'block') this.#expectBlock()
    this.#offset += bytes.length
    return entries
  }

  #checkMagic(bytes: Uint8Array): void {
    if (bytes.length > 0 && HEADER_MAGIC.every((byte, i) => i >= bytes.length || bytes[i] === byte)) return
    throw new SidikError('GALLERY_FORMAT', "not a gallery: it does not begin with 'SIDIKGAL'; give a file made by save")
  }

  #readHeader(bytes: Uint8Array, view: DataView): void {
    const version = view.getUint16(8, true)
    if (version > GALLERY_FILE_VERSION) {
      const message = `the gallery is of version ${version}, this program reads up to ${GALLERY_FILE_VERSION}: update sidik`
      throw new SidikError('GALLERY_VERSION', message)
    }
    this.#checkSeal(bytes, view)
    if (version === 0 || view.getUint16(10, true) !== HEADER_BYTES) throw this.#corrupt('version or length is wrong', 8)
    this.#left = view.getUint32(12, true)
    this.#blocks = view.getUint32(16, true)
    this.#crc = crc32(bytes, 0, HEADER_BYTES - SEAL_BYTES)
    this.#expectBlock()
  }

  #readBlockHeader(bytes: Uint8Array, view: DataView): void {
    this.#checkSeal(bytes, view)
    const payloadBytes = view.getUint32(0, true)
    this.#entries = view.getUint32(4, true)
    this.#payloadCrc = view.getUint32(8, true)
    if (payloadBytes > MAX_PAYLOAD_BYTES) throw this.#corrupt(`${payloadBytes} bytes are more than a block holds`, 0)
    if (this.#entries === 0 || this.#entries > this.#left || this.#entries * INDEX_ENTRY_BYTES > payloadBytes) {
      throw this.#corrupt(`${this.#entries} entries do not fit`, 4)
    }
    this.#crc = crc32(bytes, 0, BLOCK_HEADER_BYTES - SEAL_BYTES, this.#crc)
    this.#left -= this.#entries
    this.#part = 'block'
    this.#nextBytes = payloadBytes
  }

  #readBlock(bytes: Uint8Array, view: DataView): SnapshotEntry[] {
    if (crc32(bytes) !== this.#payloadCrc) throw this.#corrupt('the CRC does not fit the bytes', 0)
    const indexBytes = this.#entries * INDEX_ENTRY_BYTES
    let idAt = indexBytes
    let templateAt = indexBytes
    for (let at = 0; at < indexBytes; at += INDEX_ENTRY_BYTES) templateAt += view.getUint32(at, true)
    const entries: SnapshotEntry[] = []
    for (let at = 0; at < indexBytes; at += INDEX_ENTRY_BYTES) {
      const idEnd = idAt + view.getUint32(at, true)
      const templateEnd = templateAt + view.getUint32(at + 4, true)
      if (idEnd > bytes.length || templateEnd > bytes.length) throw this.#corrupt('an entry reaches past the block', at)
      entries.push({
        id: this.#text(bytes.subarray(idAt, idEnd), at),
        template: bytes.subarray(templateAt, templateEnd),
      })
      idAt = idEnd
      templateAt = templateEnd
    }
    if (templateAt !== bytes.length) throw this.#corrupt('the entries do not fill the block', templateAt)
    this.#block++
    return entries
  }

  #readTrailer(bytes: Uint8Array, view: DataView): void {
    this.#checkSeal(bytes, view)
    if (TRAILER_MAGIC.some((byte, i) => bytes[i] !== byte)) throw this.#corrupt("it does not begin with 'SIDIKEND'", 0)
    if (view.getUint32(8, true) !== this.#crc)
      throw this.#corrupt('header and blocks are not those that were written', 8)
    this.#part = 'end'
    this.#nextBytes = 0
  }

  #expectBlock(): void {
    const more = this.#block < this.#blocks
    if (!more && this.#left > 0) throw this.#corrupt(`${this.#left} of its templates are in no block`, 0)
    this.#part = more ? 'block header' : 'trailer'
    this.#nextBytes = more ? BLOCK_HEADER_BYTES : TRAILER_BYTES
  }

  #checkSeal(bytes: Uint8Array, view: DataView): void {
    const at = bytes.length - SEAL_BYTES
    if (view.getUint32(at, true) !== crc32(bytes, 0, at)) throw this.#corrupt('its CRC does not fit', at)
  }

  #text(bytes: Uint8Array, at: number): string {
    try {
      return UTF8.decode(bytes)
    } catch {
      throw this.#corrupt('an id is not UTF-8', at)
    }
  }

  #corrupt(problem: string, at: number): SidikError {
    const part = this.#part.startsWith('block') ? `${this.#part} ${this.#block + 1} of ${this.#blocks}` : this.#part
    const where = `${part}, byte ${this.#offset + at}`
    return new SidikError('GALLERY_CORRUPT', `gallery damaged: ${problem} (${where}); use another copy of the file`)
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
