/** Gray images into finger image records. */
import type { ImageCompression } from '../formats/images/compressions.js'
import type { ImageRecord } from '../formats/images/image-record.js'
import { type ImageRecordOptions, imageRecordOf, type RecordImage } from '../formats/images/image-record-of.js'
import { pixelsOfGray } from '../formats/images/pixels.js'
import type { GrayImage } from '../types.js'
import { encodeImage } from './encode-image.js'
import { encodeJp2 } from './jp2/encode.js'
import { decodeRawFrame } from './raw-frame.js'
import { decodeStatedImage, withOwnPayload } from './record-image.js'
import { encodeWsq } from './wsq/encode.js'

/** How one image is kept in a record. */
export interface EncodeRecordImageOptions extends Pick<RecordImage, 'fingerPosition' | 'impression' | 'qualityBlocks'> {
  readonly compression: ImageCompression
  /** Of raw and packed pixels, 1 to 16; 8 unless given. */
  readonly bitDepth?: number | undefined
  /** The image already compressed, of the compression named. */
  readonly payload?: Uint8Array | undefined
  /** Of 'wsq', the parameter r of its standard, bits a pixel; 0.75 unless given. */
  readonly bitRate?: number | undefined
  /** Of 'jpeg2000-lossy', bytes of the image by bytes of the payload, above 1; 15 unless given. */
  readonly ratio?: number | undefined
  /** Of 'jpeg', 1 to 100; 90 unless given. */
  readonly jpegQuality?: number | undefined
}

/** The most that is usual for prints of 500 ppi, by WSQ or JPEG 2000. */
const DEFAULT_RATIO = 15

/**
 * An image as `imageRecordOf` takes it, its resolution rounded to whole pixels an inch.
 *
 * @throws TypeError, RangeError naming the member of `image` or `options` that is not what its type says
 * @throws SidikError IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL; RECORD_CORRUPT and what decoding can throw where a payload
 *   that was given does not decode to an image of this size
 */
export async function encodeRecordImage(image: GrayImage, options: EncodeRecordImageOptions): Promise<RecordImage> {
  const { data, widthPx, heightPx } = decodeRawFrame(image)
  const { compression, fingerPosition, impression, qualityBlocks, payload } = options
  const isPixels = compression === 'raw' || compression === 'packed'
  const bitDepth = options.bitDepth ?? 8
  if (!isPixels && bitDepth !== 8) throw new RangeError(`bitDepth is ${bitDepth}, ${compression} has 8`)
  const ppi = Math.round(image.ppi)
  const recorded = { compression, widthPx, heightPx, ppi, bitDepth, fingerPosition, impression, qualityBlocks }
  if (payload === undefined) return { ...recorded, payload: await encode({ data, widthPx, heightPx, ppi }, options) }
  const stated = { ...recorded, xPpi: ppi, yPpi: ppi, fingerPosition: 0, impression: 0, quality: undefined, payload }
  await decodeStatedImage(withOwnPayload(stated))
  return { ...recorded, payload: new Uint8Array(payload) }
}

/**
 * A record of one image; for several see {@link encodeRecordImage} and `imageRecordOf`.
 *
 * @throws as both
 */
export async function imageToRecord(
  image: GrayImage,
  options: EncodeRecordImageOptions & ImageRecordOptions,
): Promise<ImageRecord> {
  return imageRecordOf([await encodeRecordImage(image, options)], options)
}

async function encode(image: GrayImage, options: EncodeRecordImageOptions): Promise<Uint8Array> {
  const { compression, bitDepth = 8, ratio = DEFAULT_RATIO, jpegQuality } = options
  if (compression === 'raw' || compression === 'packed') return pixelsOfGray(image.data, compression, bitDepth)
  if (compression === 'png' || compression === 'jpeg') return encodeImage(image, compression, { jpegQuality })
  if (compression === 'jpeg2000' || compression === 'jpeg2000-lossless') return encodeJp2(image)
  if (compression === 'jpeg2000-lossy') {
    if (!(ratio > 1 && ratio < 1000)) throw new RangeError(`ratio is ${ratio}, must be above 1 and below 1000`)
    return encodeJp2(image, ratio)
  }
  if (compression === 'wsq') return encodeWsq(image, { bitRate: options.bitRate })
  throw new RangeError(`compression is ${compression}, which no record has`)
}
