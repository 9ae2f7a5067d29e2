import type { DetPoint, EvaluationReport } from './report.js'
import { COLOURS, pixel, svgDocument, text } from './svg.js'

/** Both axes show rates from 10^-4 to 1. A curve that goes lower leaves the plot at its edge. */
const LOWEST_DECADE = -4
const DECADE_PX = 145
const SIDE_PX = -LOWEST_DECADE * DECADE_PX
const LEFT_PX = 76
const TOP_PX = 48
const BOTTOM_PX = 64
const LEGEND_PX = 300
const LEGEND_ROW_PX = 22
const NAME_LENGTH = 22

/** From the second round of colours on. */
const DASHES = ['', '6 3', '2 2', '8 2 2 2'] as const
const GRID = 'stroke="#e2e2e2" stroke-width="1"'
const FINE_GRID = 'stroke="#f3f3f3" stroke-width="1"'

interface Curve {
  readonly name: string
  readonly det: readonly DetPoint[]
  readonly eer: number | null
  readonly stroke: string
}

/**
 * The DET curves of a report as an SVG document: FNMR over FMR, both logarithmic, a thin line a set and a bold black one
 * for the pooled scores; where a curve crosses the dashed diagonal is its EER. Curves are steps, as counted: at a given FMR
 * a curve shows the lowest FNMR that can be had.
 */
export function detPlotSvg(report: Pick<EvaluationReport, 'sets' | 'pooled'>): string {
  const sets = report.sets.map(
    ({ name, det, allPairs }, k): Curve => ({ name, det, eer: allPairs.eer, stroke: setStroke(k) }),
  )
  const { det, allPairs } = report.pooled
  const curves = [...sets, { name: 'pooled', det, eer: allPairs.eer, stroke: 'stroke="#000" stroke-width="3"' }]
  const widthPx = LEFT_PX + SIDE_PX + LEGEND_PX
  const heightPx = TOP_PX + Math.max(SIDE_PX, (curves.length + 1) * LEGEND_ROW_PX) + BOTTOM_PX
  return svgDocument('Detection error trade-off', widthPx, heightPx, [
    `<clipPath id="plot"><rect x="${LEFT_PX}" y="${TOP_PX}" width="${SIDE_PX}" height="${SIDE_PX}"/></clipPath>`,
    ...axes(),
    '<g fill="none" stroke-linejoin="round" clip-path="url(#plot)">',
    ...curves.map(curve => `<path d="${stepPath(curve.det)}" ${curve.stroke}/>`),
    '</g>',
    `<rect x="${LEFT_PX}" y="${TOP_PX}" width="${SIDE_PX}" height="${SIDE_PX}" fill="none" stroke="#333"/>`,
    ...legend(curves),
  ])
}

function axes(): string[] {
  const lines: string[] = []
  for (let decade = LOWEST_DECADE; decade < 0; decade++) {
    for (let step = 2; step < 10; step++) lines.push(...gridLines(step * 10 ** decade, FINE_GRID))
  }
  for (let decade = LOWEST_DECADE; decade <= 0; decade++) {
    const rate = 10 ** decade
    lines.push(...gridLines(rate, GRID))
    lines.push(text(xOf(rate), TOP_PX + SIDE_PX + 20, percent(rate), 'text-anchor="middle"'))
    lines.push(text(LEFT_PX - 8, yOf(rate) + 4.5, percent(rate), 'text-anchor="end"'))
  }
  const middle = SIDE_PX / 2
  const right = LEFT_PX + SIDE_PX
  lines.push(
    `<path d="M${LEFT_PX} ${TOP_PX + SIDE_PX}L${right} ${TOP_PX}" stroke="#888" stroke-dasharray="5 4"/>`,
    text(LEFT_PX + 38, TOP_PX + SIDE_PX - 14, 'EER: FNMR = FMR', 'fill="#666"'),
    text(LEFT_PX + middle, TOP_PX + SIDE_PX + 46, 'FMR: non-mated comparisons that match', 'text-anchor="middle"'),
    text(
      20,
      TOP_PX + middle,
      'FNMR: mated comparisons that do not match',
      `text-anchor="middle" transform="rotate(-90 20 ${TOP_PX + middle})"`,
    ),
    text(LEFT_PX, TOP_PX - 18, 'Detection error trade-off, all pairs', 'font-size="17" font-weight="bold"'),
  )
  return lines
}

function gridLines(rate: number, style: string): string[] {
  return [
    `<path d="M${pixel(xOf(rate))} ${TOP_PX}v${SIDE_PX}" ${style}/>`,
    `<path d="M${LEFT_PX} ${pixel(yOf(rate))}h${SIDE_PX}" ${style}/>`,
  ]
}

function legend(curves: readonly Curve[]): string[] {
  const x = LEFT_PX + SIDE_PX + 20
  const end = LEFT_PX + SIDE_PX + LEGEND_PX - 16
  const heading = text(end, TOP_PX + 12, 'EER', 'text-anchor="end" fill="#666"')
  const rows = curves.flatMap(({ name, eer, stroke }, k) => {
    const y = TOP_PX + 12 + (k + 1) * LEGEND_ROW_PX
    const style = name === 'pooled' && k === curves.length - 1 ? 'font-weight="bold"' : ''
    return [
      `<path d="M${x} ${y - 4.5}h28" fill="none" ${stroke}/>`,
      text(x + 38, y, shorten(name), style),
      text(end, y, eer === null ? '-' : `${(100 * eer).toFixed(2)} %`, `text-anchor="end" ${style}`),
    ]
  })
  return [heading, ...rows]
}

/** From one corner up to the FNMR of the next, then left to its FMR. */
function stepPath(det: readonly DetPoint[]): string {
  return det
    .map(({ fmr, fnmr }, k) => {
      const x = pixel(xOf(fmr))
      const y = pixel(yOf(fnmr))
      return k === 0 ? `M${x} ${y}` : `V${y}H${x}`
    })
    .join('')
}

/** A rate of 0, and any below the plot, lies a tenth of a decade outside it. */
function decadesBelowOne(rate: number): number {
  return -Math.max(Math.log10(rate), LOWEST_DECADE - 0.1)
}

function xOf(fmr: number): number {
  return LEFT_PX + SIDE_PX - decadesBelowOne(fmr) * DECADE_PX
}

function yOf(fnmr: number): number {
  return TOP_PX + decadesBelowOne(fnmr) * DECADE_PX
}

function setStroke(k: number): string {
  const dash = DASHES[Math.floor(k / COLOURS.length) % DASHES.length]
  return `stroke="${COLOURS[k % COLOURS.length]}" stroke-width="1.4"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}`
}

function percent(rate: number): string {
  return `${Number((100 * rate).toPrecision(1))} %`
}

function shorten(name: string): string {
  const letters = [...name]
  return letters.length > NAME_LENGTH ? `${letters.slice(0, NAME_LENGTH - 1).join('')}…` : name
}
