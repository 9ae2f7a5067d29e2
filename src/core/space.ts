/** Sizes are multiples of this, as a record's pointer is (assembly/memory.ts). */
export const UNIT_BYTES = 16

/**
 * Hands out pieces of a stretch of addresses and takes them back: freed pieces are kept by size and given again for
 * that size, else the next unused addresses are, else a larger freed piece is cut. No piece crosses a multiple of
 * `chunkBytes`. Only numbers: what lies at the addresses is the caller's.
 */
export class Space {
  readonly #end: number
  readonly #chunkBytes: number
  /** Freed pieces by size in units. */
  readonly #freed: number[][] = []
  #next: number
  #usedBytes = 0

  constructor(first: number, end: number, chunkBytes = Infinity) {
    this.#next = first
    this.#end = end
    this.#chunkBytes = chunkBytes
  }

  /** Bytes handed out and not taken back. */
  get usedBytes(): number {
    return this.#usedBytes
  }

  /** The first address that was never handed out. */
  get next(): number {
    return this.#next
  }

  /** The address of `bytes` bytes, or undefined when there is no room. */
  take(bytes: number): number | undefined {
    const units = Math.ceil(bytes / UNIT_BYTES)
    const address = this.#freed[units]?.pop() ?? this.#takeUnused(units) ?? this.#takeLarger(units)
    if (address !== undefined) this.#usedBytes += units * UNIT_BYTES
    return address
  }

  give(address: number, bytes: number): void {
    const units = Math.ceil(bytes / UNIT_BYTES)
    this.#usedBytes -= units * UNIT_BYTES
    this.#keep(address, units)
  }

  #keep(address: number, units: number): void {
    if (units === 0) return
    this.#freed[units] ??= []
    this.#freed[units].push(address)
  }

  #takeUnused(units: number): number | undefined {
    const bytes = units * UNIT_BYTES
    const chunkEnd = (Math.floor(this.#next / this.#chunkBytes) + 1) * this.#chunkBytes
    const crosses = this.#next + bytes > chunkEnd
    const address = crosses ? chunkEnd : this.#next
    if (address + bytes > this.#end) return undefined
    if (crosses) this.#keep(this.#next, (chunkEnd - this.#next) / UNIT_BYTES)
    this.#next = address + bytes
    return address
  }

  #takeLarger(units: number): number | undefined {
    for (let larger = units + 1; larger < this.#freed.length; larger++) {
      const address = this.#freed[larger]?.pop()
      if (address === undefined) continue
      this.#keep(address + units * UNIT_BYTES, larger - units)
      return address
    }
    return undefined
  }
}
