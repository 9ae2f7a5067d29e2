/** Where a touch leaves no ink although a ridge is there: pores, creases, scratches. Belongs to the finger, mostly. */

import type { Random } from '../random.js'
import { CREST, type Master } from './master.js'
import type { Point, SkinWarp } from './skin-warp.js'

/** Distance of pores along and between ridges, px at 500 ppi: 9 to 18 a centimetre of ridge. */
const PORE_SPACING_PX = 9

/** Shares of fingers criss-crossed by wrinkles, and with folds across their lower half. */
const WRINKLED_SHARE = 0.25
const FLEXED_SHARE = 0.3

/** 0 where ink is whole to 1 where there is none, a value a pixel of the image. */
export type GapMap = Float32Array

/** Draws the finger's pores: `openness` 0 (closed: wet or coarse sensor) to 1. */
export function drawPores(gaps: GapMap, widthPx: number, master: Master, warp: SkinWarp, openness: number): void {
  const random = master.random.child('pores')
  for (let y = 8; y < master.heightPx - 16; y += PORE_SPACING_PX) {
    for (let x = 8; x < master.widthPx - 16; x += PORE_SPACING_PX) {
      const pore = crestNear(master, random.uniform(x, x + 5), random.uniform(y, y + 5))
      const radiusPx = random.uniform(0.5, 1)
      const depth = random.uniform(0.3, 1) * openness
      if (!pore) continue
      const at = warp.toImage(pore.xPx, pore.yPx)
      drawDisc(gaps, widthPx, at.xPx, at.yPx, radiusPx, depth)
    }
  }
}

/** The highest pixel of a 5 x 5 square, if a ridge passes there. */
function crestNear(master: Master, xPx: number, yPx: number): Point | undefined {
  let best = CREST * 0.75
  let found: Point | undefined
  for (let y = Math.floor(yPx); y < Math.floor(yPx) + 5; y++) {
    for (let x = Math.floor(xPx); x < Math.floor(xPx) + 5; x++) {
      if (master.wave[y * master.widthPx + x] <= best) continue
      best = master.wave[y * master.widthPx + x]
      found = { xPx: x, yPx: y }
    }
  }
  return found
}

/** Draws the finger's creases, of which each touch shows most, and this touch's scratches. */
export function drawCreases(gaps: GapMap, widthPx: number, master: Master, warp: SkinWarp, random: Random): void {
  const creases = master.random.child('creases')
  const count = Math.floor(creases.uniform() ** 2 * 7)
  const wrinkled = creases.chance(WRINKLED_SHARE)
  const wrinkles = wrinkled ? 6 + Math.floor(creases.uniform() ** 2 * 24) : 0
  // Wrinkles run in two directions that cross, wider where skin is dry, closed where it is pressed: not the same each time.
  const main = [creases.normal(0.3, 0.5), creases.normal(1.8, 0.5)]
  const openness = random.uniform(0.4, 1.5)
  for (let i = 0; i < count + wrinkles; i++) {
    const stream = creases.child(i)
    const heading = i < count ? undefined : main[i % 2] + stream.normal(0, 0.2)
    const line = makeLine(stream, master.widthPx, master.heightPx, heading)
    if (!random.chance(0.75)) continue
    const points = line.points.map(point => warp.toImage(point.xPx, point.yPx))
    drawLine(gaps, widthPx, points, line.widthPx * (heading === undefined ? random.uniform(0.6, 1.3) : openness))
  }
  if (creases.chance(FLEXED_SHARE)) drawFlexions(gaps, widthPx, warp, master, openness)
  const scratches = random.chance(0.3) ? 1 + Math.floor(random.uniform(0, 3)) : 0
  for (let i = 0; i < scratches; i++) {
    const line = makeLine(random.child(i), master.widthPx, master.heightPx)
    const points = line.points.map(point => warp.toImage(point.xPx, point.yPx))
    drawLine(gaps, widthPx, points, line.widthPx * 0.5)
  }
}

/** White bands across the finger, 2 to 4 px wide, in the lower half, where the skin folds. */
function drawFlexions(gaps: GapMap, widthPx: number, warp: SkinWarp, master: Master, openness: number): void {
  const random = master.random.child('flexions')
  const count = 1 + random.below(3)
  for (let i = 0; i < count; i++) {
    const points: Point[] = []
    const lengthPx = random.uniform(60, 220)
    const slope = random.normal(0, 0.25)
    const startPx = random.uniform(0.15, 0.85) * master.widthPx - lengthPx / 2
    let yPx = random.uniform(0.4, 0.8) * master.heightPx - (slope * lengthPx) / 2
    for (let xPx = 0; xPx < lengthPx; xPx += 6) {
      yPx += 6 * slope + random.normal(0, 1)
      points.push(warp.toImage(startPx + xPx, yPx))
    }
    drawLine(gaps, widthPx, points, random.uniform(1.6, 3.2) * (0.4 + 0.6 * openness))
  }
}

/** A slightly curved line somewhere on the finger, a point every 6 px. */
function makeLine(
  random: Random,
  widthPx: number,
  heightPx: number,
  headingRad?: number,
): { points: Point[]; widthPx: number } {
  const lengthPx = random.uniform(25, 150)
  let angle = headingRad ?? random.uniform(0, Math.PI)
  let xPx = random.uniform(0.2, 0.8) * widthPx
  let yPx = random.uniform(0.2, 0.8) * heightPx
  const bend = random.normal(0, 0.02)
  const points = [{ xPx, yPx }]
  for (let done = 0; done < lengthPx; done += 6) {
    angle += bend + random.normal(0, 0.06)
    xPx += 6 * Math.cos(angle)
    yPx += 6 * Math.sin(angle)
    points.push({ xPx, yPx })
  }
  return { points, widthPx: random.uniform(0.7, 1.9) }
}

function drawLine(gaps: GapMap, widthPx: number, points: readonly Point[], radiusPx: number): void {
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1], points[i]]
    for (let step = 0; step < 8; step++) {
      const t = (i - 1 + step / 8) / (points.length - 1)
      // Lines run out at their ends.
      const radius = radiusPx * Math.sqrt(Math.sin(Math.PI * Math.min(Math.max(t, 0.02), 0.98)))
      const x = from.xPx + ((to.xPx - from.xPx) * step) / 8
      const y = from.yPx + ((to.yPx - from.yPx) * step) / 8
      drawDisc(gaps, widthPx, x, y, radius, 0.95)
    }
  }
}

/** A soft disc: `depth` in its middle, e^-1/2 of it at `radiusPx`. */
function drawDisc(gaps: GapMap, widthPx: number, xPx: number, yPx: number, radiusPx: number, depth: number): void {
  const heightPx = gaps.length / widthPx
  const reach = Math.ceil(2.5 * radiusPx)
  for (let y = Math.max(0, Math.round(yPx) - reach); y <= Math.min(heightPx - 1, Math.round(yPx) + reach); y++) {
    for (let x = Math.max(0, Math.round(xPx) - reach); x <= Math.min(widthPx - 1, Math.round(xPx) + reach); x++) {
      const far = ((x - xPx) ** 2 + (y - yPx) ** 2) / (2 * radiusPx * radiusPx)
      gaps[y * widthPx + x] = Math.max(gaps[y * widthPx + x], depth * Math.exp(-far))
    }
  }
}
