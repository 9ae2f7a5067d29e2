/**
 * Ridge orientation of a whole finger: the zero-pole model (Sherlock and Monro, Pattern Recognition 26(7) 1993, equation
 * 1) with the angle round each singular point bent smoothly, as Vizcaya and Gerhardt (Pattern Recognition 29(7) 1996)
 * bend it piecewise linearly, a term for the curvature of the finger tip, and a slow wobble.
 */
import type { Random } from '../random.js'
import { SmoothField } from './smooth-field.js'

export type PatternClass = 'arch' | 'tented-arch' | 'left-loop' | 'right-loop' | 'whorl'

/** Share of fingers of each class in nature (Wilson, Candela, Watson, J. Artificial Neural Networks 1(2) 1994). */
export const CLASS_FREQUENCIES: Readonly<Record<PatternClass, number>> = {
  arch: 0.037,
  'tented-arch': 0.029,
  'left-loop': 0.338,
  'right-loop': 0.317,
  whorl: 0.279,
}

export interface SingularPoint {
  readonly kind: 'core' | 'delta'
  readonly xPx: number
  readonly yPx: number
}

export interface OrientationField {
  readonly patternClass: PatternClass
  readonly singularPoints: readonly SingularPoint[]
  /** Ridge orientation, radians in [0, pi), counter-clockwise from the right with y up. */
  at(xPx: number, yPx: number): number
}

/** How far the angle round a singular point strays from its true value, radians: one deviation of each harmonic. */
const BEND_RAD = 0.12

/** One deviation of the wobble's lattice values, radians, and their distance, px. */
const WOBBLE_RAD = 0.17
const WOBBLE_SPACING_PX = 110
const FINE_WOBBLE_RAD = 0.05
const FINE_WOBBLE_SPACING_PX = 55

/** The field of one finger on a canvas of that size; `random` is drawn from. */
export function makeOrientationField(
  random: Random,
  patternClass: PatternClass,
  widthPx: number,
  heightPx: number,
): OrientationField {
  const points = placeSingularPoints(random.child('points'), patternClass, widthPx, heightPx)
  const bends = points.map((_, i) => makeBend(random.child('bends').child(i)))
  const wobble = new SmoothField(random.child('wobble'), widthPx, heightPx, WOBBLE_SPACING_PX, WOBBLE_RAD)
  const fine = new SmoothField(random.child('fine'), widthPx, heightPx, FINE_WOBBLE_SPACING_PX, FINE_WOBBLE_RAD)
  const shape = makeShape(random.child('shape'), patternClass, points, widthPx, heightPx)
  const smooth = (xPx: number, yPx: number) => shape(xPx, yPx) + wobble.at(xPx, yPx) + fine.at(xPx, yPx)
  const around = (i: number, xPx: number, yPx: number) => {
    const angle = bends[i](Math.atan2(points[i].yPx - yPx, xPx - points[i].xPx))
    return points[i].kind === 'core' ? angle / 2 : -angle / 2
  }
  const recurves = points.map((point, i) => {
    if (point.kind === 'delta') return () => 0
    const others = points.reduce((sum, _, j) => sum + (i === j ? 0 : around(j, point.xPx, point.yPx)), 0)
    return makeRecurve(random.child('recurve').child(i), point, 2 * (others + smooth(point.xPx, point.yPx)))
  })
  return {
    patternClass,
    singularPoints: points,
    at(xPx, yPx) {
      let angle = smooth(xPx, yPx)
      for (let i = 0; i < points.length; i++) angle += around(i, xPx, yPx) + recurves[i](xPx, yPx)
      const turn = angle % Math.PI
      return turn < 0 ? turn + Math.PI : turn
    },
  }
}

/**
 * The pole of the model draws confocal parabolas, which fan out below a core; in a finger they are staples: round above
 * the core, side by side below. The difference is close to a sine of the angle from the loop's axis, and local.
 */
