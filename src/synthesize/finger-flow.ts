/**
 * Ridge flow of a finger for templates: the zero-pole model of orientation-field.ts without its costlier terms. Coordinates of the
 * finger: px at 500 ppi from the middle of its pad, x to the right, y down.
 */
import type { Random } from '../random.js'
import { CLASS_FREQUENCIES, type PatternClass } from './orientation-field.js'

/** Half the width and height of the pad, px: 21 x 29 mm, more than any one touch shows. */
export const PAD_HALF_WIDTH_PX = 205
export const PAD_HALF_HEIGHT_PX = 285

/** One deviation of the wobble's lattice values, radians, and their distance, px. */
const WOBBLE_RAD = 0.13
const WOBBLE_SPACING_PX = 90
/** px round the pad that the wobble covers: flow is asked for round minutiae at its rim. */
const WOBBLE_MARGIN_PX = 65
const WOBBLE_COLUMNS = Math.ceil((2 * (PAD_HALF_WIDTH_PX + WOBBLE_MARGIN_PX)) / WOBBLE_SPACING_PX) + 1
const WOBBLE_ROWS = Math.ceil((2 * (PAD_HALF_HEIGHT_PX + WOBBLE_MARGIN_PX)) / WOBBLE_SPACING_PX) + 1

/** px: side of the squares for which {@link FingerFlow.near} gives one orientation. */
const SQUARE_PX = 20
const SQUARES_ACROSS = Math.ceil((2 * (PAD_HALF_WIDTH_PX + WOBBLE_MARGIN_PX)) / SQUARE_PX)
const SQUARES_DOWN = Math.ceil((2 * (PAD_HALF_HEIGHT_PX + WOBBLE_MARGIN_PX)) / SQUARE_PX)
const UNKNOWN = -1

interface Singular {
  readonly xPx: number
  readonly yPx: number
  /** 0.5 for a core, -0.5 for a delta. */
  readonly turns: number
  /** Of a core: how round it is, and how far that reaches, px squared. */
  readonly roundness: number
  readonly reach: number
}

export class FingerFlow {
  readonly patternClass: PatternClass
  readonly #points: readonly Singular[]
  /** Cosine and sine of where the loop of each core points. */
  readonly #axes: readonly (readonly [number, number])[]
  readonly #wobble = new Float32Array(WOBBLE_COLUMNS * WOBBLE_ROWS)
  /** Orientations that were asked for, 256ths of a half turn. */
  readonly #squares = new Int16Array(SQUARES_ACROSS * SQUARES_DOWN).fill(UNKNOWN)
  readonly #middle: number
  readonly #steepness: number
  readonly #top: number
  readonly #bottom: number
  readonly #arch: { peak: number; height: number; spread: number; round: number } | undefined

