/** Between iterables, in which this program thinks, and the streams of the web, in which age-encryption does. */

/** Asks for the next piece when there is room for it. An error of `pieces` is the stream's; a stream that is given up ends `pieces`. */
export function streamOf(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}

/** The pieces of a stream, which is given up when they are no longer asked for. */
export async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // Of a stream that failed or has ended this does nothing.
    await reader.cancel().catch(() => {})
  }
}

/** Bytes taken off a stream in lengths that are asked for. */
export class Taken {
  readonly #pieces: AsyncGenerator<Uint8Array>
  #waiting: Uint8Array[] = []
  #have = 0
  #offset = 0

  constructor(pieces: AsyncGenerator<Uint8Array>) {
    this.#pieces = pieces
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
    while (this.#have < count) {
      const { value, done } = await this.#pieces.next()
      if (done) return undefined
      this.#waiting.push(value)
      this.#have += value.length
    }
    const all = this.#waiting.length === 1 ? bufferOf(this.#waiting[0]) : Buffer.concat(this.#waiting)
    this.#waiting = [all.subarray(count)]
    this.#have -= count
    this.#offset += count
    return all.subarray(0, count)
  }

  async end(): Promise<void> {
    await this.#pieces.return(undefined)
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
