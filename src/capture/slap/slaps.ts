import { FRICTION_RIDGE_POSITIONS } from '../../formats/finger-positions.js'
import { wholeNumber } from '../../options.js'

/** Slaps by name, with their codes of FRICTION_RIDGE_POSITIONS. */
export const SLAP_CODES = { right: 13, left: 14, thumbs: 15, 'right-thumb': 11, 'left-thumb': 12 } as const

export type SlapName = keyof typeof SLAP_CODES

/** A slap by name or by its code: 13 to 15, 11 and 12, one finger (1 to 10), two or three (40 to 50), fingertips (51, 52). */
export type Slap = SlapName | number

/** Fingers of a slap that are to be found, as they lie from left to right. */
export interface ExpectedFingers {
  readonly code: number
  readonly positions: readonly number[]
}

/** @throws TypeError, RangeError for what is neither a name nor the code of a print of known fingers */
export function slapCode(name: string, value: unknown): number {
  if (typeof value === 'string' && Object.hasOwn(SLAP_CODES, value)) return SLAP_CODES[value as SlapName]
  if (typeof value === 'number' && FRICTION_RIDGE_POSITIONS.get(value)?.fingers.length) return value
  const known = Object.entries(SLAP_CODES).map(([word, code]) => `'${word}' (${code})`)
  const message = `${name} must be ${known.join(', ')}, or another code of fingers, not ${String(value)}`
  throw typeof value === 'number' ? new RangeError(message) : new TypeError(message)
}

/** @throws TypeError, RangeError for what is no list of fingers, each at most once */
export function missingFingers(name: string, value: unknown): readonly number[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new TypeError(`${name} must be a list of finger positions`)
  value.forEach((position, i) => {
    wholeNumber(`${name}[${i}]`, position, 1, 10)
    if (value.indexOf(position) !== i) throw new RangeError(`${name} lists finger ${position} twice`)
  })
  return value
}

/** The fingers of a slap without those that are missing. */
export function expectedFingers(code: number, missing: readonly number[]): ExpectedFingers {
  const { fingers } = FRICTION_RIDGE_POSITIONS.get(code)!
  return { code, positions: fingers.filter(position => !missing.includes(position)) }
}

/** 'right index finger'. */
export function fingerName(position: number): string {
  return FRICTION_RIDGE_POSITIONS.get(position)!.name
}
