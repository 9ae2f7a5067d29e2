/** Where everything about one id is. */
export interface Entry {
  readonly id: string
  readonly slot: number
  /** Of the record in the searched memory, and its bytes. */
  readonly pointer: number
  readonly recordBytes: number
  /** Of the template in the store, and its bytes. */
  readonly address: number
  readonly templateBytes: number
  /** When it came (see Readers). */
  readonly since: number
}

/** Ids to slots and back. */
export class Directory {
  readonly #byId = new Map<string, Entry>()
  readonly #bySlot: (Entry | undefined)[] = []
  readonly #freeSlots: number[] = []

  get size(): number {
    return this.#byId.size
  }

  /** One past the last slot ever used. */
  get slotCount(): number {
    return this.#bySlot.length
  }

  /** In the order in which they came. */
  get entries(): IterableIterator<Entry> {
    return this.#byId.values()
  }

  find(id: string): Entry | undefined {
    return this.#byId.get(id)
  }

  at(slot: number): Entry | undefined {
    return this.#bySlot[slot]
  }

  /** A slot for an entry, to be added or freed; undefined when there would be more than `most`. */
  takeSlot(most: number): number | undefined {
    const free = this.#freeSlots.pop()
    if (free !== undefined || this.slotCount >= most) return free
    return this.#bySlot.push(undefined) - 1
  }

  add(entry: Entry): void {
    this.#byId.set(entry.id, entry)
    this.#bySlot[entry.slot] = entry
  }

  /** Forgets the id; its slot stays empty until {@link freeSlot}. */
  remove(entry: Entry): void {
    this.#byId.delete(entry.id)
    this.#bySlot[entry.slot] = undefined
  }

  freeSlot(slot: number): void {
    this.#freeSlots.push(slot)
  }
}
