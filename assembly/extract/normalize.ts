/**
 * Gray levels -> locally normalised image: zero mean, unit variance in a window of a few ridges; ridges positive.
 *
 * Hong, Wan, Jain, IEEE TPAMI 20(8) 1998, section 2.2 normalises the whole image; doing it in a window of
 * 2 x NORMAL_RADIUS + 1 px makes a print's pressed centre and faint rim alike. `contrast` keeps the deviation that was
 * divided out, a cell: segmentation needs it.
 */
import { CELL, Extraction, paddedBytes, paddedPixel } from '../memory'
import { NORMAL_AMPLITUDE, NORMAL_CLIP, NORMAL_DEVIATION_LEAST, NORMAL_RADIUS } from '../parameters'

export function normalize(r: Extraction): void {
  const width = r.paddedWidth
  const height = r.paddedHeight
  memory.fill(r.normal, 0, paddedBytes(width, height))
  memory.fill(r.columns, 0, (<usize>width) << 3)
  const sums = r.columns
  const squares = r.columns + ((<usize>width) << 2)
  for (let y = 0; y < NORMAL_RADIUS && y < height; y++) addRow(r, y, 1, sums, squares)
  for (let y = 0; y < height; y++) {
    if (y + NORMAL_RADIUS < height) addRow(r, y + NORMAL_RADIUS, 1, sums, squares)
    if (y - NORMAL_RADIUS - 1 >= 0) addRow(r, y - NORMAL_RADIUS - 1, -1, sums, squares)
    const rows = min(height - 1, y + NORMAL_RADIUS) - max(0, y - NORMAL_RADIUS) + 1
    normalizeRow(r, y, rows, sums, squares)
  }
}

/** Adds (sign 1) or takes away (sign -1) one row of gray levels and their squares from the columns' sums. */
function addRow(r: Extraction, y: i32, sign: i32, sums: usize, squares: usize): void {
  const row = r.gray + <usize>(y * r.paddedWidth)
  for (let x: usize = 0; x < <usize>r.paddedWidth; x++) {
    const gray = <i32>load<u8>(row + x)
    store<i32>(sums + (x << 2), load<i32>(sums + (x << 2)) + sign * gray)
    store<i32>(squares + (x << 2), load<i32>(squares + (x << 2)) + sign * gray * gray)
  }
}

function normalizeRow(r: Extraction, y: i32, rows: i32, sums: usize, squares: usize): void {
  const width = r.paddedWidth
  const row = r.gray + <usize>(y * width)
  const out = paddedPixel(r.normal, width, 0, y)
  const contrast = r.contrast + ((<usize>((y / CELL) * (width / CELL))) << 2)
  let sum = 0
  let square = 0
  for (let x = 0; x < NORMAL_RADIUS && x < width; x++) {
    sum += load<i32>(sums + ((<usize>x) << 2))
    square += load<i32>(squares + ((<usize>x) << 2))
  }
  for (let x = 0; x < width; x++) {
    const enters = x + NORMAL_RADIUS
    const leaves = x - NORMAL_RADIUS - 1
    if (enters < width) {
      sum += load<i32>(sums + ((<usize>enters) << 2))
      square += load<i32>(squares + ((<usize>enters) << 2))
    }
    if (leaves >= 0) {
      sum -= load<i32>(sums + ((<usize>leaves) << 2))
      square -= load<i32>(squares + ((<usize>leaves) << 2))
    }
    const n = <f32>(rows * (min(width - 1, enters) - max(0, leaves + 1) + 1))
    const mean = <f32>sum / n
    const deviation = Mathf.sqrt(max<f32>(0, <f32>square / n - mean * mean))
    const scale = NORMAL_AMPLITUDE / max(deviation, NORMAL_DEVIATION_LEAST)
    const value = (mean - <f32>load<u8>(row + <usize>x)) * scale
    store<i16>(out + ((<usize>x) << 1), <i16>max(-NORMAL_CLIP, min(NORMAL_CLIP, value)))
    if ((y & (CELL - 1)) == 2 && (x & (CELL - 1)) == 2) store<f32>(contrast + ((<usize>(x / CELL)) << 2), deviation)
  }
}
