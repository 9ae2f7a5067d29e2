import { MAX_QUALITY } from '../../template/minutia-codes.js'
import { COMPRESSIONS_2005, COMPRESSIONS_2011, type ImageCompression } from './compressions.js'
import type { ImageRecord } from './image-record.js'
import { resolutionOf } from './image-resolution.js'

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

/** The images of a record, in its order. */
export function imagesOfRecord({ format, record }: ImageRecord): StatedImage[] {
  if (format === 'iso-19794-4-2011') {
    return record.views.map(image => ({
      ...common(image),
      ...resolutionOf(image),
      bitDepth: image.bitDepth,
      compression: COMPRESSIONS_2011.get(image.compression),
      quality: score(image.qualityBlocks[0]?.score),
    }))
  }
  return record.views.map(image => ({
    ...common(image),
    ...resolutionOf(record),
    bitDepth: record.bitDepth,
    compression: COMPRESSIONS_2005.get(record.compression),
    quality: score(image.quality),
  }))
}

type Common = Pick<StatedImage, 'fingerPosition' | 'impression' | 'widthPx' | 'heightPx' | 'payload'>

function common({ fingerPosition, impression, widthPx, heightPx, payload }: Common): Common {
  return { fingerPosition, impression, widthPx, heightPx, payload }
}

function score(value: number | undefined): number | undefined {
  return value !== undefined && value <= MAX_QUALITY ? value : undefined
}