function makeRecurve(random: Random, core: SingularPoint, axisRad: number): (xPx: number, yPx: number) => number {
  const strength = random.normalWithin(0.34, 0.1, 0.1, 0.52)
  const reachPx = random.uniform(55, 130)
  return (xPx, yPx) => {
    const dx = xPx - core.xPx
    const dy = core.yPx - yPx
    const near = Math.exp(-(dx * dx + dy * dy) / (reachPx * reachPx))
    return -strength * near * Math.sin(Math.atan2(dy, dx) - axisRad)
  }
}

function placeSingularPoints(
  random: Random,
  patternClass: PatternClass,
  widthPx: number,
  heightPx: number,
): SingularPoint[] {
  if (patternClass === 'arch') return []
  const core = {
    kind: 'core' as const,
    xPx: widthPx / 2 + random.normalWithin(0, 16, -40, 40),
    yPx: heightPx * 0.43 + random.normalWithin(0, 24, -55, 55),
  }
  const delta = (dxPx: number, dyPx: number): SingularPoint => ({
    kind: 'delta',
    xPx: core.xPx + dxPx,
    yPx: core.yPx + dyPx,
  })
  if (patternClass === 'tented-arch') {
    return [core, delta(random.normalWithin(0, 7, -14, 14), random.uniform(45, 130))]
  }
  const across = random.normalWithin(92, 26, 35, 150)
  const down = random.normalWithin(112, 34, 40, 190)
  if (patternClass === 'left-loop') return [core, delta(across, down)]
  if (patternClass === 'right-loop') return [core, delta(-across, down)]
  // From a tight spiral to a double loop, whose two cores lie further apart and side by side.
  const apartPx = random.normalWithin(38, 28, 10, 115)
  const second = {
    kind: 'core' as const,
    xPx: core.xPx + random.normal(0, 0.45) * apartPx,
    yPx: core.yPx + apartPx,
  }
  const other = random.normalWithin(92, 26, 35, 150)
  return [core, second, delta(-across, down), delta(other, random.normalWithin(down, 34, 40, 200))]
}

/** A periodic angle that goes round once but not evenly. */
function makeBend(random: Random): (angle: number) => number {
  const harmonics = [1, 2].map(order => ({ order, size: random.normal(0, BEND_RAD), phase: random.uniform(0, 7) }))
  return angle => harmonics.reduce((sum, h) => sum + h.size * Math.sin(h.order * angle + h.phase), angle)
}

/**
 * Ridges above the core run round the finger tip more steeply than the singular points alone make them; an arch has no
 * singular points and is this term alone (Cappelli, Handbook of Fingerprint Recognition, 2nd edition, section 6.4.2).
 */
function makeShape(
  random: Random,
  patternClass: PatternClass,
  points: readonly SingularPoint[],
  widthPx: number,
  heightPx: number,
): (xPx: number, yPx: number) => number {
  const middle = points[0]?.xPx ?? widthPx / 2 + random.normal(0, 12)
  if (patternClass === 'arch') {
    const peak = random.uniform(0.55, 1.25)
    const height = heightPx * random.uniform(0.4, 0.58)
    const spread = random.uniform(0.5, 0.62) * widthPx
    const round = random.uniform(0.55, 0.8)
    return (x, y) => {
      const u = (middle - x) / spread
      // The hump is highest at `height` and fades to the level ridges at the joint; above it the finger tip rounds.
      const below = Math.exp(-(((y - height) / (0.26 * heightPx)) ** 2))
      const hump = peak * below * 1.65 * u * Math.exp(-1.6 * u * u) * 1.6
      return hump + (y < height ? round * (1 - below) * u * 1.6 : 0)
    }
  }
  const steepness = random.uniform(0.15, 0.85) * (patternClass === 'whorl' ? 0.45 : 1)
  const bottom = Math.max(...points.map(point => point.yPx)) + 30
  const top = points[0].yPx - 40
  return (x, y) => {
    const t = Math.min(Math.max((bottom - y) / (bottom - top), 0), 1)
    return ((steepness * (middle - x)) / (widthPx / 2)) * t * t * (3 - 2 * t)
  }
}
