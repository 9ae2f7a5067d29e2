/** Images out of finger image records: their payloads decoded, the record's word on size and resolution kept. */
import { SidikError } from '../errors.js'
import type { Deviation } from '../formats/deviation.js'
import { nameOfPosition } from '../formats/finger-positions.js'
import type { ImageCompression } from '../formats/images/compressions.js'
import { type ImageRecord, readImageRecord } from '../formats/images/image-record.js'
import { grayOfPixels } from '../formats/images/pixels.js'
import { imagesOfRecord, type StatedImage } from '../formats/images/stated-image.js'
import type { GrayImage } from '../types.js'
import { decodeFile } from './decode-file.js'
import { formatOfFile, type PlainFormat } from './file-format.js'
import { checkSize, type DecodedImage } from './pixels.js'
import { checkPpiArgument, resolvePpi } from './resolution.js'

export interface ImageOfRecordOptions {
  /** Pixels per inch, 250 to 1,100; holds whatever the record states. */
  readonly ppi?: number | undefined
  /**
   * Called where a payload is not what its record says (another size, another format), and the payload is believed. Without it
   * that is an error. `offset` counts from the beginning of the payload.
   */
  readonly onDeviation?: ((deviation: Deviation) => void) | undefined
}

const FORMAT_OF: Partial<Record<ImageCompression, PlainFormat>> = {
  wsq: 'wsq',
  jpeg: 'jpeg',
  jpeg2000: 'jp2',
  'jpeg2000-lossy': 'jp2',
  'jpeg2000-lossless': 'jp2',
  png: 'png',
}

/**
 * One image of a finger image record as 8-bit gray. Its resolution is what the record states (196 to 198 px/cm are 500 ppi), whatever
 * a JPEG 2000, PNG or other payload states of itself: many state another; the payload's where the record states none.
 *
 * @param index position in the record
 * @throws SidikError RECORD_CORRUPT where payload and record contradict each other, IMAGE_FORMAT for a compression that is
 *   reserved, and all that decoding an image file can throw
 * @throws RangeError when `index` is not that of an image
 * @throws TypeError for options that are not what their type says
 */
export async function imageOfRecord(
  tagged: ImageRecord,
  index = 0,
  options: ImageOfRecordOptions = {},
): Promise<GrayImage> {
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object')
  checkPpiArgument('ppi', options.ppi)
  if (options.onDeviation !== undefined && typeof options.onDeviation !== 'function') {
    throw new TypeError('onDeviation must be a function')
  }
  const images = imagesOfRecord(tagged)
  const image = images[index]
  if (image === undefined) throw new RangeError(`index is ${index}, the record has ${images.length} images`)
  const { data, widthPx, heightPx, resolution } = await decodeStatedImage(withOwnPayload(image), options.onDeviation)
  return { data, widthPx, heightPx, ppi: resolvePpi({ option: options.ppi, stated: resolution }) }
}

/**
 * The image of a record that has one.
 *
 * @throws SidikError IMAGE_SEVERAL, IMAGE_EMPTY for another number of them; RECORD_FORMAT, RECORD_VERSION, RECORD_CORRUPT
 */
export async function decodeRecord(bytes: Uint8Array): Promise<DecodedImage> {
  const images = imagesOfRecord(readImageRecord(bytes))
  if (images.length === 0) throw new SidikError('IMAGE_EMPTY', 'the finger image record has no images')
  if (images.length > 1) {
    const positions = images.map(({ fingerPosition }) => nameOfPosition(fingerPosition))
    throw new SidikError(
      'IMAGE_SEVERAL',
      `the finger image record has ${images.length} images (${positions.join(', ')}): read it with readImageRecord, and take ` +
        'one with imageOfRecord',
    )
  }
  return decodeStatedImage(images[0])
}

/** The same image with a payload that the caller cannot alter while it is decoded. */
export function withOwnPayload(image: StatedImage): StatedImage {
  return { ...image, payload: new Uint8Array(image.payload) }
}

/** @param onDeviation as in {@link ImageOfRecordOptions} */
export async function decodeStatedImage(
  image: StatedImage,
  onDeviation?: ImageOfRecordOptions['onDeviation'],
): Promise<DecodedImage> {
  const { widthPx, heightPx, compression, payload, xPpi, yPpi } = image
  const resolution = { xPpi, yPpi }
  if (compression === undefined) {
    throw new SidikError('IMAGE_FORMAT', 'the image is compressed in a way that its standard does not know')
  }
  if (compression === 'raw' || compression === 'packed') {
    checkSize(widthPx, heightPx)
    return { data: grayOfPixels(payload, compression, image), widthPx, heightPx, resolution }
  }
  const deviation = (field: string, message: string) => {
    if (onDeviation === undefined) {
      throw new SidikError('RECORD_CORRUPT', `finger image record damaged: ${field} ${message}; use another copy of it`)
    }
    onDeviation({ field, offset: 0, message })
  }
  const format = formatOfFile(payload)
  if (format === 'fir') throw new SidikError('IMAGE_FORMAT', 'the image in the finger image record is a record again')
  if (format !== FORMAT_OF[compression]) deviation('compression', `is ${compression}, the payload begins as ${format}`)
  const decoded = await decodeFile(payload, format)
  if (decoded.widthPx !== widthPx || decoded.heightPx !== heightPx) {
    deviation(
      'size',
      `is ${widthPx} x ${heightPx} pixels, that of the payload ${decoded.widthPx} x ${decoded.heightPx}`,
    )
  }
  return xPpi === 0 && yPpi === 0 ? decoded : { ...decoded, resolution }
}
