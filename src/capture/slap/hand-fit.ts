import { acrossOf, downOf } from './fingers.js'
import type { Fingertip } from './fingertip.js'
import { CELL_MM } from './ridge-map.js'

/**
 * How much lower than the middle finger's the tips of the others lie in a hand laid flat, and the widths of prints of them: rough
 * means of grown people. Hands are known from their mirror image by the little finger, which no spread of these moves to the other side.
 */
const HAND = [
  { lowerMm: 10, widthMm: 15.5 },
  { lowerMm: 0, widthMm: 16 },
  { lowerMm: 6, widthMm: 15.5 },
  { lowerMm: 25, widthMm: 13 },
] as const

/** Deviation of one tip, by bent fingers and tips rolled up or down; of the logarithm of one width. */
const TIP_DEVIATION_MM = 7
const WIDTH_DEVIATION = 0.13

/** Deviation of how the hand lies, as the fingers show it: 6 degrees. */
const SLOPE_DEVIATION = 0.1

/**
 * How well fingertips, from left to right, fit to be those of these positions (2 to 5, 7 to 10): the logarithm of a likelihood, of use
 * beside that of other positions alone.
 */
export function handFit(tips: readonly Fingertip[], positions: readonly number[], slapTiltRad: number): number {
  const finger = positions.map(position => HAND[(position - 2) % 5])
  const lower = centred(tips.map((tip, i) => topOf(tip, slapTiltRad) * CELL_MM - finger[i].lowerMm))
  const across = centred(tips.map(({ x, y }) => acrossOf(x, y, slapTiltRad) * CELL_MM))
  const widths = centred(tips.map(({ width }, i) => Math.log((width * CELL_MM) / finger[i].widthMm)))
  // The slope that fits best, held to what is usual: least squares with a prior.
  const slope = product(lower, across) / (product(across, across) + (TIP_DEVIATION_MM / SLOPE_DEVIATION) ** 2)
  const left = lower.map((value, i) => value - slope * across[i])
  const squares =
    product(left, left) / TIP_DEVIATION_MM ** 2 +
    (slope / SLOPE_DEVIATION) ** 2 +
    product(widths, widths) / WIDTH_DEVIATION ** 2
  return -squares / 2
}

/** How far down the hand the top of a fingertip is, cells. */
function topOf({ x, y, height, tiltRad }: Fingertip, slapTiltRad: number): number {
  const up = height / 2
  return downOf(x + up * Math.sin(tiltRad), y - up * Math.cos(tiltRad), slapTiltRad)
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.map(value => value - mean)
}

const product = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0)
