/** Where the minutiae of a finger lie: what its touches have in common. Coordinates as in finger-flow.ts. */
import type { Random } from '../random.js'
import { PAD_HALF_HEIGHT_PX, PAD_HALF_WIDTH_PX } from './finger-flow.js'

/**
 * Minutiae in 10,000 px2 of finger, of which a touch shows some two thirds: mean and deviation of the logarithm. Development prints
 * show exp(1.65 +- 0.27), impressions of one finger exp(+-0.15).
 */
const LOG_DENSITY = 2.02
const LOG_DENSITY_DEVIATION = 0.25
/** Share by which they are sparser at the rim of the pad than in its middle. */
const SPARSER = 0.35

/** px: two minutiae are hardly ever nearer (1 % of the development prints' have a neighbour within 7 px). */
const APART_PX = 7
/** px: side of squares that hold one minutia at most; it makes neighbours within 15 px a little rarer than chance does. */
const SQUARE_PX = 10
const SQUARES_ACROSS = Math.ceil((2 * PAD_HALF_WIDTH_PX) / SQUARE_PX) + 2
const SQUARES_DOWN = Math.ceil((2 * PAD_HALF_HEIGHT_PX) / SQUARE_PX) + 2
const NOBODY = -1

export interface FingerMinutiae {
  readonly count: number
  readonly xPx: Float32Array
  readonly yPx: Float32Array
  /** 32 random bits each, from which all else about it is drawn. */
  readonly keys: Uint32Array
}

const squares = new Int16Array(SQUARES_ACROSS * SQUARES_DOWN)

/** `random` is drawn from. */
export function placeMinutiae(random: Random): FingerMinutiae {
  const density = Math.exp(random.normal(LOG_DENSITY, LOG_DENSITY_DEVIATION)) / 10_000
  const tries = Math.round(density * 4 * PAD_HALF_WIDTH_PX * PAD_HALF_HEIGHT_PX)
  const xPx = new Float32Array(tries)
  const yPx = new Float32Array(tries)
  const keys = new Uint32Array(tries)
  squares.fill(NOBODY)
  let count = 0
  for (let i = 0; i < tries; i++) {
    const u = random.uniform(-1, 1)
    const v = random.uniform(-1, 1)
    const key = random.bits()
    // The key's own bits decide: it is drawn whether the place is taken or not.
    if ((key >>> 8) / 0x100_0000 < SPARSER * (u * u + v * v)) continue
    const x = u * PAD_HALF_WIDTH_PX
    const y = v * PAD_HALF_HEIGHT_PX
    const at = squareOf(x, y)
    if (isTaken(at, x, y, xPx, yPx)) continue
    squares[at] = count
    xPx[count] = x
    yPx[count] = y
    keys[count++] = Math.imul(key, 0x9e3779b1)
  }
  return { count, xPx, yPx, keys }
}

function squareOf(x: number, y: number): number {
  const column = 1 + Math.floor((x + PAD_HALF_WIDTH_PX) / SQUARE_PX)
  const row = 1 + Math.floor((y + PAD_HALF_HEIGHT_PX) / SQUARE_PX)
  return row * SQUARES_ACROSS + column
}

function isTaken(at: number, x: number, y: number, xPx: Float32Array, yPx: Float32Array): boolean {
  if (squares[at] !== NOBODY) return true
  for (let row = at - SQUARES_ACROSS; row <= at + SQUARES_ACROSS; row += SQUARES_ACROSS) {
    for (let square = row - 1; square <= row + 1; square++) {
      const other = squares[square]
      if (other === NOBODY) continue
      const dx = xPx[other] - x
      const dy = yPx[other] - y
      if (dx * dx + dy * dy < APART_PX * APART_PX) return true
    }
  }
  return false
}
