import type { Minutia } from '../types.js'
import { type LegendLine, legendOf } from './legend.js'
import { markerSvg, positionOf } from './marker.js'
import type { Drawing } from './overlay.js'
import { type Background, composePng, pictureSize } from './sheet.js'
import { MINUTIA_STYLES, pairColour, UNPAIRED_COLOUR } from './style.js'

/** Between the two prints, in pixels of the picture. */
const GUTTER_PX = 24

const UNPAIRED_OPACITY = 0.55

/** Colours stand for pairs here, so the legend explains the shapes without one. */
const SHAPE_COLOUR = '#444'

const SHAPE_LINES: readonly LegendLine[] = (['ridge-ending', 'bifurcation'] as const).map(type => ({
  text: MINUTIA_STYLES[type].label,
  marker: { shape: MINUTIA_STYLES[type].shape, colour: SHAPE_COLOUR },
}))

const PALE_LINE: LegendLine = {
  text: 'pale: without a partner',
  marker: { shape: 'circle', colour: UNPAIRED_COLOUR },
}

/** A minutia of the first print and its partner in the second, by their positions in the lists. */
export type Pair = readonly [number, number]

function markersOf(minutiae: readonly Minutia[], colours: ReadonlyMap<number, string>, offsetX: number): string {
  const paired: string[] = []
  const unpaired: string[] = []
  minutiae.forEach((minutia, index) => {
    const colour = colours.get(index)
    const position = positionOf(minutia, offsetX)
    if (colour) paired.push(markerSvg(minutia, position, colour))
    else unpaired.push(markerSvg(minutia, position, UNPAIRED_COLOUR, UNPAIRED_OPACITY))
  })
  return unpaired.join('') + paired.join('')
}

function linesOf(a: readonly Minutia[], b: readonly Minutia[], pairs: readonly Pair[], offsetX: number): string {
  return pairs
    .map(([i, j], index) => {
      const from = positionOf(a[i], 0)
      const to = positionOf(b[j], offsetX)
      const d = `M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${to.x.toFixed(1)} ${to.y.toFixed(1)}`
      return `<path d="${d}" stroke="${pairColour(index)}" stroke-width="1.2" stroke-opacity=".8"/>`
    })
    .join('')
}

function checkPairs(pairs: readonly Pair[], sizeA: number, sizeB: number): void {
  for (const [i, j] of pairs) {
    const inside = Number.isInteger(i) && Number.isInteger(j) && i >= 0 && i < sizeA && j >= 0 && j < sizeB
    if (!inside) throw new RangeError(`pairs: [${i}, ${j}] lies outside lists of ${sizeA} and ${sizeB} minutiae`)
  }
}

/** Two prints' minutiae and pairs as SVG, to be laid over their images. See {@link renderPairs}. */
export function pairsSvg(
  backgroundA: Background,
  minutiaeA: readonly Minutia[],
  backgroundB: Background,
  minutiaeB: readonly Minutia[],
  pairs: readonly Pair[],
): Drawing & { readonly secondLeftPx: number } {
  checkPairs(pairs, minutiaeA.length, minutiaeB.length)
  const sizeA = pictureSize(backgroundA)
  const sizeB = pictureSize(backgroundB)
  const secondLeftPx = sizeA.widthPx + GUTTER_PX
  const coloursA = new Map(pairs.map(([i], index) => [i, pairColour(index)]))
  const coloursB = new Map(pairs.map(([, j], index) => [j, pairColour(index)]))
  const printsHeightPx = Math.max(sizeA.heightPx, sizeB.heightPx)
  const heading = `${pairs.length} pairs of ${minutiaeA.length} and ${minutiaeB.length} minutiae`
  const legend = legendOf([{ text: heading }, ...SHAPE_LINES, PALE_LINE], printsHeightPx)
  const widthPx = Math.max(secondLeftPx + sizeB.widthPx, legend.widthPx)
  const heightPx = printsHeightPx + legend.heightPx
  const body =
    linesOf(minutiaeA, minutiaeB, pairs, secondLeftPx) +
    markersOf(minutiaeA, coloursA, 0) +
    markersOf(minutiaeB, coloursB, secondLeftPx) +
    legend.svg
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${body}</svg>`
  return { svg, widthPx, heightPx, secondLeftPx }
}

/**
 * Two prints side by side as PNG, two pixels for each pixel at 500 ppi: paired minutiae in one colour and joined by a
 * thin line, the others pale.
 *
 * @param pairs positions in `minutiaeA` and `minutiaeB`
 * @throws RangeError when a pair lies outside the lists
 */
export async function renderPairs(
  backgroundA: Background,
  minutiaeA: readonly Minutia[],
  backgroundB: Background,
  minutiaeB: readonly Minutia[],
  pairs: readonly Pair[],
): Promise<Buffer> {
  const drawing = pairsSvg(backgroundA, minutiaeA, backgroundB, minutiaeB, pairs)
  const placed = [
    { background: backgroundA, leftPx: 0 },
    { background: backgroundB, leftPx: drawing.secondLeftPx },
  ]
  return composePng(drawing, placed, drawing.svg)
}
