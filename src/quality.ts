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
}

const MESSAGES: Readonly<Record<QualityReasonCode, string>> = {
  'too-little-ridge-area': 'too little ridge area: put the whole fingertip flat on the sensor',
  'too-dry': 'too dry: moisten the finger or press a little harder',
  'too-wet': 'too wet or pressed too hard: dry the finger, press more lightly',
  'too-faint': 'too faint: clean the sensor and press a little harder',
  'too-few-minutiae': 'too few minutiae: put the centre of the fingertip on the sensor',
  'not-a-fingerprint': 'no fingerprint: no area with ridges was found',
}

/** Square millimetres: below it hardly any print can be told from another (a 6 x 6 mm swipe sensor's window). */
const AREA_LITTLE_MM2 = 60
/** Square millimetres and clarity below which it is not taken for a print at all. */
const AREA_LEAST_MM2 = 12
const CLARITY_LEAST = 0.18
/** A plain print has 25 to 60; matching needs about 12. */
const MINUTIAE_FEW = 12

/** Turns measures into a score and reasons that a person can act on. */
export function judgeQuality(measures: Measures, minutiae: number): Quality {
  const reasons: QualityReason[] = []
  const add = (code: QualityReasonCode) => reasons.push({ code, message: MESSAGES[code] })
  if (measures.areaMm2 < AREA_LEAST_MM2 || measures.clarity < CLARITY_LEAST) add('not-a-fingerprint')
  else {
    if (measures.areaMm2 < AREA_LITTLE_MM2) add('too-little-ridge-area')
    if (minutiae < MINUTIAE_FEW) add('too-few-minutiae')
  }
  return { score: Math.round(measures.quality), reasons, ridgeAreaMm2: Math.round(measures.areaMm2 * 10) / 10 }
}
