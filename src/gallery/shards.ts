import { type GalleryMemory, LANES, MOST_SLOTS } from '../core/gallery-memory.js'
import { MOST_MEMORY_BYTES } from '../core/instance.js'
import type { TemplateParts } from '../template/native-parts.js'
import { Turns } from '../workers/turns.js'
import type { Directory } from './directory.js'
import { type Warm, WarmAhead } from './warm-ahead.js'

/** Too little for a further memory: its work areas alone take about 20 MiB. */
export const LEAST_MEMORY_BYTES = 67_108_864

export const SLOTS_PER_SHARD = MOST_SLOTS

/** One memory of a gallery, and who is at work in it. */
export interface Shard {
  readonly memory: GalleryMemory
  /** One a search. */
  readonly lanes: Turns
  /** Scratch areas, one a task. */
  readonly seats: Turns
  readonly ahead: WarmAhead
}

/** The memories of a gallery, of up to 4 GiB each: there is always one, and a further one when the last is full. */
export class Shards {
  readonly list: Shard[] = []
  readonly #directory: Directory
  readonly #threads: number
  readonly #createMemory: (maxBytes: number) => GalleryMemory
  readonly #warm: Warm
  #leftBytes: number

  constructor(
    directory: Directory,
    threads: number,
    maxBytes: number,
    createMemory: (maxBytes: number) => GalleryMemory,
    warm: Warm,
  ) {
    this.#directory = directory
    this.#threads = threads
    this.#createMemory = createMemory
    this.#warm = warm
    this.#leftBytes = maxBytes
    this.#add()
  }

  get usedBytes(): number {
    return this.list.reduce((sum, { memory }) => sum + memory.usedBytes, 0)
  }

  /**
   * Writes a template as a record into the first memory with room, and takes a place for it; undefined when there is none. No
   * search sees it yet.
   */
  addRecord(parts: TemplateParts): { readonly place: number; readonly pointer: number } | undefined {
    for (let shard = 0; ; shard++) {
      if (shard === this.list.length) {
        if (this.#leftBytes < LEAST_MEMORY_BYTES) return undefined
        this.#add()
      }
      const { memory, ahead } = this.list[shard]
      const pointer = memory.addRecord(parts)
      if (pointer === undefined) continue
      ahead.follow(pointer)
      const place = this.#directory.takePlace(shard, memory.maxSlots)
      if (place !== undefined) return { place, pointer }
      memory.removeRecord(pointer)
    }
  }

  memoryOf(place: number): GalleryMemory {
    return this.list[this.#directory.shardOf(place)].memory
  }

  #add(): void {
    const bytes = Math.min(MOST_MEMORY_BYTES, this.#leftBytes)
    const memory = this.#createMemory(bytes)
    this.list.push({
      memory,
      lanes: new Turns(LANES),
      seats: new Turns(this.#threads),
      ahead: new WarmAhead(memory, this.#warm),
    })
    this.#leftBytes -= bytes
    this.#directory.addShard()
  }
}
