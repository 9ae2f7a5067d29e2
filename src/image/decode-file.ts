/** The bytes of an image file of any kind that is read, to gray and what resolution it states. */
import { SidikError } from '../errors.js'
import { decodeBmp } from './bmp.js'
import { decodeJp2 } from './jp2/decode.js'
import { decodePgm } from './pgm.js'
import { type DecodedImage, MAX_FILE_BYTES } from './pixels.js'
import { decodeWithSharp } from './sharp-image.js'
import { type ImageFormat, sniffFormat } from './sniff.js'
import { decodeWsq } from './wsq/decode.js'

/** Formats that are an image, and not a record with images in it. */
export type PlainFormat = Exclude<ImageFormat, 'fir'>

/** @throws SidikError IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_FORMAT */
export function formatOfFile(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new SidikError('IMAGE_EMPTY', 'the image has no bytes: the file or upload is empty')
  if (bytes.length > MAX_FILE_BYTES) {
    throw new SidikError(
      'IMAGE_TOO_LARGE',
      `the image has ${bytes.length} bytes, more than the ${MAX_FILE_BYTES} that are accepted: give one finger's print alone`,
    )
  }
  return sniffFormat(bytes)
}

/**
 * @param format what {@link formatOfFile} says
 * @throws SidikError IMAGE_EMPTY, IMAGE_FORMAT, IMAGE_CORRUPT, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL
 */
export async function decodeFile(bytes: Uint8Array, format: PlainFormat): Promise<DecodedImage> {
  if (format === 'bmp') return decodeBmp(bytes)
  if (format === 'wsq') {
    const { ppi, ...image } = await decodeWsq(bytes, { onDeviation: () => {} })
    return { ...image, resolution: ppi === undefined ? undefined : { xPpi: ppi, yPpi: ppi } }
  }
  if (format === 'pgm') return decodePgm(bytes)
  if (format === 'jp2') return decodeJp2(bytes)
  return decodeWithSharp(bytes, format)
}
