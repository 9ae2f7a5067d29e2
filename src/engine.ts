import { Comparer } from './comparer.js'
import type { CoreModule } from './core/compile.js'
import { countAsGarbage } from './core/count-garbage.js'
import { GalleryMemory } from './core/gallery-memory.js'
import type { Comparison, Explanation } from './core/matcher.js'
import type { ExtractedPrint } from './extract.js'
import type { ReadOptions } from './formats/deviation.js'
import { readMinutiaeRecord } from './formats/minutiae/minutiae-record.js'
import { minutiaeOfRecord } from './formats/minutiae/record-print.js'
import { type DurableGallery, type DurableGalleryOptions, openDurableGallery } from './gallery/durable-gallery.js'
import { Gallery } from './gallery/gallery.js'
import { galleryBytes } from './gallery/gallery-bytes.js'
import { loadSnapshot } from './gallery/load.js'
import { buffersOf, takeImage } from './image/own-image.js'
import { type EngineAssets, type LoadedAssets, loadAssets } from './node/assets.js'
import { abortSignal, flag, readOptions } from './options.js'
import type { PersonGallery } from './persons/person-gallery.js'
import { Persons } from './persons/persons.js'
import { encodeTemplate } from './template/native.js'
import type { GrayImage, ImageInput, Minutia, Template } from './types.js'
import { untilAborted } from './until-aborted.js'
import type { ImageTask, Tasks } from './workers/messages.js'
import { WorkerPool } from './workers/pool.js'
import { threadCount } from './workers/thread-count.js'

export interface EngineOptions {
  /** Worker threads, 1 to 256; as many as the machine runs in parallel, at most 16, unless given. */
  readonly threads?: number
  /** Where its files are, for a program that is bundled; as installed unless given. */
  readonly assets?: EngineAssets
}

export interface ImageOptions {
  /** Pixels per inch; overrides what the file says. */
  readonly ppi?: number
  readonly signal?: AbortSignal
}

export interface ExtractOptions extends ImageOptions {
  /**
   * Find the minutiae by filters and thinning rather than by the network: the reference method, with six times the error. Its templates
   * hold no learned codes.
   */
  readonly classical?: boolean
}

export interface GalleryOptions {
  /**
   * Most memory for the templates, 64 MiB to 256 GiB; three quarters of the machine's unless given. Taken as needed, in
   * memories of up to 4 GiB.
   */
  readonly maxBytes?: number
}

export interface ImportIsoOptions extends ReadOptions {
  /** Which finger view of the record, from 0. */
  readonly view?: number
}

const WASM_PAGE_BYTES = 65_536

/**
 * An engine: `threads` worker threads and the core. The workers start at the first task that
 * needs one. Close it, or hold it by `await using`; workers that wait for work do not keep the
 * process alive.
 *
 * @throws SidikError CORE_MISSING, NETWORK_MISSING, NETWORK_CORRUPT, NETWORK_VERSION,
 *   WORKER_MISSING when the package was not built, is damaged or was bundled, or an asset is
 *   another file; the first task throws WORKER_MISSING for a script that does not load
 * @throws TypeError naming the asset that is no file
 */
export async function createEngine(options?: EngineOptions): Promise<Engine> {
  const { threads, assets } = readOptions('createEngine', options, ['threads', 'assets'])
  const count = threadCount(threads)
  return new Engine(loadAssets(assets), count)
}

/** Made by {@link createEngine}. */
export class Engine {
  readonly #module: CoreModule
  readonly #comparer: Comparer
  readonly #pool: WorkerPool
  /** Of all galleries. */
  readonly #memories = new Set<number>()
  /** The memories of galleries that were dropped without being closed. */
  readonly #dropped = new FinalizationRegistry<readonly number[]>(ids => this.#release(ids))
  #nextMemory = 1

  /** @internal */
  constructor({ core, network, workerFile }: LoadedAssets, threads: number) {
    this.#module = core.module
    this.#comparer = new Comparer(core.module)
    this.#pool = new WorkerPool({ core, network }, threads, workerFile)
  }

  /** Worker threads. */
  get threads(): number {
    return this.#pool.threads
  }

