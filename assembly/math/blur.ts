/**
 * Gaussian blur of a grid of f32 cells, in place. Cells outside the grid count as zero weight, not as zeros: at an edge
 * the average is over what is there.
 */

/** Taps either side: 3 sigma hold 99.7 % of a Gaussian. */
const REACH: f32 = 3
/** Cells: the widest blur that the buffer is made for. */
const REACH_MOST: i32 = 32

/** A line of columns with room either side. */
function lineBytes(columns: i32): usize {
  return (<usize>(columns + 2 * REACH_MOST + 4)) << 2
}

/** Bytes of `buffer` for a grid of that size: it half blurred, a line, weights, what each column is divided by. */
export function blurBytes(columns: i32, rows: i32): usize {
  return ((<usize>(columns * rows + columns)) << 2) + lineBytes(columns) + lineBytes(0)
}

/** `sigma` in cells, at most 10; at least 4 columns; `buffer` of `blurBytes`. */
export function blur(grid: usize, buffer: usize, columns: i32, rows: i32, sigma: f32): void {
  const reach = min(REACH_MOST, <i32>Mathf.ceil(REACH * sigma))
  const line = buffer + ((<usize>(columns * rows)) << 2)
  const weights = line + lineBytes(columns)
  const totals = weights + lineBytes(0)
  for (let k = -reach; k <= reach; k++) {
    const t = <f32>k / sigma
    store<f32>(weights + ((<usize>(k + reach)) << 2), Mathf.exp(-0.5 * t * t))
  }
  const whole = inside(reach, 2 * reach + 1, weights, reach)
  for (let column = 0; column < columns; column++) {
    const full = column >= reach && column + reach < columns
    store<f32>(totals + ((<usize>column) << 2), full ? whole : inside(column, columns, weights, reach))
  }
  for (let row = 0; row < rows; row++) {
    const at = (<usize>(row * columns)) << 2
    blurRow(grid + at, buffer + at, line, columns, weights, totals, reach)
  }
  for (let row = 0; row < rows; row++) blurDown(buffer, grid, row, columns, rows, weights, reach)
}

/** Sum of the weights that fall inside when the middle one is at `i` of `length`. */
function inside(i: i32, length: i32, weights: usize, reach: i32): f32 {
  let sum: f32 = 0
  for (let k = max(-reach, -i); k <= min(reach, length - 1 - i); k++)
    sum += load<f32>(weights + ((<usize>(k + reach)) << 2))
  return sum
}

function blurRow(from: usize, to: usize, line: usize, columns: i32, weights: usize, totals: usize, reach: i32): void {
  memory.fill(line, 0, (<usize>(columns + 2 * reach + 4)) << 2)
  memory.copy(line + ((<usize>reach) << 2), from, (<usize>columns) << 2)
  for (let column = 0; column < columns; column += 4) {
    // The last four overlap those before when the columns are no multiple of four: the same sums are made again.
    const first = min(column, columns - 4)
    let sum = f32x4.splat(0)
    for (let k = 0; k <= 2 * reach; k++) {
      const w = v128.load32_splat(weights + ((<usize>k) << 2))
      sum = f32x4.add(sum, f32x4.mul(w, v128.load(line + ((<usize>(first + k)) << 2))))
    }
    const at = (<usize>first) << 2
    v128.store(to + at, f32x4.div(sum, v128.load(totals + at)))
  }
}

function blurDown(from: usize, to: usize, row: i32, columns: i32, rows: i32, weights: usize, reach: i32): void {
  const first = max(-reach, -row)
  const last = min(reach, rows - 1 - row)
  const total = f32x4.splat(inside(row, rows, weights, reach))
  for (let column = 0; column < columns; column += 4) {
    const at = min(column, columns - 4)
    let sum = f32x4.splat(0)
    for (let k = first; k <= last; k++) {
      const w = v128.load32_splat(weights + ((<usize>(k + reach)) << 2))
      sum = f32x4.add(sum, f32x4.mul(w, v128.load(from + ((<usize>((row + k) * columns + at)) << 2))))
    }
    v128.store(to + ((<usize>(row * columns + at)) << 2), f32x4.div(sum, total))
  }
}
