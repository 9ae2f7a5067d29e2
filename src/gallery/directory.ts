/** What a memory's slots hold. */
interface Slots {
  /** Of what is there; undefined where nothing is. */
  readonly ids: (string | undefined)[]
  /** When it came (see Readers). */
  readonly since: number[]
  readonly free: number[]
}

/**
 * Ids to places and back. A place is a slot of one of the gallery's memories (shards): its number is shard x
 * `slotsPerShard` + slot.
 */
export class Directory {
  readonly #slotsPerShard: number
  readonly #places = new Map<string, number>()
  readonly #shards: Slots[] = []
  #removals = 0

  constructor(slotsPerShard: number) {
    this.#slotsPerShard = slotsPerShard
  }

  get size(): number {
    return this.#places.size
  }

  /** How often an id was removed so far, replaced ones included. */
  get removals(): number {
    return this.#removals
  }

  /** In the order in which they came. */
  get ids(): IterableIterator<string> {
    return this.#places.keys()
  }

  get places(): IterableIterator<number> {
    return this.#places.values()
  }

  addShard(): void {
    this.#shards.push({ ids: [], since: [], free: [] })
  }

  /** One past the last slot ever used of a shard. */
  slotCount(shard: number): number {
    return this.#shards[shard].ids.length
  }

  find(id: string): number | undefined {
    return this.#places.get(id)
  }

  shardOf(place: number): number {
    return Math.floor(place / this.#slotsPerShard)
  }

  slotOf(place: number): number {
    return place % this.#slotsPerShard
  }

  placeOf(shard: number, slot: number): number {
    return shard * this.#slotsPerShard + slot
  }

  idAt(place: number): string | undefined {
    return this.#shards[this.shardOf(place)].ids[this.slotOf(place)]
  }

  /** When what is there came; later than anything where nothing is. */
  sinceAt(place: number): number {
    const { ids, since } = this.#shards[this.shardOf(place)]
    const slot = this.slotOf(place)
    return ids[slot] === undefined ? Infinity : since[slot]
  }

  /** A place in a shard for an id, to be added or freed; undefined when the shard would come to more slots than `most`. */
  takePlace(shard: number, most: number): number | undefined {
    const { free, ids } = this.#shards[shard]
    const slot = free.pop()
    if (slot === undefined && ids.length >= most) return undefined
    return this.placeOf(shard, slot ?? ids.push(undefined) - 1)
  }

  add(id: string, place: number, since: number): void {
    const slots = this.#shards[this.shardOf(place)]
    const slot = this.slotOf(place)
    this.#places.set(id, place)
    slots.ids[slot] = id
    slots.since[slot] = since
  }

  /** Forgets the id; its place stays empty until {@link freePlace}. */
  remove(id: string): void {
    const place = this.#places.get(id)
    if (place === undefined) return
    this.#places.delete(id)
    this.#removals++
    this.#shards[this.shardOf(place)].ids[this.slotOf(place)] = undefined
  }

  freePlace(place: number): void {
    this.#shards[this.shardOf(place)].free.push(this.slotOf(place))
  }
}
