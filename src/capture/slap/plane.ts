import type { GrayImage } from '../../types.js'

/** Pixels an inch at which ridges are looked for: the finest, 0.3 mm apart, still take 3 pixels. */
export const PLANE_PPI = 250

/** One value a pixel, row by row. */
export interface Plane {
  readonly data: Float32Array<ArrayBuffer>
  readonly width: number
  readonly height: number
}

/** The image at PLANE_PPI, each pixel the mean of those that it covers. */
export function reducedPlane(image: GrayImage): Plane {
  const { data, widthPx, heightPx, ppi } = image
  const scale = ppi / PLANE_PPI
  const width = Math.max(1, Math.floor(widthPx / scale))
  const height = Math.max(1, Math.floor(heightPx / scale))
  const across = spans(width, scale, widthPx)
  const down = spans(height, scale, heightPx)
  const out = new Float32Array(width * height)
  const row = new Float32Array(widthPx)
  for (let y = 0; y < height; y++) {
    row.fill(0)
    for (let j = down.first[y]; j <= down.last[y]; j++) {
      const weight = coverage(j, y, scale)
      for (let x = 0, i = j * widthPx; x < widthPx; x++, i++) row[x] += weight * data[i]
    }
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (let i = across.first[x]; i <= across.last[x]; i++) sum += coverage(i, x, scale) * row[i]
      out[y * width + x] = sum / (scale * scale)
    }
  }
  return { data: out, width, height }
}

/** The first and the last pixel that each pixel of the plane covers. */
function spans(length: number, scale: number, most: number): { first: Int32Array; last: Int32Array } {
  const first = new Int32Array(length)
  const last = new Int32Array(length)
  for (let i = 0; i < length; i++) {
    first[i] = Math.floor(i * scale)
    last[i] = Math.min(Math.ceil((i + 1) * scale), most) - 1
  }
  return { first, last }
}

/** How much of pixel `i` of the image pixel `at` of the plane covers. */
function coverage(i: number, at: number, scale: number): number {
  return Math.min(i + 1, (at + 1) * scale) - Math.max(i, at * scale)
}

/** Mean over a square of 2 radius + 1 pixels, as far as it lies in the plane. */
export function boxMean({ data, width, height }: Plane, radius: number): Plane {
  const rows = new Float32Array(data.length)
  for (let y = 0; y < height; y++) meanAlong(data, rows, y * width, 1, width, radius)
  const out = new Float32Array(data.length)
  // Down by whole rows, since columns lie far apart in memory.
  const sums = new Float64Array(width)
  let count = 0
  for (let y = 0; y < Math.min(radius, height); y++, count++) {
    for (let x = 0; x < width; x++) sums[x] += rows[y * width + x]
  }
  for (let y = 0; y < height; y++) {
    const enters = y + radius
    if (enters < height) {
      count++
      for (let x = 0, i = enters * width; x < width; x++, i++) sums[x] += rows[i]
    }
    const leaves = y - radius - 1
    if (leaves >= 0) {
      count--
      for (let x = 0, i = leaves * width; x < width; x++, i++) sums[x] -= rows[i]
    }
    const share = 1 / count
    for (let x = 0, i = y * width; x < width; x++, i++) out[i] = sums[x] * share
  }
  return { data: out, width, height }
}

function meanAlong(from: Float32Array, to: Float32Array, start: number, step: number, length: number, radius: number) {
  let sum = 0
  let count = 0
  for (let i = 0; i < Math.min(radius, length); i++, count++) sum += from[start + i * step]
  for (let i = 0; i < length; i++) {
    if (i + radius < length) {
      sum += from[start + (i + radius) * step]
      count++
    }
    if (i - radius > 0) {
      sum -= from[start + (i - radius - 1) * step]
      count--
    }
    to[start + i * step] = sum / count
  }
}