  /** `random` is drawn from. */
  constructor(random: Random) {
    this.patternClass = random.pick(CLASS_FREQUENCIES)
    this.#points = singularPoints(random, this.patternClass)
    for (let i = 0; i < this.#wobble.length; i++) this.#wobble[i] = random.normal(0, WOBBLE_RAD)
    this.#middle = this.#points[0]?.xPx ?? random.normal(0, 12)
    const turns = this.patternClass === 'whorl' ? 0.7 : 1
    this.#steepness = (random.uniform(0.55, 1.45) * turns) / PAD_HALF_WIDTH_PX
    this.#top = (this.#points[0]?.yPx ?? 0) - 40
    this.#bottom = this.#points.reduce((most, { yPx }) => Math.max(most, yPx), -Infinity) + 30
    this.#arch =
      this.patternClass === 'arch'
        ? {
            peak: random.uniform(0.55, 1.25),
            height: random.uniform(-56, 45),
            spread: random.uniform(208, 258),
            round: random.uniform(0.55, 0.8),
          }
        : undefined
    this.#axes = this.#points.map(point => {
      const axisRad = 2 * this.#smoothAt(point.xPx, point.yPx, point)
      return [Math.cos(axisRad), Math.sin(axisRad)]
    })
  }

  /** Ridge orientation, radians, counter-clockwise with y up; any multiple of pi may be added. */
  at(xPx: number, yPx: number): number {
    let angle = this.#smoothAt(xPx, yPx)
    for (let i = 0; i < this.#points.length; i++) {
      const point = this.#points[i]
      if (point.roundness === 0) continue
      const dx = xPx - point.xPx
      const dy = point.yPx - yPx
      const square = dx * dx + dy * dy
      const near = 1 + square / point.reach
      const [cos, sin] = this.#axes[i]
      // The sine of the angle from the axis.
      angle -= (point.roundness * (dy * cos - dx * sin)) / (Math.sqrt(square + 1) * near * near)
    }
    return angle
  }

  /** Orientation in the middle of the square that a place lies in, 256ths of a half turn; beyond the pad that of its rim. */
  near(xPx: number, yPx: number): number {
    const column = clamp((xPx + PAD_HALF_WIDTH_PX + WOBBLE_MARGIN_PX) / SQUARE_PX, SQUARES_ACROSS - 1) | 0
    const row = clamp((yPx + PAD_HALF_HEIGHT_PX + WOBBLE_MARGIN_PX) / SQUARE_PX, SQUARES_DOWN - 1) | 0
    const square = row * SQUARES_ACROSS + column
    const known = this.#squares[square]
    if (known !== UNKNOWN) return known
    const x = (column + 0.5) * SQUARE_PX - PAD_HALF_WIDTH_PX - WOBBLE_MARGIN_PX
    const y = (row + 0.5) * SQUARE_PX - PAD_HALF_HEIGHT_PX - WOBBLE_MARGIN_PX
    const orientation = Math.round((this.at(x, y) * 256) / Math.PI) & 255
    this.#squares[square] = orientation
    return orientation
  }

  /** Without the roundness of cores, and without what goes round `except`. */
  #smoothAt(xPx: number, yPx: number, except?: Singular): number {
    let angle = this.#wobbleAt(xPx, yPx) + (this.#arch ? this.#archAt(xPx, yPx) : this.#shapeAt(xPx, yPx))
    for (const point of this.#points) {
      if (point !== except) angle += point.turns * quickAngle(xPx - point.xPx, point.yPx - yPx)
    }
    return angle
  }

  #wobbleAt(xPx: number, yPx: number): number {
    const u = clamp((xPx + PAD_HALF_WIDTH_PX + WOBBLE_MARGIN_PX) / WOBBLE_SPACING_PX, WOBBLE_COLUMNS - 1.001)
    const v = clamp((yPx + PAD_HALF_HEIGHT_PX + WOBBLE_MARGIN_PX) / WOBBLE_SPACING_PX, WOBBLE_ROWS - 1.001)
    const column = u | 0
    const row = v | 0
    const [fu, fv] = [u - column, v - row]
    const at = row * WOBBLE_COLUMNS + column
    const above = this.#wobble[at] + fu * (this.#wobble[at + 1] - this.#wobble[at])
    const next = at + WOBBLE_COLUMNS
    const below = this.#wobble[next] + fu * (this.#wobble[next + 1] - this.#wobble[next])
    return above + fv * (below - above)
  }

  /** Ridges above the core run round the finger tip more steeply than singular points alone make them. */
  #shapeAt(xPx: number, yPx: number): number {
    const t = clamp((this.#bottom - yPx) / (this.#bottom - this.#top), 1)
    return this.#steepness * (this.#middle - xPx) * t * t * (3 - 2 * t)
  }

  #archAt(xPx: number, yPx: number): number {
    const { peak, height, spread, round } = this.#arch!
    const u = (this.#middle - xPx) / spread
    const far = (yPx - height) / 146
    const below = Math.exp(-far * far)
    const hump = peak * below * 2.64 * u * Math.exp(-1.6 * u * u)
    return hump + (yPx < height ? round * (1 - below) * u * 1.6 : 0)
  }
}

function singularPoints(random: Random, patternClass: PatternClass): Singular[] {
  if (patternClass === 'arch') return []
  const core = { xPx: random.normalWithin(0, 16, -40, 40), yPx: random.normalWithin(-39, 24, -95, 16) }
  const across = random.normalWithin(100, 26, 40, 160)
  const down = random.normalWithin(165, 40, 60, 260)
  const delta = (dx: number, dy: number) => singular(core.xPx + dx, core.yPx + dy, -0.5)
  if (patternClass === 'tented-arch') {
    return [loop(random, core), delta(random.normalWithin(0, 7, -14, 14), random.uniform(60, 180))]
  }
  if (patternClass === 'left-loop') return [loop(random, core), delta(across, down)]
  if (patternClass === 'right-loop') return [loop(random, core), delta(-across, down)]
  const apart = random.normalWithin(38, 28, 10, 115)
  const second = { xPx: core.xPx + random.normal(0, 0.45) * apart, yPx: core.yPx + apart }
  const other = random.normalWithin(100, 26, 40, 160)
  const deltas = [delta(-across, down), delta(other, random.normalWithin(down, 34, 60, 270))]
  return [loop(random, core), loop(random, second), ...deltas]
}

/** The pole of the model draws parabolas, which fan out below a core; in a finger they are staples (orientation-field.ts). */
function loop(random: Random, { xPx, yPx }: { xPx: number; yPx: number }): Singular {
  const reachPx = random.uniform(55, 130)
  const roundness = random.normalWithin(0.34, 0.1, 0.1, 0.52)
  return { ...singular(xPx, yPx, 0.5), roundness, reach: 2 * reachPx * reachPx }
}

function singular(xPx: number, yPx: number, turns: number): Singular {
  return { xPx, yPx, turns, roundness: 0, reach: 1 }
}

const clamp = (value: number, most: number) => (value < 0 ? 0 : value > most ? most : value)

/** atan2 to 0.0015 rad, by a polynomial (Rajan et al., IEEE Signal Processing Magazine 23(3) 2006, equation 9). */
function quickAngle(x: number, y: number): number {
  const ax = x < 0 ? -x : x
  const ay = y < 0 ? -y : y
  const swap = ay > ax
  const t = swap ? ax / ay : ay / (ax + 1e-9)
  let angle = t * (0.7853981634 + (1 - t) * (0.2447 + 0.0663 * t))
  if (swap) angle = Math.PI / 2 - angle
  if (x < 0) angle = Math.PI - angle
  return y < 0 ? -angle : angle
}
