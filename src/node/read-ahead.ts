import type { FileHandle } from 'node:fs/promises'

/** Read at once: large enough that the calls cost nothing beside the bytes, small enough to stay in a cache. */
const PIECE_BYTES = 4_194_304

/** A file read from its beginning, the next piece while the caller is at work on the last. */
export class ReadAhead {
  readonly #file: FileHandle
  #piece = new Uint8Array(0)
  #at = 0
  #next: Promise<Uint8Array<ArrayBuffer>>

  /** @param file at its beginning; closed by the caller, after {@link settle} */
  constructor(file: FileHandle) {
    this.#file = file
    this.#next = this.#read()
  }

  /** The next `count` bytes, or what is left of the file. They are the caller's. Throws what reading gives. */
  async take(count: number): Promise<Uint8Array> {
    if (count <= this.#piece.length - this.#at) return this.#cut(count)
    const bytes = new Uint8Array(count)
    let filled = 0
    for (;;) {
      const part = this.#cut(Math.min(count - filled, this.#piece.length - this.#at))
      bytes.set(part, filled)
      filled += part.length
      if (filled === count) return bytes
      this.#piece = await this.#next
      this.#at = 0
      if (this.#piece.length === 0) return bytes.subarray(0, filled)
      this.#next = this.#read()
    }
  }

  /** Waits for the piece that is being read. */
  async settle(): Promise<void> {
    await this.#next.catch(() => {})
  }

  #cut(count: number): Uint8Array {
    this.#at += count
    return this.#piece.subarray(this.#at - count, this.#at)
  }

  #read(): Promise<Uint8Array<ArrayBuffer>> {
    const piece = new Uint8Array(PIECE_BYTES)
    const reading = this.#file.read(piece, 0, PIECE_BYTES).then(({ bytesRead }) => piece.subarray(0, bytesRead))
    // Whoever takes it meets its error.
    reading.catch(() => {})
    return reading
  }
}
