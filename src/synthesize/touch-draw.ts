/**
 * How one touch of a finger differs from the finger: where it lies, how it is turned and stretched, what it shows of the minutiae
 * and how far it alters their codes. Fitted to the pairs of impressions of the development prints (docs/synthetic-templates.md).
 */
import type { Random } from '../random.js'

/**
 * How well a probe was taken: as the best third of pairs of impressions of the development prints by score, as all of them, as
 * the worst third.
 */
export type ProbeDifficulty = 'clean' | 'typical' | 'poor'

/** Deviations of what is drawn for a touch, unless said otherwise. */
interface TouchStatistics {
  /** px: of the middle of the contact from that of the pad. */
  readonly acrossPx: number
  readonly downPx: number
  readonly rotationRad: number
  /** Mean logarithm of the area of contact, px2. */
  readonly logArea: number
  /** px at 100 px from the middle of the contact. */
  readonly stretchPx: number
  /** px, of each minutia on each axis. */
  readonly jitterPx: number
  /** Mean quality at which every second minutia is shown. */
  readonly shownFrom: number
  /** Mean alteration of codes, {@link DISTURBANCE_PARTS}ths of a deviation. */
  readonly alteration: number
  /** Of what makes a touch worse in everything at once: 1 alters codes 1.5 times as much and hides minutiae up to 6 better. */
  readonly worse: number
}

const DEGREE = Math.PI / 180

const ENROLLED: TouchStatistics = {
  acrossPx: 18,
  downPx: 33,
  rotationRad: 8 * DEGREE,
  logArea: 11.165,
  stretchPx: 1.5,
  jitterPx: 1.3,
  shownFrom: 20,
  alteration: 6,
  worse: 0.4,
}
const PROBES: Readonly<Record<ProbeDifficulty, TouchStatistics>> = {
  clean: {
    ...ENROLLED,
    acrossPx: 11,
    downPx: 21,
    rotationRad: 6 * DEGREE,
    jitterPx: 0.9,
    shownFrom: 14,
    alteration: 4,
  },
  typical: {
    ...ENROLLED,
    acrossPx: 21,
    downPx: 37,
    rotationRad: 10.5 * DEGREE,
    shownFrom: 20,
    alteration: 8,
    worse: 1.8,
  },
  poor: {
    acrossPx: 38,
    downPx: 66,
    rotationRad: 13 * DEGREE,
    logArea: 11.1,
    stretchPx: 2.6,
    jitterPx: 2,
    shownFrom: 32,
    alteration: 15,
    worse: 1,
  },
}

/** Of the logarithm of the area, in which nothing is told apart by the finger. */
const LOG_AREA_DEVIATION = 0.25
/** Height of the contact by its width: 1.13 to 1.86 in eight of ten development prints. */
const ASPECT = 1.49
const ASPECT_DEVIATION = 0.26
/** Deviations of shownFrom and of the mean quality from touch to touch, and of the logarithm of the alteration. */
const SHOWN_DEVIATION = 6
const QUALITY_DEVIATION = 4
const LOG_ALTERATION_DEVIATION = 0.2
/** Terms of the stretch: u, v, u^2, u v, v^2 of each axis, u and v in {@link STRETCH_PX}. */
const STRETCH_TERMS = 10
const STRETCH_PX = 100

export interface Touch {
  /** Middle of the contact on the finger, px, and its half axes. */
  readonly xPx: number
  readonly yPx: number
  readonly halfWidthPx: number
  readonly halfHeightPx: number
  /** 1 / halfWidthPx and 1 / halfHeightPx. */
  readonly perWidth: number
  readonly perHeight: number
  readonly rotationRad: number
  readonly stretch: Float32Array
  readonly jitterPx: number
  readonly shownFrom: number
  /** Added to the quality of every minutia. */
  readonly quality: number
  readonly alteration: number
}

/** `random` is drawn from; without a difficulty it is the touch that is enrolled. */
export function drawTouch(random: Random, difficulty?: ProbeDifficulty): Touch {
  const of = difficulty === undefined ? ENROLLED : PROBES[difficulty]
  const area = Math.exp(random.normalWithin(of.logArea, LOG_AREA_DEVIATION, of.logArea - 0.7, of.logArea + 0.5))
  const aspect = random.normalWithin(ASPECT, ASPECT_DEVIATION, 0.95, 2)
  const halfWidthPx = Math.sqrt(area / Math.PI / aspect)
  const stretch = new Float32Array(STRETCH_TERMS)
  const worse = of.worse * random.normal()
  const stretchPx = of.stretchPx * Math.exp(0.3 * worse)
  for (let i = 0; i < STRETCH_TERMS; i++) stretch[i] = random.normal(0, stretchPx)
  return {
    xPx: random.normal(0, of.acrossPx),
    yPx: random.normal(-5, of.downPx),
    halfWidthPx,
    halfHeightPx: halfWidthPx * aspect,
    perWidth: 1 / halfWidthPx,
    perHeight: 1 / (halfWidthPx * aspect),
    rotationRad: random.normal(0, of.rotationRad),
    stretch,
    jitterPx: of.jitterPx * Math.exp(0.3 * worse),
    shownFrom: of.shownFrom + SHOWN_DEVIATION * worse,
    quality: random.normal(0, QUALITY_DEVIATION) - 2 * worse,
    alteration: of.alteration * Math.exp(0.4 * worse + LOG_ALTERATION_DEVIATION * random.normal()),
  }
}

/** What the stretch adds to the column (`axis` 0) or row (1) of a point so far from the middle of the contact, px. */
export function stretchOf({ stretch }: Touch, axis: 0 | 1, dxPx: number, dyPx: number): number {
  const u = dxPx / STRETCH_PX
  const v = dyPx / STRETCH_PX
  const at = 5 * axis
  return (
    stretch[at] * u + stretch[at + 1] * v + stretch[at + 2] * u * u + stretch[at + 3] * u * v + stretch[at + 4] * v * v
  )
}

/** Whether a place of the finger lies in the contact. */
export function isShown(touch: Touch, xPx: number, yPx: number): boolean {
  const u = (xPx - touch.xPx) * touch.perWidth
  const v = (yPx - touch.yPx) * touch.perHeight
  return u * u + v * v < 1
}
