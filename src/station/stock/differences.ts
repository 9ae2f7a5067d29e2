/** How two lists of pieces differ: a note and what came, the books and a count. */

import { canonical, joined, totalOf, without } from './ranges.js'
import { formatSerials } from './serials.js'
import type { SerialRange } from './types.js'

/** So many of a lot, or these serials of it. */
export interface NotedLine {
  readonly lot: string
  readonly quantity: number
  readonly serials?: readonly SerialRange[] | undefined
  /** Printed cards, not blanks. */
  readonly cards?: true | undefined
}

export interface Difference {
  readonly lot: string
  readonly before: number
  readonly after: number
  /** Serials that are in the first list and not in the second, and the other way round. */
  readonly missing: readonly SerialRange[]
  readonly more: readonly SerialRange[]
}

/** By lot, in the order of their names; lots of which both lists have the same are not named. */
export function differences(before: readonly NotedLine[], after: readonly NotedLine[]): Difference[] {
  const [a, b] = [byLot(before), byLot(after)]
  return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap(lot => {
    const [first, second] = [a.get(lot) ?? NOTHING, b.get(lot) ?? NOTHING]
    // Serials say more than numbers only where both lists have them.
    const bySerials = first !== NOTHING && second !== NOTHING ? first.bySerials && second.bySerials : true
    const missing = bySerials ? without(first.serials, second.serials) : []
    const more = bySerials ? without(second.serials, first.serials) : []
    const isSame = first.quantity === second.quantity && missing.length === 0 && more.length === 0
    return isSame ? [] : [{ lot, before: first.quantity, after: second.quantity, missing, more }]
  })
}

interface Pieces {
  quantity: number
  serials: SerialRange[]
  bySerials: boolean
}

const NOTHING: Pieces = { quantity: 0, serials: [], bySerials: true }

function byLot(lines: readonly NotedLine[]): Map<string, Pieces> {
  const all = new Map<string, Pieces>()
  for (const { lot, quantity, serials } of lines) {
    const ranges = serials?.map(canonical)
    const known = all.get(lot) ?? { quantity: 0, serials: [], bySerials: true }
    known.quantity += ranges === undefined ? quantity : totalOf(ranges)
    for (const range of ranges ?? []) known.serials.push(range)
    // A count of none says that there are no serials.
    known.bySerials &&= ranges !== undefined || quantity === 0
    all.set(lot, known)
  }
  return all
}

/** Most ranges that a discrepancy names. */
const MOST_NAMED = 20

/** Serials in few words. */
export function inShort(serials: readonly SerialRange[]): string {
  const all = joined(serials)
  const named = formatSerials(all.slice(0, MOST_NAMED))
  return all.length > MOST_NAMED ? `${named} and ${all.length - MOST_NAMED} more ranges` : named
}
