import type { Minutia, MinutiaType } from '../types.js'
import { type LegendLine, legendOf } from './legend.js'
import { markerSvg, positionOf } from './marker.js'
import { type Background, composePng, pictureSize } from './sheet.js'
import { MINUTIA_STYLES } from './style.js'

export interface MinutiaeOptions {
  /** Whether a legend with the number of minutiae of each type is added below. Default true. */
  readonly legend?: boolean
}

/** An SVG drawing and its size in pixels of the picture. */
export interface Drawing {
  readonly svg: string
  readonly widthPx: number
  readonly heightPx: number
}

/** One line for each type, with how many there are; "other" only where it occurs. */
function legendLines(minutiae: readonly Minutia[]): LegendLine[] {
  const lines: LegendLine[] = []
  for (const type of Object.keys(MINUTIA_STYLES) as MinutiaType[]) {
    const { label, ...marker } = MINUTIA_STYLES[type]
    const count = minutiae.filter(minutia => minutia.type === type).length
    if (count > 0 || type !== 'other') lines.push({ text: `${label} (${count})`, marker })
  }
  return lines
}

/** The minutiae of a print as SVG, to be laid over its image. See {@link renderMinutiae}. */
export function minutiaeSvg(
  background: Background,
  minutiae: readonly Minutia[],
  options: MinutiaeOptions = {},
): Drawing {
  const size = pictureSize(background)
  const legend = options.legend === false ? undefined : legendOf(legendLines(minutiae), size.heightPx)
  const widthPx = Math.max(size.widthPx, legend?.widthPx ?? 0)
  const heightPx = size.heightPx + (legend?.heightPx ?? 0)
  const markers = minutiae.map(minutia => markerSvg(minutia, positionOf(minutia), MINUTIA_STYLES[minutia.type].colour))
  const body = markers.join('') + (legend?.svg ?? '')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${body}</svg>`
  return { svg, widthPx, heightPx }
}

/**
 * A print with its minutiae, as PNG: two pixels for each pixel at 500 ppi; ridge endings are orange circles,
 * bifurcations blue squares, with a tick in the minutia's direction (of an ending back along its ridge, of a
 * bifurcation along the valley between its branches); a legend below.
 *
 * @param background the print's image at any resolution, or the size at 500 ppi of a print without one
 * @param minutiae positions in pixels at 500 ppi
 */
export async function renderMinutiae(
  background: Background,
  minutiae: readonly Minutia[],
  options: MinutiaeOptions = {},
): Promise<Buffer> {
  const drawing = minutiaeSvg(background, minutiae, options)
  return composePng(drawing, [{ background, leftPx: 0 }], drawing.svg)
}
