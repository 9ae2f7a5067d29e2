import type { FileHandle } from 'node:fs/promises'

/** Read at once: large enough that the calls cost nothing beside the bytes, small enough to stay in a cache. */
const PIECE_BYTES = 4_194_304

/**
 * A file read from its beginning, the next piece while the caller is at work on the last. Two buffers take turns: memory that
 * nobody touched yet takes longer to come than the bytes of the file.
 */
export class ReadAhead {
  readonly #file: FileHandle
  #spare = new Uint8Array(PIECE_BYTES)
  #buffer = new Uint8Array(PIECE_BYTES)
  #piece = new Uint8Array(0)
  #at = 0
  #next: Promise<Uint8Array<ArrayBuffer>>
  /** What stands in two pieces. */
  #joined = new Uint8Array(0)

  /** @param file at its beginning; closed by the caller, after {@link settle} */
  constructor(file: FileHandle) {
    this.#file = file
    this.#next = this.#read(this.#spare)
  }

  /** The next `count` bytes, or what is left of the file: a view that holds until the next call. Throws what reading gives. */
  async take(count: number): Promise<Uint8Array> {
    if (count <= this.#piece.length - this.#at) return this.#cut(count)
    if (this.#joined.length < count) this.#joined = new Uint8Array(count)
    let filled = 0
    for (;;) {
      const part = this.#cut(Math.min(count - filled, this.#piece.length - this.#at))
      this.#joined.set(part, filled)
      filled += part.length
      if (filled === count) return this.#joined.subarray(0, filled)
      this.#piece = await this.#next
      this.#at = 0
      if (this.#piece.length === 0) return this.#joined.subarray(0, filled)
      ;[this.#buffer, this.#spare] = [this.#spare, this.#buffer]
      this.#next = this.#read(this.#spare)
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

  #read(buffer: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const reading = this.#file.read(buffer, 0, PIECE_BYTES).then(({ bytesRead }) => buffer.subarray(0, bytesRead))
    // Whoever takes it meets its error.
    reading.catch(() => {})
    return reading
  }
}
