/**
 * What every reader of a format hands on, and the sizes that are accepted. Sizes are checked from the header, before a
 * pixel is decoded or memory for it taken.
 */
import { SidikError } from '../errors.js'

/** Pixels per inch along x and y, as a file states them: absent where it states none, unrounded. */
export interface StatedResolution {
  readonly xPpi: number
  readonly yPpi: number
}

/** 8-bit gray, row by row without padding, in a buffer of exactly its own size that nobody else holds. */
export interface DecodedImage {
  readonly data: Uint8Array<ArrayBuffer>
  readonly widthPx: number
  readonly heightPx: number
  readonly resolution?: StatedResolution | undefined
}

/** The core takes 4 million pixels at 500 ppi: 19.4 million at 1,100 ppi. */
export const MAX_PIXELS = 20_000_000

/** 1.6 mm at 500 ppi: less holds no two ridges in any direction. */
export const MIN_SIDE_PX = 32

/** MAX_PIXELS of four 16-bit channels are 160 MB uncompressed; what is beyond this is no print. */
export const MAX_FILE_BYTES = 256 * 1024 * 1024

export function checkSize(widthPx: number, heightPx: number): void {
  const size = `${widthPx} x ${heightPx} pixels`
  if (widthPx === 0 || heightPx === 0) throw new SidikError('IMAGE_EMPTY', `the image has no pixels: ${size}`)
  if (widthPx * heightPx > MAX_PIXELS) {
    throw new SidikError(
      'IMAGE_TOO_LARGE',
      `the image has ${size}, more than the ${MAX_PIXELS / 1e6} million that are accepted: give one finger's print alone`,
    )
  }
  if (widthPx < MIN_SIDE_PX || heightPx < MIN_SIDE_PX) {
    throw new SidikError(
      'IMAGE_TOO_SMALL',
      `the image has ${size}, too few to hold a print: at least ${MIN_SIDE_PX} a side are needed`,
    )
  }
}

/** The error for bytes that begin as their format should and do not go on so. */
export function corrupt(format: string, what: string, cause?: unknown): SidikError {
  return new SidikError(
    'IMAGE_CORRUPT',
    `the ${format} image does not decode (${what}): get it again from its source`,
    cause === undefined ? undefined : { cause },
  )
}
