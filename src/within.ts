import { linkedAbort } from './linked-abort.js'

/**
 * Does something that ends with its signal, and ends it when the time is over or the caller's signal is aborted.
 *
 * @param late what the signal is aborted with when the time is over
 * @throws the reason of the caller's signal
 */
export async function within<T>(
  {
    timeoutMs,
    signal,
    late,
  }: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined; readonly late: unknown },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const limit = linkedAbort([signal])
  const timer = setTimeout(() => limit.abort(late), timeoutMs)
  try {
    const result = await work(limit.signal)
    signal?.throwIfAborted()
    return result
  } finally {
    clearTimeout(timer)
    limit.unlink()
  }
}
