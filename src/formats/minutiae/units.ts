/** Units of records and of the engine, one into the other. */
import { CM_PER_INCH, isNominal, PX_PER_CM_AT_500_PPI, PX_PER_CM_AT_1000_PPI } from '../resolution.js'

const MM_PER_INCH = 25.4

/** Units of length in a card format, millimetres. */
export const MM_PER_UNIT = { normal: 0.01, compact: 0.1 } as const

/** Units of an angle in a turn: of 360 / 256, 2 and 5.625 degrees. */
export const ISO_ANGLES = 256
export const ANSI_ANGLES = 180
export const COMPACT_CARD_ANGLES = 64

/** One axis of a record's image: its resolution and the factor that takes its pixels to 500 ppi. */
export function axisOf(pxPerCm: number): { ppi: number; scale: number } {
  if (isNominal(pxPerCm, PX_PER_CM_AT_500_PPI)) return { ppi: 500, scale: 1 }
  const ppi = isNominal(pxPerCm, PX_PER_CM_AT_1000_PPI) ? 1000 : pxPerCm * CM_PER_INCH
  return { ppi, scale: 500 / ppi }
}

/** Pixels at 500 ppi in a card format's unit of length. */
export function pxPerUnit(size: keyof typeof MM_PER_UNIT): number {
  return (MM_PER_UNIT[size] * 500) / MM_PER_INCH
}

/** 0 to a full turn: what an angle has above it is left out. */
export function directionOfAngle(angle: number, anglesPerTurn: number): number {
  return (angle % anglesPerTurn) * ((2 * Math.PI) / anglesPerTurn)
}

/** The nearest unit: from half a unit before a full turn on that is 0. */
export function angleOfDirection(directionRad: number, anglesPerTurn: number): number {
  const nearest = Math.round(directionRad / ((2 * Math.PI) / anglesPerTurn)) % anglesPerTurn
  return nearest < 0 ? nearest + anglesPerTurn : nearest
}
