/**
 * Convolution of maps in whole numbers: i16 x i16 in pairs into i32 (exact: training/export.py proves that no sum leaves i32),
 * then scaled back to i16. The same bits on every machine.
 */
import { FeatureMap, Layer, mapPixel } from '../memory'

/**
 * A row of sums: for `count` pixels, the first of whose kernels begins at `input` and the others `pixelBytes` apart, with `rowBytes`
 * from one row of the kernel to the next, i32 [pixel][output] at `sums`. Eight outputs of four pixels at a time: eight sums, two
 * vectors of weights and four of inputs are what sixteen registers hold. V8 loads all that a round of the innermost loop needs before it
 * multiplies, so a round is one pair of inputs, and no bias is kept: with two pairs seven vectors went by way of the stack, and all took 2.3
 * times as long where the stack had one of them across the end of a page.
 */
export function sumRow(layer: Layer, input: usize, rowBytes: usize, pixelBytes: usize, count: i32, sums: usize): void {
  if (count <= 0) return
  const last = <usize>(count - 1)
  const rows = layer.size
  const taps = (<usize>layer.pairs) << 2
  const blockBytes = (taps << 3) * <usize>rows
  const sumBytes = (<usize>layer.outputs) << 2
  let block = layer.weights
  for (let output: usize = 0; output < <usize>layer.outputs; output += 8) {
    const bias = layer.biases + (output << 2)
    for (let p: usize = 0; p <= last; p += 4) {
      // Beyond the row's end its last pixel is computed again.
      const q1 = min(p + 1, last)
      const q2 = min(p + 2, last)
      const q3 = min(p + 3, last)
      let row0 = input + p * pixelBytes
      let row1 = input + q1 * pixelBytes
      let row2 = input + q2 * pixelBytes
      let row3 = input + q3 * pixelBytes
      let low0 = v128.load(bias)
      let low1 = v128.load(bias)
      let low2 = v128.load(bias)
      let low3 = v128.load(bias)
      let high0 = v128.load(bias, 16)
      let high1 = v128.load(bias, 16)
      let high2 = v128.load(bias, 16)
      let high3 = v128.load(bias, 16)
      let weights = block
      for (let row = 0; row < rows; row++) {
        for (let tap: usize = 0; tap < taps; tap += 4) {
          const a = v128.load(weights)
          const b = v128.load(weights, 16)
          let x = v128.load32_splat(row0 + tap)
          low0 = i32x4.add(low0, i32x4.dot_i16x8_s(x, a))
          high0 = i32x4.add(high0, i32x4.dot_i16x8_s(x, b))
          x = v128.load32_splat(row1 + tap)
          low1 = i32x4.add(low1, i32x4.dot_i16x8_s(x, a))
          high1 = i32x4.add(high1, i32x4.dot_i16x8_s(x, b))
          x = v128.load32_splat(row2 + tap)
          low2 = i32x4.add(low2, i32x4.dot_i16x8_s(x, a))
          high2 = i32x4.add(high2, i32x4.dot_i16x8_s(x, b))
          x = v128.load32_splat(row3 + tap)
          low3 = i32x4.add(low3, i32x4.dot_i16x8_s(x, a))
          high3 = i32x4.add(high3, i32x4.dot_i16x8_s(x, b))
          weights += 32
        }
        row0 += rowBytes
        row1 += rowBytes
        row2 += rowBytes
        row3 += rowBytes
      }
      const out = sums + (output << 2)
      storeSums(out + p * sumBytes, low0, high0)
      storeSums(out + q1 * sumBytes, low1, high1)
      storeSums(out + q2 * sumBytes, low2, high2)
      storeSums(out + q3 * sumBytes, low3, high3)
    }
    block += blockBytes
  }
}

function storeSums(at: usize, low: v128, high: v128): void {
  v128.store(at, low)
  v128.store(at, high, 16)
}

/**
 * Sums -> i16 [pixel][output] at `output`: sat16(sum >> shift), plus what stands at `added` (0: nothing), saturating; below 0 to 0 if
 * the layer is ramped or something was added. (A bias holds the half that makes the shift round.)
 */
export function scaleRow(layer: Layer, sums: usize, count: i32, added: usize, output: usize): void {
  const shift = layer.shift
  const least = i16x8.splat(layer.ramped || added ? 0 : -32768)
  const end = <usize>(count * layer.outputs * 2)
  for (let at: usize = 0; at < end; at += 16) {
    const low = i32x4.shr_s(v128.load(sums + (at << 1)), shift)
    const high = i32x4.shr_s(v128.load(sums + (at << 1), 16), shift)
    let y = i16x8.narrow_i32x4_s(low, high)
    if (added) y = i16x8.add_sat_s(y, v128.load(added + at))
    v128.store(output + at, i16x8.max_s(y, least))
  }
}

/**
 * A row of a layer, from map to map: pixels `from` to `to` (exclusive), 0 outside. `added` (a map of the target's size, may be the
 * target) is added, 0 for none.
 */
export function convolveRow(
  layer: Layer,
  source: FeatureMap,
  target: FeatureMap,
  row: i32,
  from: i32,
  to: i32,
  added: usize,
  sums: usize,
): void {
  clearRow(target, row, 0, from)
  clearRow(target, row, to, target.columns)
  // An even kernel of stride 2 has its middle between four px of the source, which are one of the target.
  const pad = (layer.size - 1) >> 1
  const input = mapPixel(source, from * layer.stride - pad, row * layer.stride - pad)
  sumRow(layer, input, source.rowBytes, <usize>(layer.stride * source.channels * 2), to - from, sums)
  const other = added ? mapPixel(changetype<FeatureMap>(added), from, row) : 0
  scaleRow(layer, sums, to - from, other, mapPixel(target, from, row))
}

function clearRow(map: FeatureMap, row: i32, from: i32, to: i32): void {
  memory.fill(mapPixel(map, from, row), 0, <usize>((to - from) * map.channels * 2))
}

/** A whole layer, from map to map. */
export function convolve(layer: Layer, source: FeatureMap, target: FeatureMap, sums: usize): void {
  for (let row = 0; row < target.rows; row++) convolveRow(layer, source, target, row, 0, target.columns, 0, sums)
}

/** Adds to every pixel of `target` that of `source` at half the resolution, ramped. */
export function addTwice(source: FeatureMap, target: FeatureMap): void {
  const bytes = <usize>(target.channels * 2)
  const zero = i16x8.splat(0)
  for (let row = 0; row < target.rows; row++) {
    for (let column = 0; column < target.columns; column++) {
      const from = mapPixel(source, column >> 1, row >> 1)
      const to = mapPixel(target, column, row)
      for (let k: usize = 0; k < bytes; k += 16) {
        const sum = i16x8.add_sat_s(v128.load(to + k), v128.load(from + k))
        v128.store(to + k, i16x8.max_s(sum, zero))
      }
    }
  }
}
