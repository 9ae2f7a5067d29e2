/** The header of a Windows bitmap: BITMAPFILEHEADER, BITMAPINFOHEADER and its successors ([MS-WMF] 2.2.2.3 to 2.2.2.5). */
import { SidikError } from '../errors.js'
import { corrupt, type StatedResolution } from './pixels.js'

export interface BmpHeader {
  readonly widthPx: number
  readonly heightPx: number
  /** First row of the file is the top of the picture. */
  readonly topDown: boolean
  readonly bitsPerPixel: 1 | 8 | 24 | 32
  /** 32 bits a pixel whose fourth byte is opacity and not filler. */
  readonly hasAlpha: boolean
  /** Red, green, blue for each index; empty above 8 bits a pixel. */
  readonly palette: readonly (readonly [number, number, number])[]
  readonly pixelsAt: number
  readonly strideBytes: number
  readonly resolution?: StatedResolution | undefined
}

const INCH_M = 0.0254
const FILE_HEADER_BYTES = 14
/** BITMAPINFOHEADER, with three masks, with four, version 4, version 5. */
const INFO_HEADER_BYTES = [40, 52, 56, 108, 124]
const BI_RGB = 0
const BI_BITFIELDS = 3
const COMPRESSIONS: Record<number, string> = { 1: 'RLE8', 2: 'RLE4', 4: 'JPEG', 5: 'PNG', 6: 'alpha bit fields' }
/** Blue, green, red, opacity in the order of bytes: what everyone writes. */
const USUAL_MASKS = [0x00ff0000, 0x0000ff00, 0x000000ff]
const ALPHA_MASK = 0xff000000

/**
 * @throws SidikError IMAGE_CORRUPT for a header that contradicts itself or is cut short, IMAGE_FORMAT for a kind of
 *   bitmap that is not read
 */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  if (bytes.length < FILE_HEADER_BYTES + 4) throw corrupt('BMP', 'it ends within its header')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const infoBytes = view.getUint32(14, true)
  if (infoBytes === 12) throw unread('an OS/2 header')
  if (!INFO_HEADER_BYTES.includes(infoBytes)) throw corrupt('BMP', `a header of ${infoBytes} bytes is none that exists`)
  if (bytes.length < FILE_HEADER_BYTES + infoBytes) throw corrupt('BMP', 'it ends within its header')

  const bitsPerPixel = view.getUint16(28, true)
  const compression = view.getUint32(30, true)
  if (compression !== BI_RGB && compression !== BI_BITFIELDS) {
    throw unread(`compression ${COMPRESSIONS[compression] ?? compression}`)
  }
  if (bitsPerPixel !== 1 && bitsPerPixel !== 8 && bitsPerPixel !== 24 && bitsPerPixel !== 32) {
    throw unread(`${bitsPerPixel} bits a pixel`)
  }
  const bitFields = compression === BI_BITFIELDS
  if (bitFields && bitsPerPixel !== 32) throw corrupt('BMP', `bit fields with ${bitsPerPixel} bits a pixel`)
  const masksBytes = bitFields && infoBytes === 40 ? 12 : 0
  const tableAt = FILE_HEADER_BYTES + infoBytes + masksBytes
  const pixelsAt = view.getUint32(10, true)
  if (pixelsAt < tableAt || pixelsAt > bytes.length) throw corrupt('BMP', 'its pixels begin outside the file')
  if (bitFields && USUAL_MASKS.some((mask, i) => view.getUint32(54 + 4 * i, true) !== mask)) {
    throw unread('an unusual order of red, green and blue')
  }

  const widthPx = view.getInt32(18, true)
  const signedHeight = view.getInt32(22, true)
  if (widthPx < 0) throw corrupt('BMP', 'its width is negative')
  return {
    widthPx,
    heightPx: Math.abs(signedHeight),
    topDown: signedHeight < 0,
    bitsPerPixel,
    hasAlpha: bitFields && infoBytes >= 56 && view.getUint32(66, true) === ALPHA_MASK,
    palette: bitsPerPixel <= 8 ? readPalette(bytes, tableAt, pixelsAt, view.getUint32(46, true), bitsPerPixel) : [],
    pixelsAt,
    // Rows are padded to 32 bits.
    strideBytes: Math.ceil((widthPx * bitsPerPixel) / 32) * 4,
    resolution: { xPpi: view.getInt32(38, true) * INCH_M, yPpi: view.getInt32(42, true) * INCH_M },
  }
}

function readPalette(bytes: Uint8Array, from: number, end: number, stated: number, bitsPerPixel: number) {
  const entries = stated === 0 ? 2 ** bitsPerPixel : stated
  if (entries > 2 ** bitsPerPixel || from + entries * 4 > end) {
    throw corrupt('BMP', `its palette of ${entries} colours does not fit`)
  }
  return Array.from({ length: entries }, (_, index) => {
    const at = from + index * 4
    return [bytes[at + 2], bytes[at + 1], bytes[at]] as const
  })
}

function unread(what: string): SidikError {
  return new SidikError(
    'IMAGE_FORMAT',
    `this is a BMP with ${what}, which is not read: save it uncompressed with 8 or 24 bits a pixel, or as PNG`,
  )
}
