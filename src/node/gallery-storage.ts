import { SidikError } from '../errors.js'
import type { Damage } from '../gallery/damage.js'
import type { ChangeQueue, Request } from './change-queue.js'
import { compactFolder } from './compact-folder.js'
import type { FileLayer } from './file-layer.js'

/** What only a writer has. */
export interface Writer {
  readonly queue: ChangeQueue
  readonly unlock: () => Promise<void>
}

/**
 * The files of an open durable gallery. It knows ids, bytes and files, and nothing of what the templates are. Made by
 * openStorage (open-storage.ts).
 */
export class GalleryStorage {
  /** What was found and skipped. */
  readonly damage: readonly Damage[]
  readonly #folder: string
  readonly #files: FileLayer
  readonly #writer: Writer | undefined
  #compacting: Promise<void> = Promise.resolve()
  #closing: Promise<void> | undefined

  constructor(folder: string, damage: readonly Damage[], files: FileLayer, writer: Writer | undefined) {
    this.#folder = folder
    this.damage = damage
    this.#files = files
    this.#writer = writer
  }

  /** Makes a change, as {@link ChangeQueue.add} says. Throws SidikError GALLERY_READ_ONLY and GALLERY_CLOSED too. */
  async change(request: Request): Promise<void> {
    await this.#writing().queue.add(request)
  }

  /**
   * Begins a new generation: a snapshot, which `save` writes at the path it is given, of what is held when it is called,
   * and a tail. Changes go on meanwhile.
   *
   * @throws SidikError FILE_UNWRITABLE, GALLERY_READ_ONLY, GALLERY_CLOSED; what `save` throws
   */
  async compact(save: (path: string) => Promise<void>): Promise<void> {
    const { queue } = this.#writing()
    const damaged = [...new Set(this.damage.map(({ file }) => file))]
    const compacted = this.#compacting.then(() => compactFolder(this.#folder, queue, save, damaged, this.#files))
    this.#compacting = compacted.catch(() => {})
    await compacted
  }

  /** Waits for what is under way, and gives the folder up. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** Throws where no change can be made. */
  assertWritable(): void {
    this.#writing()
  }

  async #close(): Promise<void> {
    if (this.#writer === undefined) return
    const { queue, unlock } = this.#writer
    await this.#compacting
    try {
      await queue.alone(async () => {
        await queue.tail.mark()
        await queue.tail.close()
      })
    } finally {
      await unlock()
    }
  }

  #writing(): Writer {
    if (this.#closing) throw new SidikError('GALLERY_CLOSED', 'the gallery was closed: open it again')
    if (this.#writer) return this.#writer
    throw new SidikError('GALLERY_READ_ONLY', `${this.#folder} was opened readOnly: open it without, to change it`)
  }
}
