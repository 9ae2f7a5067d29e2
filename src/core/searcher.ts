import { SidikError } from '../errors.js'
import { type CoreExports, instantiateCore } from './instance.js'

/** The best of what was screened, best first. */
export interface Survivors {
  readonly slots: Uint32Array
  readonly scores: Float32Array
}

/**
 * Searches a table of records in a memory shared with others. A table is u32 a slot: address of a record / 16, or 0
 * where the slot is empty. Keeps nothing in the memory but in its own scratch.
 */
export class Searcher {
  /** Bytes of scratch a searcher needs, 16-byte aligned and its own alone. */
  static readonly scratchBytes = 1 << 20
  /** Survivors that `screen` keeps. */
  readonly capacity: number
  readonly #core: CoreExports
  readonly #memory: WebAssembly.Memory
  readonly #top: number
  readonly #slots: number
  readonly #scores: number
  readonly #work: number

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, scratchPointer: number) {
    this.#core = instantiateCore(module, memory)
    this.#memory = memory
    this.capacity = this.#core.SCREEN_CAPACITY.value
    const topBytes = this.#core.topBytes(this.capacity)
    this.#top = scratchPointer
    this.#slots = this.#top + topBytes
    this.#scores = this.#slots + 4 * this.capacity
    this.#work = (this.#scores + 4 * this.capacity + 15) & ~15
    const workBytes = Math.max(this.#core.COMPARE_BYTES.value, this.#core.SCREEN_BYTES.value)
    const bytes = this.#work + workBytes - scratchPointer
    if (bytes > Searcher.scratchBytes) {
      throw new SidikError(
        'CORE_MISSING',
        `the core needs ${bytes} bytes to search, this code has ${Searcher.scratchBytes}`,
      )
    }
    // Whatever was in the scratch before must not count as survivors.
    new Uint32Array(memory.buffer, this.#top, 1)[0] = 0
  }

  /**
   * Looks quickly at slots `first` to `last` - 1 and adds the best to those kept since the last `takeTop`. What is
   * kept in the end does not depend on how a table was cut into slices.
   */
  screen(probePointer: number, tablePointer: number, first: number, last: number): void {
    this.#core.screen(probePointer, tablePointer, first, last, this.#top, this.capacity, this.#work)
  }

  /** What `screen` kept, best first, and an empty list from here on. */
  takeTop(): Survivors {
    const view = new DataView(this.#memory.buffer, this.#top, this.#core.topBytes(this.capacity))
    const count = view.getUint32(0, true)
    const entries = Array.from({ length: count }, (_, k) => ({
      slot: view.getUint32(8 + 8 * k, true),
      score: view.getFloat32(12 + 8 * k, true),
    }))
    view.setUint32(0, 0, true)
    entries.sort((p, q) => q.score - p.score || p.slot - q.slot)
    return { slots: Uint32Array.from(entries, e => e.slot), scores: Float32Array.from(entries, e => e.score) }
  }

  /** The full score of the probe against each of `slots`, in their order; 0 for an empty slot. */
  rescore(probePointer: number, tablePointer: number, slots: Uint32Array): Float32Array {
    const scores = new Float32Array(slots.length)
    for (let from = 0; from < slots.length; from += this.capacity) {
      const part = slots.subarray(from, from + this.capacity)
      new Uint32Array(this.#memory.buffer, this.#slots, part.length).set(part)
      this.#core.rescore(probePointer, tablePointer, this.#slots, part.length, this.#scores, this.#work)
      scores.set(new Float32Array(this.#memory.buffer, this.#scores, part.length), from)
    }
    return scores
  }
}
