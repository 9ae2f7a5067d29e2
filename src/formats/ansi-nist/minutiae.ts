/**
 * Minutiae of a Type-9 record, in one of two blocks, with the nouns of the engine.
 *
 *     9.005 to 9.012, the standard's until 1-2007      9.126 to 9.141, of ANSI INCITS 378 (M1)
 *       MRC: index US xxxxyyyyttt US quality US          FMD: index US x US y US angle US type US quality
 *            type US neighbours
 *       x, y   0.01 mm from the lower left corner        pixels from the upper left corner, at THPS and TVPS
 *       angle  degrees, counter-clockwise from the       2 degrees, counter-clockwise from the right: back along the
 *              right, out of the end of the ridge        ridge, as the engine has it
 *       type   A ending, B bifurcation, C compound,      0 other, 1 ending, 2 bifurcation
 *              D undetermined
 *       qual.  0 by hand, 1 unknown, 2 best to 63        0 unknown, 1 to 100 best
 *
 * NIST's fmr2an2k turns the one into the other: half a turn, and the other corner. The FBI's own block (9.013 to 9.023) and the
 * extended feature set (9.300 on) are left as fields.
 */
import { SidikError } from '../../errors.js'
import type { Minutia, MinutiaType } from '../../types.js'
import { fieldName } from './field-names.js'
import { FRICTION_RIDGE_TYPES, type ImageHeader, imageHeader } from './images.js'
import { numberOf } from './information.js'
import {
  type AnsiNistRecord,
  type AnsiNistTransaction,
  idcOf,
  subfieldsOf,
  type TaggedRecord,
  textOf,
} from './transaction.js'

export interface AnsiNistMinutiae {
  readonly block: 'standard' | 'incits-378'
  readonly idc: number
  readonly impression?: number
  readonly positions: readonly number[]
  /** Of the image at 500 ppi. */
  readonly widthPx: number
  readonly heightPx: number
  readonly minutiae: readonly Minutia[]
  /** How many of them lay outside the image, and were moved to its edge; absent where none did. */
  readonly movedCount?: number
}

/** With the same minutiae between pixels, where the record has them; those outside at the edge. */
export interface UnroundedMinutiae extends AnsiNistMinutiae {
  readonly unrounded: readonly Minutia[]
}

/** The image that minutiae of the standard block lie in, where the transaction does not have it. */
export interface MinutiaeImage {
  /** At 500 ppi. */
  readonly widthPx: number
  readonly heightPx: number
}

const PX_PER_UNIT = 500 / 2540
const RADIANS_PER_DEGREE = Math.PI / 180
const FULL_TURN = 360
const STANDARD_TYPES: ReadonlyMap<string | undefined, MinutiaType> = new Map([
  ['A', 'ridge-ending'],
  ['B', 'bifurcation'],
])
const M1_TYPES: readonly MinutiaType[] = ['other', 'ridge-ending', 'bifurcation']

/**
 * The minutiae of the Type-9 record at `recordIndex`; undefined where it has neither block. Of both, that of INCITS 378, which
 * needs no image.
 *
 * @param image for the standard block, which counts from below: the image of the same IDC (types 4, 13, 14, 15) unless given
 * @throws RangeError when the record is not of Type 9, or the standard block has no image to lie in
 * @throws SidikError RECORD_CORRUPT naming the field that is not as its block has it
 */
export function minutiaeOf(
  transaction: AnsiNistTransaction,
  recordIndex: number,
  image?: MinutiaeImage,
): AnsiNistMinutiae | undefined {
  const found = minutiaeAround(transaction, recordIndex, idc => image ?? imageOf(transaction, idc))
  if (found === undefined) return undefined
  const { unrounded: _, ...minutiae } = found
  return minutiae
}

/**
 * The same, for many records: images are looked up by their IDC.
 *
 * @param imageOfIdc the image of an IDC, undefined where the transaction has none
 */
export function minutiaeAround(
  transaction: AnsiNistTransaction,
  recordIndex: number,
  imageOfIdc: (idc: number) => MinutiaeImage | undefined,
): UnroundedMinutiae | undefined {
  const record = transaction.records[recordIndex]
  if (record?.kind !== 'tagged' || record.type !== 9) throw new RangeError(`records[${recordIndex}] is not of type 9`)
  if (setsOf(record, 137).length > 0) return m1Minutiae(record)
  if (setsOf(record, 12).length === 0) return undefined
  const around = imageOfIdc(Number(idcOf(record)))
  if (around === undefined) throw new RangeError('image must be given: the transaction has none of the same IDC')
  return { ...headOf(record, 'standard', 6), ...around, ...withinImage(standardMinutiae(record, around), around) }
}

/** The sets of a field; none where it is there and empty. */
function setsOf(record: TaggedRecord, number: number): readonly (readonly string[])[] {
  return subfieldsOf(record, number).filter(items => items.some(item => item !== ''))
}

function headOf(record: TaggedRecord, block: AnsiNistMinutiae['block'], positionsField: number) {
  const impression = numberOf(textOf(record, 3))
  return {
    block,
    idc: Number(idcOf(record)),
    ...(impression === undefined ? {} : { impression }),
    positions: subfieldsOf(record, positionsField).map(([position]) => Number(position)),
  }
}

/** The first image of friction ridges of an IDC. */
function imageOf(transaction: AnsiNistTransaction, idc: number): MinutiaeImage | undefined {
  const isImage = (record: AnsiNistRecord) => FRICTION_RIDGE_TYPES.has(record.type) && Number(idcOf(record)) === idc
  const index = transaction.records.findIndex(isImage)
  const header = index < 0 ? undefined : imageHeader(transaction, index)
  return header && minutiaeImageOf(header)
}

