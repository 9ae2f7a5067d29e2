import { SidikError } from '../errors.js'
import { MAX_MINUTIAE } from '../template/minutia-codes.js'
import { MAX_TEMPLATE_BYTES } from '../template/native-layout.js'
import { hasGeometry, type TemplateParts } from '../template/native-parts.js'
import type { ComparedCodes, Template, TemplateContents } from '../types.js'
import { UNIT_BYTES } from './allocator.js'
import { type CoreMemory, type CoreModule, coreFailed, isCoreFailure } from './compile.js'
import { GeometryRoom } from './geometry-room.js'
import { type CoreExports, createMemory, instantiateCore, RESERVED_BYTES } from './instance.js'
import {
  checkPlaces,
  copyTemplateAt,
  keepsAll,
  partsBytes,
  readHeader,
  readTemplateAt,
  writeParts,
  writeRecord,
} from './records.js'
import { Room } from './room.js'
import { LANE_BYTES, SearchLane } from './search-lane.js'
import { Searcher } from './searcher.js'
import { type IndexPlan, SegmentIndexes } from './segment-indexes.js'

/**
 * One memory of a gallery, shared with the workers:
 *
 *     RESERVED_BYTES   the compiler's page
 *     lanes            a search's words and its probes, LANES times
 *     scratch          of one worker each
 *     staging          the template that is being added
 *     slot table       u32 a slot: record pointer >> 4, or 0 for an empty slot
 *     records          one a template (assembly/memory-record.ts), and geometric codes of those that need them
 *
 * The table is laid out for the most slots there can be: pages that nobody touches take address space only.
 */

/** Searches that run at once; more wait. Enough to keep every worker busy while one search hands over to the next. */
export const LANES = 8

/** Most slots of a memory: 2^32 bytes hold about as many records of 40 minutiae (976 bytes). */
export const MOST_SLOTS = 4_194_304

/** With less memory, fewer slots: a record of so many bytes has two minutiae. */
const SMALL_RECORD_BYTES = 64

const SLOT_BYTES = 4

/** Probes that a lane has room for: a person's fingers are compared together. */
export const PROBES = 10

/** Room for a probe: a record of 255 minutiae with both kinds of codes takes 11,008 bytes. */
const PROBE_BYTES = 11_008

/** A lane and its probes. */
const STRIDE_BYTES = LANE_BYTES + PROBES * PROBE_BYTES

/** Where a worker finds things, in bytes from the start of the memory. */
export interface SearchPointers {
  readonly control: number
  /** The lane's first. */
  readonly probe: number
  readonly table: number
  readonly scratch: number
}

export class GalleryMemory {
  /** Unlike that of any other memory of the engine: workers know it by this. */
  readonly id: number
  readonly memory: CoreMemory
  /** Most slots there can be. */
  readonly maxSlots: number
  readonly #scratch: number
  readonly #staging: number
  readonly #table: number
  readonly #slots: Uint32Array
  readonly #room: Room
  readonly #core: CoreExports
  readonly #indexes: SegmentIndexes
  /** Room for geometric codes, for records that came without. */
  readonly geometry: GeometryRoom
  /** What the indexes take grows with these. */
  #records = 0
  #learnedCodes = 0

