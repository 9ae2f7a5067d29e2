import type { MinutiaType } from '../types.js'

/** Minutiae a template or a record view can hold: their count is one byte (ISO/IEC 19794-2:2005, 7.4.1.4). */
export const MAX_MINUTIAE = 255

/** Left little finger (ISO/IEC 19794-2:2005, table 2). */
export const MAX_FINGER_POSITION = 10

/** Qualities are 0 to 100 everywhere (ISO/IEC 19794-2:2005, 7.4.1.3 and 7.4.2.5). */
export const MAX_QUALITY = 100

/** Types in the order of their codes, which are the standard's own (ISO/IEC 19794-2:2005, 7.4.2.2). */
export const MINUTIA_TYPES: readonly MinutiaType[] = ['other', 'ridge-ending', 'bifurcation']

/** Radians in a 256th of a turn. Dividing by a power of two loses nothing: k * this is k * 2 pi / 256, bit for bit. */
const RADIANS_PER_CODE = Math.PI / 128

/** The radians of a direction in 256ths of a turn (1.40625 degrees, the standard's unit too: 7.4.2.4). */
export function directionOfCode(code: number): number {
  return code * RADIANS_PER_CODE
}

/** The nearest 256th of a turn: 0 to 255. Within half a unit of a full turn that is 0. */
export function codeOfDirection(directionRad: number): number {
  return Math.round(directionRad / RADIANS_PER_CODE) & 0xff
}
