/** The samples of an image file, from its headers: what 8-bit gray does not keep of them. */
import { readBmpHeader } from './bmp-header.js'
import type { PlainFormat } from './file-format.js'
import { openJp2 } from './jp2/boxes.js'
import { readCodestream } from './jp2/codestream.js'
import { bitDepthOfPgm } from './pgm.js'
import { samplesBySharp } from './sharp-image.js'

export interface Samples {
  /** Bits of each sample, at least 8. */
  readonly bitDepth: number
  readonly isColour: boolean
  readonly hasOpacity: boolean
}

const GRAY: Samples = { bitDepth: 8, isColour: false, hasOpacity: false }

/** @throws SidikError as decoding the file does */
export async function samplesOf(bytes: Uint8Array, format: PlainFormat): Promise<Samples> {
  switch (format) {
    case 'wsq':
      return GRAY
    case 'pgm':
      return { ...GRAY, bitDepth: bitDepthOfPgm(bytes) }
    case 'jp2': {
      const { bitDepth, components } = readCodestream(openJp2(bytes).codestream)
      return { ...GRAY, bitDepth: Math.max(bitDepth, 8), isColour: components > 1 }
    }
    case 'bmp': {
      const { bitsPerPixel, hasAlpha, palette } = readBmpHeader(bytes)
      const isGrayPalette = palette.every(({ 0: red, 1: green, 2: blue }) => red === green && green === blue)
      return { ...GRAY, isColour: bitsPerPixel > 8 || !isGrayPalette, hasOpacity: hasAlpha }
    }
    default:
      return samplesBySharp(bytes, format)
  }
}
