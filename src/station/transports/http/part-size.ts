/** A quick line is asked for parts that take about this long, in ms: a part costs some 8 ms of both ends, whatever its length. */
const PART_MS = 250

/** Longest part, in bytes: as long as the longest message that stations send each other. */
const MOST_BYTES = 8_388_608

/**
 * How many bytes of a message go in one request: `leastBytes` until the line has shown that it is quick. Learned anew after each failure, and kept to
 * `leastBytes` for good where something on the way does not let longer ones through.
 */
export class PartSize {
  readonly leastBytes: number
  #bytes: number
  #isLimited = false

  constructor(leastBytes: number) {
    this.leastBytes = leastBytes
    this.#bytes = leastBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** An upload of that many bytes took so long. */
  took(bytes: number, ms: number): void {
    if (this.#isLimited || bytes < this.leastBytes) return
    const carried = Math.round((bytes / Math.max(ms, 1)) * PART_MS)
    this.#bytes = Math.max(this.leastBytes, Math.min(carried, MOST_BYTES))
  }

  failed(): void {
    this.#bytes = this.leastBytes
  }

  /** Something refused a request that may have been too long for it. @returns whether shorter ones can be tried */
  limit(): boolean {
    const isLong = this.#bytes > this.leastBytes
    this.#isLimited = this.#isLimited || isLong
    this.failed()
    return isLong
  }
}
