/**
 * Work on the file that others need not wait for: done in slices, each a transaction of its own, with a turn of the event loop between two of
 * them. What is half done after a slice must be right as it lies in the file, since a crash can come there.
 */
import { setImmediate } from 'node:timers/promises'
import type { StationFile } from '../store/database.js'

/** Milliseconds of work in one slice; a step that is begun is ended. */
const SLICE_MS = 80

/** What a slice of work takes of the processor, told to who counts it. */
export type OnSlice = (ms: number) => void

/** Goes through the steps, and gives what they return. After an error, the slices before it stay. */
export async function inSlices<T>(file: StationFile, steps: Generator<void, T>, onSlice?: OnSlice): Promise<T> {
  for (;;) {
    const began = performance.now()
    try {
      const step = file.transaction(() => {
        for (;;) {
          const step = steps.next()
          if (step.done || performance.now() - began >= SLICE_MS) return step
        }
      })
      if (step.done) return step.value
    } finally {
      onSlice?.(performance.now() - began)
    }
    await setImmediate()
  }
}
