import { UNIT_BYTES } from './allocator.js'
import type { CoreExports } from './instance.js'
import { type MemoryViews, readHeader } from './records.js'

/** An index is worth building for so many templates that are in none: scanning them takes longer than all else. */
const LEAST_LOOSE = 8_192

/** Centres of few codes are given up for those of so many times as many. */
const MORE_CODES = 4

/** What a worker needs to build an index. */
export interface IndexPlan {
  readonly segment: number
  readonly pointer: number
  readonly bytes: number
  /** Whose codes go in: that of most records in the segment. */
  readonly networkVersion: number
  /** Which centres it is to have: those of the index at `like`, or new ones of its own codes when that is 0. */
  readonly centres: number
  readonly like: number
}

/** What indexes sort codes by, a copy in each. */
interface Centres {
  /** Unlike that of any others of the memory; from 1. */
  readonly id: number
  readonly networkVersion: number
  /** Of the segment that they were found in. */
  readonly codes: number
}

/** One segment: 65,536 slots. */
interface Segment {
  /** Of its index; 0 for none. */
  pointer: number
  bytes: number
  centres: Centres | undefined
  /** Of the index that is being built. */
  planned: Centres | undefined
  /** Templates with learned codes that are in no index. */
  loose: number
  /** So many of those are wanted before an index is built. */
  wanted: number
  building: boolean
}

/** What a memory lends its indexes, and what else needs room in it. */
export interface MemoryHost {
  readonly core: CoreExports
  readonly memory: WebAssembly.Memory
  readonly views: () => MemoryViews
  /** The slot table. */
  readonly slots: Uint32Array
  /** Whether there is room for so many bytes beside the indexes that are yet to be built. */
  readonly fits: (bytes: number) => boolean
  readonly take: (bytes: number) => number | undefined
  readonly give: (pointer: number, bytes: number) => void
}

/**
 * The indexes of a memory, one a segment of 65,536 slots (assembly/memory-index.ts). What comes after an index was built is
 * loose until it is built anew: a search scans it.
 */
export class SegmentIndexes {
  readonly #host: MemoryHost
  readonly #segments: Segment[] = []
  readonly #segmentSlots: number
  readonly #indexedAt: number
  /** Centres that were found among so many codes are as good as those of more. */
  readonly #enough: number
  #bytes = 0
  #centres = 0

  constructor(host: MemoryHost) {
    this.#host = host
    this.#segmentSlots = host.core.SEGMENT_SLOTS.value
    this.#indexedAt = host.core.INDEX_SLOTS.value
    // Half of a segment's codes are looked at, no more than the sample has.
    this.#enough = 2 * host.core.INDEX_SAMPLE.value
  }

  get slotsPerSegment(): number {
    return this.#segmentSlots
  }

  /** Bytes of all indexes that there are. */
  get bytes(): number {
    return this.#bytes
  }

  /** Address of each segment's index, 0 where there is none. */
  get pointers(): number[] {
    return this.#segments.map(({ pointer }) => pointer)
  }

