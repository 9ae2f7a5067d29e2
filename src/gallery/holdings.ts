import { UNIT_BYTES } from '../core/allocator.js'
import type { GalleryMemory } from '../core/gallery-memory.js'
import { SidikError } from '../errors.js'
import type { TemplateParts } from '../template/native-parts.js'
import type { Template } from '../types.js'
import type { Directory } from './directory.js'
import type { Readers } from './readers.js'
import type { Shards } from './shards.js'
import type { SnapshotEntry } from './snapshot.js'

/** A record that was written and that no search sees yet. */
export interface NewRecord {
  readonly place: number
  readonly pointer: number
  /** The template, where its record does not hold all of it. */
  readonly verbatim: Template | undefined
}

/** The templates of a gallery: written into its memories, shown to searches, read back and given up. */
export class Holdings {
  readonly #directory: Directory
  readonly #readers: Readers
  readonly #shards: Shards
  /** By place, the templates that their record does not hold all of. */
  readonly #verbatim = new Map<number, Template>()

  constructor(directory: Directory, readers: Readers, shards: Shards) {
    this.#directory = directory
    this.#readers = readers
    this.#shards = shards
  }

  get bytes(): number {
    let verbatim = 0
    for (const template of this.#verbatim.values()) verbatim += template.length
    return this.#shards.usedBytes + verbatim
  }

  /** Takes memory for a template and writes it there; no search sees it. Throws SidikError GALLERY_FULL. */
  add(template: Template, parts: TemplateParts): NewRecord {
    const added = this.#shards.addRecord(parts)
    if (added === undefined) {
      const { size } = this.#directory
      const message = `no room for a template beside the ${size} that are there: ask for more by maxBytes`
      throw new SidikError('GALLERY_FULL', message)
    }
    const { place, pointer } = added
    const verbatim = this.#shards.memoryOf(place).keepsAll(parts) ? undefined : Uint8Array.from(template)
    return { place, pointer, verbatim }
  }

  /** From here on searches see it, in place of what is there under this id. */
  show(id: string, { place, pointer, verbatim }: NewRecord): void {
    const present = this.#directory.find(id)
    if (present !== undefined) this.drop(id, present)
    if (verbatim !== undefined) this.#verbatim.set(place, verbatim)
    this.#directory.add(id, place, this.#readers.stamp())
    this.#shards.memoryOf(place).setSlot(this.#directory.slotOf(place), pointer)
  }

  /** Takes a template out of sight; its memory is given back when no search and no save can still read it. */
  drop(id: string, place: number): void {
    const memory = this.#shards.memoryOf(place)
    const slot = this.#directory.slotOf(place)
    const pointer = memory.pointerAt(slot)
    this.#directory.remove(id)
    memory.setSlot(slot, 0)
    this.#verbatim.delete(place)
    this.#readers.whenUnseen(() => this.giveBack({ place, pointer }))
  }

  giveBack({ place, pointer }: Pick<NewRecord, 'place' | 'pointer'>): void {
    this.#shards.memoryOf(place).removeRecord(pointer)
    this.#directory.freePlace(place)
  }

  at(place: number): Template {
    const verbatim = this.#verbatim.get(place)
    if (verbatim !== undefined) return verbatim.slice()
    const memory = this.#shards.memoryOf(place)
    return memory.template(memory.pointerAt(this.#directory.slotOf(place)))
  }

  /**
   * All that is there at the call, read when its turn comes: while somebody reads, no memory is given
   * back, also of places that are given up meanwhile.
   */
  all(): Iterable<HeldTemplate> {
    const { size } = this.#directory
    const ids = [...this.#directory.ids]
    // An object for each would be 400 MB of a gallery of four million.
    const memories = new Uint8Array(size)
    const pointers = new Uint32Array(size)
    const verbatim = new Map<number, Template>()
    let count = 0
    for (const place of this.#directory.places) {
      const kept = this.#verbatim.get(place)
      if (kept !== undefined) verbatim.set(count, kept)
      memories[count] = this.#directory.shardOf(place)
      pointers[count] = this.#shards.memoryOf(place).pointerAt(this.#directory.slotOf(place)) / UNIT_BYTES
      count++
    }
    const shards = this.#shards
    return (function* () {
      for (let i = 0; i < size; i++) {
        const { memory } = shards.list[memories[i]]
        yield new HeldTemplate(ids[i], memory, pointers[i] * UNIT_BYTES, verbatim.get(i))
      }
    })()
  }
}

/** A template of a gallery, to be read while the gallery has a reader. */
export class HeldTemplate implements SnapshotEntry {
  readonly id: string
  readonly #memory: GalleryMemory
  readonly #pointer: number
  readonly #verbatim: Template | undefined

  constructor(id: string, memory: GalleryMemory, pointer: number, verbatim: Template | undefined) {
    this.id = id
    this.#memory = memory
    this.#pointer = pointer
    this.#verbatim = verbatim
  }

  /** A copy. */
  get template(): Template {
    return this.#verbatim?.slice() ?? this.#memory.template(this.#pointer)
  }

  copyTemplate(target: Uint8Array, offset: number): number {
    if (this.#verbatim === undefined) return this.#memory.copyTemplate(this.#pointer, target, offset)
    target.set(this.#verbatim, offset)
    return this.#verbatim.length
  }
}
