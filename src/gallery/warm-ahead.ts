import type { GalleryMemory } from '../core/gallery-memory.js'

/** A gallery of fewer bytes is full before a worker has begun. */
const LEAST_BYTES = 33_554_432

/** So many bytes are touched before they are written. */
const AHEAD_BYTES = 33_554_432

/** Of one task: some milliseconds. */
const STEP_BYTES = 8_388_608

/** Has a worker touch the bytes from `first` to before `last`. */
export type Warm = (memory: Pick<GalleryMemory, 'id' | 'memory'>, first: number, last: number) => Promise<unknown>

/**
 * While many records are added to a memory, has a worker touch the pages that come next. A page comes from the system when it is first
 * written to, which takes 1.4 us, or 11 us in a virtual machine whose host must find it first: of a million templates, 0.3 to 2.7 s
 * of the thread that opens them.
 */
export class WarmAhead {
  readonly #memory: GalleryMemory
  readonly #warm: Warm
  /** Where the first record was. */
  #first: number | undefined
  /** All before it was asked for. */
  #reached = 0
  #busy = false

  constructor(memory: GalleryMemory, warm: Warm) {
    this.#memory = memory
    this.#warm = warm
  }

  /** To be called when a record was written at `pointer`. */
  follow(pointer: number): void {
    this.#first ??= pointer
    if (this.#busy || pointer < this.#first + LEAST_BYTES || pointer + AHEAD_BYTES < this.#reached) return
    const { first, last } = this.#memory.unused(AHEAD_BYTES + STEP_BYTES)
    const from = Math.max(first, this.#reached)
    const to = Math.min(last, from + STEP_BYTES)
    if (to <= from) return
    this.#reached = to
    this.#busy = true
    // Without it all goes the same way, only slower.
    this.#warm(this.#memory, from, to)
      .catch(() => {})
      .finally(() => {
        this.#busy = false
      })
  }
}
