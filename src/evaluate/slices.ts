import { setImmediate } from 'node:timers/promises'

/** Longest time the event loop is kept waiting: a progress bar drawn every 20 ms still looks alive. */
const SLICE_MS = 20

/**
 * Runs `step(0)` to `step(count - 1)` and lets the event loop breathe between slices of 20 ms.
 *
 * @returns milliseconds spent in the steps, pauses not counted
 * @throws the reason of `signal` when it is aborted
 */
export async function runInSlices(
  count: number,
  step: (index: number) => void,
  signal: AbortSignal | undefined,
  afterSlice: (done: number) => void = () => {},
): Promise<number> {
  let busyMs = 0
  let done = 0
  while (done < count) {
    signal?.throwIfAborted()
    const startedAt = performance.now()
    let now = startedAt
    while (done < count && now - startedAt < SLICE_MS) {
      step(done++)
      now = performance.now()
    }
    busyMs += now - startedAt
    afterSlice(done)
    await setImmediate()
  }
  return busyMs
}
