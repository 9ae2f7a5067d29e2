import { type Account, SOURCES } from '../../station/stock/types.js'
import type { BoxLine } from './plan-types.js'

/** Pieces of a lot, as entries name them. */
export type Pieces = Pick<BoxLine, 'lot' | 'quantity' | 'serials'>

/** A lot as the people of a station know it: what they did with its pieces, in plain counters, and what lies on the shelf. */
export interface KnownLot {
  /** As the paper said, without pieces. */
  readonly kind: Omit<BoxLine, 'quantity' | 'serials'>
  /** Of its serials; undefined where its pieces have none. */
  readonly serials: { readonly prefix: string; readonly digits: number } | undefined
  /** By account, each counted from 0 up. */
  readonly accounts: Partial<Record<Account, number>>
  /** Pieces that lie in the store: serials, or any numbers where there are none. */
  readonly shelf: Set<number>
  /** Pieces that are gone without anybody having noticed. */
  readonly vanished: Set<number>
}

/** The store of a station, kept by the simulation apart from the station's books. */
export class Store {
  readonly lots = new Map<string, KnownLot>()
  #unnumbered = 0

  /** Takes pieces in that came with a line: those named by serials, or so many. @returns the pieces */
  receive(line: BoxLine): number[] {
    const { quantity, serials, ...kind } = line
    const pieces = serials?.flatMap(({ first, last }) => numbersFrom(first, last - first + 1))
    const put = pieces ?? numbersFrom(this.#unnumbered + 1, quantity)
    if (pieces === undefined) this.#unnumbered += quantity
    const lot = this.lots.get(line.lot) ?? {
      kind,
      serials: seriesOf(serials),
      accounts: {},
      shelf: new Set(),
      vanished: new Set(),
    }
    this.lots.set(line.lot, lot)
    for (const piece of put) lot.shelf.add(piece)
    this.move(line.lot, 'received', 'available', put.length)
    return put
  }

  move(lot: string, from: Account, to: Account, quantity = 1): void {
    const { accounts } = this.lot(lot)
    // What came in is counted up, what it became too: the books have it with a sign.
    accounts[from] = (accounts[from] ?? 0) + (SOURCES.includes(from) ? quantity : -quantity)
    accounts[to] = (accounts[to] ?? 0) + quantity
  }

  lot(id: string): KnownLot {
    const lot = this.lots.get(id)
    if (lot === undefined) throw new TypeError(`the simulation knows no lot ${id}`)
    return lot
  }

  /** Lots of an item of which something lies there, those with most first. */
  stocked(item: string): [id: string, lot: KnownLot][] {
    return [...this.lots]
      .filter(([, { kind, shelf }]) => kind.item === item && shelf.size > 0)
      .sort(([a, { shelf: first }], [b, { shelf: second }]) => second.size - first.size || (a < b ? -1 : 1))
  }

  count(item: string): number {
    return this.stocked(item).reduce((sum, [, { shelf }]) => sum + shelf.size, 0)
  }

  /** The highest pieces of a lot that lie there, so many at most: the lowest are printed first. */
  highest(id: string, most: number): number[] {
    return [...this.lot(id).shelf].sort((a, b) => b - a).slice(0, most)
  }

  /** Pieces as a line of an entry names them. */
  line(id: string, pieces: readonly number[]): Pieces {
    const { serials } = this.lot(id)
    if (serials === undefined) return { lot: id, quantity: pieces.length }
    return { lot: id, quantity: pieces.length, serials: rangesOf(pieces).map(range => ({ ...serials, ...range })) }
  }

  take(id: string, pieces: readonly number[]): void {
    const { shelf } = this.lot(id)
    for (const piece of pieces) shelf.delete(piece)
  }
}

const seriesOf = (serials: BoxLine['serials']) => serials?.map(({ prefix, digits }) => ({ prefix, digits }))[0]

export const numbersFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i)

function rangesOf(numbers: readonly number[]): { first: number; last: number }[] {
  const ranges: { first: number; last: number }[] = []
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const before = ranges.at(-1)
    if (before?.last === number - 1) before.last = number
    else ranges.push({ first: number, last: number })
  }
  return ranges
}
