/** Gray images to JPEG 2000, in a JP2 file that states the resolution. */
import type { GrayImage } from '../../types.js'
import { withOpenJpeg } from './openjpeg.js'

/** Enumerated colour space: gray (ISO/IEC 15444-1, I.5.3.3). */
const GRAYSCALE = 17

/**
 * @param image 8-bit gray
 * @param ratio bytes of the image by bytes of the codestream, about; absent, without loss
 */
export async function encodeJp2(image: GrayImage, ratio?: number): Promise<Uint8Array<ArrayBuffer>> {
  const { widthPx, heightPx, ppi } = image
  const pixels = new Uint8Array(image.data)
  const codestream = await withOpenJpeg(codec => {
    const encoder = new codec.J2KEncoder()
    const frame = { width: widthPx, height: heightPx, bitsPerSample: 8, componentCount: 1, isSigned: false }
    encoder.getDecodedBuffer(frame).set(pixels)
    if (ratio === undefined) encoder.setQuality(true, 0)
    else {
      encoder.setQuality(false, 1)
      encoder.setCompressionRatio(0, ratio)
    }
    encoder.encode()
    const bytes = encoder.getEncodedBuffer().slice()
    encoder.delete()
    return bytes
  })
  return concat(
    box('jP  ', [0x0d0a870a, 4]),
    box('ftyp', latin1('jp2 '), [0, 4], latin1('jp2 ')),
    box(
      'jp2h',
      // Size, one component of 8 bits, the only compression there is, colour space known, nothing about property.
      box('ihdr', [heightPx, 4], [widthPx, 4], [1, 2], [7, 1], [7, 1], [0, 1], [0, 1]),
      box('colr', [1, 1], [0, 1], [0, 1], [GRAYSCALE, 4]),
      box('res ', box('resc', ...perMetre(ppi), ...perMetre(ppi), [2, 1], [2, 1])),
    ),
    box('jp2c', codestream),
  )
}

/** ppi / 0.0254 pixels a metre: ppi x 50 over 127, times 10 to the power of 2, which is exact up to 1,310 ppi. */
const perMetre = (ppi: number): Piece[] => [
  [Math.round(ppi * 50), 2],
  [127, 2],
]

type Piece = Uint8Array | readonly [value: number, bytes: number]

function box(type: string, ...pieces: readonly Piece[]): Uint8Array<ArrayBuffer> {
  const contents = concat(...pieces.map(piece => (piece instanceof Uint8Array ? piece : bigEndian(...piece))))
  return concat(bigEndian(8 + contents.length, 4), latin1(type), contents)
}

function bigEndian(value: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256)
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0))
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
