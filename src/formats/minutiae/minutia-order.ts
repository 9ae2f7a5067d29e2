import type { RecordedMinutia } from './minutia-words.js'

/**
 * The orders in which a card may want minutiae (ISO/IEC 19794-2:2005, clause 8): by x and then y, by y and then x, by
 * angle, or by distance from their centre of mass and then angle. What is left undecided stays as it was.
 */
export interface MinutiaOrder {
  readonly by: 'x-y' | 'y-x' | 'angle' | 'polar'
  /** Unless true, smallest first. */
  readonly descending?: boolean
}

/** Sorted by the numbers that the record has, not by those they were made from. */
export function sortMinutiae<T extends RecordedMinutia>(
  minutiae: readonly T[],
  { by, descending = false }: MinutiaOrder,
): T[] {
  const keys = keysOf(minutiae, by)
  const sign = descending ? -1 : 1
  const order = minutiae.map((_, i) => i)
  order.sort((i, j) => sign * (keys[i][0] - keys[j][0] || keys[i][1] - keys[j][1]) || i - j)
  return order.map(i => minutiae[i])
}

function keysOf(minutiae: readonly RecordedMinutia[], by: MinutiaOrder['by']): (readonly [number, number])[] {
  switch (by) {
    case 'x-y':
      return minutiae.map(({ x, y }) => [x, y])
    case 'y-x':
      return minutiae.map(({ x, y }) => [y, x])
    case 'angle':
      return minutiae.map(({ angle }) => [angle, 0])
    case 'polar': {
      const count = minutiae.length
      const sumX = minutiae.reduce((sum, { x }) => sum + x, 0)
      const sumY = minutiae.reduce((sum, { y }) => sum + y, 0)
      return minutiae.map(({ x, y, angle }) => [(count * x - sumX) ** 2 + (count * y - sumY) ** 2, angle])
    }
    default:
      throw new RangeError(`order.by is ${JSON.stringify(by)}, must be 'x-y', 'y-x', 'angle' or 'polar'`)
  }
}
