/**
 * The index of persons that a station brings along: a durable gallery in a folder beside its file.
 * Each template's id holds the version of the record that it is of, so that one wait for the disk
 * keeps the templates and how far they are. All of it follows from the station's file: an index
 * that is damaged, or of another file, is made anew.
 */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SidikError } from '../../errors.js'
import { DISK } from '../../node/file-layer.js'
import { lockFolder } from '../../node/gallery-lock.js'
import { generationOf, isLock, isLockSocket, isOurs } from '../../node/gallery-names.js'
import { strangeIn } from '../../node/plain-folder.js'
import type { FingerInput } from '../../persons/types.js'
import type { PersistentGallery, Recogniser } from '../recogniser.js'
import type { Identified, IdentifyOptions, IndexedPerson, IndexedVersion, PersonIndex } from './person-index.js'

/** Codes of an index that cannot be read: it is made anew. */
const DAMAGED = ['GALLERY_CORRUPT', 'GALLERY_FORMAT', 'GALLERY_VERSION', 'GALLERY_KEY', 'FILE_UNREADABLE']

/** Codes for which the persons are kept in memory alone. */
const LOCKED = ['GALLERY_LOCKED']
const UNWRITABLE = ['FILE_UNWRITABLE']

/** Templates that are changed before it is looked at once more whether a compaction is worth its time. */
const CHANGES_BETWEEN_LOOKS = 20_000

/**
 * A tail is compacted when it is larger than this and a quarter of the snapshot: reading it takes
 * four times as long.
 */
const LEAST_TAIL_BYTES = 2 ** 24

/** Persons of one page of a list. */
const PAGE = 1_024

export interface EmbeddedIndexPlace {
  readonly folder: string
  /** 32 bytes that seal ids and templates in the folder. */
  readonly key: Uint8Array
  /** Most bytes that its files can have: one that somebody made longer is not read. */
  readonly mostBytes: number
  /** Told in words when an index was there that cannot be used. */
  readonly onDamage: (detail: string) => void
}

export class EmbeddedIndex implements PersonIndex {
  readonly #gallery: Gallery
  readonly #persons: ReturnType<Recogniser['personsOf']>
  /** By record, the version that is in the index. */
  readonly #versions = new Map<string, string>()
  readonly #folder: string | undefined
  #place = 0
  #changesUnlooked = CHANGES_BETWEEN_LOOKS

  /** Whether another process keeps the index, and this one its persons in memory alone. */
  readonly isElsewhere: boolean

  private constructor(
    recogniser: Recogniser,
    gallery: Gallery,
    { folder, isElsewhere }: { folder: string | undefined; isElsewhere: boolean },
  ) {
    this.#gallery = gallery
    this.#persons = recogniser.personsOf(gallery)
    this.#folder = folder
    this.isElsewhere = isElsewhere
  }

  static async open(
    recogniser: Recogniser,
    { folder, key, mostBytes, onDamage }: EmbeddedIndexPlace,
  ): Promise<EmbeddedIndex> {
    const strange = await strangeIn(folder, mostBytes)
    if (strange !== undefined) {
      onDamage(`the persons are kept in memory: ${strange}`)
      return EmbeddedIndex.#begun(recogniser, undefined, { folder: undefined, isElsewhere: false })
    }
    const durable = () => recogniser.openDurableGallery(folder, { create: true, key })
    let isElsewhere = false
    const gallery = await durable()
      .catch(async error => {
        if (!hasCode(error, DAMAGED)) throw error
        onDamage(`the index of persons is made anew: ${error.message}`)
        await emptyFolder(folder)
        return durable()
      })
      .catch(error => {
        isElsewhere = hasCode(error, LOCKED)
        if (isElsewhere || hasCode(error, UNWRITABLE) || hasCode(error, DAMAGED)) return undefined
        throw error
      })
    const where = { folder: gallery === undefined ? undefined : folder, isElsewhere }
    return EmbeddedIndex.#begun(recogniser, gallery, where)
  }

