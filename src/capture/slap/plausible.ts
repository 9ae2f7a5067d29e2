import type { Fingertip } from './fingertip.js'
import { CELL_MM, type RidgeMap } from './ridge-map.js'

/** The least that is a fingertip; prints of grown people have twice that width. */
const LEAST_WIDTH_MM = 6.5
const LEAST_HEIGHT_MM = 8

/** What the edge of the image cuts to less than this share of the others' width is a finger that does not belong to the slap. */
const LEAST_OF_WIDTH = 0.6

/**
 * What is narrower than this share of the others, or shorter than this share of its width, is a
 * part of a fingertip: writing covers the rest. The little finger has 0.7 of the others' width, and
 * the shortest tips 1.1 of their own.
 */
const LEAST_OF_USUAL_WIDTH = 0.55
const LEAST_OF_OWN_WIDTH = 0.7

/**
 * Leaves out what is too small for a finger, parts of one, and slivers at the edge of fingers that
 * were printed beside.
 */
export function withoutScraps<T extends { readonly fingertip: Fingertip }>(map: RidgeMap, all: readonly T[]): T[] {
  const large = all.filter(
    ({ fingertip: { width, height } }) => width * CELL_MM >= LEAST_WIDTH_MM && height * CELL_MM >= LEAST_HEIGHT_MM,
  )
  const widths = large.map(({ fingertip }) => fingertip.width).sort((a, b) => a - b)
  const usual = widths[Math.floor(widths.length / 2)]
  return large.filter(({ fingertip: { x, y, width, height } }) => {
    const acrossEdge = x - width / 2 <= 1 || x + width / 2 >= map.width - 2
    const downEdge = y - height / 2 <= 1 || y + height / 2 >= map.height - 2
    if ((acrossEdge && width < LEAST_OF_WIDTH * usual) || (downEdge && height < LEAST_OF_WIDTH * usual)) return false
    return width >= LEAST_OF_USUAL_WIDTH * usual && (downEdge || height >= LEAST_OF_OWN_WIDTH * width)
  })
}
