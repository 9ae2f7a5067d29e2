import type { MinutiaType } from '../types.js'

/** Minutiae a template or a record view can hold: a record counts them in one byte (ISO/IEC 19794-2:2005, 7.4.1). */
export const MAX_MINUTIAE = 255

/** Left little finger (ISO/IEC 19794-2:2005, table 2). */
export const MAX_FINGER_POSITION = 10

/** Of a print and of a minutia (ISO/IEC 19794-2:2005, 7.4.1 and 7.4.2). */
export const MAX_QUALITY = 100

/** Types in the order of their codes, which are the standard's own (ISO/IEC 19794-2:2005, 7.4.2). */
export const MINUTIA_TYPES = ['other', 'ridge-ending', 'bifurcation'] as const satisfies readonly MinutiaType[]

/** Radians in a 256th of a turn. Dividing by a power of two loses nothing: k * this is k * 2 pi / 256, bit for bit. */
const RADIANS_PER_CODE = Math.PI / 128

/** The radians of a direction in 256ths of a turn, which is the standard's unit too (1.40625 degrees; 7.4.2). */
export function directionOfCode(code: number): number {
  return code * RADIANS_PER_CODE
}

/** The nearest 256th of a turn: 0 to 255. Within half a unit of a full turn that is 0. */
export function codeOfDirection(directionRad: number): number {
  return Math.round(directionRad / RADIANS_PER_CODE) & 0xff
}
