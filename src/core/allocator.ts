/** Sizes are multiples of this, as a record's pointer is (assembly/memory.ts). */
export const UNIT_BYTES = 16

/** Free pieces of fewer units have a bin for each size: all records and their geometric codes are smaller. */
const SMALL_UNITS = 1_024

/** Bins for each doubling of the size beyond that. */
const BINS_PER_DOUBLING = 16

/** Enough for 2^28 units, all that 32-bit addresses reach; a multiple of 32. */
const BINS = SMALL_UNITS + 19 * BINS_PER_DOUBLING + 16

/** Pieces of the request's own bin that are looked at: larger bins hold none that is too small. */
const MOST_LOOKED_AT = 64

/** Addresses that nobody has, between two pieces that somebody has. */
interface FreePiece {
  address: number
  units: number
  /** Its place in its bin. */
  at: number
}

/**
 * Hands out pieces of an address range and takes them back: the smallest free piece that fits, within a sixteenth of
 * its size; else the addresses that were never handed out. A piece that is given back merges with free neighbours, so
 * that what is free can be used for any size. Numbers only: what lies at the addresses is the caller's.
 *
 * Free pieces are kept in bins by size (segregated fit; Wilson et al., Dynamic Storage Allocation, 1995, section 3.6):
 * taking and giving look at a bounded number of pieces, however many are free.
 */
export class Allocator {
  readonly #end: number
  readonly #bins: FreePiece[][] = Array.from({ length: BINS }, () => [])
  /** A bit a bin, set where it holds a piece. */
  readonly #filled = new Uint32Array(BINS / 32)
  /** Free pieces by their first address, and by the address after their last. */
  readonly #starting = new AddressMap()
  readonly #ending = new AddressMap()
  #next: number
  #usedBytes = 0

  /** The range from `first` to before `end`, both multiples of {@link UNIT_BYTES}. */
  constructor(first: number, end: number) {
    this.#next = first
    this.#end = end
  }

  /** Bytes handed out and not taken back. */
  get usedBytes(): number {
    return this.#usedBytes
  }

  /** All addresses from here on are free. */
  get next(): number {
    return this.#next
  }

  /** Count of free pieces below {@link next}. */
  get freePieces(): number {
    return this.#starting.size
  }

  /** The address of `bytes` bytes, at least 1, or undefined when there is no room. */
  take(bytes: number): number | undefined {
    const units = Math.ceil(bytes / UNIT_BYTES)
    const address = this.#takeFree(units) ?? this.#takeUnused(units)
    if (address !== undefined) this.#usedBytes += units * UNIT_BYTES
    return address
  }

  /** Takes back `bytes` bytes that {@link take} handed out at `address`. */
  give(address: number, bytes: number): void {
    const units = Math.ceil(bytes / UNIT_BYTES)
    this.#usedBytes -= units * UNIT_BYTES
    const before = this.#ending.get(address)
    const after = this.#starting.get(address + units * UNIT_BYTES)
    if (before) this.#remove(before)
    if (after) this.#remove(after)
    const first = before?.address ?? address
    const merged = (before?.units ?? 0) + units + (after?.units ?? 0)
    if (first + merged * UNIT_BYTES === this.#next) this.#next = first
    else this.#add(first, merged)
  }

  #takeFree(units: number): number | undefined {
    const own = binOf(units)
    const piece = bestOf(this.#bins[own], units) ?? this.#firstFrom(own + 1)
    if (piece === undefined) return undefined
    this.#remove(piece)
    if (piece.units > units) this.#add(piece.address + units * UNIT_BYTES, piece.units - units)
    return piece.address
  }

  /** The last piece of the first bin from `bin` on that holds any. */
  #firstFrom(bin: number): FreePiece | undefined {
    let word = bin >>> 5
    let bits = this.#filled[word] & (-1 << (bin & 31))
    while (bits === 0) {
      if (++word === this.#filled.length) return undefined
      bits = this.#filled[word]
    }
    const lowest = 31 - Math.clz32(bits & -bits)
    return this.#bins[32 * word + lowest].at(-1)
  }

  #takeUnused(units: number): number | undefined {
    const address = this.#next
    if (address + units * UNIT_BYTES > this.#end) return undefined
    this.#next += units * UNIT_BYTES
    return address
  }

  #add(address: number, units: number): void {
    const bin = binOf(units)
    const piece = { address, units, at: this.#bins[bin].length }
    this.#bins[bin].push(piece)
    this.#filled[bin >>> 5] |= 1 << (bin & 31)
    this.#starting.set(address, piece)
    this.#ending.set(address + units * UNIT_BYTES, piece)
  }

  #remove(piece: FreePiece): void {
    const number = binOf(piece.units)
    const bin = this.#bins[number]
    const last = bin.pop()!
    if (last !== piece) {
      bin[piece.at] = last
      last.at = piece.at
    }
    if (bin.length === 0) this.#filled[number >>> 5] &= ~(1 << (number & 31))
    this.#starting.delete(piece.address)
    this.#ending.delete(piece.address + piece.units * UNIT_BYTES)
  }
}

/** Bytes of addresses that share a map. */
const REGION_BYTES = 2 ** 20

/** Pieces by address, in a map for each region: one map of all stops for 0.1 s when half a million make it grow. */
class AddressMap {
  readonly #regions: (Map<number, FreePiece> | undefined)[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  get(address: number): FreePiece | undefined {
    return this.#regions[Math.floor(address / REGION_BYTES)]?.get(address)
  }

  set(address: number, piece: FreePiece): void {
    const region = Math.floor(address / REGION_BYTES)
    const pieces = this.#regions[region] ?? new Map<number, FreePiece>()
    this.#regions[region] = pieces
    pieces.set(address, piece)
    this.#size++
  }

  delete(address: number): void {
    if (this.#regions[Math.floor(address / REGION_BYTES)]?.delete(address)) this.#size--
  }
}

/** The number of the bin for pieces of so many units; larger pieces have the same or a larger number. */
function binOf(units: number): number {
  if (units < SMALL_UNITS) return units
  const doublings = Math.floor(Math.log2(units / SMALL_UNITS))
  const within = Math.floor((units / (SMALL_UNITS * 2 ** doublings) - 1) * BINS_PER_DOUBLING)
  return SMALL_UNITS + doublings * BINS_PER_DOUBLING + within
}

/** The smallest piece of at least `units` among those of a bin that were freed last. */
function bestOf(bin: readonly FreePiece[], units: number): FreePiece | undefined {
  let best: FreePiece | undefined
  for (let i = bin.length - 1; i >= Math.max(0, bin.length - MOST_LOOKED_AT); i--) {
    if (bin[i].units >= units && (best === undefined || bin[i].units < best.units)) best = bin[i]
    if (best?.units === units) break
  }
  return best
}
