import { whole } from '../../template/ranges.js'
import type { Minutia } from '../../types.js'

/**
 * The minutiae that a record keeps which cannot hold them all, in their order (ISO/IEC 19794-2:2011, 9.3.2, for cards).
 * Those of the lowest quality go first, and of one quality those farthest from the centre of mass of all; where no quality
 * is reported (all are 0) the farthest alone. What is left undecided: endings first, then the largest direction, then the
 * later one. To be done before minutiae are sorted. None is ever made up where there are too few.
 *
 * @param most how many it can hold
 * @throws RangeError when `most` is no whole number of 0 or more
 */
export function pruneMinutiae(minutiae: readonly Minutia[], most: number): readonly Minutia[] {
  whole('maxMinutiae', most, 0, Number.MAX_SAFE_INTEGER)
  if (minutiae.length <= most) return minutiae
  const distances = squaredDistances(minutiae)
  const order = minutiae.map((_, i) => i)
  order.sort((i, j) => {
    const [a, b] = [minutiae[i], minutiae[j]]
    return (
      a.quality - b.quality ||
      distances[j] - distances[i] ||
      Number(b.type === 'ridge-ending') - Number(a.type === 'ridge-ending') ||
      b.directionRad - a.directionRad ||
      j - i
    )
  })
  const removed = new Set(order.slice(0, minutiae.length - most))
  return minutiae.filter((_, i) => !removed.has(i))
}

/** From the centre of mass, in units of 1 / count, so that whole pixels stay whole and equal distances equal. */
function squaredDistances(minutiae: readonly Minutia[]): number[] {
  const count = minutiae.length
  const sumX = minutiae.reduce((sum, { xPx }) => sum + xPx, 0)
  const sumY = minutiae.reduce((sum, { yPx }) => sum + yPx, 0)
  return minutiae.map(({ xPx, yPx }) => (count * xPx - sumX) ** 2 + (count * yPx - sumY) ** 2)
}
