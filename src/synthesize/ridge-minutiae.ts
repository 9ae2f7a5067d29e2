/**
 * The minutiae of a clean ridge image, read off the wave itself and not off a skeleton, so that they are evidence
 * independent of any extractor. The edge between ridge and valley (the wave's zero contour) runs along the ridges, and
 * turns across them only where a ridge or a valley ends: there the wave f and its slope across the ridges vanish together.
 * Where f is greatest across the ridges at that point a ridge ends; where it is least a valley does, and its two
 * neighbouring ridges are the branches of a bifurcation.
 */
import type { Minutia, MinutiaType } from '../types.js'

/** A smooth wave over a canvas, positive on ridges, with the orientation and period it was made with. */
export interface RidgeWave {
  readonly data: Int16Array
  readonly widthPx: number
  readonly heightPx: number
  orientationRad(xPx: number, yPx: number): number
  periodPx(xPx: number, yPx: number): number
}

/** px from the canvas's rim in which nothing is looked for: there the wave has neighbours on one side only. */
const RIM_PX = 6

/** Two tips of the same kind closer than this are one, found in two neighbouring squares. */
const SAME_PX = 1.5

/**
 * Minutiae of `wave`, quality 100 each. The position is on the ridge's middle line, as a skeleton has it: a quarter of a
 * period inside the tip of an ending, a quarter of a period behind the tip of the valley that a bifurcation encloses.
 */
export function findRidgeMinutiae(wave: RidgeWave): Minutia[] {
  const minutiae: Minutia[] = []
  for (let y = RIM_PX; y < wave.heightPx - RIM_PX; y++) {
    for (let x = RIM_PX; x < wave.widthPx - RIM_PX; x++) {
      if (!changesSign(wave, x, y)) continue
      const minutia = tipIn(wave, x, y)
      if (minutia && !minutiae.some(other => isSame(other, minutia))) minutiae.push(minutia)
    }
  }
  return minutiae
}

function changesSign(wave: RidgeWave, x: number, y: number): boolean {
  const { data, widthPx } = wave
  const i = y * widthPx + x
  const positive = data[i] > 0
  return positive !== data[i + 1] > 0 || positive !== data[i + widthPx] > 0 || positive !== data[i + widthPx + 1] > 0
}

/** The minutia whose tip lies in the square of pixels with (x, y) at its top left, if there is one. */
function tipIn(wave: RidgeWave, x: number, y: number): Minutia | undefined {
  const { data, widthPx } = wave
  const orientation = wave.orientationRad(x + 0.5, y + 0.5)
  const along = { x: Math.cos(orientation), y: -Math.sin(orientation) }
  const across = { x: -along.y, y: along.x }
  const value = (i: number) => data[i]
  const slope = (i: number) =>
    ((data[i + 1] - data[i - 1]) * across.x + (data[i + widthPx] - data[i - widthPx]) * across.y) / 2
  const i = y * widthPx + x
  const f = plane(value, i, widthPx)
  const g = plane(slope, i, widthPx)
  const determinant = f.dx * g.dy - f.dy * g.dx
  if (determinant === 0) return undefined
  const u = (-f.middle * g.dy + f.dy * g.middle) / determinant
  const v = (-f.dx * g.middle + f.middle * g.dx) / determinant
  if (Math.abs(u) > 0.5 || Math.abs(v) > 0.5) return undefined

  const curvature = g.dx * across.x + g.dy * across.y
  const type: MinutiaType = curvature < 0 ? 'ridge-ending' : 'bifurcation'
  // An ending's ridge lies where f rises along the ridges, a bifurcation's valley where it falls.
  const rises = f.dx * along.x + f.dy * along.y > 0
  const sign = rises === (type === 'ridge-ending') ? 1 : -1
  const quarter = wave.periodPx(x, y) / 4
  const inward = type === 'ridge-ending' ? sign * quarter : -sign * quarter
  const direction = sign > 0 ? orientation : orientation + Math.PI
  return {
    xPx: x + 0.5 + u + inward * along.x,
    yPx: y + 0.5 + v + inward * along.y,
    directionRad: direction,
    type,
    quality: 100,
  }
}

/** The plane nearest to a function at the four corners of a square: value in the middle and slopes. */
function plane(at: (i: number) => number, i: number, widthPx: number): { middle: number; dx: number; dy: number } {
  const a = at(i)
  const b = at(i + 1)
  const c = at(i + widthPx)
  const d = at(i + widthPx + 1)
  return { middle: (a + b + c + d) / 4, dx: (b + d - a - c) / 2, dy: (c + d - a - b) / 2 }
}

function isSame(a: Minutia, b: Minutia): boolean {
  return a.type === b.type && Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx) < SAME_PX
}
