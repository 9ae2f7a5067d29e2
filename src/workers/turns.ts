/** A fixed number of places, each for one user at a time; who finds none free waits in line. */
export class Turns {
  readonly #free: number[]
  readonly #line: ((place: number) => void)[] = []

  constructor(places: number) {
    this.#free = Array.from({ length: places }, (_, i) => places - 1 - i)
  }

  /** The index of a place, once there is one; give it back by {@link leave}. */
  take(): number | Promise<number> {
    return this.#free.pop() ?? new Promise(resolve => this.#line.push(resolve))
  }

  leave(place: number): void {
    const next = this.#line.shift()
    if (next === undefined) this.#free.push(place)
    else next(place)
  }
}
