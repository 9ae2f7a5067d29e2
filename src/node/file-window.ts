import type { FileHandle } from 'node:fs/promises'
import { asFileError } from './file-layer.js'

/** Read at once: large enough that the calls cost nothing beside the bytes, small enough to stay in a cache. */
const PIECE_BYTES = 4_194_304

/** A file read front to back in large pieces, of which any stretch near the last one can be had. */
export class FileWindow {
  readonly #file: FileHandle
  readonly #path: string
  /** Bytes of the file that are looked at. */
  readonly sizeBytes: number
  #piece = new Uint8Array(0)
  #offset = 0

  constructor(file: FileHandle, path: string, sizeBytes: number) {
    this.#file = file
    this.#path = path
    this.sizeBytes = sizeBytes
  }

  /** The same file as if it ended there. */
  upTo(sizeBytes: number): FileWindow {
    return new FileWindow(this.#file, this.#path, sizeBytes)
  }

  /**
   * The `count` bytes from `offset`, or fewer where the file ends. They are the caller's to keep, not to alter.
   *
   * @throws SidikError FILE_UNREADABLE
   */
  async bytes(offset: number, count: number): Promise<Uint8Array> {
    const end = Math.min(offset + count, this.sizeBytes)
    if (offset < this.#offset || end > this.#offset + this.#piece.length) {
      await this.#read(offset, Math.min(Math.max(count, PIECE_BYTES), this.sizeBytes - offset))
    }
    return this.#piece.subarray(offset - this.#offset, Math.max(offset, end) - this.#offset)
  }

  /**
   * The first offset from `from` on at which something begins: where `looksLike` says so of the `headBytes` bytes there,
   * cheaply, and `is` agrees. The end of the file when there is none.
   */
  async find(
    from: number,
    headBytes: number,
    looksLike: (bytes: Uint8Array, at: number) => boolean,
    is: (offset: number) => Promise<boolean>,
  ): Promise<number> {
    let offset = from
    while (offset + headBytes <= this.sizeBytes) {
      const piece = await this.bytes(offset, PIECE_BYTES)
      const last = piece.length - headBytes
      if (last < 0) break
      for (let at = 0; at <= last; at++) {
        if (looksLike(piece, at) && (await is(offset + at))) return offset + at
      }
      offset += last + 1
    }
    return this.sizeBytes
  }

  async #read(offset: number, count: number): Promise<void> {
    // A new buffer each time: what was given out before stays as it was.
    const piece = new Uint8Array(Math.max(0, count))
    let filled = 0
    try {
      while (filled < piece.length) {
        const { bytesRead } = await this.#file.read(piece, filled, piece.length - filled, offset + filled)
        if (bytesRead === 0) break
        filled += bytesRead
      }
    } catch (cause) {
      throw asFileError('FILE_UNREADABLE', `${this.#path} cannot be read at byte ${offset + filled}`, cause)
    }
    this.#piece = piece.subarray(0, filled)
    this.#offset = offset
  }
}