  /**
   * Image to template. A worker decodes and extracts: this thread only copies what was given,
   * at the call, so that it is not altered and may be used again at once. Copying takes about 0.5 ms
   * a megabyte.
   *
   * @throws the signal's reason when it is aborted
   * @throws SidikError IMAGE_EMPTY, IMAGE_FORMAT, IMAGE_CORRUPT, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL,
   *   PPI_UNKNOWN, PPI_OUT_OF_RANGE, NOT_A_FINGERPRINT, CORE_FAILED, ENGINE_CLOSED
   */
  async extract(input: ImageInput, options?: ExtractOptions): Promise<ExtractedPrint> {
    const asked = readOptions('extract', options, ['ppi', 'classical', 'signal'])
    return this.#withImage('extract', input, asked, { classical: flag('classical', asked.classical) })
  }

  /**
   * Image to gray, at the resolution that it has. A worker decodes: a large JPEG 2000 takes
   * seconds. Throws as {@link extract}, but NOT_A_FINGERPRINT.
   */
  async decode(input: ImageInput, options?: ImageOptions): Promise<GrayImage> {
    return this.#withImage('decode', input, readOptions('decode', options, ['ppi', 'signal']), {})
  }

  /**
   * Image to WSQ at 0.75 bits a pixel, in a worker. WSQ states whole pixels per inch: others are
   * rounded. Throws as {@link decode}.
   */
  async encodeWsq(input: ImageInput, options?: ImageOptions): Promise<Uint8Array<ArrayBuffer>> {
    return this.#withImage('encodeWsq', input, readOptions('encodeWsq', options, ['ppi', 'signal']), {})
  }

