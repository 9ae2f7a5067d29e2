import type { GrayImage } from '../types.js'
import { legendOf } from './legend.js'
import { composePng, pictureSize } from './sheet.js'
import { strokeText } from './stroke-font.js'
import { pairColour } from './style.js'

/** Height of a box's label, in pixels of the picture. */
const LABEL_PX = 44

/** A quadrangle round a part of an image, with what it is. */
export interface LabelledBox {
  /** In order, in pixels of the image. */
  readonly corners: readonly { readonly xPx: number; readonly yPx: number }[]
  /** In the letters that `strokeText` has. */
  readonly label: string
}

/** An image with boxes drawn on it, each with its label inside its first corner, and lines of text below, as PNG. */
export function renderBoxes(
  image: GrayImage,
  boxes: readonly LabelledBox[],
  lines: readonly string[],
): Promise<Buffer> {
  const size = pictureSize(image)
  const factor = size.widthPx / image.widthPx
  const legend = legendOf(
    lines.map(text => ({ text })),
    size.heightPx,
  )
  const drawn = boxes.map(({ corners, label }, i) => {
    const points = corners.map(({ xPx, yPx }) => `${(xPx * factor).toFixed(1)} ${(yPx * factor).toFixed(1)}`)
    const { xPx, yPx } = corners[0]
    const angle = (Math.atan2(corners[1].yPx - yPx, corners[1].xPx - xPx) * 180) / Math.PI
    const text = strokeText(label, 12, 12, LABEL_PX).path
    const at = `translate(${(xPx * factor).toFixed(1)} ${(yPx * factor).toFixed(1)}) rotate(${angle.toFixed(2)})`
    const stroke = (d: string, transform = '') =>
      `<path ${transform}d="${d}" stroke="#fff" stroke-width="12" stroke-opacity=".75"/>` +
      `<path ${transform}d="${d}" stroke="${pairColour(i)}" stroke-width="6"/>`
    return stroke(`M${points.join('L')}Z`) + (text === '' ? '' : stroke(text, `transform="${at}" `))
  })
  const widthPx = Math.max(size.widthPx, legend.widthPx)
  const heightPx = size.heightPx + (lines.length > 0 ? legend.heightPx : 0)
  const body = `<g fill="none" stroke-linejoin="round" stroke-linecap="round">${drawn.join('')}</g>${lines.length > 0 ? legend.svg : ''}`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${body}</svg>`
  return composePng({ widthPx, heightPx }, [{ background: image, leftPx: 0 }], svg)
}
