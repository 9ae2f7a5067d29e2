/** What a reader's QualityCode asks a person to do. */

/** One thing to do differently at the next try. */
export interface DigitalPersonaFeedback {
  /** The vendor's name for it in small letters: 'too-light'. */
  readonly code: string
  readonly message: string
}

/** By QualityCode, 1 to 24. */
const BY_CODE: readonly (readonly [code: string, message: string])[] = [
  ['no-image', 'nothing was seen: put the finger on the sensor'],
  ['too-light', 'the print is too light: press a little harder, or moisten the finger'],
  ['too-dark', 'the print is too dark: press less, or dry the finger'],
  ['too-noisy', 'the image is noisy: clean the sensor'],
  ['low-contrast', 'ridges hardly show: clean the sensor, and press a little harder'],
  ['not-enough-features', 'too little of the print shows: lay the whole pad of the finger on the sensor'],
  ['not-centered', 'the finger is beside the middle: put it in the middle of the sensor'],
  ['not-a-finger', 'this does not look like a finger: put the pad of a finger on the sensor'],
  ['too-high', 'the finger is too far up: move it down'],
  ['too-low', 'the finger is too far down: move it up'],
  ['too-left', 'the finger is too far left: move it to the right'],
  ['too-right', 'the finger is too far right: move it to the left'],
  ['too-strange', 'the image is unusual: clean the sensor, and put the finger down again'],
  ['too-fast', 'that was too fast: draw the finger more slowly'],
  ['too-skewed', 'the finger is askew: keep it straight'],
  ['too-short', 'that was too short: draw the whole finger over the sensor'],
  ['too-slow', 'that was too slow: draw the finger faster'],
  ['reverse-motion', 'the finger went back: draw it in one direction'],
  ['pressure-too-hard', 'press less'],
  ['pressure-too-light', 'press harder'],
  ['wet-finger', 'the finger is wet: dry it'],
  ['fake-finger', 'the reader takes this for a finger that is not real: use the bare finger'],
  ['too-small', 'too little of the finger is on the sensor: lay its whole pad down'],
  ['rotated-too-much', 'the finger is turned: point it straight ahead'],
]

const GOOD = 0

/** Of the event QualityReported; undefined for 0, which is good. */
export function digitalPersonaFeedback(quality: number): DigitalPersonaFeedback | undefined {
  if (quality === GOOD) return undefined
  const [code, message] = BY_CODE[quality - 1] ?? [
    'unknown',
    `the reader wants another print (code ${quality}): put the finger down again`,
  ]
  return { code, message }
}
