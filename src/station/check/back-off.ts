/** Waits longer after each failure in a row: a second at first, a minute at most, spread by chance. */
import { ExponentialBackoff } from 'cockatiel'

const PAUSES = new ExponentialBackoff<unknown>({ initialDelay: 1_000, maxDelay: 60_000 })

export class BackOff {
  #pause: ReturnType<typeof PAUSES.next> | undefined
  #untilMs = 0

  /** @returns how long to wait now, ms */
  failed(): number {
    this.#pause = this.#pause === undefined ? PAUSES.next() : this.#pause.next(undefined)
    this.#untilMs = performance.now() + this.#pause.duration
    return this.#pause.duration
  }

  succeeded(): void {
    this.#pause = undefined
    this.#untilMs = 0
  }

  get isOver(): boolean {
    return performance.now() >= this.#untilMs
  }
}
