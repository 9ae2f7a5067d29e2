/**
 * The persons that a station compares with, in memory alone: read from the sealed templates of the records that it holds and of those
 * that came from other stations, in the order in which they changed. What has changed since is read before each search.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { SidikError } from '../../errors.js'
import type { PersonSearchResult } from '../../persons/identify.js'
import { inTurn } from '../../persons/in-turn.js'
import type { IdentifyPersonOptions } from '../../persons/persons.js'
import type { FingerInput } from '../../persons/types.js'
import { SAME_FINGER_SCORE, sameFingerPairs } from '../../same-finger.js'
import { untilAborted } from '../../until-aborted.js'
import { decodeTemplates, readTemplates } from '../enrol/templates-payload.js'
import { folds } from '../project/refold.js'
import type { Recogniser } from '../recogniser.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { getPayload } from '../store/payloads.js'

export interface GalleryState {
  /** Persons that a search would compare with now. */
  readonly loaded: number
  /** Records with templates that are known of. */
  readonly total: number
  /** Of these: templates that have not come yet. */
  readonly absent: number
  /** Of these: no finger that can be compared, templates that cannot be read, or no memory left for them. */
  readonly withoutFingers: number
}

interface GalleryRow {
  readonly record: string
  readonly templates: Uint8Array | null
  readonly changed: number
}

/** Rows that are asked for at once, and how long the event loop is held at most, about. */
const ROWS = 64
const SLICE_MS = 10

/** What keeps one record out, and not all. */
const NOT_SEARCHED = /^(NO_USABLE_FINGER|GALLERY_FULL|RECORD_|TEMPLATE_)/

export class LocalGallery {
  readonly #parts: StationParts
  readonly #recogniser: Recogniser
  readonly #gallery: ReturnType<Recogniser['createGallery']>
  readonly #persons: ReturnType<Recogniser['personsOf']>
  readonly #inTurn = inTurn()
  /** Applied number of the newest change that was read. */
  #seen = 0
  /** How often the rows had been made again when the first was read. */
  #folds: number
  #sliceMs = performance.now()
  readonly #absent = new Set<string>()
  readonly #withoutFingers = new Set<string>()
  readonly #watchers = new Set<() => void>()
  #isClosed = false

  constructor(parts: StationParts, recogniser: Recogniser) {
    this.#parts = parts
    this.#recogniser = recogniser
    this.#gallery = recogniser.createGallery()
    this.#persons = recogniser.personsOf(this.#gallery)
    this.#folds = folds(parts.file)
  }

  get state(): GalleryState {
    const sql = 'SELECT count(*) AS total FROM gallery_entry WHERE templates IS NOT NULL'
    return {
      loaded: this.#persons.size,
      total: this.#parts.file.get<{ total: number }>(sql)!.total,
      absent: this.#absent.size,
      withoutFingers: this.#withoutFingers.size,
    }
  }

  /** Persons that a search compares with. */
  get persons(): number {
    return this.#persons.size
  }

  /** Records whose templates have not come. */
  get absent(): number {
    return this.#absent.size
  }

  /** Up to which applied entry all is known. */
  get through(): number {
    return this.#seen
  }

