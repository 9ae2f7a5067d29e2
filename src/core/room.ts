import { Allocator } from './allocator.js'
import { ensureBytes } from './instance.js'
import { type MemoryViews, viewsOf } from './records.js'

/** Memory grows by an eighth, at least by this. */
const LEAST_GROWTH_BYTES = 1_048_576

/** What a memory has for records and indexes, from some address to its end: hands out pieces, and grows the memory to hold them. */
export class Room {
  /** In all, those handed out included. */
  readonly bytes: number
  readonly #memory: WebAssembly.Memory
  readonly #maxBytes: number
  readonly #allocator: Allocator
  #views: MemoryViews

  /** @param first a multiple of 16, within `memory`; `maxBytes`: to which it may grow */
  constructor(memory: WebAssembly.Memory, first: number, maxBytes: number) {
    this.bytes = maxBytes - first
    this.#memory = memory
    this.#maxBytes = maxBytes
    this.#allocator = new Allocator(first, maxBytes)
    this.#views = viewsOf(memory)
  }

  /** Of the whole memory, as it is until the next piece is taken. */
  get views(): MemoryViews {
    return this.#views
  }

  /** Bytes handed out and not taken back. */
  get usedBytes(): number {
    return this.#allocator.usedBytes
  }

  /** The bytes that were never handed out, up to `bytes` of them; the memory grows to have them, if it can. */
  unused(bytes: number): { readonly first: number; readonly last: number } {
    const first = this.#allocator.next
    this.#reach(Math.min(this.#maxBytes, first + bytes))
    return { first, last: Math.min(first + bytes, this.#views.bytes.length) }
  }

  /** Address of so many bytes that the memory has; 0 for none at all, undefined when there is no room. */
  take(bytes: number): number | undefined {
    if (bytes === 0) return 0
    const pointer = this.#allocator.take(bytes)
    if (pointer === undefined || this.#reach(this.#allocator.next)) return pointer
    this.#allocator.give(pointer, bytes)
    return undefined
  }

  give(pointer: number, bytes: number): void {
    this.#allocator.give(pointer, bytes)
  }

  /** Whether the memory has, or now has, so many bytes. */
  #reach(bytes: number): boolean {
    const present = this.#views.bytes.length
    if (bytes <= present) return true
    const wanted = Math.min(this.#maxBytes, Math.max(bytes, present + LEAST_GROWTH_BYTES, present * 1.125))
    try {
      ensureBytes(this.#memory, wanted)
      this.#views = viewsOf(this.#memory)
      return true
    } catch {
      // The one thing that stops memory from growing is that the machine has no more: the caller reports it.
      return false
    }
  }
}
