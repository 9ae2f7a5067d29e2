/** Which resolution holds, and whether it can be worked with: a wrong one spoils every distance between minutiae. */
import { SidikError } from '../errors.js'
import type { StatedResolution } from './pixels.js'

/** What the core resamples to 500: below, ridges 0.4 mm apart are under four pixels; 1,000 is the finer standard. */
export const MIN_PPI = 250
export const MAX_PPI = 1100

/** Rounding of whole pixels a metre or a centimetre stays below; a sensor that is more askew must be resampled. */
const MAX_AXES_DIFFERENCE = 0.01

/** Whether two resolutions differ by more than rounding: both in one unit, neither of them 0. */
export function differInResolution(one: number, other: number): boolean {
  return Math.abs(one - other) > MAX_AXES_DIFFERENCE * Math.max(Math.abs(one), Math.abs(other))
}

/** Says that pixels are not square; undefined where they are, and where an axis is not stated. */
export function problemOfAxes({ xPpi, yPpi }: StatedResolution): string | undefined {
  if (xPpi === 0 || yPpi === 0 || !differInResolution(xPpi, yPpi)) return undefined
  return `states ${Math.round(xPpi)} ppi across and ${Math.round(yPpi)} ppi down, but pixels must be square`
}

/** @throws TypeError where `value` is no number (absent is fine), naming it `name` */
export function checkPpiArgument(name: string, value: unknown): asserts value is number | undefined {
  if (value === undefined) return
  if (typeof value !== 'number' || Number.isNaN(value)) {
    throw new TypeError(
      `${name} must be a number of pixels per inch, not ${typeof value === 'number' ? 'NaN' : typeof value}`,
    )
  }
}

/**
 * The resolution given, else the frame's, else the file's rounded to whole pixels per inch (a PNG of 500 ppi states
 * 19,685 pixels a metre, 499.999).
 *
 * @param frame 0 is what scanners' libraries say for unknown
 * @throws SidikError PPI_UNKNOWN, PPI_OUT_OF_RANGE
 */
export function resolvePpi(from: {
  option?: number | undefined
  frame?: number | undefined
  stated?: StatedResolution | undefined
}): number {
  const { option, frame, stated } = from
  if (option !== undefined) return checkRange(option, 'the ppi option gives', 'give the true resolution of the image')
  const remedy = 'if that is not its true resolution, give that with the ppi option'
  if (frame !== undefined && frame !== 0) return checkRange(frame, 'the frame states', remedy)
  if (stated === undefined || (stated.xPpi === 0 && stated.yPpi === 0)) {
    throw new SidikError(
      'PPI_UNKNOWN',
      'the image states no resolution: give it with the ppi option, in pixels per inch',
    )
  }
  // One axis alone may be stated: pixels are square unless said otherwise.
  const xPpi = stated.xPpi === 0 ? stated.yPpi : stated.xPpi
  const yPpi = stated.yPpi === 0 ? stated.xPpi : stated.yPpi
  const problem = problemOfAxes({ xPpi, yPpi })
  if (problem !== undefined) {
    const help = 'resample the image, or give its true resolution with the ppi option'
    throw new SidikError('PPI_OUT_OF_RANGE', `the file ${problem}: ${help}`)
  }
  return checkRange(Math.round((xPpi + yPpi) / 2), 'the file states', remedy)
}

function checkRange(ppi: number, who: string, remedy: string): number {
  if (ppi >= MIN_PPI && ppi <= MAX_PPI) return ppi
  throw new SidikError('PPI_OUT_OF_RANGE', `${who} ${ppi} ppi, outside ${MIN_PPI} to ${MAX_PPI}: ${remedy}`)
}
