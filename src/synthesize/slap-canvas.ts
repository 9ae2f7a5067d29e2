/** Millimetres, counted from where the hand was laid. */
export interface PlaceMm {
  readonly x: number
  readonly y: number
}

/** What lies on glass or paper before it is lit. */
export interface SlapCanvas {
  /** Its upper left corner. */
  readonly left: number
  readonly top: number
  readonly widthPx: number
  readonly heightPx: number
  readonly pxPerMm: number
  /** 0 none to 1, a value a pixel. */
  readonly ink: Float32Array
}

/** What a line does to the ink of a pixel. @param coverage how much of it the line covers, 0 to 1 */
export type Mark = (ink: number, coverage: number, pixel: number) => number

export const sizeMm = ({ widthPx, heightPx, pxPerMm }: SlapCanvas) => ({
  widthMm: widthPx / pxPerMm,
  heightMm: heightPx / pxPerMm,
})

/** Darkens what it covers, as ink does: never lightens. */
export const inking =
  (darkness: number): Mark =>
  (ink, coverage) =>
    Math.max(ink, darkness * coverage)

/** Takes ink away: 0 none to 1 all of it. */
export const bare =
  (depth: number): Mark =>
  (ink, coverage) =>
    ink * (1 - depth * coverage)

/** Draws a line with round ends through places; its edges are one pixel soft. */
export function drawLine(canvas: SlapCanvas, places: readonly PlaceMm[], widthMm: number, mark: Mark): void {
  const { left, top, pxPerMm } = canvas
  const inPx = places.map(({ x, y }) => ({ x: (x - left) * pxPerMm, y: (y - top) * pxPerMm }))
  const radiusPx = (widthMm * pxPerMm) / 2
  // A pixel that two parts of the line cover is marked once, by the part that covers more of it.
  const covered = new Map<number, number>()
  for (let i = 1; i < inPx.length; i++) coverAlong(canvas, inPx[i - 1], inPx[i], radiusPx, covered)
  for (const [pixel, coverage] of covered) canvas.ink[pixel] = mark(canvas.ink[pixel], coverage, pixel)
}

function coverAlong(
  { widthPx, heightPx }: SlapCanvas,
  from: PlaceMm,
  to: PlaceMm,
  radiusPx: number,
  covered: Map<number, number>,
): void {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const square = dx * dx + dy * dy || 1
  const reach = radiusPx + 1
  const firstRow = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach))
  const lastRow = Math.min(heightPx - 1, Math.ceil(Math.max(from.y, to.y) + reach))
  const firstColumn = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach))
  const lastColumn = Math.min(widthPx - 1, Math.ceil(Math.max(from.x, to.x) + reach))
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const [x, y] = [column + 0.5 - from.x, row + 0.5 - from.y]
      const along = Math.min(Math.max((x * dx + y * dy) / square, 0), 1)
      const coverage = Math.min(radiusPx + 0.5 - Math.hypot(x - along * dx, y - along * dy), 1)
      if (coverage <= 0) continue
      const pixel = row * widthPx + column
      covered.set(pixel, Math.max(covered.get(pixel) ?? 0, coverage))
    }
  }
}
