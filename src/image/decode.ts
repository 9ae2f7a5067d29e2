/** The one way in for images: a file's bytes or a scanner's frame to 8-bit gray with a resolution that holds. */
import type { GrayImage, ImageInput, RawFrame } from '../types.js'
import { decodeFile, formatOfFile } from './decode-file.js'
import { decodeRawFrame } from './raw-frame.js'
import { decodeRecord } from './record-image.js'
import { checkPpiArgument, resolvePpi } from './resolution.js'

export interface DecodeOptions {
  /** Pixels per inch, 250 to 1,100; holds whatever the file or frame states. */
  readonly ppi?: number | undefined
}

/**
 * Decodes the bytes of a PNG, JPEG, JPEG 2000, TIFF (first page), WebP, BMP, WSQ or PGM (P5) file, or of a finger image
 * record with one image, or takes a raw frame, to gray: colour becomes luma, transparency white, 16 bits 8; gray of 8 bits
 * comes out exactly as stored. The input is left as it is, and the result's data has a buffer of its own that may be
 * transferred.
 *
 * @throws SidikError IMAGE_EMPTY, IMAGE_FORMAT, IMAGE_CORRUPT, IMAGE_TOO_LARGE (over 20 million pixels, from the
 *   header alone), IMAGE_TOO_SMALL (under 32 pixels a side), PPI_UNKNOWN, PPI_OUT_OF_RANGE, CORE_MISSING (which WSQ needs);
 *   of a record also IMAGE_SEVERAL, RECORD_FORMAT, RECORD_VERSION, RECORD_CORRUPT (what deviates from its standard among it)
 * @throws TypeError, RangeError for an argument that is not what its type says
 */
export async function decodeImage(input: ImageInput, options: DecodeOptions = {}): Promise<GrayImage> {
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object')
  checkPpiArgument('ppi', options.ppi)
  const bytes = fileBytes(input)
  if (bytes !== undefined) {
    const format = formatOfFile(bytes)
    const decoded = format === 'fir' ? decodeRecord(bytes) : decodeFile(bytes, format)
    const { data, widthPx, heightPx, resolution } = await decoded
    return { data, widthPx, heightPx, ppi: resolvePpi({ option: options.ppi, stated: resolution }) }
  }
  const frame = input as RawFrame
  if (typeof frame !== 'object' || frame === null || !('data' in frame)) {
    throw new TypeError(
      'image must be the bytes of a file (Uint8Array or ArrayBuffer) or a frame {data, widthPx, heightPx}',
    )
  }
  checkPpiArgument('ppi of a frame', frame.ppi)
  const { data, widthPx, heightPx } = decodeRawFrame(frame)
  return { data, widthPx, heightPx, ppi: resolvePpi({ option: options.ppi, frame: frame.ppi }) }
}

/** A plain view of a file's bytes, absent where the input is something else. Told by tag, so that other realms' count. */
function fileBytes(input: unknown): Uint8Array | undefined {
  const tag = Object.prototype.toString.call(input)
  if (tag === '[object ArrayBuffer]') return new Uint8Array(input as ArrayBuffer)
  if (tag !== '[object Uint8Array]' || !ArrayBuffer.isView(input)) return undefined
  return new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
}
