import type { Progress, StartProgress } from './progress.js'

/** One bar a phase: they take very different times a step. */
export function phaseBars(startProgress: StartProgress) {
  let shown: string | undefined
  let bar: Progress | undefined
  return {
    show: (label: string, done: number, total: number) => {
      if (label !== shown) {
        bar?.stop()
        shown = label
        bar = startProgress(label, total)
      }
      bar?.update(done, total)
    },
    stop: () => bar?.stop(),
  }
}
