/**
 * `work`, or the signal's reason as soon as it is aborted: `onAbort` then tells the work to stop, and what still comes
 * of it is dropped. Some work (on a network folder) cannot be stopped: nobody waits for it then.
 */
export async function untilAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  onAbort: () => void = () => {},
): Promise<T> {
  if (signal === undefined) return work
  let abort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      onAbort()
      reject(signal.reason)
    }
    if (signal.aborted) abort()
    else watch(signal, abort)
  })
  try {
    return await Promise.race([aborted, work])
  } finally {
    unwatch(signal, abort)
  }
}

/** What to call when a signal is aborted. */
interface Watch {
  readonly calls: Set<() => void>
  readonly listener: () => void
}

/** One listener a signal, however many calls share it: Node warns of a leak from the eleventh on. */
const watches = new WeakMap<AbortSignal, Watch>()

function watch(signal: AbortSignal, call: () => void): void {
  const present = watches.get(signal)
  if (present !== undefined) {
    present.calls.add(call)
    return
  }
  const calls = new Set([call])
  const listener = () => {
    for (const each of [...calls]) each()
  }
  watches.set(signal, { calls, listener })
  signal.addEventListener('abort', listener, { once: true })
}

function unwatch(signal: AbortSignal, call: () => void): void {
  const present = watches.get(signal)
  if (present === undefined || !present.calls.delete(call) || present.calls.size > 0) return
  signal.removeEventListener('abort', present.listener)
  watches.delete(signal)
}
