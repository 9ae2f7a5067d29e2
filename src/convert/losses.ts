/**
 * The losses between a print as it was read and the same print read back from what was written.
 */
import type { Minutia } from '../types.js'
import type { Statements } from './stated.js'

/** Less than a difference of 0.1 degrees is that of a number's last digits. */
const SAME_RAD = 0.001
/** The same of a position. */
const SAME_PX = 1e-6
const DEGREES_PER_RADIAN = 180 / Math.PI

/** Statements that are not kept, or are others now: one line each. */
export function lostStatements(stated: Statements, kept: Statements): string[] {
  return [...stated].flatMap(([name, text]) => {
    const now = kept.get(name)
    if (now === text) return []
    return [now === undefined ? `${name}: ${text}` : `${name}: ${text}, ${now} instead`]
  })
}

/**
 * Differences between minutiae and what became of each, in the same order. Both are at 500 ppi,
 * where their documents have them and not where pixels are.
 */
export function lostOfMinutiae(minutiae: readonly Minutia[], kept: readonly Minutia[]): string[] {
  const pairs = minutiae.map((one, i) => [one, kept[i]] as const)
  const largest = (measure: (one: Minutia, other: Minutia) => number) =>
    pairs.reduce((most, [one, other]) => Math.max(most, measure(one, other)), 0)
  const count = (differs: (one: Minutia, other: Minutia) => boolean) => pairs.filter(pair => differs(...pair)).length
  const moved = largest((one, other) => Math.hypot(one.xPx - other.xPx, one.yPx - other.yPx))
  const turned = largest((one, other) => turnBetween(one.directionRad, other.directionRad))
  const types = count((one, other) => one.type !== other.type)
  const qualities = count((one, other) => one.quality > 0 && one.quality !== other.quality)
  return [
    ...(moved > SAME_PX ? [`positions: rounded, by up to ${Math.max(moved, 0.1).toFixed(1)} px`] : []),
    ...(turned > SAME_RAD ? [`directions: rounded, by up to ${(turned * DEGREES_PER_RADIAN).toFixed(1)} degrees`] : []),
    ...(types > 0 ? [`types of ${types} minutiae`] : []),
    ...(qualities > 0 ? [`qualities of ${qualities} minutiae`] : []),
  ]
}

function turnBetween(first: number, second: number): number {
  const turn = Math.abs(first - second) % (2 * Math.PI)
  return Math.min(turn, 2 * Math.PI - turn)
}