  /** @throws SidikError GALLERY_FULL when the machine has no such address space, or it holds not even the work areas */
  constructor(id: number, module: CoreModule, maxBytes: number, threads: number) {
    this.id = id
    this.maxSlots = Math.min(MOST_SLOTS, Math.floor(maxBytes / SMALL_RECORD_BYTES))
    this.#scratch = RESERVED_BYTES + LANES * STRIDE_BYTES
    this.#staging = this.#scratch + threads * Searcher.scratchBytes
    this.#table = this.#staging + MAX_TEMPLATE_BYTES
    const records = Math.ceil((this.#table + this.maxSlots * SLOT_BYTES) / UNIT_BYTES) * UNIT_BYTES
    if (records >= maxBytes) {
      throw new SidikError('GALLERY_FULL', `${maxBytes} bytes hold no gallery: its work areas alone take ${records}`)
    }
    try {
      this.memory = createMemory(records - RESERVED_BYTES, maxBytes - RESERVED_BYTES)
    } catch (cause) {
      const message = `no address space for a gallery's memory of up to ${maxBytes} bytes: ask for less by maxBytes`
      throw new SidikError('GALLERY_FULL', message, { cause })
    }
    this.#slots = new Uint32Array(this.memory.buffer, this.#table, this.maxSlots)
    this.#core = instantiateCore(module, this.memory)
    this.#room = new Room(this.memory, records, maxBytes)
    const host = {
      core: this.#core,
      memory: this.memory,
      views: () => this.#room.views,
      slots: this.#slots,
      fits: (bytes: number) => this.#recordsWith(0) + bytes <= this.#room.bytes,
      take: (bytes: number) => this.#room.take(bytes),
      give: (pointer: number, bytes: number) => this.#room.give(pointer, bytes),
    }
    this.#indexes = new SegmentIndexes(host)
    this.geometry = new GeometryRoom(host)
    if (this.#core.recordBytes(MAX_MINUTIAE, true, 0) + this.#core.geometryBytes(MAX_MINUTIAE) > PROBE_BYTES) {
      throw new SidikError('CORE_MISSING', `the core's records take more than the ${PROBE_BYTES} bytes of a probe`)
    }
  }

  /** Bytes of the records and indexes in use. */
  get usedBytes(): number {
    return this.#room.usedBytes
  }

  /** Addresses to which records will be written next: see {@link Room.unused}. */
  unused(bytes: number): { readonly first: number; readonly last: number } {
    return this.#room.unused(bytes)
  }

  /** Makes room for a segment's index, as {@link SegmentIndexes.plan} says; a worker then builds it. */
  planIndex(segment: number, alone: boolean): IndexPlan | undefined {
    return this.#indexes.plan(segment, alone)
  }

  /** Makes searches use an index that was built. The former's room is given back by the function that is returned. */
  publishIndex(plan: IndexPlan): () => void {
    const { pointer, bytes } = this.#indexes.publish(plan)
    return () => {
      if (pointer > 0) this.#room.give(pointer, bytes)
    }
  }

  abandonIndex(plan: IndexPlan): void {
    this.#indexes.abandon(plan)
  }

  /** Segments that should be indexed (anew). */
  get lackingIndexes(): number[] {
    return this.#indexes.lacking
  }

  /** Address of each segment's index, 0 where there is none. */
  get indexPointers(): number[] {
    return this.#indexes.pointers
  }

  /**
   * Writes a template as a record, which no search sees until its slot is set. Undefined when there
   * is no room. One that has learned codes gets room for geometric ones only when they are needed
   * ({@link GeometryRoom}).
   *
   * @throws RangeError for a position beyond 32,767 px
   */
  addRecord(parts: TemplateParts): number | undefined {
    checkPlaces(parts)
    const learned = parts.networkVersion > 0 ? parts.count : 0
    if (this.#recordsWith(learned) + partsBytes(this.#core, parts) > this.#room.bytes) return undefined
    const pointer = this.#room.take(partsBytes(this.#core, parts))
    if (pointer === undefined) return undefined
    const needsGeometry = parts.networkVersion === 0 || hasGeometry(parts)
    const geometry = needsGeometry ? this.#room.take(this.#core.geometryBytes(parts.count)) : 0
    if (geometry === undefined) {
      this.#room.give(pointer, partsBytes(this.#core, parts))
      return undefined
    }
    writeParts(this.#core, this.#room.views, this.#staging, pointer, geometry, parts)
    this.#records++
    this.#learnedCodes += learned
    return pointer
  }

  /** Whether {@link template} gives back all of the template. */
  keepsAll(parts: TemplateParts): boolean {
    return keepsAll(this.#core, parts)
  }

  /** A copy of the template in a record that was added. */
  template(pointer: number): Template {
    return readTemplateAt(this.#core, this.#room.views, pointer)
  }

  /** The same into `target` from `offset` on. Returns how many bytes it has. */
  copyTemplate(pointer: number, target: Uint8Array, offset: number): number {
    return copyTemplateAt(this.#core, this.#room.views, pointer, target, offset)
  }

  removeRecord(pointer: number): void {
    const { bytes, count, networkVersion, geometry } = readHeader(this.#room.views.data, pointer)
    this.#room.give(pointer, bytes)
    if (geometry > 0) this.#room.give(geometry, this.#core.geometryBytes(count))
    this.#records--
    if (networkVersion > 0) this.#learnedCodes -= count
  }

  /** Makes searches see the record in this slot; pointer 0 empties it. */
  setSlot(slot: number, pointer: number): void {
    this.#indexes.change(slot, pointer)
    this.geometry.change(slot, pointer)
    // An atomic store comes after the plain ones that wrote the record.
    Atomics.store(this.#slots, slot, pointer / UNIT_BYTES)
  }

  /** Of the record in this slot; 0 when it is empty. */
  pointerAt(slot: number): number {
    return this.#slots[slot] * UNIT_BYTES
  }

  lane(index: number): SearchLane {
    return new SearchLane(this.memory, this.#control(index))
  }

  /** Writes the first probe at a lane, or another, below {@link PROBES}. */
  writeProbe(lane: number, probe: TemplateContents, index = 0): void {
    try {
      writeRecord(this.#core, this.memory, this.probeAt(lane, index), probe)
    } catch (error) {
      throw isCoreFailure(error) ? coreFailed(error) : error
    }
  }

  /** Address of a probe that was written. */
  probeAt(lane: number, index: number): number {
    return this.#control(lane) + LANE_BYTES + index * PROBE_BYTES
  }

  /** By what the probe at an address is compared with the record at `pointer`. */
  comparedCodes(probe: number, pointer: number): ComparedCodes {
    return this.#core.shareNetwork(probe, pointer) ? 'learned' : 'geometric'
  }

  /** For the worker that has scratch area `seat`, 0 to `threads` - 1, in the search at `lane`. */
  pointers(lane: number, seat: number): SearchPointers {
    const control = this.#control(lane)
    const scratch = this.#scratch + seat * Searcher.scratchBytes
    return { control, probe: this.probeAt(lane, 0), table: this.#table, scratch }
  }

  #control(lane: number): number {
    return RESERVED_BYTES + lane * STRIDE_BYTES
  }

  /** Bytes of the records, and of the indexes that there would be with so many learned codes more. */
  #recordsWith(learnedCodes: number): number {
    // One more than there are: records that were removed may have left slots between.
    const segments = 1 + Math.ceil(this.#records / this.#indexes.slotsPerSegment)
    const indexes = this.#core.indexBytes(this.#learnedCodes + learnedCodes) + segments * this.#core.indexBytes(0)
    return this.#room.usedBytes - this.#indexes.bytes + indexes
  }
}
