import { untilAborted } from '../../../until-aborted.js'

/** So many at a time; others wait for their turn, first come, first served. */
export class Places {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  /** @throws what the work throws; the signal's reason when it is aborted while it waits */
  async within<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#free > 0) this.#free--
    else await this.#turn(signal)
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    let come = () => {}
    const turn = new Promise<void>(resolve => {
      come = resolve
    })
    this.#waiting.push(come)
    await untilAborted(turn, signal, () => {
      const at = this.#waiting.indexOf(come)
      if (at >= 0) this.#waiting.splice(at, 1)
    })
  }
}
