import type { DedupeResult } from '../dedupe/dedupe.js'
import type { DedupeOptions } from '../dedupe/options.js'
import { SidikError } from '../errors.js'
import type { Candidate } from '../identify/decide.js'
import type { SearchResult } from '../identify/search.js'
import type { Save } from '../node/compact-folder.js'
import type { GalleryStorage } from '../node/gallery-storage.js'
import { openStorage } from '../node/open-storage.js'
import { flag, galleryId, oneOf, readOptions, secretKey } from '../options.js'
import type { Template } from '../types.js'
import type { Damage } from './damage.js'
import type { Gallery, InsertOptions } from './gallery.js'
import { insertStored } from './insert-stored.js'
import type { CompareInput, CompareOptions, DescriptionOptions, SearchOptions } from './search-options.js'
import type { SnapshotEntry } from './snapshot.js'

export interface DurableGalleryOptions {
  /** Begin an empty gallery where there is none; the folder is made if only it is missing. */
  readonly create?: boolean
  /**
   * Read only, also beside a writer in another process: what was acknowledged when it was opened is seen, changes that
   * were under way may be, later ones are not. Nothing is written.
   */
  readonly readOnly?: boolean
  /** What to do about damaged files: refuse to open them (unless given), or skip what is damaged and list it. */
  readonly damaged?: 'refuse' | 'skip'
  /** See GalleryOptions. */
  readonly maxBytes?: number
  /**
   * 32 random bytes with which ids and templates are sealed in the folder's files (AES-256-GCM). A
   * gallery is begun with a key or without; {@link DurableGallery.compact} gives it another, takes
   * it away, or gives it its first. Keep the key elsewhere than the folder: nothing opens the
   * gallery without it.
   */
  readonly key?: Uint8Array
}

export interface CompactGalleryOptions {
  /**
   * What the gallery is sealed with from then on: 32 random bytes, or null for no key. Not given:
   * what it was opened or last compacted with.
   */
  readonly key?: Uint8Array | null
}

/** @internal Fills `gallery`, which is empty, from a folder. The options were read; maxBytes is the caller's. */
export async function openDurableGallery(
  gallery: Gallery,
  folder: string,
  options: DurableGalleryOptions,
): Promise<DurableGallery> {
  const create = flag('create', options.create)
  const readOnly = flag('readOnly', options.readOnly)
  const damaged = oneOf('damaged', options.damaged ?? 'refuse', ['refuse', 'skip'])
  const key = options.key === undefined ? undefined : secretKey('key', options.key)
  if (typeof folder !== 'string' || folder === '') throw new TypeError('folder must be the name of a folder')
  if (create && readOnly) throw new TypeError('create and readOnly cannot be asked for together')
  const receive = (entry: SnapshotEntry) => insertStored(gallery, entry)
  const has = (id: string) => gallery.has(id)
  const save: Save = (path, seal) => gallery.saveSealed(path, seal)
  const storage = await openStorage(folder, { receive, has, save }, { create, readOnly, damaged, key })
  return new DurableGallery(gallery, storage)
}

/**
 * A {@link Gallery} whose changes are on the disk before they are acknowledged. Made by `engine.openDurableGallery()`.
 *
 * A change is acknowledged when its promise resolves. It is then on the disk (fsync) and seen by every search that is
 * called from then on; whatever happens to the process or the machine, the next opening has it. Before it is on the disk
 * nobody sees it: `search`, `has`, `get`, `ids` and `size` show it from the moment at which the disk has it, which is the
 * moment before its promise resolves. Changes are made in the order of the calls, and one that was not acknowledged before
 * a crash is either there at the next opening, whole, and so are all that were asked for before it, or it is not. When
 * the promise rejects, nothing has changed, in memory and on the disk; if not even that is certain, the message says so
 * and no more changes are taken until the gallery is opened again.
 *
 * One writer a folder, in whatever process of the machine; a lock in the folder sees to it, and one that a crash left
 * is recognised and removed. Limits: two machines that share a folder over a network do not see each other's processes,
 * so a lock of another machine is never taken over (its message says which file to delete); whether a network file
 * system keeps what fsync promises is for it to say. The folder's file system must know hard links for a compaction to
 * set damaged files aside. See docs/durable-gallery.md.
 */
export class DurableGallery {
  readonly #gallery: Gallery
  readonly #storage: GalleryStorage
  #closing: Promise<void> | undefined

  /** @internal */
  constructor(gallery: Gallery, storage: GalleryStorage) {
    this.#gallery = gallery
    this.#storage = storage
  }

  /** Count of templates. */
  get size(): number {
    return this.#gallery.size
  }