  /**
   * Reads what has changed, then does `work`; nothing else is read or searched meanwhile, so that of two persons who are enrolled at
   * once the second is compared with the first.
   */
  async withAll<T>(
    work: () => Promise<T>,
    { signal, onLoad }: { readonly signal?: AbortSignal | undefined; readonly onLoad?: (() => void) | undefined } = {},
  ): Promise<T> {
    if (onLoad !== undefined) this.#watchers.add(onLoad)
    const turn = this.#inTurn('', async () => {
      signal?.throwIfAborted()
      await this.#readChanges(signal)
      return work()
    })
    try {
      return await untilAborted(turn, signal)
    } finally {
      if (onLoad !== undefined) this.#watchers.delete(onLoad)
    }
  }

  /** Reads all that is there in the background, and makes it quick to search. */
  begin(): void {
    this.withAll(async () => {})
      .then(() => this.#gallery.buildIndex())
      .catch(() => {})
  }

  /** Reads what has changed in the background. What goes wrong, the next search meets again. */
  catchUp(): void {
    this.withAll(async () => {}).catch(() => {})
  }

  /** 1:N; to be called within {@link withAll}. `without`: a record that is not to be compared with, because it is this person's. */
  async identify(
    fingers: readonly FingerInput[],
    options: IdentifyPersonOptions,
    without?: string,
  ): Promise<PersonSearchResult> {
    if (without === undefined || !this.#persons.has(without)) {
      return this.#persons.identifyPerson({ fingers }, options)
    }
    await this.#persons.remove(without)
    try {
      return await this.#persons.identifyPerson({ fingers }, options)
    } finally {
      await this.#take(this.#row(without)!)
    }
  }

  /**
   * Positions of a record whose templates are one finger's, pair by pair: what its station would
   * have refused, unless somebody looked. Up to 45 comparisons, some 10 ms.
   */
  alikePositions(record: string): (readonly [number, number])[] {
    const { file, keys } = this.#parts
    const hash = this.#row(record)?.templates
    const bytes = hash ? getPayload(file, keys, hash) : undefined
    if (bytes === undefined) return []
    const present = readTemplates(bytes).flatMap(({ position, template }) => (template ? [{ position, template }] : []))
    const score = (a: (typeof present)[number], b: (typeof present)[number]) =>
      this.#recogniser.explain(a.template, b.template).score
    return sameFingerPairs(present, score, () => SAME_FINGER_SCORE).map(([a, b]) => [a.position, b.position])
  }

  close(): void {
    this.#isClosed = true
    this.#gallery.close()
  }

  async #readChanges(signal: AbortSignal | undefined): Promise<void> {
    const { file } = this.#parts
    const sql = 'SELECT record, templates, changed FROM gallery_entry WHERE changed > ? ORDER BY changed LIMIT ?'
    await this.#beginAnewIfFolded()
    await this.#takeAll(
      [...this.#absent].flatMap(record => this.#row(record) ?? []),
      signal,
    )
    for (;;) {
      this.#assertOpen()
      const rows = file.all<GalleryRow>(sql, this.#seen, ROWS)
      if (rows.length === 0) return
      await this.#takeAll(rows, signal)
      this.#seen = rows[rows.length - 1].changed
    }
  }

  /** Rows that are gone, as their station was revoked, are no changes. */
  async #beginAnewIfFolded(): Promise<void> {
    const now = folds(this.#parts.file)
    if (now === this.#folds) return
    for (const record of this.#persons.ids()) await this.#persons.remove(record)
    this.#absent.clear()
    this.#withoutFingers.clear()
    this.#seen = 0
    this.#folds = now
  }

  /** In slices, between which others get their turn. */
  async #takeAll(rows: readonly GalleryRow[], signal: AbortSignal | undefined): Promise<void> {
    for (const row of rows) {
      if (performance.now() - this.#sliceMs > SLICE_MS) {
        for (const watcher of this.#watchers) watcher()
        await nextTurn()
        this.#assertOpen()
        signal?.throwIfAborted()
        this.#sliceMs = performance.now()
      }
      await this.#take(row)
    }
  }

  /** The person of a row as it is now. A newer version whose templates have not come leaves the one before in its place. */
  async #take({ record, templates }: GalleryRow): Promise<void> {
    const { file, keys } = this.#parts
    const bytes = templates === null ? undefined : getPayload(file, keys, templates)
    this.#absent.delete(record)
    if (templates !== null && bytes === undefined) {
      this.#absent.add(record)
      return
    }
    if (this.#persons.has(record)) await this.#persons.remove(record)
    this.#withoutFingers.delete(record)
    if (bytes === undefined) return
    try {
      await this.#persons.enrol(record, { fingers: decodeTemplates(bytes) }, { skipSameFingerCheck: true })
    } catch (error) {
      // One record that cannot be read must not keep all others from being searched, nor anybody from being recorded.
      if (!(error instanceof SidikError) || !NOT_SEARCHED.test(error.code)) throw error
      this.#withoutFingers.add(record)
    }
  }

  #row(record: string): GalleryRow | undefined {
    return this.#parts.file.get<GalleryRow>(
      'SELECT record, templates, changed FROM gallery_entry WHERE record = ?',
      record,
    )
  }

  #assertOpen(): void {
    if (!this.#isClosed) return
    throw new SidikError('STATION_CLOSED', `station ${this.#parts.identity.id} was closed`)
  }
}

const galleries = new WeakMap<Station, LocalGallery>()

/** Begins to read the persons in the background, where the station has an engine. */
export function beginLocalGallery(station: Station): void {
  const parts = partsOf(station)
  if (parts.recogniser === undefined) return
  const gallery = new LocalGallery(parts, parts.recogniser)
  galleries.set(station, gallery)
  station.onClose(() => gallery.close())
  gallery.begin()
}

/** Undefined where the station has no engine. */
export function localGalleryOf(station: Station): LocalGallery | undefined {
  return galleries.get(station)
}

/**
 * How far the persons to compare with have been read, which goes on in the background; `undefined` where the station has no engine.
 *
 * @throws SidikError STATION_CLOSED
 */
export function galleryState(station: Station): GalleryState | undefined {
  partsOf(station)
  const gallery = localGalleryOf(station)
  gallery?.catchUp()
  return gallery?.state
}
