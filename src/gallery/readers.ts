/**
 * Who is reading the gallery at the moment (searches, saves), so that what is removed meanwhile is given back only when
 * none of them can still see it. Time is a count of events, not a clock.
 */
export class Readers {
  #now = 0
  readonly #since = new Set<number>()
  readonly #waiting: { readonly removedAt: number; readonly giveBack: () => void }[] = []

  /** Begins to read; give what is returned to {@link leave}. It is also the time at which the set is read. */
  enter(): number {
    this.#since.add(++this.#now)
    return this.#now
  }

  leave(entered: number): void {
    this.#since.delete(entered)
    this.#settle()
  }

  /** Calls `giveBack` as soon as every reader that is here now has left; at once when there is none. */
  whenUnseen(giveBack: () => void): void {
    this.#waiting.push({ removedAt: ++this.#now, giveBack })
    this.#settle()
  }

  /** The time of a change that is made now: later than every reader that is here. */
  stamp(): number {
    return ++this.#now
  }

  #settle(): void {
    // A Set keeps the order of insertion, and time only grows: its first element is the oldest reader.
    const oldest = this.#since.values().next().value ?? Infinity
    let done = 0
    while (done < this.#waiting.length && this.#waiting[done].removedAt < oldest) this.#waiting[done++].giveBack()
    this.#waiting.splice(0, done)
  }
}
