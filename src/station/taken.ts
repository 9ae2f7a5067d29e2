/** Bytes that come in pieces of any length, taken off in lengths that are asked for. */
export class Taken {
  readonly #pieces: AsyncIterator<Uint8Array>
  #waiting: Uint8Array[] = []
  #have = 0
  #offset = 0

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]()
  }

  /** Bytes that were taken so far. */
  get offset(): number {
    return this.#offset
  }

  /** Bytes that have come and were not taken. */
  get have(): number {
    return this.#have
  }

  /** The next `count` bytes; undefined when fewer are left. */
  async take(count: number): Promise<Buffer | undefined> {
    while (this.#have < count) if (!(await this.#more())) return undefined
    return this.#cut(count)
  }

  /** What has come and was not taken. */
  rest(): Buffer {
    return this.#cut(this.#have)
  }

  /** All lines up to one that begins with `mark`, with it; undefined when it is not among the next `most` bytes. */
  async takeLines(mark: string, most: number): Promise<Buffer | undefined> {
    for (;;) {
      const have = this.#joined()
      const at = have.indexOf(`\n${mark}`)
      const end = at < 0 ? -1 : have.indexOf('\n', at + 1)
      if (end >= most) return undefined
      if (end >= 0) return this.#cut(end + 1)
      if (have.length >= most || !(await this.#more())) return undefined
    }
  }

  async end(): Promise<void> {
    await this.#pieces.return?.()
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#pieces.next()
    if (done) return false
    this.#waiting.push(value)
    this.#have += value.length
    return true
  }

  #cut(count: number): Buffer {
    const all = this.#joined()
    this.#waiting = [all.subarray(count)]
    this.#have -= count
    this.#offset += count
    return all.subarray(0, count)
  }

  #joined(): Buffer {
    const all = this.#waiting.length === 1 ? bufferOf(this.#waiting[0]) : Buffer.concat(this.#waiting)
    this.#waiting = [all]
    return all
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
