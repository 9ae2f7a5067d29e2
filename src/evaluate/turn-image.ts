import type { GrayImage } from '../types.js'

/**
 * The image turned counter-clockwise about its middle, on a canvas that holds all of it. Turned by
 * a multiple of 90 degrees each pixel keeps its value; otherwise values are interpolated bilinearly.
 * Beyond the image lies the median gray of its rim, as of a sensor that is larger.
 */
export function turnImage({ data, widthPx, heightPx, ppi }: GrayImage, degrees: number): GrayImage {
  const [c, s] = directionOf(degrees)
  const turnedWidthPx = sidePx(Math.abs(c) * widthPx + Math.abs(s) * heightPx)
  const turnedHeightPx = sidePx(Math.abs(s) * widthPx + Math.abs(c) * heightPx)
  const turned = new Uint8Array(turnedWidthPx * turnedHeightPx)
  const background = rimMedian(data, widthPx, heightPx)
  for (let row = 0, at = 0; row < turnedHeightPx; row++) {
    const v = row - (turnedHeightPx - 1) / 2
    for (let column = 0; column < turnedWidthPx; column++, at++) {
      const u = column - (turnedWidthPx - 1) / 2
      // Rows go downwards: this is the turn back.
      const x = c * u - s * v + (widthPx - 1) / 2
      const y = s * u + c * v + (heightPx - 1) / 2
      const isInside = x >= -0.5 && y >= -0.5 && x <= widthPx - 0.5 && y <= heightPx - 0.5
      turned[at] = isInside ? Math.round(sampled(data, widthPx, heightPx, x, y)) : background
    }
  }
  return { data: turned, widthPx: turnedWidthPx, heightPx: turnedHeightPx, ppi }
}

/** Cosine and sine, exact for multiples of 90 degrees. */
function directionOf(degrees: number): [number, number] {
  const quarters = degrees / 90
  if (!Number.isInteger(quarters)) return [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  return [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ][((quarters % 4) + 4) % 4] as [number, number]
}

/** The least side that holds a length, whatever the last digits of a cosine. */
function sidePx(length: number): number {
  return Math.ceil(length - 1e-9)
}

function sampled(data: Uint8Array, widthPx: number, heightPx: number, x: number, y: number): number {
  const within = (value: number, sidePx: number) => Math.min(Math.max(value, 0), sidePx - 1)
  const [px, py] = [within(x, widthPx), within(y, heightPx)]
  const [left, top] = [Math.floor(px), Math.floor(py)]
  const [right, bottom] = [within(left + 1, widthPx), within(top + 1, heightPx)]
  const [u, v] = [px - left, py - top]
  const along = (row: number) => data[row * widthPx + left] * (1 - u) + data[row * widthPx + right] * u
  return along(top) * (1 - v) + along(bottom) * v
}

function rimMedian(data: Uint8Array, widthPx: number, heightPx: number): number {
  const rim = data.filter((_, at) => {
    const [row, column] = [Math.floor(at / widthPx), at % widthPx]
    return row === 0 || column === 0 || row === heightPx - 1 || column === widthPx - 1
  })
  return rim.sort()[rim.length >> 1]
}
