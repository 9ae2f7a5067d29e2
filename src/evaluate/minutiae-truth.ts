import type { Minutia } from '../types.js'

export interface AgreementTolerance {
  /** Pixels at 500 ppi; 8 when absent: about one ridge period (9 px, 0.46 mm). */
  readonly distancePx?: number
  /** Radians; pi/12 (15 degrees) when absent. */
  readonly directionRad?: number
}

export interface MinutiaeAgreement {
  /** Pairs of a found and a true minutia. */
  readonly matched: number
  /** Share of the true minutiae that were found; 1 when there are none to find. */
  readonly recall: number
  /** Share of the found minutiae that are true; 1 when none was found. */
  readonly precision: number
  /** Share of the pairs whose types are equal; null without pairs. The type is not needed to pair. */
  readonly typeAgreement: number | null
}

/**
 * Compares found minutiae with the true ones, both in the same frame. A found and a true minutia can pair when they are
 * at most `distancePx` apart and their directions differ by at most `directionRad`; each pairs once, the closest first
 * (greedy: what is nearest belongs together, even where another assignment would yield one pair more). The order of the
 * lists does not matter, but for pairs equal in both distance and direction.
 *
 * @throws RangeError when a tolerance is negative or not a number
 */
export function minutiaeAgreement(
  found: readonly Minutia[],
  truth: readonly Minutia[],
  tolerance: AgreementTolerance = {},
): MinutiaeAgreement {
  const { distancePx = 8, directionRad = Math.PI / 12 } = tolerance
  checkTolerance('distancePx', distancePx)
  checkTolerance('directionRad', directionRad)
  const foundTaken = new Set<number>()
  const truthTaken = new Set<number>()
  let sameType = 0
  for (const { f, t } of possiblePairs(found, truth, distancePx, directionRad)) {
    if (foundTaken.has(f) || truthTaken.has(t)) continue
    foundTaken.add(f)
    truthTaken.add(t)
    if (found[f].type === truth[t].type) sameType++
  }
  const matched = foundTaken.size
  return {
    matched,
    recall: truth.length === 0 ? 1 : matched / truth.length,
    precision: found.length === 0 ? 1 : matched / found.length,
    typeAgreement: matched === 0 ? null : sameType / matched,
  }
}

/** Closest first; of equal distance, the more alike in direction. */
function possiblePairs(found: readonly Minutia[], truth: readonly Minutia[], distancePx: number, directionRad: number) {
  const pairs: { f: number; t: number; apartPx: number; turnedRad: number }[] = []
  found.forEach((a, f) => {
    truth.forEach((b, t) => {
      const apartPx = Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx)
      const turnedRad = directionDifference(a.directionRad, b.directionRad)
      if (apartPx <= distancePx && turnedRad <= directionRad) pairs.push({ f, t, apartPx, turnedRad })
    })
  })
  return pairs.sort((a, b) => a.apartPx - b.apartPx || a.turnedRad - b.turnedRad)
}

/** 0 to pi. */
function directionDifference(aRad: number, bRad: number): number {
  const turn = Math.abs(aRad - bRad) % (2 * Math.PI)
  return Math.min(turn, 2 * Math.PI - turn)
}

function checkTolerance(name: string, value: number): void {
  if (!(value >= 0)) throw new RangeError(`${name} must be 0 or more, not ${value}`)
}
