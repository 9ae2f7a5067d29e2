import { whole } from '../../template/ranges.js'
import type { GrayImage } from '../../types.js'
import { decodeRawFrame } from '../raw-frame.js'
import { checkComment, nistComment } from './comment.js'
import { Encoding } from './encoding.js'
import { searchSize } from './search-size.js'
import { withWsqCore } from './with-core.js'

/** How a WSQ image is to be written: at most one of `bitRate` and `sizeBytes`. */
export interface EncodeWsqOptions {
  /**
   * The parameter r of the standard, bits a pixel, above 0 to 8; 0.75 without it, which is about 15:1 on rolled prints (2.25: 5:1).
   * What comes out has fewer: 0.3 to 0.7 at 0.75.
   */
  readonly bitRate?: number | undefined
  /** The stream is as large as can be without being larger. */
  readonly sizeBytes?: number | undefined
  /** Written behind the NIST comment, as they are: characters of one byte. */
  readonly comments?: readonly string[] | undefined
}

const DEFAULT_BIT_RATE = 0.75
const MOST_BIT_RATE = 8

/**
 * Encodes a print as WSQ with the filters, tables and blocks that NIST's encoder writes, and its comment, which states the
 * resolution.
 *
 * @param image at least 32 px a side, at most 20 million pixels and 65,535 a side; many decoders want 256 a side
 * @throws SidikError IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL, CORE_MISSING
 * @throws RangeError for options out of range, a resolution that is no whole number, and a size that cannot be reached (it says
 *   the least); TypeError for arguments that are not what their types say
 */
export async function encodeWsq(image: GrayImage, options: EncodeWsqOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof image !== 'object' || image === null) throw new TypeError('image must be an object')
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object')
  const { bitRate, sizeBytes, comments = [] } = options
  if (bitRate !== undefined && sizeBytes !== undefined) throw new TypeError('give bitRate or sizeBytes, not both')
  if (bitRate !== undefined && !(bitRate > 0 && bitRate <= MOST_BIT_RATE)) {
    throw new RangeError(`bitRate is ${bitRate}, must be above 0 to ${MOST_BIT_RATE} bits a pixel`)
  }
  if (sizeBytes !== undefined && !(Number.isSafeInteger(sizeBytes) && sizeBytes > 0)) {
    throw new RangeError(`sizeBytes is ${sizeBytes}, must be a whole number above 0`)
  }
  if (!Array.isArray(comments)) throw new TypeError('comments must be an array of strings')
  for (const text of comments) checkComment(text)
  const { data, widthPx, heightPx } = decodeRawFrame(image)
  whole('widthPx', widthPx, 1, 0xffff)
  whole('heightPx', heightPx, 1, 0xffff)
  nistComment(widthPx, heightPx, image.ppi, DEFAULT_BIT_RATE) // throws before the work, not after it
  return withWsqCore(core => {
    const encoding = new Encoding(core, { data, widthPx, heightPx, ppi: image.ppi }, comments)
    if (sizeBytes !== undefined) return searchSize(encoding, sizeBytes)
    return encoding.write(encoding.scaleOf(bitRate ?? DEFAULT_BIT_RATE), bitRate ?? DEFAULT_BIT_RATE)
  })
}
