/** Frames until time is over: `undefined` from then on, as when there are no more. */
export interface FramesUntil<F> {
  /** @throws the signal's reason when it is aborted, and what the frames throw */
  frame(): Promise<F | undefined>
  /** Ends them, which lets a device go. */
  leave(): Promise<void>
}

/** Frames that are not given by a source of ours may not heed being left: nobody waits for them longer. */
const LEAVING_MS = 1_000

export function framesUntil<F>(frames: AsyncIterable<F>, timeoutMs: number, signal?: AbortSignal): FramesUntil<F> {
  const iterator = frames[Symbol.asyncIterator]()
  let abort = () => {}
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<undefined>((resolve, reject) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs)
    abort = () => reject(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
  })
  // It may be aborted while a frame is being looked at, when nobody waits.
  over.catch(() => {})
  return {
    async frame() {
      signal?.throwIfAborted()
      const next = iterator.next()
      next.catch(() => {})
      const result = await Promise.race([next, over])
      return result === undefined || result.done ? undefined : result.value
    },
    async leave() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      let patience: NodeJS.Timeout | undefined
      const impatient = new Promise<void>(resolve => {
        patience = setTimeout(resolve, LEAVING_MS)
      })
      await Promise.race([iterator.return?.(), impatient])
      clearTimeout(patience)
    },
  }
}
