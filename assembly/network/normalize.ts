/**
 * Gray levels of the view -> the network's input: (local mean - gray) / (local deviation + softness), clipped, ridges positive.
 *
 * Mean and deviation are of a window cut off at the image's rim, from exact whole sums and then in f32 by single operations in
 * this order, as training/data.py has them: mean = sum / n; deviation = sqrt(max(squares / n - mean mean, 0)).
 */
import { Extraction, MAP_INPUT, mapPixel, networkMap } from '../memory'
import { NETWORK_CLIP, NETWORK_ONE, NETWORK_RADIUS, NETWORK_SOFTNESS } from '../parameters'

export function normalizeView(r: Extraction): void {
  const input = networkMap(r.maps, MAP_INPUT)
  const first = max(0, r.viewX - NETWORK_RADIUS)
  const last = min(r.width, r.viewX + r.viewWidth + NETWORK_RADIUS) - 1
  memory.fill(r.columns, 0, (<usize>r.paddedWidth) << 3)
  for (let y = max(0, r.viewY - NETWORK_RADIUS); y < min(r.height, r.viewY + NETWORK_RADIUS); y++) {
    addRow(r, y, first, last, 1)
  }
  for (let row = 0; row < r.viewHeight; row++) {
    const y = r.viewY + row
    const out = mapPixel(input, 0, row)
    if (y >= r.height) {
      memory.fill(out, 0, (<usize>r.viewWidth) << 1)
      continue
    }
    if (y + NETWORK_RADIUS < r.height) addRow(r, y + NETWORK_RADIUS, first, last, 1)
    if (y - NETWORK_RADIUS > 0 && row > 0) addRow(r, y - NETWORK_RADIUS - 1, first, last, -1)
    const rows = min(r.height - 1, y + NETWORK_RADIUS) - max(0, y - NETWORK_RADIUS) + 1
    sumAlong(r, rows)
    scale(r, y, out)
  }
}

/** Adds (sign 1) or takes away (sign -1) a row's gray levels and their squares from the sums of its columns. */
function addRow(r: Extraction, y: i32, first: i32, last: i32, sign: i32): void {
  const row = r.gray + <usize>(y * r.paddedWidth)
  for (let x = first; x <= last; x++) {
    const gray = <i32>load<u8>(row + <usize>x)
    const column = r.columns + ((<usize>x) << 3)
    store<i32>(column, load<i32>(column) + sign * gray)
    store<i32>(column, load<i32>(column, 4) + sign * gray * gray, 4)
  }
}

/** i32 sum, sum of squares and pixels in the window of every pixel of the view's row: three arrays of viewWidth at `sums`. */
function sumAlong(r: Extraction, rows: i32): void {
  const side = (<usize>r.viewWidth) << 2
  let sum = 0
  let square = 0
  let n = 0
  for (let x = max(0, r.viewX - NETWORK_RADIUS); x < min(r.width, r.viewX + NETWORK_RADIUS); x++) {
    sum += load<i32>(r.columns + ((<usize>x) << 3))
    square += load<i32>(r.columns + ((<usize>x) << 3), 4)
    n += rows
  }
  for (let column = 0; column < r.viewWidth; column++) {
    const enters = r.viewX + column + NETWORK_RADIUS
    const leaves = r.viewX + column - NETWORK_RADIUS - 1
    if (enters < r.width) {
      sum += load<i32>(r.columns + ((<usize>enters) << 3))
      square += load<i32>(r.columns + ((<usize>enters) << 3), 4)
      n += rows
    }
    if (column > 0 && leaves >= 0 && leaves < r.width) {
      sum -= load<i32>(r.columns + ((<usize>leaves) << 3))
      square -= load<i32>(r.columns + ((<usize>leaves) << 3), 4)
      n -= rows
    }
    const at = r.sums + ((<usize>column) << 2)
    store<i32>(at, sum)
    store<i32>(at + side, square)
    // Beyond the image, where nothing is kept, a window may be empty.
    store<i32>(at + 2 * side, max(n, 1))
  }
}

function scale(r: Extraction, y: i32, out: usize): void {
  const side = (<usize>r.viewWidth) << 2
  const gray = r.gray + <usize>(y * r.paddedWidth + r.viewX)
  const inside = r.width - r.viewX
  const sign = f32x4.splat(r.ridgesBright ? -NETWORK_ONE : NETWORK_ONE)
  const softness = f32x4.splat(NETWORK_SOFTNESS)
  const clip = f32x4.splat(NETWORK_CLIP)
  const zero = f32x4.splat(0)
  for (let x: usize = 0; x < <usize>r.viewWidth; x += 4) {
    const at = r.sums + (x << 2)
    const n = f32x4.convert_i32x4_s(v128.load(at + 2 * side))
    const mean = f32x4.div(f32x4.convert_i32x4_s(v128.load(at)), n)
    const square = f32x4.div(f32x4.convert_i32x4_s(v128.load(at + side)), n)
    const deviation = f32x4.sqrt(f32x4.max(f32x4.sub(square, f32x4.mul(mean, mean)), zero))
    const bytes = i16x8.extend_low_i8x16_u(v128.load32_zero(gray + x))
    const level = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(bytes))
    const value = f32x4.div(f32x4.sub(mean, level), f32x4.add(deviation, softness))
    const clipped = f32x4.max(f32x4.min(value, clip), f32x4.neg(clip))
    const whole = i32x4.trunc_sat_f32x4_s(f32x4.floor(f32x4.add(f32x4.mul(clipped, sign), f32x4.splat(0.5))))
    v128.store64_lane(out + (x << 1), i16x8.narrow_i32x4_s(whole, whole), 0)
  }
  if (inside < r.viewWidth) memory.fill(out + ((<usize>inside) << 1), 0, (<usize>(r.viewWidth - inside)) << 1)
}
