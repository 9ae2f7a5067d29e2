/** Which fingers the persons of a gallery have: who was enrolled with two is found by these alone. */
import { decodeFingers } from './template-ids.js'
import type { StatedPosition } from './types.js'

/** A bit for each position. */
const ALL = 0b11_1111_1111

/** Lists that are kept in mind. */
const MOST_LISTS = 4_096

export class FingerSets {
  /** Persons by the positions of their templates; one whose position is unknown may be any. */
  readonly #counts = new Map<number, number>()
  #persons = 0
  /** Positions by the list that a person's templates have in their ids: most have one of a few. */
  readonly #read = new Map<string, number>()

  /** @param list as `encodeFingers` makes it */
  add(list: string): void {
    this.#change(list, 1)
  }

  remove(list: string): void {
    this.#change(list, -1)
  }

  /**
   * Share of the persons that come through no screen, where each of these fingers misses so many of
   * those who have it.
   *
   * @param screened with the share that each misses; position 0: it may be any finger
   */
  share(screened: readonly { readonly position: StatedPosition; readonly misses: number }[]): number {
    if (this.#persons === 0) return screened.reduce((share, { misses }) => share * misses, 1)
    let missed = 0
    for (const [positions, count] of this.#counts) {
      const its = screened.filter(({ position }) => position === 0 || (positions & bit(position)) !== 0)
      missed += count * its.reduce((share, { misses }) => share * misses, 1)
    }
    return missed / this.#persons
  }

  #change(list: string, by: 1 | -1): void {
    const positions = this.#positionsOf(list)
    const count = (this.#counts.get(positions) ?? 0) + by
    if (count > 0) this.#counts.set(positions, count)
    else this.#counts.delete(positions)
    this.#persons += by
  }

  #positionsOf(list: string): number {
    const known = this.#read.get(list)
    if (known !== undefined) return known
    const present = decodeFingers(list).filter(({ missing }) => missing === undefined)
    const isUnknown = present.some(({ position }) => position === 0)
    const positions = isUnknown ? ALL : present.reduce((bits, { position }) => bits | bit(position), 0)
    if (this.#read.size >= MOST_LISTS) this.#read.clear()
    this.#read.set(list, positions)
    return positions
  }
}

const bit = (position: StatedPosition) => 1 << (position - 1)
