/** Gaussian blur of a grid of f32 cells, in place; the grid's edges count as zero weight, not as zeros. */

/** Taps either side: 3 sigma hold 99.7 % of a Gaussian. */
const REACH: f32 = 3

/** `sigma` in cells; `buffer` as large as the grid. */
export function blur(grid: usize, buffer: usize, columns: i32, rows: i32, sigma: f32): void {
  pass(grid, buffer, rows, columns, columns, 1, sigma)
  pass(buffer, grid, columns, rows, 1, columns, sigma)
}

/** One direction: `lines` lines of `length` cells; `lineStep` and `step` are in cells. */
function pass(from: usize, to: usize, lines: i32, length: i32, lineStep: i32, step: i32, sigma: f32): void {
  const reach = <i32>Mathf.ceil(REACH * sigma)
  for (let i = 0; i < length; i++) {
    const first = max(0, i - reach)
    const last = min(length - 1, i + reach)
    let total: f32 = 0
    for (let k = first; k <= last; k++) total += weight(k - i, sigma)
    for (let line = 0; line < lines; line++) store<f32>(to + ((<usize>(line * lineStep + i * step)) << 2), 0)
    for (let k = first; k <= last; k++) {
      const w = weight(k - i, sigma) / total
      for (let line = 0; line < lines; line++) {
        const at = to + ((<usize>(line * lineStep + i * step)) << 2)
        store<f32>(at, load<f32>(at) + w * load<f32>(from + ((<usize>(line * lineStep + k * step)) << 2)))
      }
    }
  }
}

function weight(distance: i32, sigma: f32): f32 {
  const t = <f32>distance / sigma
  return Mathf.exp(-0.5 * t * t)
}
