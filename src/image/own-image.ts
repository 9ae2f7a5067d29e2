/**
 * Images as they are taken from a caller: checked as far as can be told without decoding, and
 * copied. No decoder is loaded for it.
 */
import type { ImageInput, RawFrame } from '../types.js'
import { formatOfFile } from './file-format.js'
import { type OwnFrame, takeFrame } from './raw-frame.js'
import { checkPpiArgument } from './resolution.js'
import type { ImageFormat } from './sniff.js'

export interface DecodeOptions {
  /** Pixels per inch, 250 to 1,100; holds whatever the file or frame states. */
  readonly ppi?: number | undefined
}

/** An image of which the caller has no part: threads pass it on as it is. */
export type OwnImage = { readonly ppi: number | undefined } & (
  | { readonly format: ImageFormat; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly format: 'frame'; readonly frame: OwnFrame; readonly framePpi: number | undefined }
)

/**
 * Checks and copies an image, all at once: afterwards the caller may write the next one into the
 * same buffer. Throws the programmer's mistakes, IMAGE_EMPTY, IMAGE_FORMAT and, of a frame, its
 * size, as {@link decodeImage}.
 */
export function takeImage(input: ImageInput, options: DecodeOptions = {}): OwnImage {
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object')
  const { ppi } = options
  checkPpiArgument('ppi', ppi)
  const bytes = fileBytes(input)
  if (bytes !== undefined) return { format: formatOfFile(bytes), bytes: new Uint8Array(bytes), ppi }
  const frame = input as RawFrame
  if (typeof frame !== 'object' || frame === null || !('data' in frame)) {
    throw new TypeError(
      'image must be the bytes of a file (Uint8Array or ArrayBuffer) or a frame {data, widthPx, heightPx}',
    )
  }
  const framePpi = frame.ppi
  checkPpiArgument('ppi of a frame', framePpi)
  return { format: 'frame', frame: takeFrame(frame), framePpi, ppi }
}

/** What may be moved to another thread with the image. */
export function buffersOf(image: OwnImage): ArrayBuffer[] {
  return [image.format === 'frame' ? image.frame.data.buffer : image.bytes.buffer]
}

/**
 * A plain view of a file's bytes, absent where the input is something else. Told by tag, so that
 * other realms' count.
 */
function fileBytes(input: unknown): Uint8Array | undefined {
  const tag = Object.prototype.toString.call(input)
  if (tag === '[object ArrayBuffer]') return new Uint8Array(input as ArrayBuffer)
  if (tag !== '[object Uint8Array]' || !ArrayBuffer.isView(input)) return undefined
  return new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
}
