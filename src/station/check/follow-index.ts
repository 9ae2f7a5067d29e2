/**
 * Keeps an index of persons up to date with the station's file: rows of `gallery_entry`, in the
 * order in which they changed.
 */
import { SidikError } from '../../errors.js'
import { Turns } from '../../node/turns.js'
import { decodeKeptTemplates } from '../enrol/templates-payload.js'
import { altered } from '../guard/altered.js'
import { newestPlace } from '../journal/places.js'
import { folds } from '../project/refold.js'
import type { StationParts } from '../station.js'
import { getPayload } from '../store/payloads.js'
import { caseRecord } from './cases.js'
import {
  type KeptFingers,
  keptId,
  keptTemplates,
  keptTemplatesOf,
  recordOfId,
  recordsHandedOver,
  recordsWithKept,
  uncompared,
  versionOf,
} from './kept-fingers.js'
import type { StationIndex } from './station-index.js'

interface GalleryRow {
  readonly record: string
  readonly templates: Uint8Array | null
  readonly changed: number
}

/** Rows that are asked for at once, and how long the event loop is held at most, about. */
const ROWS = 64
const SLICE_MS = 10

/** Rows whose versions are compared at once with those of the index. */
const ROWS_COMPARED = 2_048

/** Codes that keep one record out, and not all. */
const NOT_SEARCHED = /^(NO_USABLE_FINGER|RECORD_|TEMPLATE_)/
const NO_ROOM = 'GALLERY_FULL'

export class IndexFollower {
  readonly #parts: StationParts
  readonly #index: StationIndex
  readonly #onPause: () => void
  /** Place of the newest change that was read. */
  #seen = 0
  /** Place of the newest entry that was looked at: a card may have been handed over by it. */
  #entriesSeen = 0
  /** By record, the names in the index of fingers under which it has a card. */
  readonly #kept = new Map<string, readonly string[]>()
  /** Those of them, by name, that were not compared with the others of the index. */
  readonly keptToCompare = new Map<string, KeptFingers>()
  /** How often the rows had been made again when the first was read; undefined before that. */
  #folds: number | undefined
  readonly #turns = new Turns(SLICE_MS)
  /** Records whose templates have not come. */
  readonly absent = new Set<string>()
  /** Records without a finger that can be compared. */
  readonly withoutFingers = new Set<string>()
  /** Records for which there was no memory. One of them is tried each time, and all when it has room. */
  readonly withoutRoom = new Set<string>()

  /** @param onPause called each time that others had their turn; throws to end the reading */
  constructor(parts: StationParts, index: StationIndex, onPause: () => void) {
    this.#parts = parts
    this.#index = index
    this.#onPause = onPause
  }

  /** Place up to which all changes were read. */
  get through(): number {
    return this.#seen
  }