  /** Segments with so many loose templates that an index should be built. */
  get lacking(): number[] {
    return [...this.#segments.keys()].filter(i => {
      const { loose, wanted, building } = this.#segments[i]
      return loose >= wanted && !building
    })
  }

  /** To be called before a slot is filled with a record (address) or emptied (0). */
  change(slot: number, pointer: number): void {
    const segment = this.#at(Math.floor(slot / this.#segmentSlots))
    const indexed = this.#indexedSlots(segment)
    const at = slot % this.#segmentSlots
    const before = this.#host.slots[slot]
    if (before > 0 && !indexed?.[at] && this.#learned(before * UNIT_BYTES))
      segment.loose = Math.max(0, segment.loose - 1)
    if (pointer > 0 && this.#learned(pointer)) segment.loose++
    if (indexed) Atomics.store(indexed, at, 0)
  }

  /**
   * Takes room for a segment's index and notes what is to go in; undefined when there is no room, or nothing to index. `alone`: no other is
   * built meanwhile, so that its centres may be new ones, which those to come take over. One that needs them waits for that.
   */
  plan(number: number, alone: boolean): IndexPlan | undefined {
    const segment = this.#at(number)
    const slots = this.#slotsOf(number)
    const codes = new Map<number, number>()
    for (const slot of slots) {
      if (slot === 0) continue
      const { count, networkVersion } = readHeader(this.#host.views().data, slot * UNIT_BYTES)
      if (networkVersion > 0) codes.set(networkVersion, (codes.get(networkVersion) ?? 0) + count)
    }
    const [most] = [...codes].sort((a, b) => b[1] - a[1])
    if (most === undefined) return undefined
    const [networkVersion, own] = most
    const like = this.#centresFor(networkVersion, own, alone)
    if (like === undefined && !alone) return undefined
    const bytes = this.#host.core.indexBytes(own)
    const pointer = this.#host.take(bytes)
    if (pointer === undefined) {
      // Not with every search again: only once as many more have come.
      segment.wanted = segment.loose + LEAST_LOOSE
      return undefined
    }
    new Uint32Array(this.#host.memory.buffer, pointer + this.#indexedAt, slots.length).set(slots)
    segment.building = true
    segment.planned = like?.centres ?? { id: ++this.#centres, networkVersion, codes: own }
    return { segment: number, pointer, bytes, networkVersion, centres: segment.planned.id, like: like?.pointer ?? 0 }
  }

  /** The index whose centres one of so many codes is to have; undefined when it is to have its own. */
  #centresFor(networkVersion: number, codes: number, alone: boolean): Segment | undefined {
    const some = this.#segments.filter(
      ({ pointer, centres }) => pointer > 0 && centres?.networkVersion === networkVersion,
    )
    const best = some.toSorted((a, b) => b.centres!.codes - a.centres!.codes).at(0)
    if (best === undefined) return undefined
    const found = best.centres!.codes
    return alone && found < this.#enough && codes >= MORE_CODES * found ? undefined : best
  }

  /** Puts an index that was built in the place of the former, whose room is returned: it is still read by searches that began before. */
  publish({ segment: number, pointer, bytes, networkVersion }: IndexPlan): {
    readonly pointer: number
    readonly bytes: number
  } {
    const segment = this.#at(number)
    const former = { pointer: segment.pointer, bytes: segment.bytes }
    this.#bytes += bytes - former.bytes
    segment.pointer = pointer
    segment.bytes = bytes
    segment.centres = segment.planned
    segment.wanted = LEAST_LOOSE
    segment.building = false
    segment.loose = 0
    const indexed = this.#indexedSlots(segment)!
    this.#slotsOf(number).forEach((slot, i) => {
      if (indexed[i] === slot && slot > 0) return
      // It changed meanwhile, or is of another network, which no new index would change.
      indexed[i] = 0
      if (slot > 0 && readHeader(this.#host.views().data, slot * UNIT_BYTES).networkVersion === networkVersion)
        segment.loose++
    })
    return former
  }

  /** Gives up an index that could not be built. */
  abandon({ segment, pointer, bytes }: IndexPlan): void {
    this.#at(segment).building = false
    this.#host.give(pointer, bytes)
  }

  #at(number: number): Segment {
    while (this.#segments.length <= number) {
      this.#segments.push({
        pointer: 0,
        bytes: 0,
        centres: undefined,
        planned: undefined,
        loose: 0,
        wanted: LEAST_LOOSE,
        building: false,
      })
    }
    return this.#segments[number]
  }

  #slotsOf(number: number): Uint32Array {
    const first = number * this.#segmentSlots
    return this.#host.slots.subarray(first, first + this.#segmentSlots)
  }

  #indexedSlots({ pointer }: Segment): Uint32Array | undefined {
    if (pointer === 0) return undefined
    return new Uint32Array(this.#host.memory.buffer, pointer + this.#indexedAt, this.#segmentSlots)
  }

  #learned(pointer: number): boolean {
    return readHeader(this.#host.views().data, pointer).networkVersion > 0
  }
}
