import { SidikError } from '../errors.js'
import type { Damage } from '../gallery/damage.js'
import type { ChangeQueue, Request } from './change-queue.js'
import { compactFolder, type Save } from './compact-folder.js'
import type { FileLayer } from './file-layer.js'
import { isLength } from './gallery-names.js'

/** What only a writer has. */
export interface Writer {
  readonly queue: ChangeQueue
  readonly galleryId: bigint
  /** With which the folder is sealed when it is opened; without one it is not. */
  readonly key: Uint8Array | undefined
  readonly unlock: () => Promise<void>
}

/**
 * The files of an open durable gallery. It knows ids, bytes and files, and nothing of what the templates are. Made by
 * openStorage (open-storage.ts).
 */
export class GalleryStorage {
  /** What was found and skipped. */
  readonly damage: readonly Damage[]
  /** Whether ids and templates were read: not where they are sealed, and the key was not needed. */
  readonly isOpened: boolean
  readonly #folder: string
  readonly #files: FileLayer
  readonly #writer: Writer | undefined
  #key: Uint8Array | undefined
  #compacting: Promise<void> = Promise.resolve()
  #closing: Promise<void> | undefined

  constructor(
    folder: string,
    { damage, isOpened }: { damage: readonly Damage[]; isOpened: boolean },
    files: FileLayer,
    writer: Writer | undefined,
  ) {
    this.#folder = folder
    this.damage = damage
    this.isOpened = isOpened
    this.#files = files
    this.#writer = writer
    this.#key = writer?.key
  }

  /** Makes a change, as {@link ChangeQueue.add} says. Throws SidikError GALLERY_READ_ONLY and GALLERY_CLOSED too. */
  async change(request: Request): Promise<void> {
    await this.#writing().queue.add(request)
  }

  /**
   * Begins a new generation: a snapshot, which `save` writes at the path it is given, of what is held when it is called,
   * and a tail. Changes go on meanwhile.
   *
   * @param key what both are sealed with: undefined for the key that there is, null for none
   * @throws SidikError FILE_UNWRITABLE, GALLERY_READ_ONLY, GALLERY_CLOSED; what `save` throws
   */
  async compact(save: Save, key?: Uint8Array | null): Promise<void> {
    const { queue, galleryId } = this.#writing()
    // How far a tail goes was written anew when the folder was opened: nothing of a damaged
    // statement is left to keep.
    const damagedFiles = [...new Set(this.damage.map(({ file }) => file))].filter(name => !isLength(name))
    const compacted = this.#compacting.then(async () => {
      const next = key === undefined ? this.#key : (key ?? undefined)
      await compactFolder({ folder: this.#folder, queue, save, galleryId, key: next, damagedFiles }, this.#files)
      this.#key = next
    })
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
        // What was acknowledged is on the disk with or without it.
        await queue.tail.settleLength().catch(() => {})
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
