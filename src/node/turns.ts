import { setImmediate as nextTurn } from 'node:timers/promises'

/** Work in slices, between which others have their turn of the event loop. */
export class Turns {
  readonly #sliceMs: number
  #began = performance.now()

  constructor(sliceMs: number) {
    this.#sliceMs = sliceMs
  }

  /** Lets others have their turn when the slice is over. @returns whether it did */
  async pause(): Promise<boolean> {
    if (performance.now() - this.#began <= this.#sliceMs) return false
    await nextTurn()
    this.#began = performance.now()
    return true
  }
}
