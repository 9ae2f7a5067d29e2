import type { Random } from '../random.js'

/**
 * A smooth random field: independent normal values on a square lattice, joined by uniform cubic B-splines (twice
 * differentiable, so that a warp made of it has no creases). `deviation` is that of the lattice values; the field's own
 * is about 0.48 of it.
 */
export class SmoothField {
  readonly #values: Float32Array
  readonly #columns: number
  readonly #spacingPx: number

  /** Covers [0, widthPx] x [0, heightPx]; outside, the nearest lattice cells go on. */
  constructor(random: Random, widthPx: number, heightPx: number, spacingPx: number, deviation: number) {
    this.#spacingPx = spacingPx
    this.#columns = Math.ceil(widthPx / spacingPx) + 4
    const rows = Math.ceil(heightPx / spacingPx) + 4
    this.#values = Float32Array.from({ length: this.#columns * rows }, () => random.normal(0, deviation))
  }

  at(xPx: number, yPx: number): number {
    const rows = this.#values.length / this.#columns
    const u = Math.min(Math.max(xPx / this.#spacingPx, 0), this.#columns - 4)
    const v = Math.min(Math.max(yPx / this.#spacingPx, 0), rows - 4)
    const column = Math.min(Math.floor(u), this.#columns - 4)
    const row = Math.min(Math.floor(v), rows - 4)
    let sum = 0
    for (let j = 0; j < 4; j++) {
      let line = 0
      const start = (row + j) * this.#columns + column
      for (let i = 0; i < 4; i++) line += splineWeight(u - column, i) * this.#values[start + i]
      sum += splineWeight(v - row, j) * line
    }
    return sum
  }

  /** The field at every pixel, row by row. */
  raster(widthPx: number, heightPx: number): Float32Array {
    const out = new Float32Array(widthPx * heightPx)
    const line = new Float32Array(this.#columns)
    const weights = new Float32Array(widthPx * 4)
    const columns = new Int32Array(widthPx)
    for (let x = 0; x < widthPx; x++) {
      columns[x] = Math.min(Math.floor(x / this.#spacingPx), this.#columns - 4)
      for (let i = 0; i < 4; i++) weights[4 * x + i] = splineWeight(x / this.#spacingPx - columns[x], i)
    }
    for (let y = 0; y < heightPx; y++) {
      const row = Math.floor(y / this.#spacingPx)
      line.fill(0)
      for (let j = 0; j < 4; j++) {
        const weight = splineWeight(y / this.#spacingPx - row, j)
        const start = (row + j) * this.#columns
        for (let i = 0; i < this.#columns; i++) line[i] += weight * this.#values[start + i]
      }
      for (let x = 0; x < widthPx; x++) {
        const c = columns[x]
        const w = 4 * x
        out[y * widthPx + x] =
          weights[w] * line[c] +
          weights[w + 1] * line[c + 1] +
          weights[w + 2] * line[c + 2] +
          weights[w + 3] * line[c + 3]
      }
    }
    return out
  }
}

/** Weight of the i-th of four lattice values at t in [0, 1) between the second and the third. */
function splineWeight(t: number, i: number): number {
  if (i === 0) return (1 - t) ** 3 / 6
  if (i === 1) return (3 * t ** 3 - 6 * t ** 2 + 4) / 6
  if (i === 2) return (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6
  return t ** 3 / 6
}
