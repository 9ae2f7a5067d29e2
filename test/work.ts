/**
 * Bounds for work that cannot be counted: as many times that of something sound, measured beside
 * it. A busy machine makes both slower; what exceeds its bound must do so each time, with the sound
 * work measured anew.
 */
import { expect } from 'vitest'

const ATTEMPTS = 4
const SAMPLES = 5

async function elapsedMs(run: () => unknown): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

/** The middle of a few, after one that loads what it needs. */
async function usualMs(run: () => unknown): Promise<number> {
  await run()
  const all: number[] = []
  for (let i = 0; i < SAMPLES; i++) all.push(await elapsedMs(run))
  return all.sort((a, b) => a - b)[SAMPLES >> 1]
}

/** Compares work with `sound`, which is measured when it is first needed. */
export class Yardstick {
  readonly #sound: () => unknown
  readonly #times: number
  #usualMs: number | undefined

  /** @param times what is allowed, in units of the sound work */
  constructor(times: number, sound: () => unknown) {
    this.#times = times
    this.#sound = sound
  }

  /**
   * The result of `run`; fails where it takes more than the bound at every attempt. It must be the
   * same each time.
   */
  async within<T>(run: () => T | Promise<T>, name = 'work'): Promise<T> {
    this.#usualMs ??= await usualMs(this.#sound)
    let result: T | undefined
    const measure = () =>
      elapsedMs(async () => {
        result = await run()
      })
    let times = (await measure()) / this.#usualMs
    for (let attempt = 1; times > this.#times && attempt < ATTEMPTS; attempt++) {
      const [usual, taken] = [await usualMs(this.#sound), await measure()]
      times = Math.min(times, taken / usual)
    }
    expect(times, `${name}, in units of sound work`).toBeLessThanOrEqual(this.#times)
    return result as T
  }
}
