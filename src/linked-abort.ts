/** A signal of its own that others abort too, each with its reason. */
export interface LinkedAbort {
  readonly signal: AbortSignal
  abort(reason: unknown): void
  /** Forgets the others: a signal that outlives many captures would hold them all. */
  unlink(): void
}

/** AbortSignal.any would do, but Node has it from 20.3 on only. */
export function linkedAbort(signals: readonly (AbortSignal | undefined)[]): LinkedAbort {
  const controller = new AbortController()
  const links = signals.flatMap(signal => (signal === undefined ? [] : [link(signal, controller)]))
  return {
    signal: controller.signal,
    abort: reason => controller.abort(reason),
    unlink: () => {
      for (const cut of links) cut()
    },
  }
}

function link(signal: AbortSignal, controller: AbortController): () => void {
  const abort = () => controller.abort(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return () => signal.removeEventListener('abort', abort)
}
