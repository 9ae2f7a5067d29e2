import type { DiscardCurve, QualityReport } from './discard-report.js'
import { COLOURS, pixel, svgDocument, text } from './svg.js'

const SIDE_PX = 560
const HEIGHT_PX = 360
const LEFT_PX = 76
const TOP_PX = 48
const BOTTOM_PX = 64
const LEGEND_PX = 270
const LEGEND_ROW_PX = 22
/** Lines across: steps of the FNMR axis, fractions, of which the smallest with at most so many lines is taken. */
const STEPS = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2]
const LINES_MOST = 8
const GRID = 'stroke="#e2e2e2" stroke-width="1"'

/**
 * The pooled error versus discard characteristics as an SVG document: FNMR over the share of prints dropped, a line for each FMR in
 * steps as counted, and behind each, in its colour, the 95 % band and the mean (dashed) of dropping as many prints at random.
 */
export function discardPlotSvg({ pooled, randomDrops }: QualityReport): string {
  const highest = Math.max(...pooled.flatMap(({ points }) => points.map(topOf)), STEPS[0])
  const step = STEPS.find(size => highest / size <= LINES_MOST) ?? STEPS[STEPS.length - 1]
  const top = Math.ceil(highest / step - 1e-9) * step
  const widest = Math.max(...pooled.flatMap(({ points }) => points.map(({ share }) => share)))
  const x = (share: number) => LEFT_PX + (SIDE_PX * share) / widest
  const y = (fnmr: number) => TOP_PX + HEIGHT_PX * (1 - fnmr / top)
  const lines: string[] = []
  for (let fnmr = 0; fnmr <= top + step / 2; fnmr += step) {
    lines.push(`<path d="M${LEFT_PX} ${pixel(y(fnmr))}h${SIDE_PX}" ${GRID}/>`)
    lines.push(text(LEFT_PX - 8, y(fnmr) + 4.5, percent(fnmr), 'text-anchor="end"'))
  }
  for (let share = 0; share <= widest + 0.01; share += 0.05) {
    lines.push(`<path d="M${pixel(x(share))} ${TOP_PX}v${HEIGHT_PX}" ${GRID}/>`)
    lines.push(text(x(share), TOP_PX + HEIGHT_PX + 20, percent(share), 'text-anchor="middle"'))
  }
  lines.push(
    text(LEFT_PX, TOP_PX - 18, 'Error versus discard, all sets', 'font-size="17" font-weight="bold"'),
    text(LEFT_PX + SIDE_PX / 2, TOP_PX + HEIGHT_PX + 46, 'prints dropped, worst quality first', 'text-anchor="middle"'),
    text(
      20,
      TOP_PX + HEIGHT_PX / 2,
      'FNMR of the others',
      `text-anchor="middle" transform="rotate(-90 20 ${TOP_PX + HEIGHT_PX / 2})"`,
    ),
    ...pooled.flatMap((curve, k) => drawn(curve, COLOURS[k % COLOURS.length], x, y)),
    `<rect x="${LEFT_PX}" y="${TOP_PX}" width="${SIDE_PX}" height="${HEIGHT_PX}" fill="none" stroke="#333"/>`,
    ...legend(pooled, randomDrops),
  )
  return svgDocument(
    'Error versus discard characteristic',
    LEFT_PX + SIDE_PX + LEGEND_PX,
    TOP_PX + HEIGHT_PX + BOTTOM_PX,
    lines,
  )
}

function topOf({ fnmr, random }: DiscardCurve['points'][number]): number {
  return Math.max(fnmr ?? 0, random.fnmr?.interval95[1] ?? 0)
}

function drawn({ points }: DiscardCurve, colour: string, x: (share: number) => number, y: (fnmr: number) => number) {
  const at = (share: number, fnmr: number) => `${pixel(x(share))} ${pixel(y(fnmr))}`
  const random = points.flatMap(({ share, random: { fnmr } }) => (fnmr === null ? [] : [{ share, ...fnmr }]))
  const above = random.map(({ share, interval95 }) => at(share, interval95[1]))
  const below = random.map(({ share, interval95 }) => at(share, interval95[0])).reverse()
  const means = random.map(({ share, mean }) => at(share, mean))
  const counted = points.flatMap(({ share, fnmr }) => (fnmr === null ? [] : [at(share, fnmr)]))
  return [
    ...(random.length === 0
      ? []
      : [`<path d="M${[...above, ...below].join('L')}Z" fill="${colour}" fill-opacity="0.12"/>`]),
    ...(means.length === 0
      ? []
      : [`<path d="M${means.join('L')}" fill="none" stroke="${colour}" stroke-dasharray="5 4" stroke-width="1.2"/>`]),
    ...(counted.length === 0
      ? []
      : [
          `<path d="M${counted.join('L')}" fill="none" stroke="${colour}" stroke-width="2.4" stroke-linejoin="round"/>`,
        ]),
  ]
}

function legend(pooled: QualityReport['pooled'], randomDrops: number): string[] {
  const x = LEFT_PX + SIDE_PX + 20
  const rows = pooled.flatMap(({ fmr }, k) => {
    const y = TOP_PX + 12 + k * LEGEND_ROW_PX
    const stroke = `stroke="${COLOURS[k % COLOURS.length]}" stroke-width="2.4"`
    return [`<path d="M${x} ${y - 4.5}h28" ${stroke}/>`, text(x + 38, y, `FMR ${percent(fmr)}, all prints`)]
  })
  const y = TOP_PX + 12 + pooled.length * LEGEND_ROW_PX
  return [
    ...rows,
    `<path d="M${x} ${y - 4.5}h28" stroke="#333" stroke-dasharray="5 4" stroke-width="1.2"/>`,
    text(x + 38, y, 'dropped at random: mean'),
    text(x + 38, y + LEGEND_ROW_PX, `and 95 % of ${randomDrops} drops`),
  ]
}

function percent(rate: number): string {
  return `${Number((100 * rate).toPrecision(2))} %`
}
