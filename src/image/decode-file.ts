/** The bytes of an image file of any kind that is read, to gray and what resolution it states. */
import { decodeBmp } from './bmp.js'
import type { PlainFormat } from './file-format.js'
import { decodeJp2 } from './jp2/decode.js'
import { decodePgm } from './pgm.js'
import type { DecodedImage } from './pixels.js'
import { decodeWithSharp } from './sharp-image.js'
import { decodeWsq } from './wsq/decode.js'

/**
 * @param bytes nobody writes to them until they are decoded: other threads may read them meanwhile
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
