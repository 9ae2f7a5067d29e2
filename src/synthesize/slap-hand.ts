import { FRICTION_RIDGE_POSITIONS } from '../formats/finger-positions.js'
import type { Random } from '../random.js'

/** One finger as it lies on the glass, mm and radians. */
export interface LaidFinger {
  /** 1 right thumb to 10 left little finger. */
  readonly position: number
  /** Middle of the top of the fingertip. */
  readonly xMm: number
  readonly yMm: number
  /** From straight up, clockwise. */
  readonly tiltRad: number
  /** Of the print of the fingertip. */
  readonly widthMm: number
  readonly lengthMm: number
  /** White between the fingertip and the next phalanx; its width, and how far down it touches. */
  readonly creaseMm: number
  readonly belowWidthMm: number
  readonly belowLengthMm: number
}

/** Means of width and length of the print of a fingertip, and how much lower than the middle finger's it lies; thumb to little finger. */
const FINGERS = [
  { widthMm: 20, lengthMm: 27, lowerMm: 0 },
  { widthMm: 15, lengthMm: 22, lowerMm: 11 },
  { widthMm: 15.5, lengthMm: 23, lowerMm: 0 },
  { widthMm: 15, lengthMm: 22, lowerMm: 7 },
  { widthMm: 12.5, lengthMm: 19, lowerMm: 27 },
] as const

export interface HandOptions {
  /** A code of FRICTION_RIDGE_POSITIONS of several fingers, or of a plain thumb: 11 to 15, 40 to 52. Default 13, right four fingers. */
  readonly code?: number | undefined
  /** Fingers (1 to 10) that are not there; the others stay in their places. */
  readonly missing?: readonly number[] | undefined
  /** Of the whole hand, clockwise, within 45 degrees. Default drawn, deviation 10 degrees. */
  readonly rotationRad?: number | undefined
  /** Between neighbouring fingertips, mm; below 0 they overlap. Default drawn, 1.5 to 8. */
  readonly gapMm?: number | undefined
}

/** The fingers of a hand laid down once, from left to right; the tip of the highest is near y = 0. */
export function layHand(random: Random, options: HandOptions): LaidFinger[] {
  const { code = 13, missing = [] } = options
  const { fingers = [] } = FRICTION_RIDGE_POSITIONS.get(code) ?? {}
  if (fingers.length === 0) throw new RangeError(`code is ${code}, must be that of a print of known fingers`)
  const rotation = options.rotationRad ?? random.normalWithin(0, 0.175, -0.6, 0.6)
  const size = random.normalWithin(1, 0.08, 0.8, 1.2)
  const converging = random.normal(0.04, 0.04)
  let x = 0
  const laid = fingers.map((position, i): LaidFinger => {
    const { widthMm, lengthMm, lowerMm } = FINGERS[(position - 1) % 5]
    const width = widthMm * size * random.normalWithin(1, 0.06, 0.8, 1.2)
    const length = Math.min(lengthMm * size * random.normalWithin(1, 0.09, 0.75, 1.25), 1.8 * width)
    const xMm = x + width / 2
    const gapMm = options.gapMm ?? (code === 15 ? random.uniform(4, 15) : random.uniform(1.5, 8))
    x += width + gapMm
    const lean = random.normal(converging * ((fingers.length - 1) / 2 - i), 0.03)
    return {
      position,
      xMm,
      yMm: lowerMm * size + random.normal(0, 2.5),
      tiltRad: lean,
      widthMm: width,
      lengthMm: length,
      creaseMm: random.chance(0.2) ? random.uniform(0.3, 1) : random.uniform(1, 4),
      belowWidthMm: width * random.uniform(0.65, 0.95),
      belowLengthMm: random.chance(0.15) ? 0 : random.uniform(6, 20),
    }
  })
  const middle = x / 2
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)]
  return laid
    .filter(({ position }) => !missing.includes(position))
    .map(finger => {
      const [dx, dy] = [finger.xMm - middle, finger.yMm]
      return { ...finger, xMm: dx * cos - dy * sin, yMm: dx * sin + dy * cos, tiltRad: finger.tiltRad + rotation }
    })
}