  /** Bytes that the templates take in memory, those on their way to the disk included. */
  get bytes(): number {
    return this.#gallery.bytes
  }

  /** What was found damaged at opening and skipped; empty unless it was opened with `damaged: 'skip'`. */
  get damage(): readonly Damage[] {
    return this.#storage.damage
  }

  /** All ids, in the order in which they came. */
  ids(): string[] {
    return this.#gallery.ids()
  }

  has(id: string): boolean {
    return this.#gallery.has(id)
  }

  /** A copy of the template under this id, byte for byte as it was given. */
  get(id: string): Template | undefined {
    return this.#gallery.get(id)
  }

  /** See {@link Gallery.search}. */
  search(probe: Template, options?: SearchOptions): Promise<SearchResult> {
    return this.#gallery.search(probe, options)
  }

  /** See {@link Gallery.compare}. */
  compare(probe: Template, ids: readonly string[], options?: CompareOptions): Promise<Candidate[]> {
    return this.#gallery.compare(probe, ids, options)
  }

  /** See {@link Gallery.compareMany}. */
  compareMany(comparisons: readonly CompareInput[], options?: CompareOptions): Promise<Candidate[][]> {
    return this.#gallery.compareMany(comparisons, options)
  }

  /** See {@link Gallery.dedupe}. */
  dedupe(options?: DedupeOptions): Promise<DedupeResult> {
    return this.#gallery.dedupe(options)
  }

  /** See {@link Gallery.buildGeometricCodes}. */
  buildGeometricCodes(options?: DescriptionOptions): Promise<void> {
    return this.#gallery.buildGeometricCodes(options)
  }

  /** See {@link Gallery.buildIndex}. */
  buildIndex(): Promise<void> {
    return this.#gallery.buildIndex()
  }

  /**
   * Adds a template; the bytes are copied at the call. Resolves when it is on the disk. Whether the id is there is
   * judged when all changes asked for before are made.
   *
   * @param id any text of 1 to 1,024 bytes of UTF-8
   * @throws SidikError ID_EXISTS, GALLERY_FULL, FILE_UNWRITABLE, GALLERY_READ_ONLY, GALLERY_CLOSED, ENGINE_CLOSED, and
   *   TEMPLATE_FORMAT, TEMPLATE_VERSION or TEMPLATE_CORRUPT for a template that is none
   */
  async insert(id: string, template: Template, options?: InsertOptions): Promise<void> {
    galleryId(id)
    const replace = flag('replace', readOptions('insert', options, ['replace']).replace)
    this.#storage.assertWritable()
    const prepared = this.#gallery.prepare(template)
    try {
      const change = { kind: 'insert', id, template } as const
      await this.#storage.change({ change, replace, apply: () => prepared.show(id) })
    } catch (error) {
      prepared.drop()
      throw error
    }
  }

  /** @throws SidikError ID_UNKNOWN, FILE_UNWRITABLE, GALLERY_READ_ONLY, GALLERY_CLOSED, ENGINE_CLOSED */
  async remove(id: string): Promise<void> {
    galleryId(id)
    this.#storage.assertWritable()
    // For what it throws when the engine is closed.
    this.#gallery.get(id)
    await this.#storage.change({ change: { kind: 'remove', id }, apply: () => this.#removeShown(id) })
  }

  /**
   * Writes a new snapshot and begins the tail anew, so that the next opening reads no more than is there. Searches and
   * changes go on meanwhile. A crash at any moment leaves the gallery as before or as after. Files in which damage was
   * skipped are kept, with `.damaged` after their names.
   *
   * With `key` it changes what the folder is sealed with. When the promise resolves, the key before
   * opens nothing that is left in the folder but `.damaged` files; it still opens copies that were
   * made earlier.
   *
   * @throws SidikError FILE_UNWRITABLE, GALLERY_READ_ONLY, GALLERY_CLOSED, ENGINE_CLOSED; then all is as before
   */
  async compact(options?: CompactGalleryOptions): Promise<void> {
    const { key } = readOptions('compact', options, ['key'])
    const next = key === undefined || key === null ? key : secretKey('key', key)
    this.#storage.assertWritable()
    await this.#storage.compact((path, seal) => this.#gallery.saveSealed(path, seal), next)
  }

  /** Waits for the changes and the compaction under way, gives up the lock and the memory. */
  close(): Promise<void> {
    this.#closing ??= this.#storage.close().finally(() => this.#gallery.close())
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #removeShown(id: string): void {
    try {
      this.#gallery.remove(id)
    } catch (error) {
      // The engine was closed while the disk was waited for: the change is made, and nobody can look any more.
      if (!(error instanceof SidikError && error.code === 'ENGINE_CLOSED')) throw error
    }
  }
}
