/** The format of a file of which some bytes are there, and not more than are accepted. */
import { SidikError } from '../errors.js'
import { MAX_FILE_BYTES } from './pixels.js'
import { type ImageFormat, sniffFormat } from './sniff.js'

/** Formats that are an image, and not a record with images in it. */
export type PlainFormat = Exclude<ImageFormat, 'fir'>

/** @throws SidikError IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_FORMAT */
export function formatOfFile(bytes: Uint8Array): ImageFormat {
  if (bytes.length === 0) throw new SidikError('IMAGE_EMPTY', 'the image has no bytes: the file or upload is empty')
  if (bytes.length > MAX_FILE_BYTES) {
    throw new SidikError(
      'IMAGE_TOO_LARGE',
      `the image has ${bytes.length} bytes, more than the ${MAX_FILE_BYTES} that are accepted: ` +
        `give one finger's print alone`,
    )
  }
  return sniffFormat(bytes)
}
