import type { CoreMemory } from './compile.js'

/** Words of a search that all its workers share, padded to a cache line. */
export const LANE_BYTES = 64

/** Index of each word. */
const NEXT = 0
const END = 1
const STOPPED = 2
const SEARCHED = 3
const WORDS = 4

/**
 * Slots a worker takes at a time, a part of a segment's: short enough to stop within about 10 ms, long enough that taking one
 * (an atomic add, a call into the core, the probe unpacked) costs nothing beside it.
 */
export const SLICE_SLOTS = 2_048

export interface Slice {
  readonly first: number
  /** One past the last slot. */
  readonly last: number
}

/** What the workers of one search agree by: the slots not yet taken, how many were searched, whether to stop. */
export class SearchLane {
  readonly #words: Int32Array

  constructor(memory: CoreMemory, pointer: number) {
    this.#words = new Int32Array(memory.buffer, pointer, WORDS)
  }

  /** A new search of the slots from 0 to `end`. Only while no worker is at this lane. */
  begin(end: number): void {
    Atomics.store(this.#words, NEXT, 0)
    Atomics.store(this.#words, END, end)
    Atomics.store(this.#words, STOPPED, 0)
    Atomics.store(this.#words, SEARCHED, 0)
  }

  /** The next slots to search, for this worker alone; undefined when none are left or the search was stopped. */
  takeSlice(): Slice | undefined {
    if (this.finished) return undefined
    const first = Atomics.add(this.#words, NEXT, SLICE_SLOTS)
    const end = Atomics.load(this.#words, END)
    return first < end ? { first, last: Math.min(first + SLICE_SLOTS, end) } : undefined
  }

  finishSlice({ first, last }: Slice): void {
    Atomics.add(this.#words, SEARCHED, last - first)
  }

  stop(): void {
    Atomics.store(this.#words, STOPPED, 1)
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, STOPPED) === 1
  }

  /** Whether there is nothing left to take. */
  get finished(): boolean {
    return this.stopped || Atomics.load(this.#words, NEXT) >= Atomics.load(this.#words, END)
  }

  /** One past the last slot. */
  get end(): number {
    return Atomics.load(this.#words, END)
  }

  /** Slots searched so far. */
  get searched(): number {
    return Atomics.load(this.#words, SEARCHED)
  }
}
