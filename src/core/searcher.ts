import { SidikError } from '../errors.js'
import { finiteScore } from './compile.js'
import { type CoreExports, instantiateCore } from './instance.js'
import type { IndexPlan } from './segment-indexes.js'

/**
 * Records that the indexes of a memory name, together; each at least so many. Of 4,543 real mates among a million, 4,096 find 4,525, 2,048
 * find 4,516 and 8,192 find 4,528 (bench/index-recall.js; docs/experiments.md, Search).
 */
const NAMED = 4_096
const LEAST_NAMED = 32

/** Each of the probe's minutiae is compared with the codes in so many cells of an index, the nearest: one code in 430. */
const CELLS = 60

/** Share of both that a quick search has: it finds 4,491 of those 4,543. */
const QUICK_SHARE = 1 / 2

/** The best of what was looked at, best first. */
export interface Survivors {
  readonly slots: Uint32Array
  readonly scores: Float32Array
}

/**
 * Searches a table of records in a memory shared with others. A table is u32 a slot: address of a record / 16, or 0
 * where the slot is empty. Keeps nothing in the memory but in its own scratch.
 */
export class Searcher {
  /** Bytes of scratch a searcher needs, 16-byte aligned and its own alone. */
  static readonly scratchBytes = 1 << 20
  /** Survivors that `scan` keeps of what it can scan. */
  readonly scanCapacity: number
  /** Survivors that `screen` keeps. */
  readonly capacity: number
  readonly #core: CoreExports
  readonly #memory: WebAssembly.Memory
  readonly #scanned: number
  readonly #top: number
  readonly #slots: number
  readonly #scores: number
  readonly #work: number

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, scratchPointer: number) {
    this.#core = instantiateCore(module, memory)
    this.#memory = memory
    this.scanCapacity = this.#core.SCAN_CAPACITY.value
    this.capacity = this.#core.SCREEN_CAPACITY.value
    this.#scanned = scratchPointer
    this.#top = this.#scanned + this.#core.topBytes(this.scanCapacity)
    this.#slots = this.#top + this.#core.topBytes(this.capacity)
    this.#scores = this.#slots + 4 * this.scanCapacity
    this.#work = (this.#scores + 4 * this.capacity + 15) & ~15
    const workBytes = Math.max(this.#core.COMPARE_BYTES.value, this.#core.SCREEN_BYTES.value)
    const bytes = this.#work + workBytes - scratchPointer
    if (bytes > Searcher.scratchBytes) {
      throw new SidikError(
        'CORE_MISSING',
        `the core needs ${bytes} bytes to search, this code has ${Searcher.scratchBytes}`,
      )
    }
    // Whatever was in the scratch before must not count as survivors, or as cells that are near.
    this.beginProbe()
    this.#empty(this.#scanned)
    this.#empty(this.#top)
  }

  /**
   * Scans slots `first` to `last` - 1 by learned codes, and adds the best to those kept since the last `takeScanned`; records
   * that cannot be scanned are screened and added to those kept since the last `takeTop`. What is kept in the end does
   * not depend on how a table was cut into slices.
   */
  scan(probePointer: number, tablePointer: number, first: number, last: number): void {
    const { scanCapacity, capacity } = this
    const [scanned, top] = [this.#scanned, this.#top]
    this.#core.scan(probePointer, tablePointer, first, last, scanned, scanCapacity, top, capacity, this.#work)
  }

  /**
   * The same for the segment of slots `first` to `last` - 1, by its index, which is one of so many. `quick`: by half
   * of it.
   */
  scanByIndex(
    probePointer: number,
    tablePointer: number,
    first: number,
    last: number,
    indexPointer: number,
    { indexes, quick }: { readonly indexes: number; readonly quick: boolean },
  ): void {
    const share = quick ? QUICK_SHARE : 1

    const { scanCapacity, capacity } = this
    const [scanned, top] = [this.#scanned, this.#top]
    this.#core.scanByIndex(
      probePointer,
      tablePointer,
      first,
      last,
      indexPointer,
      CELLS * share,
      Math.min(this.#core.INDEX_BEST.value, Math.max(LEAST_NAMED, Math.ceil((NAMED * share) / indexes))),
      scanned,
      scanCapacity,
      top,
      capacity,
      this.#work,
    )
  }

  /** To be called before `scanByIndex` is with another probe. */
  beginProbe(): void {
    this.#core.beginProbe(this.#work)
  }

  /** Fills an index that was made room for. */
  indexSegment({ pointer, networkVersion, centres, like }: Omit<IndexPlan, 'segment' | 'bytes'>): void {
    this.#core.indexSegment(pointer, networkVersion, centres, like, this.#work)
  }

  /** Slots that an index covers. */
  get segmentSlots(): number {
    return this.#core.SEGMENT_SLOTS.value
  }

  /** Screens slots `first` to `last` - 1 and adds the best to those kept since the last `takeTop`. */
  screen(probePointer: number, tablePointer: number, first: number, last: number): void {
    this.#core.screen(probePointer, tablePointer, first, last, this.#top, this.capacity, this.#work)
  }

  /** The same for any slots. */
  screenSlots(probePointer: number, tablePointer: number, slots: Uint32Array): void {
    for (let from = 0; from < slots.length; from += this.scanCapacity) {
      const count = this.#give(slots.subarray(from, from + this.scanCapacity))
      const { capacity } = this
      this.#core.screenSlots(probePointer, tablePointer, this.#slots, count, this.#top, capacity, this.#work)
    }
  }

  /** What `scan` kept, best first, and an empty list from here on. */
  takeScanned(): Survivors {
    return this.#take(this.#scanned)
  }

  /** What `screen` kept, best first, and an empty list from here on. */
  takeTop(): Survivors {
    return this.#take(this.#top)
  }

  /** Makes the geometric codes that are lacking of the records in these slots, where they have room for them. */
  describeSlots(tablePointer: number, slots: Uint32Array): void {
    for (let from = 0; from < slots.length; from += this.scanCapacity) {
      const count = this.#give(slots.subarray(from, from + this.scanCapacity))
      this.#core.describeSlots(tablePointer, this.#slots, count, this.#work)
    }
  }

  /**
   * The full score of the probe against each of `slots`, in their order; -1 for an empty slot, and
   * for a record that has no room for the geometric codes by which it would have to be compared.
   */
  rescore(probePointer: number, tablePointer: number, slots: Uint32Array): Float32Array {
    const scores = new Float32Array(slots.length)
    for (let from = 0; from < slots.length; from += this.capacity) {
      const count = this.#give(slots.subarray(from, from + this.capacity))
      this.#core.rescore(probePointer, tablePointer, this.#slots, count, this.#scores, this.#work)
      scores.set(new Float32Array(this.#memory.buffer, this.#scores, count).map(finiteScore), from)
    }
    return scores
  }

  #give(slots: Uint32Array): number {
    new Uint32Array(this.#memory.buffer, this.#slots, slots.length).set(slots)
    return slots.length
  }

  #empty(list: number): void {
    new Uint32Array(this.#memory.buffer, list, 1)[0] = 0
  }

  #take(list: number): Survivors {
    const count = new Uint32Array(this.#memory.buffer, list, 1)[0]
    const view = new DataView(this.#memory.buffer, list, this.#core.topBytes(count))
    const entries = Array.from({ length: count }, (_, k) => ({
      slot: view.getUint32(8 + 8 * k, true),
      score: finiteScore(view.getFloat32(12 + 8 * k, true)),
    }))
    this.#empty(list)
    entries.sort((p, q) => q.score - p.score || p.slot - q.slot)
    return { slots: Uint32Array.from(entries, e => e.slot), scores: Float32Array.from(entries, e => e.score) }
  }
}
