import { type FSWatcher, watch } from 'node:fs'

/** Wakes whoever waits for a folder to change. Where the file system does not say when it does (network folders), time alone wakes. */
export class FolderWatch {
  /** Whether something may have changed; whoever looks sets it back. */
  changed = true
  readonly #watcher: FSWatcher | undefined
  #wake = () => {}

  constructor(folder: string) {
    try {
      this.#watcher = watch(folder, { persistent: false }, () => this.#change())
      this.#watcher.on('error', () => this.#change())
    } catch {
      this.#watcher = undefined
    }
  }

  /** Until the next change, or until the time is over. */
  async wait(longestMs: number): Promise<void> {
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, longestMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = () => {}
  }

  close(): void {
    this.#watcher?.close()
    this.#wake()
  }

  #change(): void {
    this.changed = true
    this.#wake()
  }
}
