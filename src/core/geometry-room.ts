import { SidikError } from '../errors.js'
import { UNIT_BYTES } from './allocator.js'
import { readHeader, setGeometry } from './records.js'
import type { MemoryHost } from './segment-indexes.js'
import { SlotSet } from './slot-set.js'

/**
 * Room for the geometric codes of records with learned ones. Such a record comes without, because
 * few are ever compared by anything but their learned codes; it gets the room, 20 bytes a minutia,
 * before it is compared with a probe that has none of its network. Workers make the codes.
 */
export class GeometryRoom {
  readonly #host: MemoryHost
  /** Records that have no room, by the network that made their learned codes. */
  readonly #without = new Map<number, Without>()

  constructor(host: MemoryHost) {
    this.#host = host
  }

  /** To be called before a slot is filled with a record (address) or emptied (0). */
  change(slot: number, pointer: number): void {
    const former = this.#pointerAt(slot)
    this.#withoutOf(former)?.delete(slot, this.#bytesOf(former))
    this.#withoutOf(pointer)?.add(slot, this.#bytesOf(pointer))
  }

  /** Count of records without room that a probe of this network (0: of none) is compared with by geometric codes. */
  lacking(networkVersion: number): number {
    return this.#othersThan(networkVersion).reduce((count, { slots }) => count + slots.size, 0)
  }

  /**
   * To be called before room is given to all of those: a memory that ran full in the middle would
   * take no template any more.
   *
   * @throws SidikError GALLERY_FULL when there is no room for all of them, beside the indexes
   */
  assertRoom(networkVersion: number): void {
    const bytes = this.#othersThan(networkVersion).reduce((sum, without) => sum + without.bytes, 0)
    if (bytes > 0 && !this.#host.fits(bytes)) throw noRoom()
  }

  /**
   * Gives room to the `most` lowest of those records in slots below `end`. Their slots; none when no room is lacking.
   *
   * @throws SidikError GALLERY_FULL
   */
  give(networkVersion: number, end: number, most: number): Uint32Array {
    const slots: number[] = []
    for (const without of this.#othersThan(networkVersion)) {
      while (slots.length < most) {
        const slot = without.slots.lowest(end)
        if (slot === undefined) break
        this.#giveAt(slot, without)
        slots.push(slot)
      }
    }
    return Uint32Array.from(slots)
  }

  /**
   * Gives room to the record in one slot, if there is one that a probe of this network needs it of.
   * Throws as {@link give}.
   */
  giveAt(networkVersion: number, slot: number): void {
    const pointer = this.#pointerAt(slot)
    const without = this.#withoutOf(pointer)
    if (without === undefined || this.#header(pointer).networkVersion === networkVersion) return
    if (!this.#host.fits(this.#bytesOf(pointer))) throw noRoom()
    this.#giveAt(slot, without)
  }

  #giveAt(slot: number, without: Without): void {
    const pointer = this.#pointerAt(slot)
    const bytes = this.#bytesOf(pointer)
    const geometry = this.#host.take(bytes)
    if (geometry === undefined) throw noRoom()
    if (geometry > 0) setGeometry(this.#host.views().data, pointer, geometry)
    without.delete(slot, bytes)
  }

  #othersThan(networkVersion: number): Without[] {
    return [...this.#without].flatMap(([version, without]) => (version === networkVersion ? [] : [without]))
  }

  /** What this record is part of; undefined for no record, and for one that has the room. */
  #withoutOf(pointer: number): Without | undefined {
    if (pointer === 0) return undefined
    const { networkVersion, geometry } = this.#header(pointer)
    if (networkVersion === 0 || geometry > 0) return undefined
    const without = this.#without.get(networkVersion) ?? new Without()
    this.#without.set(networkVersion, without)
    return without
  }

  /** Bytes of the room for a record's codes. */
  #bytesOf(pointer: number): number {
    return pointer === 0 ? 0 : this.#host.core.geometryBytes(this.#header(pointer).count)
  }

  #pointerAt(slot: number): number {
    return this.#host.slots[slot] * UNIT_BYTES
  }

  #header(pointer: number) {
    return readHeader(this.#host.views().data, pointer)
  }
}

/** The records of one network without room, and the bytes that they would take. */
class Without {
  readonly slots = new SlotSet()
  bytes = 0

  add(slot: number, bytes: number): void {
    this.slots.add(slot)
    this.bytes += bytes
  }

  delete(slot: number, bytes: number): void {
    this.slots.delete(slot)
    this.bytes -= bytes
  }
}

function noRoom(): SidikError {
  const message = 'no room for the geometric codes that this probe is compared by: ask for more by maxBytes'
  return new SidikError('GALLERY_FULL', message)
}
