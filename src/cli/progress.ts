import { SingleBar } from 'cli-progress'

/** A bar in progress. */
export interface Progress {
  /** `done` of `total` steps; the total may become known late. */
  update(done: number, total?: number): void
  /** Removes the bar and gives the cursor back. */
  stop(): void
}

export type StartProgress = (label: string, total?: number) => Progress

const SILENT: Progress = { update() {}, stop() {} }

/** A way to start bars on `stream`, which draws nothing unless it is a terminal. */
export function progressOn(stream: NodeJS.WriteStream): StartProgress {
  return (label, total = 0) => {
    if (!stream.isTTY) return SILENT
    const bar = new SingleBar({
      stream,
      format: `${label} [{bar}] {value}/{total} {percentage}% eta {eta_formatted}`,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 30,
    })
    bar.start(total, 0)
    return {
      update(done, newTotal) {
        if (newTotal !== undefined) bar.setTotal(newTotal)
        bar.update(done)
      },
      stop: () => bar.stop(),
    }
  }
}