  static async #begun(
    recogniser: Recogniser,
    gallery: PersistentGallery | undefined,
    where: { readonly folder: string | undefined; readonly isElsewhere: boolean },
  ): Promise<EmbeddedIndex> {
    const index = new EmbeddedIndex(recogniser, gallery ?? recogniser.createGallery(), where)
    try {
      await index.#readVersions()
      return index
    } catch (error) {
      await index.close()
      throw error
    }
  }

  /** Whether no other process keeps the index in this folder. */
  static async isFree(folder: string): Promise<boolean> {
    try {
      const release = await lockFolder(folder, DISK)
      await release()
      return true
    } catch (error) {
      if (hasCode(error, LOCKED)) return false
      throw error
    }
  }

  async *versions(): AsyncIterable<readonly IndexedVersion[]> {
    let page: IndexedVersion[] = []
    for (const [id, version] of this.#versions) {
      page.push({ id, version })
      if (page.length < PAGE) continue
      yield page
      page = []
    }
    yield page
  }

  async upsert({ id, version, place, fingers }: IndexedPerson): Promise<void> {
    await this.remove(id, place)
    await this.#persons.enrol(personOf(version, id), { fingers }, { skipSameFingerCheck: true })
    this.#versions.set(id, version)
    this.#changesUnlooked += fingers.length
  }

  async remove(id: string, place: number): Promise<void> {
    this.#place = Math.max(this.#place, place)
    const version = this.#versions.get(id)
    if (version === undefined) return
    await this.#persons.remove(personOf(version, id))
    this.#versions.delete(id)
  }

  async identify(fingers: readonly FingerInput[], options: IdentifyOptions = {}): Promise<Identified> {
    const { asOf = 0, without = [], ...rest } = options
    if (asOf > this.#place) {
      throw new SidikError('INDEX_BEHIND', `change ${asOf} was asked for, changes up to ${this.#place} are known`)
    }
    const covered = this.#place
    const except = without.flatMap(id => {
      const version = this.#versions.get(id)
      return version === undefined ? [] : [personOf(version, id)]
    })
    const { decision, reasons, missRate, feedback, searched, candidates } = await this.#persons.identifyPerson(
      { fingers },
      { ...rest, without: except },
    )
    return {
      decision,
      reasons,
      missRate,
      feedback,
      candidates: candidates.map(({ id, score, fpir, fingers }) => ({ id: recordOf(id), score, fpir, fingers })),
      coverage: { persons: searched, asOf: covered },
    }
  }

  async knowsUpTo(place: number): Promise<void> {
    this.#place = Math.max(this.#place, place)
  }

  /** Makes the index quick to search. */
  async makeQuick(): Promise<void> {
    await this.#gallery.buildIndex()
  }

  /** Makes the index quick to open: to be called now and then, when nobody waits. */
  async tidy(): Promise<void> {
    if (this.#folder === undefined || this.#changesUnlooked < CHANGES_BETWEEN_LOOKS) return
    this.#changesUnlooked = 0
    const { tail, snapshot } = await sizesIn(this.#folder)
    if (tail > LEAST_TAIL_BYTES + snapshot / 4) await (this.#gallery as PersistentGallery).compact()
  }

  async close(): Promise<void> {
    await this.#gallery.close()
  }

  /** Takes out persons who are not whole: those that a kill has left. */
  async #readVersions(): Promise<void> {
    for (const { id } of this.#persons.incomplete) await this.#persons.remove(id)
    for (const person of this.#persons.ids()) {
      this.#versions.set(recordOf(person), person.slice(0, person.indexOf(' ')))
    }
  }
}

type Gallery = ReturnType<Recogniser['createGallery']> | PersistentGallery

/** Name in the gallery: the version, a space, the record. */
function personOf(version: string, id: string): string {
  return `${version} ${id}`
}

function recordOf(person: string): string {
  return person.slice(person.indexOf(' ') + 1)
}

function hasCode(error: unknown, codes: readonly string[]): error is SidikError {
  return error instanceof SidikError && codes.includes(error.code)
}

/** Removes what a durable gallery has written, and nothing else. Locks stay: whoever holds one is told. */
async function emptyFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const written = names.filter(name => isOurs(name) && !isLock(name) && !isLockSocket(name))
  for (const name of written) await rm(join(folder, name), { force: true }).catch(() => {})
}

async function sizesIn(folder: string): Promise<{ tail: number; snapshot: number }> {
  const sizes = { tail: 0, snapshot: 0 }
  for (const name of await readdir(folder)) {
    if (generationOf(name) === undefined) continue
    const bytes = await stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    )
    if (name.startsWith('tail')) sizes.tail += bytes
    if (name.startsWith('snapshot')) sizes.snapshot += bytes
  }
  return sizes
}
