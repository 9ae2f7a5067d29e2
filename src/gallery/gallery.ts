import { readParts, readTemplate } from '../comparer.js'
import type { GalleryMemory } from '../core/gallery-memory.js'
import { type DedupeResult, dedupe } from '../dedupe/dedupe.js'
import { type DedupeOptions, dedupeDemandOf } from '../dedupe/options.js'
import { SidikError } from '../errors.js'
import { type CompareDemand, compare } from '../identify/compare.js'
import type { Candidate } from '../identify/decide.js'
import { describeAll } from '../identify/describe.js'
import type { SearchSet } from '../identify/fields.js'
import { type SearchResult, search } from '../identify/search.js'
import { writeGalleryFile } from '../node/gallery-file.js'
import { abortSignal, flag, galleryId, readOptions } from '../options.js'
import type { Template } from '../types.js'
import type { WorkerPool } from '../workers/pool.js'
import type { GenerationSeal } from './cipher.js'
import { Directory } from './directory.js'
import { Holdings } from './holdings.js'
import { Indexer } from './indexer.js'
import { Readers } from './readers.js'
import {
  type CompareInput,
  type CompareOptions,
  compareDemandOf,
  compareDemandsOf,
  type DescriptionOptions,
  demandOf,
  descriptionDemandOf,
  type SearchOptions,
} from './search-options.js'
import { SetAtCall } from './set-at-call.js'
import { Shards, SLOTS_PER_SHARD } from './shards.js'
import { encodeSnapshot } from './snapshot-write.js'
import type { Warm } from './warm-ahead.js'

export interface InsertOptions {
  /** Whether a template that is already there under this id is replaced; false: that is an error. */
  readonly replace?: boolean
}

/** A template whose memory is taken, but which no search sees yet. */
export interface PreparedTemplate {
  /** Puts it in place of what is there under this id. */
  readonly show: (id: string) => void
  readonly drop: () => void
}

/** What an engine gives each of its galleries. */
export interface GalleryHost {
  readonly maxBytes: number
  /** A memory, of a number unlike that of any other of the engine. */
  readonly createMemory: (maxBytes: number) => GalleryMemory
  readonly pool: WorkerPool
  /** Numbers of the memories of all galleries that still exist. */
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
  readonly #directory = new Directory(SLOTS_PER_SHARD)
  readonly #readers = new Readers()
  readonly #holdings: Holdings
  readonly #set: SearchSet
  readonly #indexer: Indexer
  #closed = false

