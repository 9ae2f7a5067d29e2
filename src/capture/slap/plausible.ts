import type { Fingertip } from './fingertip.js'
import { CELL_MM, type RidgeMap } from './ridge-map.js'

/** The least that is a fingertip; prints of grown people have twice that width. */
const LEAST_WIDTH_MM = 6.5
const LEAST_HEIGHT_MM = 8

/** What the edge of the image cuts to less than this share of the others' width is a finger that does not belong to the slap. */
const LEAST_OF_WIDTH = 0.6

/** Leaves out what is too small for a finger, and slivers at the edge of fingers that were printed beside. */
export function withoutScraps<T extends { readonly fingertip: Fingertip }>(map: RidgeMap, all: readonly T[]): T[] {
  const large = all.filter(
    ({ fingertip: { width, height } }) => width * CELL_MM >= LEAST_WIDTH_MM && height * CELL_MM >= LEAST_HEIGHT_MM,
  )
  const widths = large.map(({ fingertip }) => fingertip.width).sort((a, b) => a - b)
  const usual = widths[Math.floor(widths.length / 2)]
  return large.filter(({ fingertip: { x, y, width, height } }) => {
    const acrossEdge = x - width / 2 <= 1 || x + width / 2 >= map.width - 2
    const downEdge = y - height / 2 <= 1 || y + height / 2 >= map.height - 2
    return !(acrossEdge && width < LEAST_OF_WIDTH * usual) && !(downEdge && height < LEAST_OF_WIDTH * usual)
  })
}
