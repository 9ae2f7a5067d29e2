import { boxMean, type Plane } from './plane.js'

/** Round each cell, in cells: 2 mm, four ridges. */
const FLOW_RADIUS = 2

/**
 * How far what changes runs one way, 0 (grain, letters) to 1 (parallel ridges), of each cell of
 * `size` pixels: by the structure tensor of what `plane` has and `mean` has not.
 */
export function flowOf(plane: Plane, mean: Plane, size: number): Plane {
  const { width, height } = plane
  const columns = Math.ceil(width / size)
  const rows = Math.ceil(height / size)
  const [along, across, energy] = [0, 1, 2].map(() => new Float32Array(columns * rows))
  const at = (i: number) => plane.data[i] - mean.data[i]
  for (let y = 1; y < height - 1; y++) {
    const row = Math.floor(y / size) * columns
    for (let x = 1, i = y * width + 1; x < width - 1; x++, i++) {
      const dx = at(i + 1) - at(i - 1)
      const dy = at(i + width) - at(i - width)
      const cell = row + Math.floor(x / size)
      along[cell] += dx * dx - dy * dy
      across[cell] += 2 * dx * dy
      energy[cell] += dx * dx + dy * dy
    }
  }
  const near = (data: Float32Array<ArrayBuffer>) => boxMean({ data, width: columns, height: rows }, FLOW_RADIUS).data
  const [a, b, all] = [near(along), near(across), near(energy)]
  const data = all.map((one, i) => (one > 0 ? Math.hypot(a[i], b[i]) / one : 0))
  return { data, width: columns, height: rows }
}
