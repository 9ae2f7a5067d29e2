/** Resolutions that records of a transaction state of their images. */
import { CM_PER_INCH } from '../resolution.js'
import { numberOf } from './information.js'
import { type FixedImageRecord, type TaggedRecord, textOf } from './transaction.js'

/** Pixels per inch; an axis that is not stated is undefined. */
export interface RecordResolution {
  readonly xPpi: number | undefined
  readonly yPpi: number | undefined
}

/** 1.011, the native scanning resolution in pixels per mm. */
const NSR = 11

const MM_PER_INCH = 25.4
const NOMINAL_PPI = [500, 1000]

/** A little more than 1 px/cm: px/cm and px/mm are rounded (197, 394, 19.69). */
const ROUNDING_PPI = 2.6

/** Types 3 to 6. Of a resolution other than the minimum it is the native one of the transaction. */
export function resolutionOfFixed({ type, scanningResolution }: FixedImageRecord, typeOne: TaggedRecord) {
  const isLow = type === 3 || type === 5
  const native = numberOf(textOf(typeOne, NSR))
  const ppi = scanningResolution === 0 ? (isLow ? 250 : 500) : native && nominal(native * MM_PER_INCH)
  return { xPpi: ppi, yPpi: ppi }
}

/** Fields 8 to 10 of types 10 to 17: units, lines, columns. Unit 0 states the shape of a pixel alone. */
export function resolutionOfTagged(record: TaggedRecord): RecordResolution {
  const number = (field: number) => numberOf(textOf(record, field))
  const perInch = { 1: 1, 2: CM_PER_INCH }[number(8) ?? 0]
  const ppi = (field: number) => {
    const scale = number(field)
    return perInch === undefined || !scale ? undefined : nominal(scale * perInch)
  }
  return { xPpi: ppi(9), yPpi: ppi(10) }
}

function nominal(ppi: number): number {
  return NOMINAL_PPI.find(one => Math.abs(ppi - one) <= ROUNDING_PPI) ?? ppi
}
