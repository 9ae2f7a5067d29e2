/**
 * The persons that a station compares with: those whose records it holds, and those that came from
 * other stations. They lie in an index beside its file, which follows the changes of the file. What
 * has changed since is read before each search.
 */
import { SidikError } from '../../errors.js'
import { inTurn } from '../../persons/in-turn.js'
import type { FingerInput } from '../../persons/types.js'
import { untilAborted } from '../../until-aborted.js'
import { appendTo } from '../journal/append.js'
import type { Recogniser } from '../recogniser.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { AlikeFingers } from './alike-fingers.js'
import { EmbeddedIndex } from './embedded-index.js'
import { IndexFollower } from './follow-index.js'
import { recordOfId } from './kept-fingers.js'
import type { Identified, IdentifyOptions } from './person-index.js'

export interface GalleryState {
  /** Persons that a search would compare with now. */
  readonly loaded: number
  /** Records with templates that are known of. */
  readonly total: number
  /** Those whose templates have not come yet. */
  readonly absent: number
  /** Those without a finger that can be compared, or with templates that cannot be read. */
  readonly withoutFingers: number
  /** Those for which there is no memory: until there is, no record is checked, as they are compared with nobody. */
  readonly withoutRoom: number
}

/**
 * Bytes of an index: of any, and of each record that was ever known. Ten templates of 255 minutiae
 * are 100 KB; a tail that was not compacted has as much again, and what was removed since.
 */
const LEAST_INDEX_BYTES = 2 ** 30
const MOST_RECORD_BYTES = 2 ** 19

function countEntries({ file }: StationParts): number {
  return file.get<{ n: number }>('SELECT count(*) AS n FROM gallery_entry')!.n
}

export class LocalGallery {
  readonly #parts: StationParts
  readonly alike: AlikeFingers
  readonly #opening: Promise<EmbeddedIndex>
  #index: EmbeddedIndex | undefined
  #follower: IndexFollower | undefined
  readonly #inTurn = inTurn()
  readonly #watchers = new Set<() => void>()
  #isClosed = false

  constructor(parts: StationParts, recogniser: Recogniser) {
    this.#parts = parts
    this.alike = new AlikeFingers(parts)
    this.#opening = EmbeddedIndex.open(recogniser, {
      folder: `${parts.file.path}.index`,
      key: parts.keys.indexKey(),
      mostBytes: LEAST_INDEX_BYTES + MOST_RECORD_BYTES * countEntries(parts),
      onDamage: detail => {
        if (parts.file.isOpen) {
          appendTo(parts, { kind: 'anomaly', direction: 'local', body: { code: 'index-damaged', detail } })
        }
      },
    })
    // Each search meets what went wrong.
    this.#opening.catch(() => {})
  }

  get state(): GalleryState {
    const sql = 'SELECT count(*) AS total FROM gallery_entry WHERE templates IS NOT NULL'
    return {
      loaded: this.persons,
      total: this.#parts.file.get<{ total: number }>(sql)!.total,
      absent: this.#follower?.absent.size ?? 0,
      withoutFingers: this.#follower?.withoutFingers.size ?? 0,
      withoutRoom: this.withoutRoom,
    }
  }

  /** Persons that a search compares with. */
  get persons(): number {
    return this.#index?.size ?? 0
  }

  /** Records for which there is no memory. */
  get withoutRoom(): number {
    return this.#follower?.withoutRoom.size ?? 0
  }

  /** Records with fingers that a search does not compare with. */
  get absent(): number {
    return (this.#follower?.absent.size ?? 0) + this.withoutRoom
  }

  /** Up to which applied entry all is known. */
  get through(): number {
    return this.#follower?.through ?? 0
  }

  /**
   * Reads what has changed, then does `work`; nothing else is read or searched meanwhile, so that
   * of two persons who are enrolled at once the second is compared with the first.
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

  /** Resolves when it is known where the index is kept. */
  async whenOpen(): Promise<void> {
    this.#index ??= await this.#opening
  }

  /** Whether another process keeps the index of this station. */
  get isElsewhere(): boolean {
    return this.#index?.isElsewhere === true
  }

  /** Reads all that is there in the background, and makes it quick to search. */
  begin(): void {
    this.withAll(async () => {})
      .then(() => this.#index?.tidy())
      .catch(() => {})
  }

  /** Reads what has changed in the background. What goes wrong, the next search meets again. */
  catchUp(): void {
    this.withAll(async () => {}).catch(() => {})
  }

  /** 1:N; to be called within {@link withAll}. */
  async identify(fingers: readonly FingerInput[], options: IdentifyOptions): Promise<Identified> {
    const { without = [], ...rest } = options
    const names = without.flatMap(record => [record, ...(this.#follower?.keptOf(record) ?? [])])
    const found = await this.#index!.identify(fingers, { ...rest, without: names })
    // The best of each record: it may be there with fingers that it had before, too.
    const candidates = new Map<string, Identified['candidates'][number]>()
    for (const each of found.candidates) {
      const id = recordOfId(each.id)
      if (!candidates.has(id)) candidates.set(id, { ...each, id })
    }
    return { ...found, candidates: [...candidates.values()] }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const index = await this.#opening.catch(() => undefined)
    await index?.close()
  }

  async #readChanges(signal: AbortSignal | undefined): Promise<void> {
    this.#index ??= await this.#opening
    this.#assertOpen()
    this.#follower ??= new IndexFollower(this.#parts, this.#index, () => {
      for (const watcher of this.#watchers) watcher()
      this.#assertOpen()
    })
    await this.#follower.readChanges(signal)
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
 * How far the persons to compare with have been read, which goes on in the background; `undefined`
 * where the station has no engine.
 *
 * @throws SidikError STATION_CLOSED
 */
export function galleryState(station: Station): GalleryState | undefined {
  partsOf(station)
  const gallery = localGalleryOf(station)
  gallery?.catchUp()
  return gallery?.state
}
