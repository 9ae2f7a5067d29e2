/**
 * Windows bitmaps. fast-bmp unpacks the rows; it knows no palette, no rows from the top, no 32 bits without bit
 * fields, and takes missing bytes for zeros. So the header is read and checked here, the library is given a bitmap of
 * the one form it reads right, and palette and order of rows are applied to what it returns.
 */
import { decode } from 'fast-bmp'
import { type BmpHeader, readBmpHeader } from './bmp-header.js'
import { toGray } from './gray.js'
import { checkSize, corrupt, type DecodedImage } from './pixels.js'

/**
 * 1 and 8 bits with a palette, 24 and 32 bits, uncompressed, from the bottom or from the top.
 *
 * @throws SidikError IMAGE_CORRUPT, IMAGE_FORMAT, IMAGE_EMPTY, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL
 */
export function decodeBmp(bytes: Uint8Array): DecodedImage {
  const header = readBmpHeader(bytes)
  const { widthPx, heightPx, resolution } = header
  checkSize(widthPx, heightPx)
  const lastRowBytes = Math.ceil((widthPx * header.bitsPerPixel) / 8)
  const neededBytes = header.strideBytes * (heightPx - 1) + lastRowBytes
  if (header.pixelsAt + neededBytes > bytes.length) throw corrupt('BMP', 'it ends before its last pixel')
  const { data, channels } = decode(canonicalBitmap(bytes, header))
  const samples = data as Uint8Array
  const gray =
    header.palette.length > 0 ? throughPalette(samples, header.palette) : colourToGray(samples, channels, header)
  if (header.topDown) flipRows(gray, widthPx)
  return { data: gray, widthPx, heightPx, resolution }
}

const PIXELS_AT = 66 // file header 14, info header 40, three masks 12

/** The same rows under a header as fast-bmp expects it: height positive, masks present where it looks for them. */
function canonicalBitmap(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const rowBytes = header.strideBytes * header.heightPx
  const bitmap = new Uint8Array(PIXELS_AT + rowBytes)
  const view = new DataView(bitmap.buffer)
  bitmap.set([0x42, 0x4d])
  view.setUint32(10, PIXELS_AT, true)
  view.setUint32(14, 40, true)
  view.setUint32(18, header.widthPx, true)
  view.setUint32(22, header.heightPx, true)
  view.setUint16(28, header.bitsPerPixel, true)
  view.setUint32(30, header.bitsPerPixel === 32 ? 3 : 0, true)
  view.setUint32(54, 0x00ff0000, true)
  view.setUint32(58, 0x0000ff00, true)
  view.setUint32(62, 0x000000ff, true)
  bitmap.set(bytes.subarray(header.pixelsAt, header.pixelsAt + rowBytes), PIXELS_AT)
  return bitmap
}

function throughPalette(indices: Uint8Array, palette: BmpHeader['palette']): Uint8Array<ArrayBuffer> {
  const grays = toGray(Uint8Array.from(palette.flat()), 3)
  const gray = new Uint8Array(indices.length)
  for (let pixel = 0; pixel < gray.length; pixel++) {
    const index = indices[pixel]
    if (index >= grays.length) throw corrupt('BMP', `a pixel has colour ${index} of a palette of ${grays.length}`)
    gray[pixel] = grays[index]
  }
  return gray
}

function colourToGray(samples: Uint8Array, channels: number, header: BmpHeader): Uint8Array<ArrayBuffer> {
  // Filler in the place of opacity is zero in most files, which would make all of them white.
  if (channels === 4 && !header.hasAlpha) for (let at = 3; at < samples.length; at += 4) samples[at] = 255
  return toGray(samples, channels)
}

function flipRows(gray: Uint8Array, widthPx: number): void {
  for (let top = 0, bottom = gray.length - widthPx; top < bottom; top += widthPx, bottom -= widthPx) {
    const row = gray.slice(top, top + widthPx)
    gray.copyWithin(top, bottom, bottom + widthPx)
    gray.set(row, bottom)
  }
}
