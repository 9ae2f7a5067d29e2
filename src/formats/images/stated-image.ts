import { MAX_QUALITY } from '../../template/minutia-codes.js'
import { COMPRESSIONS_2005, COMPRESSIONS_2011, type ImageCompression } from './compressions.js'
import type { ImageRecord } from './image-record.js'

/** What a record of any standard says of one of its images. */
export interface StatedImage {
  /** A code of FRICTION_RIDGE_POSITIONS. */
  readonly fingerPosition: number
  /** As the standard of the record numbers them: `impressionsOf`. */
  readonly impression: number
  readonly widthPx: number
  readonly heightPx: number
  /** Of the image, unrounded; 0 where not stated. */
  readonly xPpi: number
  readonly yPpi: number
  readonly bitDepth: number
  /** Absent for a code that is reserved. */
  readonly compression: ImageCompression | undefined
  /** 0 to 100; absent where not stated or not computed. The first, where there are several. */
  readonly quality: number | undefined
  readonly payload: Uint8Array
}

const CM_PER_INCH = 2.54
const INCH = 1
/** 500 and 1,000 ppi in whole pixels a centimetre (196.85 and 393.7), which some round up and others down. */
const NOMINAL: readonly (readonly [pxPerCm: number, ppi: number])[] = [
  [197, 500],
  [394, 1000],
]

/** The images of a record, in its order. */
export function imagesOfRecord({ format, record }: ImageRecord): StatedImage[] {
  if (format === 'iso-19794-4-2011') {
    return record.views.map(image => ({
      ...common(image),
      ...resolution(image),
      bitDepth: image.bitDepth,
      compression: COMPRESSIONS_2011.get(image.compression),
      quality: score(image.qualityBlocks[0]?.score),
    }))
  }
  return record.views.map(image => ({
    ...common(image),
    ...resolution(record),
    bitDepth: record.bitDepth,
    compression: COMPRESSIONS_2005.get(record.compression),
    quality: score(image.quality),
  }))
}

type Common = Pick<StatedImage, 'fingerPosition' | 'impression' | 'widthPx' | 'heightPx' | 'payload'>

function common({ fingerPosition, impression, widthPx, heightPx, payload }: Common): Common {
  return { fingerPosition, impression, widthPx, heightPx, payload }
}

function resolution(from: { scaleUnits: 1 | 2; xImageResolution: number; yImageResolution: number }) {
  const ppi = (value: number) => (from.scaleUnits === INCH ? value : ppiOfPxPerCm(value))
  return { xPpi: ppi(from.xImageResolution), yPpi: ppi(from.yImageResolution) }
}

function ppiOfPxPerCm(pxPerCm: number): number {
  return NOMINAL.find(([nominal]) => Math.abs(pxPerCm - nominal) <= 1)?.[1] ?? pxPerCm * CM_PER_INCH
}

function score(value: number | undefined): number | undefined {
  return value !== undefined && value <= MAX_QUALITY ? value : undefined
}
