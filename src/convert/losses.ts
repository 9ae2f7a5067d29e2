/**
 * What got lost between a print as it was read and the same print read back from what was written.
 */
import type { Minutia } from '../types.js'
import type { Statements } from './stated.js'

/** Less than a difference of 0.1 degrees is that of a number's last digits. */
const SAME_RAD = 0.001
const DEGREES_PER_RADIAN = 180 / Math.PI

/** Statements that are not kept, or are others now: one line each. */
export function lostStatements(stated: Statements, kept: Statements): string[] {
  return [...stated].flatMap(([name, text]) => {
    const now = kept.get(name)
    if (now === text) return []
    return [now === undefined ? `${name}: ${text}` : `${name}: ${text}, ${now} instead`]
  })
}

/** What differs between minutiae and those that are kept of them. Both are at 500 ppi. */
export function lostOfMinutiae(all: readonly Minutia[], kept: readonly Minutia[]): string[] {
  const pairs = pairsOf(all, kept)
  const largest = (measure: (one: Minutia, other: Minutia) => number) =>
    pairs.reduce((most, [one, other]) => Math.max(most, measure(one, other)), 0)
  const count = (differs: (one: Minutia, other: Minutia) => boolean) => pairs.filter(pair => differs(...pair)).length
  const moved = largest((one, other) => Math.hypot(one.xPx - other.xPx, one.yPx - other.yPx))
  const turned = largest((one, other) => turnBetween(one.directionRad, other.directionRad))
  const types = count((one, other) => one.type !== other.type)
  const qualities = count((one, other) => one.quality > 0 && one.quality !== other.quality)
  return [
    ...(moved > 0 ? [`positions: rounded, by up to ${moved.toFixed(1)} px`] : []),
    ...(turned > SAME_RAD ? [`directions: rounded, by up to ${(turned * DEGREES_PER_RADIAN).toFixed(1)} degrees`] : []),
    ...(types > 0 ? [`types of ${types} minutiae`] : []),
    ...(qualities > 0 ? [`qualities of ${qualities} minutiae`] : []),
  ]
}

/**
 * Minutiae and what became of them: in their order where all are kept, else those at the same
 * place.
 */
function pairsOf(all: readonly Minutia[], kept: readonly Minutia[]): (readonly [Minutia, Minutia])[] {
  if (all.length === kept.length) return all.map((one, i) => [one, kept[i]] as const)
  const placeOf = ({ xPx, yPx, type }: Minutia) => `${xPx} ${yPx} ${type}`
  const byPlace = new Map(kept.map(one => [placeOf(one), one]))
  return all.flatMap(one => {
    const other = byPlace.get(placeOf(one))
    return other === undefined ? [] : [[one, other] as const]
  })
}

function turnBetween(first: number, second: number): number {
  const turn = Math.abs(first - second) % (2 * Math.PI)
  return Math.min(turn, 2 * Math.PI - turn)
}
