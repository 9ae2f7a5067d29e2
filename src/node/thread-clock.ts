import { readFileSync } from 'node:fs'

/** Where Linux says how long the calling thread has run: nanoseconds, then two other figures (proc(5), schedstat). */
const SCHEDSTAT = '/proc/thread-self/schedstat'

/**
 * Processor time of the calling thread, milliseconds: what a task costs however busy the machine is. Exact to a tick of the
 * kernel (1 to 4 ms), so average over many. Where the system does not tell, the clock on the wall.
 */
export function threadMs(): number {
  try {
    return Number(readFileSync(SCHEDSTAT, 'latin1').split(' ', 1)[0]) / 1e6
  } catch {
    return performance.now()
  }
}
