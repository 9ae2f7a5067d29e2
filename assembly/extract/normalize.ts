/**
 * Gray levels -> locally normalised image: zero mean, unit variance in a window of a few ridges; ridges positive.
 *
 * Hong, Wan, Jain, IEEE TPAMI 20(8) 1998, section 2.2 normalises the whole image; doing it in a window of
 * 2 x NORMAL_RADIUS + 1 px makes a print's pressed centre and faint rim alike. Cells that are flat (the white round a
 * sensor's window, a saturated blot) count for nothing: neither their level nor the step at their edge looks like a
 * ridge afterwards. `contrast` keeps the deviation that was divided out, a cell: segmentation needs it.
 */
import { CELL, Extraction, MARGIN, paddedBytes, paddedPixel, paddedRowBytes } from '../memory'
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
  memory.fill(r.columns, 0, paddedRowBytes(width) * 3)
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
  sumCells(r, columns, rows)
  memory.fill(r.mask, 1, columns * rows)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0
      let square = 0
      let n = 0
      for (let near = max(0, row - 1); near <= min(rows - 1, row + 1); near++) {
        for (let beside = max(0, column - 1); beside <= min(columns - 1, column + 1); beside++) {
          const cell = (<usize>(near * columns + beside)) << 2
          sum += load<i32>(r.tensorCos + cell)
          square += load<i32>(r.tensorSin + cell)
          n += CELL * CELL
        }
      }
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

/** i32 sums of each cell's gray levels in `tensorCos`, of their squares in `tensorSin`: free until the orientation. */
function sumCells(r: Extraction, columns: i32, rows: i32): void {
  const width = <usize>r.paddedWidth
  for (let row = 0; row < rows; row++) {
    let at = r.gray + <usize>(row * CELL) * width
    for (let column = 0; column < columns; column++, at += CELL) {
      let pixels = v128.load32_zero(at)
      pixels = v128.load_lane<u32>(at + width, pixels, 1)
      pixels = v128.load_lane<u32>(at + 2 * width, pixels, 2)
      pixels = v128.load_lane<u32>(at + 3 * width, pixels, 3)
      const low = i16x8.extend_low_i8x16_u(pixels)
      const high = i16x8.extend_high_i8x16_u(pixels)
      const squares = i32x4.add(i32x4.dot_i16x8_s(low, low), i32x4.dot_i16x8_s(high, high))
      const cell = (<usize>(row * columns + column)) << 2
      store<i32>(r.tensorCos + cell, sumOf(i32x4.extadd_pairwise_i16x8_u(i16x8.add(low, high))))
      store<i32>(r.tensorSin + cell, sumOf(squares))
    }
  }
}

function sumOf(four: v128): i32 {
  const two = i32x4.add(four, i32x4.shuffle(four, four, 2, 3, 0, 1))
  return i32x4.extract_lane(two, 0) + i32x4.extract_lane(two, 1)
}

/** Adds (sign 1) or takes away (sign -1) a row's gray levels, squares and pixels from its columns' sums. */
function addRow(r: Extraction, y: i32, sign: i32): void {
  const row = r.gray + <usize>(y * r.paddedWidth)
  const varies = r.mask + <usize>((y / CELL) * (r.paddedWidth / CELL))
  const rowBytes = paddedRowBytes(r.paddedWidth)
  const factor = i32x4.splat(sign)
  for (let x = 0; x < r.paddedWidth; x += CELL) {
    if (!load<u8>(varies + <usize>(x / CELL))) continue
    const gray = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(row + <usize>x)))
    const signed = i32x4.mul(gray, factor)
    const column = r.columns + ((<usize>(MARGIN + x)) << 2)
    v128.store(column, i32x4.add(v128.load(column), signed))
    v128.store(column + rowBytes, i32x4.add(v128.load(column + rowBytes), i32x4.mul(gray, signed)))
    v128.store(column + 2 * rowBytes, i32x4.add(v128.load(column + 2 * rowBytes), factor))
  }
}

function normalizeRow(r: Extraction, y: i32): void {
  const width = r.paddedWidth
  const rowBytes = paddedRowBytes(width)
  const row = r.gray + <usize>(y * width)
  const out = paddedPixel(r.normal, width, 0, y)
  const cells = <usize>((y / CELL) * (width / CELL))
  let column = r.columns + ((<usize>MARGIN) << 2)
  let sum = firstSum(column)
  let square = firstSum(column + rowBytes)
  let n = firstSum(column + 2 * rowBytes)
  for (let x: usize = 0; x < <usize>width; x += CELL, column += CELL << 2) {
    sum = nextSums(sum, column)
    square = nextSums(square, column + rowBytes)
    n = nextSums(n, column + 2 * rowBytes)
    const cell = cells + x / CELL
    if (!load<u8>(r.mask + cell)) {
      if ((y & (CELL - 1)) == 2) store<f32>(r.contrast + (cell << 2), 0)
      continue
    }
    const count = f32x4.convert_i32x4_s(n)
    const mean = f32x4.div(f32x4.convert_i32x4_s(sum), count)
    const variance = f32x4.sub(f32x4.div(f32x4.convert_i32x4_s(square), count), f32x4.mul(mean, mean))
    const deviation = f32x4.sqrt(f32x4.max(f32x4.splat(0), variance))
    const least = f32x4.max(deviation, f32x4.splat(NORMAL_DEVIATION_LEAST))
    const scale = f32x4.div(f32x4.splat(NORMAL_AMPLITUDE), least)
    const bytes = i16x8.extend_low_i8x16_u(v128.load32_zero(row + x))
    const gray = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(bytes))
    const value = f32x4.mul(f32x4.sub(mean, gray), scale)
    const clipped = f32x4.max(f32x4.splat(-NORMAL_CLIP), f32x4.min(f32x4.splat(NORMAL_CLIP), value))
    const levels = i32x4.trunc_sat_f32x4_s(clipped)
    store<i64>(out + (x << 1), i64x2.extract_lane(i16x8.narrow_i32x4_s(levels, levels), 0))
    if ((y & (CELL - 1)) == 2) store<f32>(r.contrast + (cell << 2), f32x4.extract_lane(deviation, 2))
  }
}

/** In each lane the sum of the columns in the window of the pixel before the first. */
function firstSum(column: usize): v128 {
  let sum = i32x4.splat(0)
  for (let x: usize = 0; x < <usize>NORMAL_RADIUS; x += 4) sum = i32x4.add(sum, v128.load(column + (x << 2)))
  return i32x4.splat(sumOf(sum))
}

/** Sums of the columns in the windows of four pixels, from that of the pixel before, the last lane of `before`. */
function nextSums(before: v128, column: usize): v128 {
  const enters = v128.load(column + ((<usize>NORMAL_RADIUS) << 2))
  const leaves = v128.load(column - ((<usize>NORMAL_RADIUS + 1) << 2))
  const change = i32x4.sub(enters, leaves)
  const zero = i32x4.splat(0)
  const pairs = i32x4.add(change, i32x4.shuffle(zero, change, 0, 4, 5, 6))
  const changes = i32x4.add(pairs, i32x4.shuffle(zero, pairs, 0, 1, 4, 5))
  return i32x4.add(i32x4.shuffle(before, before, 3, 3, 3, 3), changes)
}
