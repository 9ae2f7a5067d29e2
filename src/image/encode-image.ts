/** Gray images to files, their values and resolution kept but where the format is lossy or has no place for them. */
import type { GrayImage } from '../types.js'
import { encodeJp2 } from './jp2/encode.js'
import { loadSharp } from './load-sharp.js'
import { decodeRawFrame } from './raw-frame.js'

export interface EncodeImageOptions {
  /** Of 'jpeg', 1 to 100; 90 unless given. */
  readonly jpegQuality?: number | undefined
}

const DEFAULT_JPEG_QUALITY = 90

/**
 * The file of an image: PNG and JPEG 2000 keep every value, JPEG does not, binary PGM (P5) has no resolution. For WSQ see `encodeWsq`.
 *
 * @throws TypeError, RangeError naming the member of `image` or `options` that is not what its type says
 */
export async function encodeImage(
  image: GrayImage,
  format: 'png' | 'jpeg' | 'jp2' | 'pgm',
  { jpegQuality = DEFAULT_JPEG_QUALITY }: EncodeImageOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { data, widthPx, heightPx } = decodeRawFrame(image)
  if (format === 'jp2') return encodeJp2({ data, widthPx, heightPx, ppi: image.ppi })
  if (format === 'pgm') return joined(new TextEncoder().encode(`P5\n${widthPx} ${heightPx}\n255\n`), data)
  const sharp = await loadSharp()
  const picture = sharp(data, { raw: { width: widthPx, height: heightPx, channels: 1 } })
    .toColourspace('b-w')
    .withDensity(image.ppi)
  if (format === 'png') return new Uint8Array(await picture.png().toBuffer())
  if (!(jpegQuality >= 1 && jpegQuality <= 100)) throw new RangeError(`jpegQuality is ${jpegQuality}, must be 1 to 100`)
  return new Uint8Array(await picture.jpeg({ quality: jpegQuality }).toBuffer())
}

function joined(head: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(head.length + data.length)
  bytes.set(head)
  bytes.set(data, head.length)
  return bytes
}
