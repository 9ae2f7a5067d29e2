import type { Quality, QualityReason, QualityReasonCode } from './types.js'

/** What the core measured of a print (assembly/extract/quality.ts), averages over its ridge area. */
export interface Measures {
  readonly areaMm2: number
  /** Share of the image's energy that is ridges: 0.03 white noise, 1 a clean grating. */
  readonly clarity: number
  /** Local standard deviation, gray levels. */
  readonly contrast: number
  /** Share of pixels darker than their surroundings. */
  readonly ridgeShare: number
  /** Mean gray level, 0 to 255. */
  readonly gray: number
  /** Mean ridge period, px at 500 ppi. */
  readonly periodPx: number
  /** 0 to 100. */
  readonly quality: number
  /** How well ridge orientations 28 px apart agree: 0 not at all, 1 parallel. */
  readonly flow: number
  /** Area of clear ridges less as much of it as runs one way: small where the centre of the pattern is not shown. */
  readonly variedMm2: number
  /** Share of the minutiae that are poor (quality below 25). */
  readonly poorShare: number
  /** Share of the image that is empty opposite the edge that cuts the print off; 0 where none does. */
  readonly offCentre: number
}

const MESSAGES: Readonly<Record<QualityReasonCode, string>> = {
  'too-little-ridge-area': 'too little ridge area: put the whole fingertip flat on the sensor',
  'too-dry': 'too dry: moisten the finger or press a little harder',
  'too-wet': 'too wet or pressed too hard: dry the finger, press more lightly',
  'too-faint': 'too faint: clean the sensor and press a little harder',
  'unclear-ridges': 'ridges unclear or broken: clean finger and sensor, keep the finger still, or take another finger',
  'off-centre': 'off centre: move the middle of the fingertip to the middle of the sensor',
  'too-few-minutiae': 'too few minutiae: put the centre of the fingertip on the sensor',
  'not-a-fingerprint': 'no fingerprint: no area with ridges was found',
}

/** Square millimetres: below it hardly any print can be told from another (a 6 x 6 mm swipe sensor's window). */
const AREA_LITTLE_MM2 = 60
/** A plain print has 25 to 60; matching needs about 12. */
const MINUTIAE_FEW = 12
/** Share of dark pixels: half of the dev prints lie between 0.38 and 0.51, the driest near 0.27, the wettest at 0.7. */
const RIDGE_SHARE_DRY = 0.32
const RIDGE_SHARE_WET = 0.6
/** Gray levels; 99 of 100 dev prints have more than 17. */
const CONTRAST_FAINT = 15
/** Clarity above which moisture does not matter: half of the dev prints have more. */
const CLARITY_GOOD = 0.46

/** Quality below which it is said what made the ridges unclear or cut the print off: a sixth of the dev prints have less. */
const SCORE_LOW = 45
/** Share of poor minutiae, or clarity, at which ridges are broken to the eye. */
const POOR_MANY = 0.4
const CLARITY_LOW = 0.3
/** Of the image's side: room that a finger had to move into. */
const OFF_CENTRE = 0.15

/** Below these it is not taken for a print. Of 640 dev prints the least had 50 mm2 and clarity 0.17. */
const AREA_LEAST_MM2 = 12
const CLARITY_LEAST = 0.14
/** Low clarity is only believed where ridges flow: dev prints have 0.67 to 0.96, filtered noise 0.6 to 0.7. */
const CLARITY_DOUBTED = 0.3
const FLOW_LEAST = 0.72
/** Minutiae a cm2 below which it is a pattern, not skin: dev prints have 6 and more, gratings up to 2.2, at the image's edge. */
const DENSITY_LEAST_PER_CM2 = 3
/** Enough on any area: a palm has more than are kept. */
const MINUTIAE_PLENTY = 50

/** Turns measures into a score and reasons that a person can act on. */
export function judgeQuality(measures: Measures, minutiae: number): Quality {
  const codes = isPrint(measures, minutiae) ? shortcomings(measures, minutiae) : (['not-a-fingerprint'] as const)
  const reasons: QualityReason[] = codes.map(code => ({ code, message: MESSAGES[code] }))
  return { score: Math.round(measures.quality), reasons, ridgeAreaMm2: Math.round(measures.areaMm2 * 10) / 10 }
}

function isPrint({ areaMm2, clarity, flow }: Measures, minutiae: number): boolean {
  if (areaMm2 < AREA_LEAST_MM2 || clarity < CLARITY_LEAST) return false
  if (clarity < CLARITY_DOUBTED && flow < FLOW_LEAST) return false
  return minutiae >= Math.min((DENSITY_LEAST_PER_CM2 * areaMm2) / 100, MINUTIAE_PLENTY)
}

function shortcomings(measures: Measures, minutiae: number): QualityReasonCode[] {
  const codes: QualityReasonCode[] = []
  if (measures.areaMm2 < AREA_LITTLE_MM2) codes.push('too-little-ridge-area')
  if (measures.contrast < CONTRAST_FAINT) codes.push('too-faint')
  if (measures.clarity < CLARITY_GOOD) {
    if (measures.ridgeShare < RIDGE_SHARE_DRY) codes.push('too-dry')
    if (measures.ridgeShare > RIDGE_SHARE_WET) codes.push('too-wet')
  }
  if (measures.quality < SCORE_LOW) {
    if (measures.poorShare >= POOR_MANY || measures.clarity < CLARITY_LOW) codes.push('unclear-ridges')
    if (measures.offCentre >= OFF_CENTRE) codes.push('off-centre')
  }
  if (minutiae < MINUTIAE_FEW) codes.push('too-few-minutiae')
  return codes
}
