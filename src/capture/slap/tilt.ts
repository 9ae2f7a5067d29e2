import type { Piece } from './pieces.js'

/** What is wider is more than one finger, or not one alone, and its axis says nothing; mm. */
const WIDEST_MM = 26

const DEGREE = Math.PI / 180

/** The farthest that is looked for, and the step. */
const FARTHEST = 75 * DEGREE
const STEP = 0.5 * DEGREE

/** Fingers of a hand are spread, and axes of short pieces are known so well; one that leans otherwise counts for nothing. */
const SPREAD = 10 * DEGREE

/** Weight of the guess that the hand was laid straight, mm2, and its deviation: decides where pieces are round. */
const STRAIGHT_MM2 = 30
const STRAIGHT_SPREAD = 25 * DEGREE

/** How the fingers lean, from straight up, clockwise: where the axes of most of them are. */
export function slapTilt(pieces: readonly Piece[]): number {
  let best = 0
  let most = Number.NEGATIVE_INFINITY
  const steps = Math.round(FARTHEST / STEP)
  for (let step = -steps; step <= steps; step++) {
    const tilt = step * STEP
    let sum = STRAIGHT_MM2 * Math.exp(-((tilt / STRAIGHT_SPREAD) ** 2) / 2)
    for (const { tiltRad, lengthMm, widthMm } of pieces) {
      if (widthMm > WIDEST_MM) continue
      const off = Math.asin(Math.sin(tilt - tiltRad))
      // A piece twice as long as wide counts half its area, a round one nothing.
      sum += lengthMm * widthMm * (1 - widthMm / lengthMm) * Math.exp(-((off / SPREAD) ** 2) / 2)
    }
    if (sum > most) {
      most = sum
      best = tilt
    }
  }
  return best
}
