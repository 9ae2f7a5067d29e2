/** The one way in for images: a file's bytes or a scanner's frame to 8-bit gray with a resolution that holds. */
import type { GrayImage, ImageInput } from '../types.js'
import { decodeFile } from './decode-file.js'
import { type DecodeOptions, type OwnImage, takeImage } from './own-image.js'
import { grayOfFrame } from './raw-frame.js'
import { decodeRecord } from './record-image.js'
import { resolvePpi } from './resolution.js'

/**
 * Decodes the bytes of a PNG, JPEG, JPEG 2000, TIFF (first page), WebP, BMP, WSQ or PGM (P5)
 * file, or of a finger image record with one image, or takes a raw frame, to gray: colour becomes
 * luma, transparency white, 16 bits 8; gray of 8 bits comes out exactly as stored. The input is
 * copied at the call and left as it is, and the result's data has a buffer of its own that may be
 * transferred.
 *
 * @throws SidikError IMAGE_EMPTY, IMAGE_FORMAT, IMAGE_CORRUPT, IMAGE_TOO_LARGE (over 20 million
 *   pixels, from the header alone), IMAGE_TOO_SMALL (under 32 pixels a side), PPI_UNKNOWN,
 *   PPI_OUT_OF_RANGE, CORE_MISSING (which WSQ needs); of a record also IMAGE_SEVERAL,
 *   RECORD_FORMAT, RECORD_VERSION, RECORD_CORRUPT (what deviates from its standard among it)
 * @throws TypeError, RangeError for an argument that is not what its type says
 */
export async function decodeImage(input: ImageInput, options: DecodeOptions = {}): Promise<GrayImage> {
  return decodeOwn(takeImage(input, options))
}

/** Throws as {@link decodeImage}, but for the programmer's mistakes. */
export async function decodeOwn(image: OwnImage): Promise<GrayImage> {
  if (image.format === 'frame') {
    const { data, widthPx, heightPx } = grayOfFrame(image.frame)
    return { data, widthPx, heightPx, ppi: resolvePpi({ option: image.ppi, frame: image.framePpi }) }
  }
  const { bytes, format, ppi } = image
  const decoded = format === 'fir' ? decodeRecord(bytes) : decodeFile(bytes, format)
  const { data, widthPx, heightPx, resolution } = await decoded
  return { data, widthPx, heightPx, ppi: resolvePpi({ option: ppi, stated: resolution }) }
}
