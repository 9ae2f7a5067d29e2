import { SidikError } from '../errors.js'
import { UNIT_BYTES } from './allocator.js'
import { readHeader, setGeometry } from './records.js'
import type { MemoryHost } from './segment-indexes.js'
import { SlotSet } from './slot-set.js'

/**
 * Room for the geometric codes of records with learned ones. Such a record comes without, because few are ever compared by
 * anything but their learned codes; it gets the room, 20 bytes a minutia, before it is compared with a probe that has none
 * of its network. Workers make the codes.
 */
export class GeometryRoom {
  readonly #host: MemoryHost
  /** Slots whose records have no room, by the network that made their learned codes. */
  readonly #without = new Map<number, SlotSet>()

  constructor(host: MemoryHost) {
    this.#host = host
  }

  /** To be called before a slot is filled with a record (address) or emptied (0). */
  change(slot: number, pointer: number): void {
    this.#setOf(this.#pointerAt(slot))?.delete(slot)
    this.#setOf(pointer)?.add(slot)
  }

  /** Count of records without room that a probe of this network (0: of none) is compared with by geometric codes. */
  lacking(networkVersion: number): number {
    let count = 0
    for (const [version, { size }] of this.#without) if (version !== networkVersion) count += size
    return count
  }

  /**
   * Gives room to the `most` lowest of those records in slots below `end`. Their slots; none when no room is lacking.
   *
   * @throws SidikError GALLERY_FULL
   */
  give(networkVersion: number, end: number, most: number): Uint32Array {
    const slots: number[] = []
    for (const [version, without] of this.#without) {
      if (version === networkVersion) continue
      for (let slot = without.lowest(end); slot !== undefined && slots.length < most; slot = without.lowest(end)) {
        this.#giveAt(slot, without)
        slots.push(slot)
      }
    }
    return Uint32Array.from(slots)
  }

  /** Gives room to the record in one slot, if there is one that a probe of this network needs it of. Throws as {@link give}. */
  giveAt(networkVersion: number, slot: number): void {
    const pointer = this.#pointerAt(slot)
    const without = this.#setOf(pointer)
    if (without === undefined || this.#header(pointer).networkVersion === networkVersion) return
    this.#giveAt(slot, without)
  }

  #giveAt(slot: number, without: SlotSet): void {
    const pointer = this.#pointerAt(slot)
    const geometry = this.#host.take(this.#host.core.geometryBytes(this.#header(pointer).count))
    if (geometry === undefined) {
      const message = 'no room for the geometric codes that this probe is compared by: ask for more by maxBytes'
      throw new SidikError('GALLERY_FULL', message)
    }
    if (geometry > 0) setGeometry(this.#host.views().data, pointer, geometry)
    without.delete(slot)
  }

  /** The set that the slot of this record is in; undefined for no record, and for one that has the room. */
  #setOf(pointer: number): SlotSet | undefined {
    if (pointer === 0) return undefined
    const { networkVersion, geometry } = this.#header(pointer)
    if (networkVersion === 0 || geometry > 0) return undefined
    const slots = this.#without.get(networkVersion) ?? new SlotSet()
    this.#without.set(networkVersion, slots)
    return slots
  }

  #pointerAt(slot: number): number {
    return this.#host.slots[slot] * UNIT_BYTES
  }

  #header(pointer: number) {
    return readHeader(this.#host.views().data, pointer)
  }
}
