/**
 * Work on the file in slices, so that others need not wait for all of it. Each slice is a
 * transaction of its own, with a turn of the event loop after it. A crash can come between two
 * slices, so what is half done must be right as it lies in the file.
 */
import { setImmediate } from 'node:timers/promises'
import { untilServed } from '../counter.js'
import { beginWork } from '../quotas/processor-time.js'
import type { StationFile } from '../store/database.js'

/** Milliseconds of work in one slice; a step that is begun is ended. */
const SLICE_MS = 50

/** Longest that some work waits in all for enrolments that come meanwhile, ms: they take half a second, as a rule. */
const MOST_WAIT_MS = 2_000

/** Yielded by a step when the next one takes long: that one has a slice of its own. */
export const LONG_NEXT = Symbol('the next step takes long')

/** The steps of some work, each of which may be the last of a slice. */
export type Steps<T> = Generator<unknown, T>

/** Is told the processor time of each slice of work, in ms. */
export type OnSlice = (ms: number) => void

let lastTurn: Promise<unknown> = Promise.resolve()

/** A turn of the event loop of its own: those who wait for one at once would all get the same, and hold it together. */
function ownTurn(): Promise<unknown> {
  lastTurn = lastTurn.then(() => setImmediate())
  return lastTurn
}

/** Goes through the steps, and gives what they return. After an error, the slices before it stay. */
export async function inSlices<T>(file: StationFile, steps: Steps<T>, onSlice?: OnSlice): Promise<T> {
  let patienceMs = MOST_WAIT_MS
  for (;;) {
    patienceMs -= await untilServed(file, patienceMs)
    await ownTurn()
    let workedMs = beginWork()
    try {
      const step = file.transaction(() => {
        // Others may have held the file until now.
        workedMs = beginWork()
        const began = performance.now()
        for (;;) {
          const step = steps.next()
          if (step.done || step.value === LONG_NEXT || performance.now() - began >= SLICE_MS) return step
        }
      })
      if (step.done) return step.value
    } finally {
      onSlice?.(workedMs())
    }
  }
}
