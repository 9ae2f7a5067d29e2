import { COLOURS, pixel, svgDocument, text } from '../evaluate/svg.js'
import type { ProbeFigures, SearchBenchFigures } from './figures.js'

const DECADE_PX = 120
const LEFT_PX = 84
const TOP_PX = 56
const BOTTOM_PX = 60
const LEGEND_PX = 250
const ROW_PX = 22
const GRID = 'stroke="#e2e2e2" stroke-width="1"'

/** The kind of probe whose times are drawn. */
const DRAWN = 'typical'

interface Line {
  readonly name: string
  readonly colour: string
  readonly dash: string
  readonly msOf: (figures: ProbeFigures) => number
}

const LINES: readonly Line[] = [
  { name: 'exhaustive, p50', colour: COLOURS[1], dash: '', msOf: ({ exhaustive }) => exhaustive.p50Ms },
  { name: 'exhaustive, p99', colour: COLOURS[1], dash: '5 4', msOf: ({ exhaustive }) => exhaustive.p99Ms },
  { name: 'as it is, p50', colour: COLOURS[0], dash: '', msOf: ({ search }) => search.p50Ms },
  { name: 'as it is, p99', colour: COLOURS[0], dash: '5 4', msOf: ({ search }) => search.p99Ms },
]

/** Milliseconds a search over the number of fingers, both logarithmic, as an SVG document. */
export function searchPlotSvg(sizes: readonly SearchBenchFigures[]): string {
  const points = sizes
    .map(({ fingers, kinds }) => ({ fingers, figures: kinds.find(({ kind }) => kind === DRAWN)! }))
    .sort((a, b) => a.fingers - b.fingers)
  const x = axisOf(points.map(({ fingers }) => fingers))
  const y = axisOf(points.flatMap(({ figures }) => LINES.map(({ msOf }) => msOf(figures))))
  const width = x.decades * DECADE_PX
  const height = y.decades * DECADE_PX
  const xOf = (fingers: number) => LEFT_PX + DECADE_PX * (Math.log10(fingers) - x.lowest)
  const yOf = (ms: number) => TOP_PX + height - DECADE_PX * (Math.log10(ms) - y.lowest)
  const lines = [text(LEFT_PX, 28, 'Time of a search', 'font-size="17" font-weight="bold"')]
  for (let k = 0; k <= x.decades; k++) {
    const fingers = 10 ** (x.lowest + k)
    lines.push(`<path d="M${pixel(xOf(fingers))} ${TOP_PX}v${height}" ${GRID}/>`)
    lines.push(text(xOf(fingers), TOP_PX + height + 20, fingers.toLocaleString('en-US'), 'text-anchor="middle"'))
  }
  for (let k = 0; k <= y.decades; k++) {
    const ms = 10 ** (y.lowest + k)
    lines.push(`<path d="M${LEFT_PX} ${pixel(yOf(ms))}h${width}" ${GRID}/>`)
    lines.push(text(LEFT_PX - 8, yOf(ms) + 4.5, `${Number(ms.toPrecision(1))} ms`, 'text-anchor="end"'))
  }
  lines.push(text(LEFT_PX + width / 2, TOP_PX + height + 46, 'fingers in the gallery', 'text-anchor="middle"'))
  LINES.forEach(({ name, colour, dash, msOf }, k) => {
    const style = `fill="none" stroke="${colour}" stroke-width="2"${dash && ` stroke-dasharray="${dash}"`}`
    const places = points.map(({ fingers, figures }) => [pixel(xOf(fingers)), pixel(yOf(msOf(figures)))])
    lines.push(`<path d="M${places.map(place => place.join(' ')).join('L')}" ${style}/>`)
    lines.push(...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`))
    const row = TOP_PX + 12 + k * ROW_PX
    lines.push(`<path d="M${LEFT_PX + width + 20} ${row - 4.5}h28" ${style}/>`)
    lines.push(text(LEFT_PX + width + 58, row, name))
  })
  const note = `${DRAWN} probes, ${sizes[0].threads} worker threads`
  lines.push(text(LEFT_PX + width + 20, TOP_PX + 12 + LINES.length * ROW_PX, note, 'fill="#666"'))
  return svgDocument(
    'Time of a search over the size of the gallery',
    LEFT_PX + width + LEGEND_PX,
    TOP_PX + height + BOTTOM_PX,
    lines,
  )
}

/** Whole decades round the values. */
function axisOf(values: readonly number[]): { readonly lowest: number; readonly decades: number } {
  const lowest = Math.floor(Math.log10(Math.min(...values)))
  return { lowest, decades: Math.max(1, Math.ceil(Math.log10(Math.max(...values))) - lowest) }
}
