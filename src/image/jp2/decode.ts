/** JPEG 2000 (ISO/IEC 15444-1), as a JP2 file or a codestream by itself. */
import { toGray } from '../gray.js'
import { corrupt, type DecodedImage } from '../pixels.js'
import { openJp2 } from './boxes.js'
import { type Codestream, readCodestream } from './codestream.js'
import { withOpenJpeg } from './openjpeg.js'

/**
 * Gray, or red, green and blue, of 1 to 16 bits: more than 8 keep their upper 8, fewer are spread over 0 to 255.
 *
 * @throws SidikError IMAGE_CORRUPT, IMAGE_FORMAT, IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL
 */
export async function decodeJp2(bytes: Uint8Array): Promise<DecodedImage> {
  const { codestream, header, lumaFirst, resolution } = openJp2(bytes)
  const stated = readCodestream(codestream)
  const { widthPx, heightPx, components, bitDepth } = stated
  if (header && (header.widthPx !== widthPx || header.heightPx !== heightPx || header.components !== components)) {
    throw corrupt(
      'JPEG 2000',
      `its header says ${header.widthPx} x ${header.heightPx} pixels of ${header.components} components, its codestream ` +
        `${widthPx} x ${heightPx} of ${components}`,
    )
  }
  const samples = toBytes(await decodeSamples(codestream, stated), bitDepth)
  const data = lumaFirst && components === 3 ? everyThird(samples) : toGray(samples, components)
  return { data, widthPx, heightPx, resolution }
}

/** Interleaved, a copy out of the codec's memory. */
function decodeSamples(codestream: Uint8Array, stated: Codestream): Promise<Uint8Array> {
  const { widthPx, heightPx, components, bitDepth } = stated
  return withOpenJpeg(codec => {
    const decoder = new codec.J2KDecoder()
    decoder.getEncodedBuffer(codestream.length).set(codestream)
    decoder.decode()
    const { width, height, componentCount, bitsPerSample } = decoder.getFrameInfo()
    const samples = decoder.getDecodedBuffer().slice()
    decoder.delete()
    const sampleBytes = bitDepth > 8 ? 2 : 1
    const isWhole = samples.length === widthPx * heightPx * components * sampleBytes
    const isStated = width === widthPx && height === heightPx && componentCount === components
    // A size of 0 is how it says that it failed: its own message is the better one.
    if (width !== 0 && !(isWhole && isStated && bitsPerSample === bitDepth)) {
      throw corrupt('JPEG 2000', `it decodes as ${width} x ${height} pixels of ${componentCount} components`)
    }
    return samples
  })
}

function toBytes(samples: Uint8Array, bitDepth: number): Uint8Array {
  if (bitDepth === 8) return samples
  if (bitDepth < 8) return samples.map(value => Math.round((value * 255) / (2 ** bitDepth - 1)))
  const bytes = new Uint8Array(samples.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = (samples[2 * i] | (samples[2 * i + 1] << 8)) >> (bitDepth - 8)
  return bytes
}

function everyThird(samples: Uint8Array): Uint8Array<ArrayBuffer> {
  const first = new Uint8Array(samples.length / 3)
  for (let pixel = 0; pixel < first.length; pixel++) first[pixel] = samples[3 * pixel]
  return first
}