  /** Has a worker do this with an image, which is copied at the call, before anything is waited for. */
  #withImage<Name extends 'extract' | 'decode' | 'encodeWsq'>(
    name: Name,
    input: ImageInput,
    { ppi, signal: given }: ImageOptions,
    settings: Omit<Tasks[Name]['task'], keyof ImageTask>,
  ): Promise<NonNullable<Tasks[Name]['answer']>> {
    const signal = abortSignal('signal', given)
    this.#pool.assertOpen()
    signal?.throwIfAborted()
    const cancelled = signal && new Int32Array(new SharedArrayBuffer(4))
    const image = takeImage(input, { ppi })
    const task = { image, ...settings, ...(cancelled && { cancelled }) } as Tasks[Name]['task']
    // Only a cancelled task has no answer, and then nobody waits for this one.
    const work = this.#pool.run(name, task, buffersOf(image)) as Promise<NonNullable<Tasks[Name]['answer']>>
    return untilAborted(work, signal, () => cancelled && Atomics.store(cancelled, 0, 1))
  }

  /**
   * Decibans of evidence that two templates are of one finger: 40 = as high as one comparison of different fingers in
   * 10,000 comes. 0 and up, the same whichever is named first. `codes` says by what they were compared: a template with
   * codes of another network version, or of none, still compares by its minutiae.
   *
   * @throws SidikError TEMPLATE_FORMAT, TEMPLATE_VERSION, TEMPLATE_CORRUPT, CORE_FAILED, ENGINE_CLOSED
   */
  match(a: Template, b: Template): Comparison {
    this.#pool.assertOpen()
    return this.#comparer.match(a, b)
  }

  /**
   * {@link match} of one with each of many, in their order, on the calling thread. All are read before any is compared.
   * Throws as match, naming the place in `templates`.
   */
  matchMany(probe: Template, templates: readonly Template[]): Comparison[] {
    this.#pool.assertOpen()
    return this.#comparer.matchMany(probe, templates)
  }

  /** The score and its grounds: which minutia of `a` was found to coincide with which of `b`. Throws as {@link match}. */
  explain(a: Template, b: Template): Explanation {
    this.#pool.assertOpen()
    return this.#comparer.explain(a, b)
  }

  /**
   * An empty gallery.
   *
   * @throws SidikError GALLERY_FULL when the machine has no such address space, ENGINE_CLOSED
   */
  createGallery(options?: GalleryOptions): Gallery {
    const bytes = galleryBytes(readOptions('createGallery', options, ['maxBytes']).maxBytes)
    this.#pool.assertOpen()
    const ids: number[] = []
    const memories: GalleryMemory[] = []
    const gallery = new Gallery({
      maxBytes: bytes,
      createMemory: memoryBytes => {
        const id = this.#nextMemory++
        const whole = memoryBytes - (memoryBytes % WASM_PAGE_BYTES)
        const memory = new GalleryMemory(id, this.#module, whole, this.threads)
        this.#memories.add(id)
        ids.push(id)
        memories.push(memory)
        return memory
      },
      pool: this.#pool,
      open: () => [...this.#memories],
      release: () => {
        this.#release(ids)
        for (const { memory } of memories) countAsGarbage(memory.buffer.byteLength)
      },
    })
    this.#dropped.register(gallery, ids)
    return gallery
  }

  /**
   * The gallery in a file that `gallery.save` wrote (its name, or its bytes).
   *
   * @throws SidikError FILE_UNREADABLE, GALLERY_FORMAT, GALLERY_VERSION, GALLERY_CORRUPT, and as {@link createGallery}
   */
  async openGallery(source: string | Uint8Array, options?: GalleryOptions): Promise<Gallery> {
    if (typeof source !== 'string' && !(source instanceof Uint8Array)) {
      throw new TypeError('source must be the name of a gallery file, or its bytes (a Uint8Array)')
    }
    const gallery = this.createGallery(options)
    try {
      await loadSnapshot(gallery, source)
      return gallery
    } catch (error) {
      gallery.close()
      throw error
    }
  }

  /**
   * The durable gallery in a folder: a snapshot and the changes since, each of which is on the disk before it is
   * acknowledged. {@link DurableGallery} says what is promised and where that ends. Close it before the engine.
   *
   * @throws SidikError FILE_UNREADABLE, FILE_UNWRITABLE, GALLERY_FORMAT, GALLERY_VERSION,
   *   GALLERY_CORRUPT (which names the file, the place and what it held; see `damaged`),
   *   GALLERY_KEY (before anything is read), GALLERY_LOCKED (which names who has it), and as {@link
   *   createGallery}
   */
  async openDurableGallery(folder: string, options?: DurableGalleryOptions): Promise<DurableGallery> {
    const asked = readOptions('openDurableGallery', options, ['create', 'readOnly', 'damaged', 'maxBytes', 'key'])
    const { maxBytes, ...rest } = asked
    const gallery = this.createGallery(maxBytes === undefined ? {} : { maxBytes })
    try {
      return await openDurableGallery(gallery, folder, rest)
    } catch (error) {
      gallery.close()
      throw error
    }
  }

  /**
   * The persons in a gallery of this engine, read from its ids: to enrol, remove and identify persons of up to ten fingers.
   *
   * @throws SidikError ENGINE_CLOSED
   */
  personsOf(gallery: PersonGallery): Persons {
    this.#pool.assertOpen()
    return new Persons(gallery, (a, b) => this.match(a, b).score)
  }

  /**
   * The template of a minutiae record of ISO/IEC 19794-2 or ANSI INCITS 378, of whichever edition, with codes made from its
   * minutiae. Records are read strictly unless `onDeviation` listens to what deviates.
   *
   * @throws SidikError RECORD_FORMAT, RECORD_VERSION, RECORD_CORRUPT, CORE_FAILED, ENGINE_CLOSED
   * @throws RangeError when the record has no such view
   */
  importIso(bytes: Uint8Array, options?: ImportIsoOptions): { template: Template; minutiae: readonly Minutia[] } {
    const { view = 0, onDeviation } = readOptions('importIso', options, ['view', 'onDeviation'])
    if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array')
    this.#pool.assertOpen()
    const print = minutiaeOfRecord(readMinutiaeRecord(bytes, { onDeviation }), view)
    const { methodVersion } = this.#comparer
    const template = encodeTemplate({ ...print, methodVersion, geometricCodes: this.#comparer.describe(print) })
    return { template, minutiae: print.minutiae }
  }

  /** Stops the workers. What still ran is rejected with ENGINE_CLOSED, as is every call from now on. */
  async close(): Promise<void> {
    await this.#pool.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Lets the workers forget a gallery's memories. Busy ones learn it by their next task. */
  #release(ids: readonly number[]): void {
    for (const id of ids) this.#memories.delete(id)
    if (!this.#pool.started || this.#pool.closed) return
    const task = { open: [...this.#memories] }
    // It fails only where there is no worker left to forget anything.
    for (let i = 0; i < this.threads; i++) this.#pool.run('forget', task).catch(() => {})
  }
}
