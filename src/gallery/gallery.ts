import { readTemplate } from '../comparer.js'
import { type GalleryMemory, LANES } from '../core/gallery-memory.js'
import { SidikError } from '../errors.js'
import type { Candidate } from '../identify/decide.js'
import { compare, type Progress, type SearchResult, type SearchSet, search } from '../identify/search.js'
import { writeGalleryFile } from '../node/gallery-file.js'
import { abortSignal, callback, DEFAULTS, flag, galleryId, readOptions, SHORTLIST, wholeNumber } from '../options.js'
import { leastScore } from '../score.js'
import type { Template } from '../types.js'
import type { WorkerPool } from '../workers/pool.js'
import { Turns } from '../workers/turns.js'
import { Directory, type Entry } from './directory.js'
import { Readers } from './readers.js'
import type { SnapshotEntry } from './snapshot.js'
import { encodeSnapshot } from './snapshot-write.js'
import { TemplateStore } from './template-store.js'

export interface InsertOptions {
  /** Whether a template that is already there under this id is replaced; false: that is an error. */
  readonly replace?: boolean
}

export interface CompareOptions {
  readonly signal?: AbortSignal
}

export interface SearchOptions {
  /** Most candidates to return, 1 to 200; 10 unless given. */
  readonly limit?: number
  /** Candidates below this score are left out; 0 unless given. */
  readonly minScore?: number
  /**
   * Candidates that strangers match more often than this are left out: the false match rate of one comparison, above 0,
   * at most 1. The same as `minScore: scoreOfFmr(targetFmr)`. A search of N templates makes N comparisons: divide what
   * you would accept in a search by N. Not together with `minScore`.
   */
  readonly targetFmr?: number
  readonly signal?: AbortSignal
  /** Called about 20 times a second while the search runs and once at its end. */
  readonly onProgress?: (progress: Progress) => void
}

/** What an engine gives each of its galleries. */
export interface GalleryHost {
  /** Unlike that of any other gallery of the engine. */
  readonly id: number
  readonly memory: GalleryMemory
  readonly pool: WorkerPool
  readonly open: () => readonly number[]
  /** Tells the engine that the gallery is gone. */
  readonly release: () => void
}

/**
 * A set of templates by id, resident in memory that the workers share. Made by `engine.createGallery()` or
 * `engine.openGallery()`. Insert and remove take effect at once, also while searches run: a search sees the set as it
 * was when it was called, less what was removed meanwhile.
 */
export class Gallery {
  readonly #host: GalleryHost
  readonly #memory: GalleryMemory
  readonly #directory = new Directory()
  readonly #readers = new Readers()
  readonly #store = new TemplateStore()
  readonly #set: SearchSet
  #closed = false

  /** @internal */
  constructor(host: GalleryHost) {
    const { id, memory, pool, open } = host
    this.#host = host
    this.#memory = memory
    const lanes = new Turns(LANES)
    const seats = new Turns(pool.threads)
    this.#set = { id, memory, directory: this.#directory, readers: this.#readers, pool, lanes, seats, open }
  }

  /** Count of templates. */
  get size(): number {
    return this.#directory.size
  }

  /** Bytes that the templates take: their searched form and the templates themselves. */
  get bytes(): number {
    return this.#memory.usedBytes + this.#store.usedBytes
  }

