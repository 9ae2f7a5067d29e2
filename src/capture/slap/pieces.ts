import type { Regions } from './regions.js'
import { CELL_MM, type RidgeMap } from './ridge-map.js'

/** A piece of a print, by its moments. Places in cells, from the middle of the first one. */
export interface Piece {
  /** Places of its cells in the map. */
  readonly cells: readonly number[]
  readonly x: number
  readonly y: number
  /** From straight up, clockwise, -pi/2 to pi/2: how its longer axis leans. */
  readonly tiltRad: number
  /** Axes of the ellipse with these moments, mm. */
  readonly lengthMm: number
  readonly widthMm: number
}

export function piecesOf(map: RidgeMap, regions: Regions): Piece[] {
  const cells: number[][] = Array.from({ length: regions.count }, () => [])
  regions.labels.forEach((label, i) => {
    if (label >= 0) cells[label].push(i)
  })
  return cells.map(own => pieceOf(own, map.width))
}

export function pieceOf(cells: readonly number[], width: number): Piece {
  let [x, y, xx, yy, xy] = [0, 0, 0, 0, 0]
  for (const i of cells) {
    x += i % width
    y += Math.floor(i / width)
  }
  x /= cells.length
  y /= cells.length
  for (const i of cells) {
    const dx = (i % width) - x
    const dy = Math.floor(i / width) - y
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  const n = cells.length
  const mean = (xx + yy) / 2 / n
  const spread = Math.hypot((yy - xx) / 2 / n, xy / n)
  return {
    cells,
    ...{ x, y },
    // Downwards is +y: a piece whose top leans to the right has a negative xy.
    tiltRad: Math.atan2(-2 * xy, yy - xx) / 2,
    lengthMm: 4 * Math.sqrt(mean + spread) * CELL_MM,
    widthMm: 4 * Math.sqrt(Math.max(mean - spread, 0)) * CELL_MM,
  }
}