  /** @internal */
  constructor(host: GalleryHost) {
    const { maxBytes, createMemory, pool, open } = host
    this.#host = host
    const warm: Warm = ({ id, memory }, first, last) =>
      pool.runInGallery('warm', { memoryId: id, open: open(), first, last }, memory)
    const shards = new Shards(this.#directory, pool.threads, maxBytes, createMemory, warm)
    this.#holdings = new Holdings(this.#directory, this.#readers, shards)
    this.#set = { shards: shards.list, directory: this.#directory, readers: this.#readers, pool, open }
    this.#indexer = new Indexer(this.#set)
  }

  /** Count of templates. */
  get size(): number {
    return this.#directory.size
  }

  /** Bytes that the templates take in memory, without their ids. */
  get bytes(): number {
    return this.#holdings.bytes
  }

  /** All ids, in the order in which they came. */
  ids(): string[] {
    return [...this.#directory.ids]
  }

  has(id: string): boolean {
    return this.#directory.find(galleryId(id)) !== undefined
  }

  /** A copy of the template under this id, byte for byte as it was given. */
  get(id: string): Template | undefined {
    this.#assertOpen()
    const place = this.#directory.find(galleryId(id))
    return place === undefined ? undefined : this.#holdings.at(place)
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
    if (!replace && this.#directory.find(id) !== undefined) {
      throw new SidikError('ID_EXISTS', `'${id}' is already in the gallery: remove it first, or insert with replace`)
    }
    this.prepare(template).show(id)
  }

  /**
   * The first half of {@link insert}: takes all the memory that the template needs, so that the second cannot fail.
   * Either `show` it, once, or `drop` it.
   *
   * @internal
   */
  prepare(template: Template): PreparedTemplate {
    this.#assertOpen()
    const record = this.#holdings.add(template, readParts('template', template))
    return { show: id => this.#holdings.show(id, record), drop: () => this.#holdings.giveBack(record) }
  }

  /** @throws SidikError ID_UNKNOWN, GALLERY_CLOSED, ENGINE_CLOSED */
  remove(id: string): void {
    this.#assertOpen()
    const place = this.#directory.find(galleryId(id))
    if (place === undefined) throw new SidikError('ID_UNKNOWN', `'${id}' is not in the gallery`)
    this.#holdings.drop(id, place)
  }

  /**
   * The templates that are of the probe's finger, as far as their score says: those at or above the
   * threshold, which by default one search in 100 of a finger that is not in the gallery reaches
   * ({@link SearchOptions}). Every template is scanned, or those that the index names; the best 512
   * are screened and the best 32 of those compared exactly as by `engine.match`, more where more
   * are asked for, 200 where not all were screened by learned codes. The answer is the same for any
   * number of worker threads.
   *
   * @throws the signal's reason when it is aborted; SidikError GALLERY_FULL when a probe of another
   *   maker finds no room for the codes that it is compared by (see {@link buildGeometricCodes});
   *   CORE_FAILED, GALLERY_CLOSED, ENGINE_CLOSED and what a bad
   *   template gives (see {@link insert})
   */
  async search(probe: Template, options?: SearchOptions): Promise<SearchResult> {
    const demand = demandOf(options)
    this.#assertOpen()
    demand.signal?.throwIfAborted()
    this.#indexer.begin()
    return search(this.#set, readTemplate('probe', probe), demand)
  }

  /**
   * Builds now what the index lacks; searches have it built in the background, and scan until then. Resolves when
   * every segment with 8,192 templates that are not indexed has an index, or there was no room for it.
   *
   * @throws SidikError CORE_FAILED, GALLERY_CLOSED, ENGINE_CLOSED
   */
  async buildIndex(): Promise<void> {
    this.#assertOpen()
    await this.#indexer.finish()
  }

  /**
   * Makes now the geometric codes that templates with learned ones lack: a probe from another
   * maker's record is compared by those. The first search with such a probe makes them otherwise,
   * some 60 us of a processor each. They take 20 bytes a minutia and are not stored. Searches go on
   * meanwhile; what is made stays when the call is aborted.
   *
   * @throws the signal's reason; SidikError GALLERY_FULL, CORE_FAILED, GALLERY_CLOSED, ENGINE_CLOSED
   */
  async buildGeometricCodes(options?: DescriptionOptions): Promise<void> {
    const demand = descriptionDemandOf(options)
    this.#assertOpen()
    demand.signal?.throwIfAborted()
    await describeAll(this.#set, demand)
  }

  /**
   * The templates of these ids compared exactly with `probe`, as by `engine.match` but in the workers; no others are looked
   * at. In the order of the ids; one that is not in the gallery, or is removed meanwhile, is left out.
   *
   * @throws as {@link search}
   */
  async compare(probe: Template, ids: readonly string[], options?: CompareOptions): Promise<Candidate[]> {
    const { signal } = readOptions('compare', options, ['signal'])
    const demand = compareDemandOf({ probe, ids }, { probe: 'probe', ids: 'ids' })
    const [found] = await this.#compare([demand], signal)
    return found
  }

  /**
   * Several of {@link compare} at once, with less to say to the workers: a list for each, in their order.
   *
   * @throws as {@link search}
   */
  async compareMany(comparisons: readonly CompareInput[], options?: CompareOptions): Promise<Candidate[][]> {
    const { signal } = readOptions('compareMany', options, ['signal'])
    return this.#compare(compareDemandsOf(comparisons), signal)
  }

  #compare(demands: readonly CompareDemand[], signal: AbortSignal | undefined): Promise<Candidate[][]> {
    abortSignal('signal', signal)
    this.#assertOpen()
    signal?.throwIfAborted()
    return compare(this.#set, demands, signal)
  }

  /**
   * Which templates are of one finger: searches the gallery for each of its own. The set is the one at the call; what is
   * removed or replaced until the end is left out. docs/dedupe.md says what is found and what a state file promises.
   *
   * @throws the signal's reason when it is aborted; SidikError STATE_FORMAT, STATE_VERSION, STATE_CORRUPT, STATE_MISMATCH,
   *   FILE_UNREADABLE, FILE_UNWRITABLE and as {@link search}
   */
  async dedupe(options?: DedupeOptions): Promise<DedupeResult> {
    const demand = dedupeDemandOf(options)
    this.#assertOpen()
    demand.signal?.throwIfAborted()
    return dedupe(new SetAtCall(this.#directory, this.#readers, this, this.#holdings.all()), demand)
  }

  /**
   * Writes the gallery, as it is at the call, to a file that `engine.openGallery` reads. An
   * existing file is replaced only when the new one is whole and on the disk. Only its owner may
   * read it (mode 0600). A process that is killed meanwhile leaves a file `.<name>.<uuid>.tmp`
   * beside it, which may be deleted.
   *
   * @throws SidikError FILE_UNWRITABLE, GALLERY_CLOSED
   */
  async save(path: string): Promise<void> {
    if (typeof path !== 'string' || path === '') throw new TypeError('path must be the name of a file')
    await this.saveSealed(path, undefined)
  }

  /** The same as the snapshot of a durable gallery, sealed where there is a seal. @internal */
  async saveSealed(path: string, seal: GenerationSeal | undefined): Promise<void> {
    this.#assertOpen()
    const entered = this.#readers.enter()
    try {
      await writeGalleryFile(path, this.#holdings.all(), this.size, seal)
    } finally {
      this.#readers.leave(entered)
    }
  }

  /** The bytes that {@link save} would write. */
  toBytes(): Uint8Array {
    this.#assertOpen()
    const pieces = [...encodeSnapshot(this.#holdings.all(), this.size)]
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

  #assertOpen(): void {
    this.#host.pool.assertOpen()
    if (this.#closed) throw new SidikError('GALLERY_CLOSED', 'the gallery was closed: create or open another one')
  }
}
