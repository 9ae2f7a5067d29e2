import { SidikError } from '../errors.js'
import type { ComparedCodes, TemplateContents } from '../types.js'
import { type CoreMemory, type CoreModule, coreFailed, isCoreFailure } from './compile.js'
import { type CoreExports, createMemory, ensureBytes, instantiateCore, RESERVED_BYTES } from './instance.js'
import { recordBytes, writeRecord } from './records.js'
import { LANE_BYTES, SearchLane } from './search-lane.js'
import { Searcher } from './searcher.js'
import { Space, UNIT_BYTES } from './space.js'

/**
 * The memory of a gallery, shared with the workers:
 *
 *     RESERVED_BYTES   the compiler's page
 *     lanes            a search's words and its probe, LANES times
 *     scratch          of one worker each
 *     slot table       u32 a slot: record pointer >> 4, or 0 for an empty slot
 *     records          one a template (assembly/memory.ts)
 *
 * The table is laid out for the most slots there can be: pages that nobody touches take address space only.
 */

/** Searches that run at once; more wait. Enough to keep every worker busy while one search hands over to the next. */
export const LANES = 8

/** Most slots of a gallery: 2^32 bytes hold about as many records of 40 minutiae without learned codes (1,024 bytes). */
const MOST_SLOTS = 4_194_304

/** With less memory, fewer slots: a record of so many bytes has two minutiae. */
const SMALL_RECORD_BYTES = 64

const SLOT_BYTES = 4

/** Room for a probe: a record of 255 minutiae with learned codes takes 10,480 bytes. */
const PROBE_BYTES = 10_496

/** Memory grows by an eighth, at least by this. */
const LEAST_GROWTH_BYTES = 1_048_576

/** Where a worker finds things, in bytes from the start of the memory. */
export interface SearchPointers {
  readonly control: number
  readonly probe: number
  readonly table: number
  readonly scratch: number
}

export class GalleryMemory {
  readonly memory: CoreMemory
  /** Most slots there can be. */
  readonly maxSlots: number
  readonly #maxBytes: number
  readonly #scratch: number
  readonly #table: number
  readonly #slots: Uint32Array
  readonly #space: Space
  readonly #core: CoreExports

  /** @throws SidikError GALLERY_FULL when the machine has no such address space, or it holds not even the work areas */
  constructor(module: CoreModule, maxBytes: number, threads: number) {
    this.#maxBytes = maxBytes
    this.maxSlots = Math.min(MOST_SLOTS, Math.floor(maxBytes / SMALL_RECORD_BYTES))
    this.#scratch = RESERVED_BYTES + LANES * (LANE_BYTES + PROBE_BYTES)
    this.#table = this.#scratch + threads * Searcher.scratchBytes
    const records = Math.ceil((this.#table + this.maxSlots * SLOT_BYTES) / UNIT_BYTES) * UNIT_BYTES
    if (records >= maxBytes) {
      throw new SidikError('GALLERY_FULL', `${maxBytes} bytes hold no gallery: its work areas alone take ${records}`)
    }
    this.#space = new Space(records, maxBytes)
    try {
      this.memory = createMemory(records - RESERVED_BYTES, maxBytes - RESERVED_BYTES)
    } catch (cause) {
      const message = `no address space for a gallery of up to ${maxBytes} bytes: ask for less by maxBytes`
      throw new SidikError('GALLERY_FULL', message, { cause })
    }
    this.#slots = new Uint32Array(this.memory.buffer, this.#table, this.maxSlots)
    this.#core = instantiateCore(module, this.memory)
  }

  /** Bytes of the records in use. */
  get usedBytes(): number {
    return this.#space.usedBytes
  }

  recordBytes(contents: TemplateContents): number {
    return recordBytes(this.#core, contents)
  }

  /** Writes a record, which no search sees until its slot is set. Undefined when there is no room. */
  addRecord(contents: TemplateContents): number | undefined {
    const bytes = this.recordBytes(contents)
    const pointer = this.#space.take(bytes)
    if (pointer === undefined) return undefined
    let written = false
    try {
      written = this.#reach(this.#space.next)
      if (written) this.#write(pointer, contents)
    } catch (error) {
      this.#space.give(pointer, bytes)
      throw error
    }
    if (written) return pointer
    this.#space.give(pointer, bytes)
    return undefined
  }

  removeRecord(pointer: number, bytes: number): void {
    this.#space.give(pointer, bytes)
  }

  /** Makes searches see the record in this slot; pointer 0 empties it. */
  setSlot(slot: number, pointer: number): void {
    // An atomic store comes after the plain ones that wrote the record.
    Atomics.store(this.#slots, slot, pointer / UNIT_BYTES)
  }

  lane(index: number): SearchLane {
    return new SearchLane(this.memory, this.#control(index))
  }

  writeProbe(lane: number, probe: TemplateContents): void {
    this.#write(this.#control(lane) + LANE_BYTES, probe)
  }

  /** By what the probe at `lane` is compared with the record at `pointer`. */
  comparedCodes(lane: number, pointer: number): ComparedCodes {
    return this.#core.shareNetwork(this.#control(lane) + LANE_BYTES, pointer) ? 'learned' : 'geometric'
  }

  /** For the worker that has scratch area `seat`, 0 to `threads` - 1, in the search at `lane`. */
  pointers(lane: number, seat: number): SearchPointers {
    const control = this.#control(lane)
    const scratch = this.#scratch + seat * Searcher.scratchBytes
    return { control, probe: control + LANE_BYTES, table: this.#table, scratch }
  }

  #control(lane: number): number {
    return RESERVED_BYTES + lane * (LANE_BYTES + PROBE_BYTES)
  }

  #write(pointer: number, contents: TemplateContents): void {
    try {
      writeRecord(this.#core, this.memory, pointer, contents)
    } catch (error) {
      throw isCoreFailure(error) ? coreFailed(error) : error
    }
  }

  /** Whether the memory has, or now has, so many bytes. */
  #reach(bytes: number): boolean {
    const present = this.memory.buffer.byteLength
    if (bytes <= present) return true
    const wanted = Math.min(this.#maxBytes, Math.max(bytes, present + LEAST_GROWTH_BYTES, present * 1.125))
    try {
      ensureBytes(this.memory, wanted)
      return true
    } catch {
      // The one thing that stops memory from growing is that the machine has no more: the caller reports it.
      return false
    }
  }
}
