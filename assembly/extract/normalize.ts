/**
 * Gray levels -> locally normalised image: zero mean, unit variance in a window of a few ridges; ridges positive.
 *
 * Hong, Wan, Jain, IEEE TPAMI 20(8) 1998, section 2.2 normalises the whole image; doing it in a window of
 * 2 x NORMAL_RADIUS + 1 px makes a print's pressed centre and faint rim alike. Cells that are flat (the white round a
 * sensor's window, a saturated blot) count for nothing: neither their level nor the step at their edge looks like a
 * ridge afterwards. `contrast` keeps the deviation that was divided out, a cell: segmentation needs it.
 */
import { CELL, Extraction, paddedBytes, paddedPixel } from '../memory'
import {
  FLAT_MARGIN,
  FLAT_VARIANCE,
  NORMAL_AMPLITUDE,
  NORMAL_CLIP,
  NORMAL_DEVIATION_LEAST,
  NORMAL_RADIUS,
} from '../parameters'

export function normalize(r: Extraction): void {
  const width = r.paddedWidth
  const height = r.paddedHeight
  markFlatCells(r)
  memory.fill(r.normal, 0, paddedBytes(width, height))
  memory.fill(r.columns, 0, <usize>width * 12)
  for (let y = 0; y < NORMAL_RADIUS && y < height; y++) addRow(r, y, 1)
  for (let y = 0; y < height; y++) {
    if (y + NORMAL_RADIUS < height) addRow(r, y + NORMAL_RADIUS, 1)
    if (y - NORMAL_RADIUS - 1 >= 0) addRow(r, y - NORMAL_RADIUS - 1, -1)
    normalizeRow(r, y)
  }
}

/** `mask`: 0 where the 12 x 12 px round a cell do not vary, and in the FLAT_MARGIN cells round such a cell. */
function markFlatCells(r: Extraction): void {
  const columns = r.paddedWidth / CELL
  const rows = r.paddedHeight / CELL
  memory.fill(r.mask, 1, columns * rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const top = max(0, (row - 1) * CELL)
      const bottom = min(r.paddedHeight, (row + 2) * CELL)
      const left = max(0, (column - 1) * CELL)
      const right = min(r.paddedWidth, (column + 2) * CELL)
      let sum = 0
      let square = 0
      for (let y = top; y < bottom; y++) {
        const line = r.gray + <usize>(y * r.paddedWidth)
        for (let x = left; x < right; x++) {
          const gray = <i32>load<u8>(line + <usize>x)
          sum += gray
          square += gray * gray
        }
      }
      const n = (bottom - top) * (right - left)
      const variance = <f32>(n * square - sum * sum) / <f32>(n * n)
      if (variance > FLAT_VARIANCE) continue
      const first = max(0, column - FLAT_MARGIN)
      const length = min(columns - 1, column + FLAT_MARGIN) - first + 1
      for (let near = max(0, row - FLAT_MARGIN); near <= min(rows - 1, row + FLAT_MARGIN); near++) {
        memory.fill(r.mask + <usize>(near * columns + first), 0, length)
      }
    }
  }
}

/** Adds (sign 1) or takes away (sign -1) a row's gray levels, squares and pixels from its columns' sums. */
function addRow(r: Extraction, y: i32, sign: i32): void {
  const row = r.gray + <usize>(y * r.paddedWidth)
  const varies = r.mask + <usize>((y / CELL) * (r.paddedWidth / CELL))
  let column = r.columns
  for (let x = 0; x < r.paddedWidth; x++) {
    if (load<u8>(varies + <usize>(x / CELL))) {
      const gray = <i32>load<u8>(row + <usize>x)
      store<i32>(column, load<i32>(column) + sign * gray)
      store<i32>(column, load<i32>(column, 4) + sign * gray * gray, 4)
      store<i32>(column, load<i32>(column, 8) + sign, 8)
    }
    column += 12
  }
}

function normalizeRow(r: Extraction, y: i32): void {
  const width = r.paddedWidth
  const row = r.gray + <usize>(y * width)
  const out = paddedPixel(r.normal, width, 0, y)
  const cells = <usize>((y / CELL) * (width / CELL))
  let sum = 0
  let square = 0
  let n = 0
  for (let x = -NORMAL_RADIUS; x < width; x++) {
    const enters = x + NORMAL_RADIUS
    const leaves = x - NORMAL_RADIUS - 1
    if (enters < width) {
      const column = r.columns + <usize>enters * 12
      sum += load<i32>(column)
      square += load<i32>(column, 4)
      n += load<i32>(column, 8)
    }
    if (leaves >= 0) {
      const column = r.columns + <usize>leaves * 12
      sum -= load<i32>(column)
      square -= load<i32>(column, 4)
      n -= load<i32>(column, 8)
    }
    if (x < 0) continue
    const cell = cells + <usize>(x / CELL)
    const sampled = (y & (CELL - 1)) == 2 && (x & (CELL - 1)) == 2
    if (!load<u8>(r.mask + cell)) {
      if (sampled) store<f32>(r.contrast + (cell << 2), 0)
      continue
    }
    const mean = <f32>sum / <f32>n
    const deviation = Mathf.sqrt(max<f32>(0, <f32>square / <f32>n - mean * mean))
    const scale = NORMAL_AMPLITUDE / max(deviation, NORMAL_DEVIATION_LEAST)
    const value = (mean - <f32>load<u8>(row + <usize>x)) * scale
    store<i16>(out + ((<usize>x) << 1), <i16>max(-NORMAL_CLIP, min(NORMAL_CLIP, value)))
    if (sampled) store<f32>(r.contrast + (cell << 2), deviation)
  }
}
