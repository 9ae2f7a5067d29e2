/** A scene as SVG: shapes and outlines alone, no text and nothing from outside, so that every reader draws the same. */
import { type Face, fontOf, UNITS_PER_EM } from './faces.js'
import {
  MM_PER_PT,
  mm,
  type PathItem,
  type PictureItem,
  printedSize,
  type Scene,
  type SceneItem,
  type TextItem,
  WHITE,
} from './items.js'

/** @param widthPx, heightPx of the image that is made of it */
export function sceneSvg(scene: Scene, widthPx: number, heightPx: number): string {
  const start = mm(-(scene.bleedMm ?? 0))
  const { widthMm, heightMm } = printedSize(scene)
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${widthPx}" ` +
    `height="${heightPx}" viewBox="${start} ${start} ${mm(widthMm)} ${mm(heightMm)}" preserveAspectRatio="none">` +
    `<rect x="${start}" y="${start}" width="100%" height="100%" fill="${WHITE}"/>${scene.items.map(svgOf).join('')}</svg>`
  )
}

function svgOf(item: SceneItem): string {
  if (item.kind === 'text') return svgText(item)
  return item.kind === 'path' ? svgPath(item) : svgPicture(item)
}

function svgPath({ d, fill = 'none', stroke, widthMm = 0.2, opacity, isCrisp }: PathItem): string {
  const line = stroke === undefined ? '' : ` stroke="${stroke}" stroke-width="${mm(widthMm)}"`
  const through = opacity === undefined ? '' : ` fill-opacity="${opacity}" stroke-opacity="${opacity}"`
  return `<path d="${d}" fill="${fill}"${line}${through}${isCrisp ? ' shape-rendering="crispEdges"' : ''}/>`
}

function svgPicture({ xMm, yMm, widthMm, heightMm, type, bytes }: PictureItem): string {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  return (
    `<image x="${mm(xMm)}" y="${mm(yMm)}" width="${mm(widthMm)}" height="${mm(heightMm)}" ` +
    `preserveAspectRatio="none" xlink:href="data:image/${type};base64,${data}"/>`
  )
}

function svgText({ xMm, yMm, sizePt, runs, colour }: TextItem): string {
  const scale = (sizePt * MM_PER_PT) / UNITS_PER_EM
  let pen = 0
  let glyphs = ''
  for (const { face, text } of runs) {
    const { glyphs: shapes, positions } = fontOf(face).layout(text)
    for (const [i, { id }] of shapes.entries()) {
      const { xAdvance, xOffset, yOffset } = positions[i]
      const d = outline(face, id)
      if (d !== '') glyphs += `<path transform="translate(${pen + xOffset} ${yOffset})" d="${d}"/>`
      pen += xAdvance
    }
  }
  const at = `translate(${mm(xMm)} ${mm(yMm)}) scale(${scale} ${-scale})`
  return `<g transform="${at}" fill="${colour}">${glyphs}</g>`
}

const outlines = new Map<string, string>()

/** Each glyph's outline once: at most some 6,000 a face. */
function outline(face: Face, id: number): string {
  const key = `${face} ${id}`
  let d = outlines.get(key)
  if (d === undefined) {
    d = fontOf(face).getGlyph(id).path.toSVG()
    outlines.set(key, d)
  }
  return d
}
