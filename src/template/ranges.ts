/** Checks of values that are about to be written. Each gives back the whole number to write, or says what is wrong. */

/** @throws RangeError unless `value` is a whole number from `least` to `most` */
export function whole(field: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`${field} is ${value}, must be a whole number from ${least} to ${most}`)
}

/**
 * The nearest whole number.
 *
 * @throws RangeError unless that is from 0 to `most`
 */
export function rounded(field: string, value: number, most: number): number {
  const nearest = Math.round(value)
  if (nearest >= 0 && nearest <= most) return nearest
  throw new RangeError(`${field} is ${value}, must be from 0 to ${most}`)
}
