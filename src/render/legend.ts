import { shapePath } from './marker.js'
import { strokeText } from './stroke-font.js'

/** Height of a line of the legend, in pixels of the picture. */
const LINE_PX = 26
const TEXT_PX = 15
const MARGIN_PX = 12
const MARKER_COLUMN_PX = 22

/** One line of a legend, with a marker before it where it explains one. */
export interface LegendLine {
  readonly text: string
  readonly marker?: { readonly shape: 'circle' | 'square' | 'diamond'; readonly colour: string }
}

/** A legend as SVG, and the room it takes. */
export interface Legend {
  readonly svg: string
  readonly widthPx: number
  readonly heightPx: number
}

/** The lines below each other, from `topPx` of the picture down, on white. */
export function legendOf(lines: readonly LegendLine[], topPx: number): Legend {
  let body = ''
  let widthPx = 0
  lines.forEach(({ text, marker }, index) => {
    const middle = topPx + MARGIN_PX / 2 + LINE_PX * (index + 0.5)
    const indent = MARGIN_PX + (marker ? MARKER_COLUMN_PX : 0)
    const strokes = strokeText(text, indent, middle - TEXT_PX / 2, TEXT_PX)
    body += `<path d="${strokes.path}" stroke="#222" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>`
    if (marker) {
      const d = shapePath(marker.shape, { x: MARGIN_PX + 6, y: middle })
      body += `<path d="${d}" stroke="${marker.colour}" stroke-width="2"/>`
    }
    widthPx = Math.max(widthPx, indent + strokes.widthPx + MARGIN_PX)
  })
  const heightPx = MARGIN_PX + LINE_PX * lines.length
  const paper = `<rect y="${topPx}" width="100%" height="${heightPx}" fill="#fff"/>`
  return { svg: `${paper}<g fill="none">${body}</g>`, widthPx: Math.ceil(widthPx), heightPx }
}
