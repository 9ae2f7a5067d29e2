import type { Minutia } from '../types.js'
import { ENLARGEMENT, MARKER_RADIUS, MINUTIA_STYLES, TICK_LENGTH } from './style.js'

/** A position in the picture: the middle of the pixel that the minutia lies on. */
export interface Position {
  readonly x: number
  readonly y: number
}

export function positionOf(minutia: Minutia, offsetX = 0): Position {
  return { x: offsetX + (minutia.xPx + 0.5) * ENLARGEMENT, y: (minutia.yPx + 0.5) * ENLARGEMENT }
}

const n = (value: number) => value.toFixed(1)

/** The outline of a marker as the `d` of a path. */
export function shapePath(shape: 'circle' | 'square' | 'diamond', { x, y }: Position, radius = MARKER_RADIUS): string {
  const r = radius
  if (shape === 'circle') return `M${n(x - r)} ${n(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
  if (shape === 'square') return `M${n(x - r)} ${n(y - r)}h${2 * r}v${2 * r}h${-2 * r}z`
  return `M${n(x)} ${n(y - r)}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`
}

/** The direction tick, from the marker's rim outwards; y runs down in the picture and up in the direction. */
function tickPath(minutia: Minutia, { x, y }: Position): string {
  const dx = Math.cos(minutia.directionRad)
  const dy = -Math.sin(minutia.directionRad)
  const at = (length: number) => `${n(x + dx * length)} ${n(y + dy * length)}`
  return `M${at(MARKER_RADIUS)}L${at(TICK_LENGTH)}`
}

/** A minutia: outline by its type, direction tick, a white rim that keeps it legible on ridges. */
export function markerSvg(minutia: Minutia, position: Position, colour: string, opacity = 1): string {
  const d = shapePath(MINUTIA_STYLES[minutia.type].shape, position) + tickPath(minutia, position)
  return (
    `<g fill="none" stroke-linecap="round" opacity="${opacity}">` +
    `<path d="${d}" stroke="#fff" stroke-width="4.5" stroke-opacity=".75"/>` +
    `<path d="${d}" stroke="${colour}" stroke-width="2"/></g>`
  )
}
