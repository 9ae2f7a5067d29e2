/** From the scores of finger pairs to the score of two persons. */

import { DECIBANS_PER_NAT } from '../score.js'
import { type Assignment, bestAssignments } from './assign.js'
import { combinedDecibans } from './fisher.js'
import { agree, differ, type Hypothesis, hypotheses, mirrored } from './hypotheses.js'
import type { StatedPosition } from './types.js'

/**
 * Decibans taken off every finger's score before they are added. A sum over ten fingers multiplies whatever single scores
 * lie above their calibration, and fingers of two persons are not quite independent: with nothing taken off, sums of ten fingers
 * of two rolled cards reached 30 a hundred times as often as stated. With 5, sums of 1, 2, 4 and 10 fingers hold in every
 * class of real prints that was counted (docs/persons.md). Mates score 40 to 115.
 */
export const STRANGERS_ABOVE_DECIBANS = 5

/** A pair of fingers under the best hypothesis. */
export interface FusedPair {
  /** Index among the probe's, and among the enrolled person's fingers as given. */
  readonly probe: number
  readonly enrolled: number
  /** Decibans of this pair alone. */
  readonly score: number
  /** Whether the two were stated to be different fingers. */
  readonly swapped: boolean
}

export interface Fusion {
  /** -10 log10 of the false match rate of two persons, corrected for all ways in which their fingers could pair up. */
  readonly score: number
  /** The way that gave it; undefined when no pair was compared. */
  readonly kind: Hypothesis['kind'] | undefined
  readonly pairs: readonly FusedPair[]
}

/**
 * Two persons' fingers by the best of all {@link hypotheses}. A pair that was not compared is undefined: hypotheses that
 * need it are left out, which can only lower the score.
 *
 * @param scores of each probe finger (row) against each enrolled one (column), decibans
 */
export function fuse(
  probe: readonly StatedPosition[],
  enrolled: readonly StatedPosition[],
  scores: readonly (readonly (number | undefined)[])[],
): Fusion {
  // In an order of their own, so that equal totals are told apart the same way in whatever order the fingers came.
  const order = probe.map((_, i) => i).sort((a, b) => probe[a] - probe[b] || compareRows(scores[a], scores[b]))
  const positions = order.map(i => probe[i])
  const rows = order.map(i => scores[i])
  const whole = rows.every(row => row.every(score => score !== undefined))
  const assigned = whole ? assignments(positions, enrolled, rows as number[][]) : []
  let best: { score: number; kind: Hypothesis['kind']; columns: readonly number[] } | undefined
  for (const { kind, agreeing, costDecibans } of hypotheses(positions, enrolled)) {
    const columns = kind === 'assigned' ? assigned[agreeing]?.columns : columnsBy(kind, positions, enrolled)
    if (columns === undefined) continue
    const found = columns.flatMap((column, row) => (column < 0 ? [] : [rows[row][column]]))
    if (found.some(score => score === undefined)) continue
    const nats = evidenceOf(found as number[])
    const score = Math.max(0, combinedDecibans(found.length, nats) - costDecibans)
    if (best === undefined || score > best.score) best = { score, kind, columns }
  }
  if (best === undefined) return { score: 0, kind: undefined, pairs: [] }
  const pairs = best.columns.flatMap((column, row) => {
    if (column < 0) return []
    const swapped = differ(positions[row], enrolled[column])
    return [{ probe: order[row], enrolled: column, score: rows[row][column]!, swapped }]
  })
  return { score: best.score, kind: best.kind, pairs: pairs.sort((a, b) => a.probe - b.probe) }
}

/** Evidence of one comparison, in nats: what the score says beyond what strangers' scores lie above their calibration. */
export function natsOf(score: number): number {
  return Math.max(0, score - STRANGERS_ABOVE_DECIBANS) / DECIBANS_PER_NAT
}

/** Evidence of several comparisons together, in nats. */
export function evidenceOf(scores: readonly number[]): number {
  return scores.reduce((sum, score) => sum + natsOf(score), 0)
}

function assignments(
  probe: readonly StatedPosition[],
  enrolled: readonly StatedPosition[],
  scores: readonly (readonly number[])[],
): (Assignment | undefined)[] {
  const evidence = scores.map(row => row.map(natsOf))
  return bestAssignments(evidence, (row, column) => agree(probe[row], enrolled[column]))
}

function columnsBy(
  kind: 'stated' | 'mirrored',
  probe: readonly StatedPosition[],
  enrolled: readonly StatedPosition[],
): number[] {
  return probe.map(position => {
    if (position === 0) return -1
    return enrolled.indexOf(kind === 'stated' ? position : mirrored(position))
  })
}

function compareRows(a: readonly (number | undefined)[], b: readonly (number | undefined)[]): number {
  const at = a.findIndex((score, i) => score !== b[i])
  return at < 0 ? 0 : (a[at] ?? -1) - (b[at] ?? -1)
}
