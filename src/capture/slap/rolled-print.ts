import type { GrayImage } from '../../types.js'
import { backgroundGray, boxOf, cutUpright, type FingerBox } from './cut.js'
import { piecesOf } from './pieces.js'
import { regionsOf } from './regions.js'
import { CELL_MM, ridgeMap } from './ridge-map.js'

/** Pieces of a rolled print lie this near to the largest, mm: others are of the finger in the next box. */
const NEAR_MM = 6

/** Share of the cells that is left out at each side. */
const TRIM = 0.005

/** What of an image is one rolled print. */
export interface RolledPrint {
  readonly box: FingerBox
  readonly image: GrayImage
  readonly ridgeAreaMm2: number
}

/** The largest print of an image with what lies round it, not turned; undefined where there is none. */
export function rolledPrint(image: GrayImage): RolledPrint | undefined {
  const map = ridgeMap(image)
  const pieces = piecesOf(map, regionsOf(map)).sort((a, b) => b.cells.length - a.cells.length)
  if (pieces.length === 0) return undefined
  const [largest] = pieces
  const reach = (largest.lengthMm / 2 + NEAR_MM) / CELL_MM
  const own = pieces
    .filter(({ x, y }) => Math.hypot(x - largest.x, y - largest.y) < reach)
    .flatMap(({ cells }) => cells)
  const between = (places: number[]) => {
    const sorted = places.sort((a, b) => a - b)
    const out = Math.floor(TRIM * sorted.length)
    return [sorted[out] - 0.5, sorted[sorted.length - 1 - out] + 0.5]
  }
  const [left, right] = between(own.map(i => i % map.width))
  const [top, bottom] = between(own.map(i => Math.floor(i / map.width)))
  const [x, y, width, height] = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top]
  const box = boxOf({ x, y, width, height, tiltRad: 0 }, map, image.ppi)
  const owner = new Int16Array(map.mask.length).fill(-1)
  const background = backgroundGray(image, map)
  const cut = cutUpright(image, box, map, { owner, own: 0, background })
  return { box, image: cut, ridgeAreaMm2: own.length * CELL_MM ** 2 }
}
