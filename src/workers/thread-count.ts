import { availableParallelism } from 'node:os'
import { DEFAULTS, MAX_THREADS, wholeNumber } from '../options.js'

/** Worker threads that are asked for, or one for each processor, 16 at most. @throws TypeError, RangeError naming `threads` */
export function threadCount(threads: number | undefined): number {
  if (threads === undefined) return Math.min(availableParallelism(), DEFAULTS.threads)
  return wholeNumber('threads', threads, 1, MAX_THREADS)
}
