/** Images as a record keeps them: a finger as WSQ, the photo and the signature as they are given. */
import { SidikError } from '../../errors.js'
import { decodeImage } from '../../image/decode.js'
import { encodeImage } from '../../image/encode-image.js'
import { formatOfFile } from '../../image/file-format.js'
import { encodeWsq } from '../../image/wsq/encode.js'
import type { GrayImage, ImageInput } from '../../types.js'
import type { ImageWork } from '../recogniser.js'
import { MOST_PRINT_BYTES } from '../store/payload-sizes.js'

/**
 * How a finger's image is kept: as WSQ at 0.75 bits a pixel (the rate of FBI and Interpol, some
 * 15:1), as it was given (a frame as PNG), or not at all.
 */
export type KeptImages = 'wsq' | 'original' | 'none'

export const KEPT_IMAGES: readonly KeptImages[] = ['wsq', 'original', 'none']

/**
 * Works on the calling thread, for a station without an engine: it takes templates, and images
 * beside them.
 */
const HERE: ImageWork = {
  decode: (image, { ppi } = {}) => decodeImage(image, { ppi }),
  encodeWsq: image => encodeWsq({ ...image, ppi: Math.round(image.ppi) }),
}

/** The engine, where the station has one; else the calling thread. */
export const imageWork = (engine: ImageWork | undefined): ImageWork => engine ?? HERE

/** A picture of no finger needs no resolution. */
const ANY_PPI = 500

/** The bytes of a file, absent where it is a frame. */
export function fileOf(image: ImageInput): Uint8Array | undefined {
  if (image instanceof ArrayBuffer) return new Uint8Array(image)
  return image instanceof Uint8Array ? image : undefined
}

/**
 * A file that is longer than a record may hold is kept as WSQ.
 *
 * @param gray the image, decoded
 * @returns undefined where it is not kept
 */
export async function keptImage(
  work: ImageWork,
  { image, gray, keep }: { readonly image: ImageInput; readonly gray: GrayImage; readonly keep: KeptImages },
): Promise<Uint8Array | undefined> {
  if (keep === 'none') return undefined
  const file = fileOf(image)
  // Compressed again it would lose again; a record says more than its image.
  const isKept = file !== undefined && (keep === 'original' || ['wsq', 'fir'].includes(formatOfFile(file)))
  if (isKept && file.length <= MOST_PRINT_BYTES) return file
  if (keep === 'original' && !isKept) {
    const png = await encodeImage(gray, 'png')
    if (png.length <= MOST_PRINT_BYTES) return png
  }
  return work.encodeWsq(gray)
}

/** Why these bytes are no picture that can be kept; undefined where they are. */
export async function pictureProblem(
  work: ImageWork,
  bytes: Uint8Array,
  mostBytes: number,
): Promise<string | undefined> {
  if (bytes.length > mostBytes) return `has ${bytes.length} bytes, at most ${mostBytes} are kept: scale it down`
  try {
    const format = formatOfFile(bytes)
    if (format === 'fir') return 'is a record of fingers, not a picture'
    await work.decode(bytes, { ppi: ANY_PPI })
    return undefined
  } catch (error) {
    if (error instanceof SidikError && error.code.startsWith('IMAGE_')) return `is not usable: ${error.message}`
    throw error
  }
}