/** The first image of each IDC, by that. */
export function minutiaeImagesByIdc(images: readonly ImageHeader[]): Map<number, MinutiaeImage | undefined> {
  const byIdc = new Map<number, MinutiaeImage | undefined>()
  for (const image of images) {
    // Records that lack an IDC do not belong together.
    if (!Number.isNaN(image.idc) && !byIdc.has(image.idc)) byIdc.set(image.idc, minutiaeImageOf(image))
  }
  return byIdc
}

/** Size at 500 ppi; undefined where size or resolution are not stated. */
function minutiaeImageOf({ widthPx, heightPx, xPpi, yPpi }: ImageHeader): MinutiaeImage | undefined {
  if (!widthPx || !heightPx || !xPpi || !yPpi) return undefined
  return { widthPx: Math.round((widthPx * 500) / xPpi), heightPx: Math.round((heightPx * 500) / yPpi) }
}

function standardMinutiae(record: TaggedRecord, { heightPx }: MinutiaeImage): Minutia[] {
  return setsOf(record, 12).map(([, place, quality, type], i) => {
    const parts = /^(\d{4})(\d{4})(\d{3})$|^(\d{5})(\d{5})(\d{3})$/
      .exec(place ?? '')
      ?.slice(1)
      .filter(Boolean)
    if (!parts) throw wrong(12, i, `has the place ${JSON.stringify(place)}, not 11 or 13 digits`)
    const [x, y, angle] = parts.map(Number)
    if (angle >= FULL_TURN) throw wrong(12, i, `has an angle of ${angle} degrees`)
    return {
      xPx: x * PX_PER_UNIT,
      yPx: heightPx - y * PX_PER_UNIT,
      directionRad: ((angle + FULL_TURN / 2) % FULL_TURN) * RADIANS_PER_DEGREE,
      type: STANDARD_TYPES.get(type) ?? 'other',
      quality: qualityOf(numberOf(quality) ?? 0),
    }
  })
}

/** 2 (best) to 63 of the standard as 100 to 1; by hand and unknown as not reported. */
function qualityOf(standard: number): number {
  return standard < 2 || standard > 63 ? 0 : Math.round(100 - ((standard - 2) * 99) / 61)
}

function m1Minutiae(record: TaggedRecord): UnroundedMinutiae {
  const xScale = scaleOf(record, 131)
  const yScale = scaleOf(record, 132)
  const widthPx = Math.round(positive(record, 128) * xScale)
  const heightPx = Math.round(positive(record, 129) * yScale)
  const minutiae = setsOf(record, 137).map((items, i) => {
    const [, x, y, angle, type, quality] = items.map(item => numberOf(item) ?? Number.NaN)
    const isWhole = x >= 0 && y >= 0 && angle < FULL_TURN / 2 && M1_TYPES[type] !== undefined && quality <= 100
    if (!isWhole) throw wrong(137, i, 'is not index, x, y, angle up to 179, type up to 2 and quality up to 100')
    return {
      xPx: x * xScale,
      yPx: y * yScale,
      directionRad: 2 * angle * RADIANS_PER_DEGREE,
      type: M1_TYPES[type],
      quality,
    }
  })
  const image = { widthPx, heightPx }
  return { ...headOf(record, 'incits-378', 134), ...image, ...withinImage(minutiae, image) }
}

/** The factor that takes pixels of the record to 500 ppi. */
function scaleOf(record: TaggedRecord, number: number): number {
  const units = numberOf(textOf(record, 130))
  const pixels = positive(record, number)
  if (units === 1) return 500 / pixels
  // 500 ppi are 196.85 px/cm, in whole numbers 197; some cut it to 196, or round up to 198.
  if (units === 2) return Math.abs(pixels - 197) <= 1 ? 1 : 500 / (pixels * 2.54)
  throw new SidikError(
    'RECORD_CORRUPT',
    `${fieldName(9, 130)} is ${textOf(record, 130)}: minutiae of an unknown resolution`,
  )
}

function positive(record: TaggedRecord, number: number): number {
  const value = numberOf(textOf(record, number))
  if (value) return value
  throw new SidikError(
    'RECORD_CORRUPT',
    `${fieldName(9, number)} is ${textOf(record, number) ?? 'missing'}, minutiae need it`,
  )
}

/** Rounding takes the last column and row one further; what is beyond that lay outside. */
const ROUNDED_PX = 1

function withinImage(unrounded: readonly Minutia[], { widthPx, heightPx }: MinutiaeImage) {
  const minutiae = unrounded.map(one => ({ ...one, xPx: Math.round(one.xPx), yPx: Math.round(one.yPx) }))
  const within = (value: number, sidePx: number) => Math.min(Math.max(value, 0), Math.max(sidePx - 1, 0))
  const isOutside = (value: number, sidePx: number) => value < 0 || value > sidePx - 1 + ROUNDED_PX
  const moved = minutiae.filter(({ xPx, yPx }) => isOutside(xPx, widthPx) || isOutside(yPx, heightPx))
  const atEdge = (one: Minutia) => ({ ...one, xPx: within(one.xPx, widthPx), yPx: within(one.yPx, heightPx) })
  return {
    minutiae: minutiae.map(atEdge),
    unrounded: unrounded.map(atEdge),
    ...(moved.length > 0 && { movedCount: moved.length }),
  }
}

function wrong(number: number, subfield: number, problem: string): SidikError {
  return new SidikError('RECORD_CORRUPT', `${fieldName(9, number)}, subfield ${subfield + 1}, ${problem}`)
}
