/**
 * Somebody at the counter comes before what comes over the line: while an enrolment is compared,
 * messages wait between their slices. Each waits for so long in all, and is then taken beside it.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { StationFile } from './store/database.js'

/** Enrolments that are compared now. */
const underway = new WeakMap<StationFile, Set<Promise<unknown>>>()

/** Does what somebody at the counter waits for. */
export async function atCounter<T>(file: StationFile, work: () => Promise<T>): Promise<T> {
  const all = underway.get(file) ?? new Set()
  underway.set(file, all)
  const served = work()
  all.add(served)
  try {
    return await served
  } finally {
    all.delete(served)
  }
}

/**
 * Waits until nobody is at the counter.
 *
 * @param mostMs resolves after that time also when somebody is
 * @returns how long it was, ms
 */
export async function untilServed(file: StationFile, mostMs: number): Promise<number> {
  const all = underway.get(file)
  if (all === undefined || all.size === 0 || mostMs <= 0) return 0
  const beganMs = performance.now()
  const stop = new AbortController()
  const late = delay(mostMs, true, { signal: stop.signal }).catch(() => true)
  // Others may come while these are served.
  const served = async () => {
    while (all.size > 0 && !stop.signal.aborted) await Promise.allSettled(all)
  }
  await Promise.race([served(), late])
  stop.abort()
  return performance.now() - beganMs
}
