/** In place of image/decode.ts where there is no Node (`#decode-image`): what decodes PNG is not for browsers. */
import { SidikError } from '../../../errors.js'
import type { GrayImage, ImageInput } from '../../../types.js'

/** @throws SidikError IMAGE_FORMAT */
export async function decodeImage(
  _input: ImageInput,
  _options?: { readonly ppi?: number | undefined },
): Promise<GrayImage> {
  throw new SidikError(
    'IMAGE_FORMAT',
    'PNG samples are not decoded in a browser: ask the reader for SampleFormat.Raw (1) or Compressed (3), or send them to a server',
  )
}
