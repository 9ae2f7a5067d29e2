import type { Progress } from '../identify/search.js'

/** Time between two reports. */
const EVERY_MS = 50

/** Tells how many templates were searched for, not too often, and at the end that all were. */
export class ProgressReport {
  readonly #tell: ((progress: Progress) => void) | undefined
  readonly #total: number
  #searched: number
  #toldMs = -Infinity

  constructor(tell: ((progress: Progress) => void) | undefined, searched: number, total: number) {
    this.#tell = tell
    this.#total = total
    this.#searched = searched
  }

  update(searched: number): void {
    this.#searched = searched
    // The end is told by `end`, once.
    if (searched < this.#total && performance.now() - this.#toldMs >= EVERY_MS) this.#report()
  }

  end(): void {
    this.#searched = this.#total
    this.#report()
  }

  #report(): void {
    this.#toldMs = performance.now()
    this.#tell?.({ searched: this.#searched, total: this.#total })
  }
}
