import { acrossOf, downOf, type Finger } from './fingers.js'
import { CELL_MM, type RidgeMap } from './ridge-map.js'

/** Where the crease below a fingertip can be, mm from its top. */
const SHORTEST_TIP_MM = 15
const LONGEST_TIP_MM = 34

/** At a crease so much of the ridges is left at most, of the lesser of the best of what lies above and below within so far. */
const CREASE = 0.6
const CREASE_REACH_MM = 4

/** What has no crease and is longer than so many widths is cut there. */
const LONGEST_IN_WIDTHS = 2

/** Share of the cells that is left out at each side, so that no single cell sets it. */
const TRIM = 0.01

/** The part of a finger down to the crease below its tip: a rectangle along the finger. Places in cells. */
export interface Fingertip {
  /** The middle of the rectangle. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly tiltRad: number
  /** Cells in it that show ridges. */
  readonly area: number
  /** Of its width, how much lies on the edge of the image. */
  readonly atEdge: number
}

export function fingertipOf(map: RidgeMap, { tip, tiltRad }: Finger): Fingertip {
  const downs = Float64Array.from(tip.cells, i => downOf(i % map.width, Math.floor(i / map.width), tiltRad)).sort()
  const top = downs[Math.floor(TRIM * downs.length)] - 0.5
  const bottom = downs[Math.ceil((1 - TRIM) * downs.length) - 1] + 0.5
  const cut = Math.min(bottom, top + creaseBelow(map, tip.cells, tiltRad, top, bottom))
  const own = tip.cells.filter(i => downOf(i % map.width, Math.floor(i / map.width), tiltRad) <= cut)
  const acrosses = Float64Array.from(own, i => acrossOf(i % map.width, Math.floor(i / map.width), tiltRad)).sort()
  const left = acrosses[Math.floor(TRIM * acrosses.length)] - 0.5
  const right = acrosses[Math.ceil((1 - TRIM) * acrosses.length) - 1] + 0.5
  const limited = Math.min(cut, top + LONGEST_IN_WIDTHS * (right - left))
  const across = (left + right) / 2
  const down = (top + limited) / 2
  const width = right - left
  const onEdge = own.filter(i => {
    const x = i % map.width
    const y = Math.floor(i / map.width)
    return x === 0 || y === 0 || x === map.width - 1 || y === map.height - 1
  })
  return {
    x: across * Math.cos(tiltRad) - down * Math.sin(tiltRad),
    y: across * Math.sin(tiltRad) + down * Math.cos(tiltRad),
    width,
    height: limited - top,
    tiltRad,
    area: own.length,
    atEdge: onEdge.length / width,
  }
}

/** From the top of a piece to the crease in it, cells; to its end where there is none. */
function creaseBelow(map: RidgeMap, cells: readonly number[], tiltRad: number, top: number, bottom: number): number {
  const rows = Math.ceil(bottom - top) + 1
  const profile = new Float32Array(rows)
  for (const i of cells) {
    const row = Math.round(downOf(i % map.width, Math.floor(i / map.width), tiltRad) - top)
    if (row >= 0 && row < rows) profile[row] += map.contrast[i]
  }
  const first = Math.round(SHORTEST_TIP_MM / CELL_MM)
  const last = Math.min(Math.round(LONGEST_TIP_MM / CELL_MM), rows - 1)
  let best = rows
  let least = CREASE
  const reach = Math.round(CREASE_REACH_MM / CELL_MM)
  for (let row = first; row <= last; row++) {
    const above = Math.max(...profile.subarray(row - reach, row))
    const below = Math.max(...profile.subarray(row, row + reach + 1))
    const share = profile[row] / Math.min(above, below)
    if (share >= least) continue
    least = share
    best = row
  }
  return best
}
