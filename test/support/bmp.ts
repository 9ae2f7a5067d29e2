import type { GrayImage } from 'sidik'

const PIXELS_AT = 14 + 40 + 256 * 4

/** A Windows bitmap of 8 bits a pixel through a gray palette, rows from the bottom; it states no resolution, as those of readers. */
export function grayBmp({ data, widthPx, heightPx }: GrayImage): Uint8Array {
  const strideBytes = Math.ceil(widthPx / 4) * 4
  const bytes = new Uint8Array(PIXELS_AT + strideBytes * heightPx)
  const view = new DataView(bytes.buffer)
  bytes.set([0x42, 0x4d])
  view.setUint32(2, bytes.length, true)
  view.setUint32(10, PIXELS_AT, true)
  view.setUint32(14, 40, true)
  view.setInt32(18, widthPx, true)
  view.setInt32(22, heightPx, true)
  view.setUint16(26, 1, true)
  view.setUint16(28, 8, true)
  view.setUint32(34, strideBytes * heightPx, true)
  for (let gray = 0; gray < 256; gray++) bytes.set([gray, gray, gray, 0], 14 + 40 + gray * 4)
  for (let y = 0; y < heightPx; y++) {
    bytes.set(data.subarray(y * widthPx, (y + 1) * widthPx), PIXELS_AT + (heightPx - 1 - y) * strideBytes)
  }
  return bytes
}
