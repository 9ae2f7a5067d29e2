import { MAX_QUALITY } from '../../template/minutia-codes.js'
import { CM_PER_INCH, isNominal, PX_PER_CM_AT_500_PPI, PX_PER_CM_AT_1000_PPI } from '../resolution.js'
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

const INCH = 1
const NOMINAL: readonly (readonly [pxPerCm: number, ppi: number])[] = [
  [PX_PER_CM_AT_500_PPI, 500],
  [PX_PER_CM_AT_1000_PPI, 1000],
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
  return NOMINAL.find(([nominal]) => isNominal(pxPerCm, nominal))?.[1] ?? pxPerCm * CM_PER_INCH
}

function score(value: number | undefined): number | undefined {
  return value !== undefined && value <= MAX_QUALITY ? value : undefined
}
