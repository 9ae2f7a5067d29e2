import type { Random } from '../random.js'
import { bare, drawLine, inking, type PlaceMm, type SlapCanvas, sizeMm } from './slap-canvas.js'
import type { LaidFinger } from './slap-hand.js'
import { SmoothField } from './smooth-field.js'

/** A hole in the paper: what is behind shows. */
interface Hole {
  readonly xPx: number
  readonly yPx: number
  readonly radiusPx: number
  readonly gray: number
}

/** Draws creases of the skin across fingertips, and often a fold of the paper across all: ink is missing there. */
export function creaseSlap(canvas: SlapCanvas, fingers: readonly LaidFinger[], random: Random): void {
  fingers.forEach((finger, i) => {
    const own = random.child(i)
    const count = own.below(3)
    for (let k = 0; k < count; k++) creaseFinger(canvas, finger, own)
  })
  if (random.chance(0.5)) foldPaper(canvas, random.child('fold'))
}

function creaseFinger(canvas: SlapCanvas, { xMm, yMm, tiltRad, widthMm, lengthMm }: LaidFinger, random: Random): void {
  const [cos, sin] = [Math.cos(tiltRad), Math.sin(tiltRad)]
  const slope = random.normal(0, 0.2)
  const down = lengthMm * random.uniform(0.3, 0.95)
  const reach = random.uniform(0.3, 0.6) * widthMm
  const places: PlaceMm[] = []
  for (let across = -reach; across <= reach; across += 1.5) {
    const below = down + slope * across + random.normal(0, 0.15)
    places.push({ x: xMm + across * cos - below * sin, y: yMm + across * sin + below * cos })
  }
  drawLine(canvas, places, random.uniform(0.25, 0.9), bare(random.uniform(0.7, 1)))
}

function foldPaper(canvas: SlapCanvas, random: Random): void {
  const { widthMm, heightMm } = sizeMm(canvas)
  const isAcross = random.chance(0.5)
  const [lengthMm, depthMm] = isAcross ? [widthMm, heightMm] : [heightMm, widthMm]
  const slope = random.normal(0, 0.1)
  let off = random.uniform(0.1, 0.9) * depthMm
  const places: PlaceMm[] = []
  for (let along = 0; along <= lengthMm; along += 2) {
    off += 2 * slope + random.normal(0, 0.2)
    const [x, y] = isAcross ? [along, off] : [off, along]
    places.push({ x: canvas.left + x, y: canvas.top + y })
  }
  const foldMm = random.uniform(0.3, 1)
  drawLine(canvas, places, foldMm, bare(random.uniform(0.6, 1)))
  // Dirt stays in it.
  const moved = places.map(({ x, y }) => ({ x: x + foldMm / 2, y: y + foldMm / 2 }))
  if (random.chance(0.5)) drawLine(canvas, moved, 0.2, inking(random.uniform(0.1, 0.4)))
}

/** Wears the paper along one or two of its edges: grain as fine as ridges, as dark as a faint print at most. */
export function wearPaper(canvas: SlapCanvas, random: Random): void {
  const { widthPx, heightPx, pxPerMm, ink } = canvas
  const grain = new SmoothField(random.child('grain'), widthPx, heightPx, 0.16 * pxPerMm, 1).raster(widthPx, heightPx)
  const patches = new SmoothField(random.child('patches'), widthPx, heightPx, 8 * pxPerMm, 0.6).raster(
    widthPx,
    heightPx,
  )
  const reachMm = random.uniform(3, 10)
  const worn = [random.below(4), random.below(4)]
  const strength = random.uniform(0.1, 0.35)
  for (let row = 0, i = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++, i++) {
      const edges = [row, heightPx - 1 - row, column, widthPx - 1 - column]
      const near = 1 - Math.min(edges[worn[0]], edges[worn[1]]) / pxPerMm / reachMm
      const wear = Math.min(Math.max(near + patches[i], 0), 1)
      if (near <= 0 || wear === 0) continue
      ink[i] = Math.min(Math.max(ink[i], strength * wear * Math.max(0.3 + grain[i], 0)), 1)
    }
  }
}

/**
 * Punches one or two holes of a file, 5 to 8 mm wide, most of them along the lower edge; what is
 * behind is black or white.
 */
export function punchHoles(data: Uint8Array, { widthPx, heightPx, pxPerMm }: SlapCanvas, random: Random): void {
  const gray = random.chance(0.75) ? random.uniform(0, 25) : random.uniform(245, 255)
  const radiusPx = random.uniform(2.5, 4) * pxPerMm
  const share = random.chance(0.7) ? random.uniform(0.6, 0.95) : random.uniform(0.05, 0.6)
  const count = 1 + random.below(2)
  for (let i = 0; i < count; i++) {
    const xPx = random.uniform(0.05, 0.95) * widthPx
    punch(data, widthPx, { xPx, yPx: share * heightPx, radiusPx, gray })
  }
}

function punch(data: Uint8Array, widthPx: number, { xPx, yPx, radiusPx, gray }: Hole): void {
  const heightPx = data.length / widthPx
  const between = (middle: number, most: number) => [
    Math.max(0, Math.floor(middle - radiusPx)),
    Math.min(most - 1, Math.ceil(middle + radiusPx)),
  ]
  const [firstRow, lastRow] = between(yPx, heightPx)
  const [firstColumn, lastColumn] = between(xPx, widthPx)
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const far = Math.hypot(column + 0.5 - xPx, row + 0.5 - yPx)
      const share = Math.min(Math.max(radiusPx + 0.5 - far, 0), 1)
      const at = row * widthPx + column
      data[at] = Math.round(data[at] + share * (gray - data[at]))
    }
  }
}
