import type { GrayImage } from '../../types.js'
import type { Fingertip } from './fingertip.js'
import type { RidgeMap } from './ridge-map.js'

/** Left round a fingertip, mm: the outermost ridges show too little to be in the mask. */
const MARGIN_MM = 0.6

const MM_PER_INCH = 25.4

/** A rectangle that may be turned, in pixels of the image. */
export interface FingerBox {
  /** Its middle, from the left and the top edge. */
  readonly xPx: number
  readonly yPx: number
  /** Whole pixels. */
  readonly widthPx: number
  readonly heightPx: number
  /** From straight up to where the finger points, clockwise. */
  readonly rotationRad: number
  /** Its corners: that at the left of the finger's tip first, then clockwise. They may lie beyond the image. */
  readonly corners: readonly { readonly xPx: number; readonly yPx: number }[]
}

export function boxOf(
  { x, y, width, height, tiltRad }: Pick<Fingertip, 'x' | 'y' | 'width' | 'height' | 'tiltRad'>,
  { cellPx }: RidgeMap,
  ppi: number,
): FingerBox {
  const marginPx = (MARGIN_MM * ppi) / MM_PER_INCH
  const sizePx = (cells: number) => Math.max(1, Math.round(cells * cellPx + 2 * marginPx))
  const [xPx, yPx, widthPx, heightPx] = [(x + 0.5) * cellPx, (y + 0.5) * cellPx, sizePx(width), sizePx(height)]
  const [cos, sin] = [Math.cos(tiltRad), Math.sin(tiltRad)]
  const corner = (across: number, down: number) => ({
    xPx: xPx + (across * widthPx * cos) / 2 - (down * heightPx * sin) / 2,
    yPx: yPx + (across * widthPx * sin) / 2 + (down * heightPx * cos) / 2,
  })
  const corners = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)]
  return { xPx, yPx, widthPx, heightPx, rotationRad: tiltRad, corners }
}

/** Gray of what is no print: the middle one of the pixels outside of it; that of paper where there are none. */
export function backgroundGray({ data, widthPx, heightPx }: GrayImage, { mask, width, cellPx }: RidgeMap): number {
  const counts = new Int32Array(256)
  let all = 0
  // One pixel in nine is enough.
  for (let y = 1; y < heightPx; y += 3) {
    const row = Math.min(Math.floor(y / cellPx), mask.length / width - 1) * width
    for (let x = 1; x < widthPx; x += 3) {
      if (mask[row + Math.min(Math.floor(x / cellPx), width - 1)]) continue
      counts[data[y * widthPx + x]]++
      all++
    }
  }
  let gray = 0
  for (let below = counts[0]; below < all / 2; below += counts[gray]) gray++
  return all === 0 ? 255 : gray
}

/**
 * What a box holds, turned upright, between its pixels by linear interpolation; `background` beyond the image and where a cell of the map
 * belongs to another finger than `own`.
 */
export function cutUpright(
  image: GrayImage,
  box: FingerBox,
  { width, cellPx }: RidgeMap,
  { owner, own, background }: { readonly owner: Int16Array; readonly own: number; readonly background: number },
): GrayImage {
  const { widthPx, heightPx, rotationRad, corners } = box
  const [cos, sin] = [Math.cos(rotationRad), Math.sin(rotationRad)]
  const out = new Uint8Array(widthPx * heightPx).fill(background)
  const { data, widthPx: stride } = image
  const [lastX, lastY, perCell] = [stride - 1, image.heightPx - 1, 1 / cellPx]
  for (let v = 0, i = 0; v < heightPx; v++) {
    // Middles of pixels are at halves, of the box as of the image.
    let x = corners[0].xPx + cos / 2 - (v + 0.5) * sin - 0.5
    let y = corners[0].yPx + sin / 2 + (v + 0.5) * cos - 0.5
    for (let u = 0; u < widthPx; u++, i++, x += cos, y += sin) {
      if (x < 0 || y < 0 || x >= lastX || y >= lastY) continue
      const other = owner[Math.floor((y + 0.5) * perCell) * width + Math.floor((x + 0.5) * perCell)]
      if (other >= 0 && other !== own) continue
      const left = Math.floor(x)
      const top = Math.floor(y)
      const at = top * stride + left
      const upper = data[at] + (x - left) * (data[at + 1] - data[at])
      const lower = data[at + stride] + (x - left) * (data[at + stride + 1] - data[at + stride])
      out[i] = upper + (y - top) * (lower - upper) + 0.5
    }
  }
  return { data: out, widthPx, heightPx, ppi: image.ppi }
}
