/**
 * A token bucket over bytes: how long to wait so that no more than `bytesPerSecond` leave, over the time of a message.
 * The bucket holds one second, so that a message that is smaller leaves at once.
 */
export class Pace {
  readonly #bytesPerSecond: number
  readonly #now: () => number
  #allowed: number
  #at: number

  /** @param now milliseconds of a clock that does not go back */
  constructor(bytesPerSecond: number, now: () => number) {
    this.#bytesPerSecond = bytesPerSecond
    this.#now = now
    this.#allowed = bytesPerSecond
    this.#at = now()
  }

  /** Takes `bytes` that are about to leave. @returns milliseconds to wait before they may; 0 for none */
  take(bytes: number): number {
    this.#refill()
    const wait = this.#allowed >= Math.min(bytes, this.#bytesPerSecond) ? 0 : this.#millisecondsFor(bytes)
    this.#allowed -= bytes
    return wait
  }

  #millisecondsFor(bytes: number): number {
    const lacking = Math.min(bytes, this.#bytesPerSecond) - this.#allowed
    return Math.ceil((lacking / this.#bytesPerSecond) * 1000)
  }

  #refill(): void {
    const at = this.#now()
    this.#allowed = Math.min(this.#bytesPerSecond, this.#allowed + ((at - this.#at) / 1000) * this.#bytesPerSecond)
    this.#at = at
  }
}
