/**
 * The ways in which the fingers of two persons can belong together, and what each costs. A stranger is compared under all
 * of them, and the best is reported: by the union bound, with a share w of the false match rate set aside for each
 * (weighted Bonferroni: the shares add up to 1), P(some way has a rate of w a or less) <= a.
 *
 * - stated: fingers of equal stated position are compared, nothing else. Half of the rate, if there are such fingers.
 * - mirrored: right hand and left hand taken for each other as wholes.
 * - assigned, r agreeing: one of all full one-to-one assignments of which exactly r pairs agree with what is stated.
 *   A class for each r from as many as can be down to 0, so that two swapped fingers of ten (45 ways) are not charged for
 *   the 3,628,800 ways there are in all.
 *
 * What `stated` leaves is shared equally among the other classes, and inside a class among its assignments.
 */

import type { StatedPosition } from './types.js'

export interface Hypothesis {
  readonly kind: 'stated' | 'mirrored' | 'assigned'
  /** Pairs that agree with what is stated. */
  readonly agreeing: number
  /** Assignments of this kind. */
  readonly ways: number
  /** What is taken off the evidence, decibans: 10 log10 of (ways / share). */
  readonly costDecibans: number
}

const HAND = 5

/** The same finger of the other hand. */
export function mirrored(position: StatedPosition): StatedPosition {
  return position > HAND ? position - HAND : position + HAND
}

/** Whether two fingers are stated to be the same. */
export function agree(a: StatedPosition, b: StatedPosition): boolean {
  return a !== 0 && a === b
}

/** Whether two fingers are stated to be different. */
export function differ(a: StatedPosition, b: StatedPosition): boolean {
  return a !== 0 && b !== 0 && a !== b
}

/** What is considered for fingers of these stated positions; no known position occurs twice on one side. */
export function hypotheses(probe: readonly StatedPosition[], enrolled: readonly StatedPosition[]): Hypothesis[] {
  const size = Math.min(probe.length, enrolled.length)
  const stated = pairsBy(agree, probe, enrolled)
  const acrossHands = pairsBy((a, b) => a !== 0 && b === mirrored(a), probe, enrolled)
  const others: Pick<Hypothesis, 'kind' | 'agreeing' | 'ways'>[] = []
  if (acrossHands > 0) others.push({ kind: 'mirrored', agreeing: 0, ways: 1 })
  for (let agreeing = stated; agreeing >= 0; agreeing--) {
    // All pairs agree: that is what is stated.
    if (agreeing === size) continue
    const ways = assignmentsAgreeing(probe.length, enrolled.length, stated, agreeing)
    if (ways > 0) others.push({ kind: 'assigned', agreeing, ways })
  }
  const left = stated === 0 ? 1 : others.length === 0 ? 0 : 1 / 2
  const charged = others.map(each => ({ ...each, costDecibans: 10 * Math.log10((each.ways * others.length) / left) }))
  if (stated === 0) return charged
  return [{ kind: 'stated', agreeing: stated, ways: 1, costDecibans: -10 * Math.log10(1 - left) + 0 }, ...charged]
}

/**
 * Full one-to-one assignments of `rows` to `columns` fingers of which exactly `agreeing` pairs are among the `stated` ones:
 * inclusion and exclusion over the stated pairs that are kept (Riordan, "An introduction to combinatorial analysis",
 * chapter 7: rook polynomials).
 */
export function assignmentsAgreeing(rows: number, columns: number, stated: number, agreeing: number): number {
  const [fewer, more] = rows < columns ? [rows, columns] : [columns, rows]
  let count = 0
  for (let kept = agreeing; kept <= stated; kept++) {
    const sign = (kept - agreeing) % 2 === 0 ? 1 : -1
    // The other fewer - kept fingers go anywhere among more - kept.
    const free = factorial(more - kept) / factorial(more - fewer)
    count += sign * choose(kept, agreeing) * choose(stated, kept) * free
  }
  return count
}

function pairsBy(
  fits: (a: StatedPosition, b: StatedPosition) => boolean,
  probe: readonly StatedPosition[],
  enrolled: readonly StatedPosition[],
): number {
  return probe.filter(position => enrolled.some(other => fits(position, other))).length
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1)
}

function choose(n: number, k: number): number {
  return factorial(n) / (factorial(k) * factorial(n - k))
}