  /**
   * Reads what had changed at the call: others may come faster than they are taken in.
   * @throws the signal's reason, what `onPause` throws, SidikError INDEX_…
   */
  async readChanges(signal: AbortSignal | undefined): Promise<void> {
    const { file } = this.#parts
    const newest = newestPlace(file)
    const sql = 'SELECT record, templates, changed FROM gallery_entry WHERE changed > ? ORDER BY changed LIMIT ?'
    await this.#compareIfDoubted(signal)
    const [first, ...others] = this.withoutRoom
    await this.#takeNow([...this.absent, ...(first === undefined ? [] : [first])], signal)
    if (first !== undefined && !this.withoutRoom.has(first)) await this.#takeNow(others, signal)
    do {
      const rows = file.all<GalleryRow>(sql, this.#seen, ROWS)
      if (rows.length === 0) break
      const last = rows[rows.length - 1]
      // Whoever comes after it would never be read.
      if (last.changed > newestPlace(file)) throw altered(file, `the place of record ${last.record} in the check`)
      await this.#takeAll(rows, signal)
      this.#seen = last.changed
      await this.#index.knowsUpTo(this.#seen)
    } while (this.#seen < newest)
    await this.#takeHandedOver(signal)
  }

  /**
   * @throws SidikError INDEX_BEHIND when a record is not in the index although all changes were read:
   *   its row is not in its place. All rows are read again the next time
   */
  assertTaken(record: string): void {
    const row = this.#row(record)
    if (!row?.templates || row.changed > this.#seen || this.#index.versionOf(record) !== undefined) return
    if ([this.absent, this.withoutFingers, this.withoutRoom].some(out => out.has(record))) return
    this.#folds = undefined
    throw new SidikError('INDEX_BEHIND', `record ${record} is not in the index: all persons are read again`)
  }

  /** Hash of the templates that are in the index by a name; undefined where the record has them no more. */
  templatesOf(id: string): Uint8Array | undefined {
    const record = recordOfId(id)
    return id === record ? (this.#row(record)?.templates ?? undefined) : keptTemplatesOf(this.#parts, id)
  }

  /** Names in the index of fingers under which a record has a card. */
  keptOf(record: string): readonly string[] {
    return this.#kept.get(record) ?? []
  }

  /** Whether a card was handed over that was not looked at. */
  get isHandedOver(): boolean {
    return recordsHandedOver(this.#parts.file, this.#entriesSeen).length > 0
  }

  /** They were compared with all others. @throws SidikError INDEX_… */
  async keptCompared({ id, record, version, templates }: KeptFingers): Promise<void> {
    const { file, keys } = this.#parts
    const bytes = getPayload(file, keys, templates)
    if (bytes !== undefined) await this.#upsert(record, { id, version, place: this.#seen }, bytes)
    this.keptToCompare.delete(id)
  }

  /** Takes in what follows for fingers from cards that were handed over since. */
  async #takeHandedOver(signal: AbortSignal | undefined): Promise<void> {
    const { file } = this.#parts
    const newest = newestPlace(file)
    for (const record of recordsHandedOver(file, this.#entriesSeen)) {
      await this.#takeKept(record)
      await this.#pause(signal)
    }
    this.#entriesSeen = newest
  }

  /**
   * Compares all of the index with the station's file: when it was opened, when a call of it has
   * failed, and when the rows were made again, as those of a station that was revoked are gone then.
   * What the index lacks, has too much of or has of another version is put right, whatever happened
   * to either.
   */
  async #compareIfDoubted(signal: AbortSignal | undefined): Promise<void> {
    const { file } = this.#parts
    const now = folds(file)
    if (now === this.#folds && !this.#index.isDoubted) return
    this.#folds = undefined
    const sql = `SELECT record, templates, changed FROM gallery_entry
      WHERE templates IS NOT NULL AND record > ? ORDER BY record LIMIT ${ROWS_COMPARED}`
    const { newest, count } = file.get<{ newest: number; count: number }>(
      'SELECT coalesce(max(changed), 0) AS newest, count(*) AS count FROM gallery_entry',
    )!
    if (newest > newestPlace(file)) throw altered(file, 'the place of a record in the check')
    await this.#index.read(count, () => this.#pause(signal))
    const surplus = new Set(this.#index.ids())
    this.absent.clear()
    this.withoutFingers.clear()
    this.withoutRoom.clear()
    for (let after = ''; ; ) {
      const rows = file.all<GalleryRow>(sql, after)
      if (rows.length === 0) break
      for (const { record } of rows) surplus.delete(record)
      const others = rows.filter(row => this.#index.versionOf(row.record) !== versionOf(row.templates!))
      for (let i = 0; i < others.length; i += ROWS) await this.#takeAll(others.slice(i, i + ROWS), signal)
      after = rows[rows.length - 1].record
      await this.#pause(signal)
    }
    this.#kept.clear()
    this.keptToCompare.clear()
    for (const record of recordsWithKept(file)) {
      await this.#takeKept(record)
      for (const id of this.keptOf(record)) surplus.delete(id)
      await this.#pause(signal)
    }
    this.#entriesSeen = newestPlace(file)
    for (const record of surplus) {
      await this.#index.remove(record, newest)
      await this.#pause(signal)
    }
    this.#seen = newest
    await this.#index.knowsUpTo(this.#seen)
    this.#folds = now
  }

  /** Takes records in as they are now. */
  #takeNow(records: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const rows = records.flatMap(record => this.#row(record) ?? [])
    return this.#takeAll(rows, signal)
  }

  /** Takes rows in together, so that they wait for the disk once. */
  async #takeAll(rows: readonly GalleryRow[], signal: AbortSignal | undefined): Promise<void> {
    const taken: Promise<void>[] = []
    try {
      for (const row of rows) {
        await this.#pause(signal)
        const work = this.#take(row)
        // Awaited below.
        work.catch(() => {})
        taken.push(work)
      }
    } finally {
      await Promise.allSettled(taken)
    }
    await Promise.all(taken)
  }

  /** Lets others have their turn after each slice. */
  async #pause(signal: AbortSignal | undefined): Promise<void> {
    if (!(await this.#turns.pause())) return
    this.#onPause()
    signal?.throwIfAborted()
  }

  /**
   * The person of a row as it is now. A newer version whose templates have not come leaves the one
   * before in its place.
   */
  async #take({ record, templates, changed }: GalleryRow): Promise<void> {
    const { file, keys } = this.#parts
    const bytes = templates === null ? undefined : getPayload(file, keys, templates)
    this.absent.delete(record)
    if (templates !== null && bytes === undefined) {
      this.absent.add(record)
      return
    }
    this.withoutFingers.delete(record)
    this.withoutRoom.delete(record)
    await this.#takeKept(record, changed)
    if (bytes === undefined) return this.#index.remove(record, changed)
    await this.#upsert(record, { id: record, version: versionOf(templates!), place: changed }, bytes)
  }

  /**
   * Takes in the fingers under which a record has a card, and that it has no more; takes out those
   * that are none now.
   */
  async #takeKept(record: string, place = this.#seen): Promise<void> {
    const { file, keys } = this.#parts
    const before = this.keptOf(record)
    const now: string[] = []
    for (const hash of keptTemplates(this.#parts, record)) {
      const version = versionOf(hash)
      const id = keptId(record, version)
      const bytes = getPayload(file, keys, hash)
      if (bytes === undefined) continue
      now.push(id)
      const known = this.#index.versionOf(id)
      if (known === version) continue
      if (known !== uncompared(version)) {
        await this.#upsert(record, { id, version: uncompared(version), place }, bytes)
      }
      // Unless it could not be taken in.
      if (this.#index.versionOf(id) === undefined) continue
      const station = caseRecord(file, record)?.station ?? ''
      this.keptToCompare.set(id, { id, record, station, version, templates: hash })
    }
    for (const id of before) {
      if (now.includes(id)) continue
      this.keptToCompare.delete(id)
      await this.#index.remove(id, place)
    }
    if (now.length > 0) this.#kept.set(record, now)
    else this.#kept.delete(record)
  }

  async #upsert(
    record: string,
    { id, version, place }: { readonly id: string; readonly version: string; readonly place: number },
    bytes: Uint8Array,
  ): Promise<void> {
    try {
      await this.#index.upsert({ id, version, place, fingers: decodeKeptTemplates(bytes) })
    } catch (error) {
      // One record that cannot be read must not keep all others from being searched, nor anybody from being recorded.
      if (!(error instanceof SidikError) || !(error.code === NO_ROOM || NOT_SEARCHED.test(error.code))) throw error
      await this.#index.remove(id, place)
      if (error.code === NO_ROOM) this.withoutRoom.add(record)
      else if (id === record) this.withoutFingers.add(record)
    }
  }

  #row(record: string): GalleryRow | undefined {
    const sql = 'SELECT record, templates, changed FROM gallery_entry WHERE record = ?'
    return this.#parts.file.get<GalleryRow>(sql, record)
  }
}