  /** All ids, in the order in which they came. */
  ids(): string[] {
    return Array.from(this.#directory.entries, ({ id }) => id)
  }

  has(id: string): boolean {
    return this.#directory.find(galleryId(id)) !== undefined
  }

  /** A copy of the template under this id, byte for byte as it was given. */
  get(id: string): Template | undefined {
    this.#assertOpen()
    const entry = this.#directory.find(galleryId(id))
    return entry && this.#store.get(entry.address, entry.templateBytes)
  }

  /**
   * Adds a template; the bytes are copied. Either it is in, or there was an error and nothing changed.
   *
   * @param id any text of 1 to 1,024 bytes of UTF-8
   * @throws SidikError ID_EXISTS, GALLERY_FULL, GALLERY_CLOSED, ENGINE_CLOSED, and TEMPLATE_FORMAT, TEMPLATE_VERSION
   *   or TEMPLATE_CORRUPT for a template that is none
   */
  insert(id: string, template: Template, options?: InsertOptions): void {
    this.#assertOpen()
    galleryId(id)
    const replace = flag('replace', readOptions('insert', options, ['replace']).replace)
    const present = this.#directory.find(id)
    if (present !== undefined && !replace) {
      throw new SidikError('ID_EXISTS', `'${id}' is already in the gallery: remove it first, or insert with replace`)
    }
    const contents = readTemplate('template', template)
    const slot = this.#directory.nextSlot
    const pointer = slot < this.#memory.maxSlots ? this.#memory.addRecord(contents) : undefined
    if (pointer === undefined) {
      const message = `no room for '${id}' beside the ${this.size} templates that are there: take a further gallery`
      throw new SidikError('GALLERY_FULL', message)
    }
    const address = this.#store.add(template)
    if (present !== undefined) this.#drop(present)
    const since = this.#readers.stamp()
    const recordBytes = this.#memory.recordBytes(contents)
    this.#directory.add({ id, slot, pointer, recordBytes, address, templateBytes: template.length, since })
    this.#memory.setSlot(slot, pointer)
  }

  /** @throws SidikError ID_UNKNOWN, GALLERY_CLOSED, ENGINE_CLOSED */
  remove(id: string): void {
    this.#assertOpen()
    const entry = this.#directory.find(galleryId(id))
    if (entry === undefined) throw new SidikError('ID_UNKNOWN', `'${id}' is not in the gallery`)
    this.#drop(entry)
  }

  /**
   * The templates most like `probe`: every template is screened, the best 200 are compared exactly as by
   * `engine.match`. The answer is the same for any number of worker threads.
   *
   * @throws the signal's reason when it is aborted; SidikError CORE_FAILED, GALLERY_CLOSED, ENGINE_CLOSED and what a
   *   bad template gives (see {@link insert})
   */
  async search(probe: Template, options?: SearchOptions): Promise<SearchResult> {
    const asked = readOptions('search', options, ['limit', 'minScore', 'targetFmr', 'signal', 'onProgress'])
    const demand = {
      limit: wholeNumber('limit', asked.limit ?? DEFAULTS.limit, 1, SHORTLIST),
      minScore: leastScore(asked, DEFAULTS.minScore),
      signal: abortSignal('signal', asked.signal),
      onProgress: callback('onProgress', asked.onProgress),
    }
    this.#assertOpen()
    demand.signal?.throwIfAborted()
    return search(this.#set, readTemplate('probe', probe), demand)
  }

  /**
   * The templates of these ids compared exactly with `probe`, as by `engine.match` but in the workers; no others are looked
   * at. In the order of the ids; one that is not in the gallery, or is removed meanwhile, is left out.
   *
   * @throws as {@link search}
   */
  async compare(probe: Template, ids: readonly string[], options?: CompareOptions): Promise<Candidate[]> {
    const signal = abortSignal('signal', readOptions('compare', options, ['signal']).signal)
    if (!Array.isArray(ids)) throw new TypeError('ids must be an array')
    for (const id of ids) galleryId(id)
    this.#assertOpen()
    signal?.throwIfAborted()
    return compare(this.#set, readTemplate('probe', probe), ids, signal)
  }

  /**
   * Writes the gallery, as it is at the call, to a file that `engine.openGallery` reads. An existing file is replaced
   * only when the new one is whole and on the disk.
   *
   * @throws SidikError FILE_UNWRITABLE, GALLERY_CLOSED
   */
  async save(path: string): Promise<void> {
    if (typeof path !== 'string' || path === '') throw new TypeError('path must be the name of a file')
    this.#assertOpen()
    const entries = [...this.#directory.entries]
    const entered = this.#readers.enter()
    try {
      await writeGalleryFile(path, this.#stored(entries), entries.length)
    } finally {
      this.#readers.leave(entered)
    }
  }

  /** The bytes that {@link save} would write. */
  toBytes(): Uint8Array {
    this.#assertOpen()
    const pieces = [...encodeSnapshot(this.#stored(this.#directory.entries), this.size)]
    const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
    let at = 0
    for (const piece of pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    return bytes
  }

  /** Gives up the gallery, also in the workers. A gallery that is merely dropped is collected as any object is. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#host.release()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  *#stored(entries: Iterable<Entry>): Generator<SnapshotEntry> {
    for (const { id, address, templateBytes } of entries)
      yield { id, template: this.#store.get(address, templateBytes) }
  }

  /** Takes an entry out of sight; its memory is given back when no search and no save can still read it. */
  #drop(entry: Entry): void {
    this.#directory.remove(entry)
    this.#memory.setSlot(entry.slot, 0)
    this.#readers.whenUnseen(() => {
      this.#memory.removeRecord(entry.pointer, entry.recordBytes)
      this.#store.remove(entry.address, entry.templateBytes)
      this.#directory.freeSlot(entry.slot)
    })
  }

  #assertOpen(): void {
    this.#host.pool.assertOpen()
    if (this.#closed) throw new SidikError('GALLERY_CLOSED', 'the gallery was closed: create or open another one')
  }
}
