/**
 * Contextual filtering: every 4 x 4 px cell is filtered by the even Gabor kernel of its own ridge orientation and
 * period (Hong, Wan, Jain, IEEE TPAMI 20(8) 1998, section 2.6; here with integer taps and one Gaussian envelope for
 * all periods, so that equal ridges give equal responses whatever their period).
 *
 * Images are i16 with a margin of MARGIN px on every side (see `paddedStride` and `paddedPixel` in memory.ts); their
 * width and height are multiples of CELL.
 */
import { CELL, KERNEL_BYTES, KERNEL_ROW_BYTES, paddedPixel, paddedStride } from '../memory'
import {
  KERNEL_GAIN,
  KERNEL_RADIUS,
  KERNEL_SIGMA_ACROSS,
  KERNEL_SIGMA_ALONG,
  ORIENTATIONS,
  PERIOD_RATIO,
  PERIOD_SHORTEST,
  PERIODS,
} from '../parameters'

/** The class of a cell that is not filtered: its pixels become 0. */
export const SKIP: u16 = 0xffff

/** Class of a cell: which kernel of the bank. Orientation in 32nds of a half turn, from the right towards up. */
export function kernelClass(orientation: i32, period: i32): u16 {
  return <u16>(period * ORIENTATIONS + (orientation & (ORIENTATIONS - 1)))
}

/** Orientation in 32nds of a half turn, 32 for a whole one, from 256ths. */
export function nearestTurn(orientation: u8): i32 {
  return (<i32>orientation * ORIENTATIONS + 128) >> 8
}

/** Class of the kernel that fits a cell's orientation, in 256ths of a half turn, and ridge period, px. */
export function kernelFor(orientation: u8, period: f32): u16 {
  const index = Mathf.round(Mathf.log(period / PERIOD_SHORTEST) / Mathf.log(PERIOD_RATIO))
  return kernelClass(nearestTurn(orientation), max(0, min(PERIODS - 1, <i32>index)))
}

/** Ridge period of a period index, px. */
export function periodPx(index: f32): f32 {
  return PERIOD_SHORTEST * Mathf.pow(PERIOD_RATIO, index)
}

/** Writes the bank of ORIENTATIONS x PERIODS kernels (BANK_BYTES) at `bank`. Takes about 5 ms: once an instance. */
export function buildKernels(bank: usize): void {
  memory.fill(bank, 0, KERNEL_BYTES * <usize>(ORIENTATIONS * PERIODS))
  for (let period = 0; period < PERIODS; period++) {
    for (let orientation = 0; orientation < ORIENTATIONS; orientation++) {
      buildKernel(bank + KERNEL_BYTES * <usize>kernelClass(orientation, period), orientation, periodPx(<f32>period))
    }
  }
}

function buildKernel(kernel: usize, orientation: i32, period: f32): void {
  const angle = (Mathf.PI * <f32>orientation) / <f32>ORIENTATIONS
  const cos = Mathf.cos(angle)
  const sin = Mathf.sin(angle)
  // A kernel must ignore a constant: its mean is taken out where its envelope is, not at its rim.
  let sum: f32 = 0
  let weights: f32 = 0
  let energy: f32 = 0
  for (let pass = 0; pass < 2; pass++) {
    const mean = pass ? sum / weights : 0
    for (let y = -KERNEL_RADIUS; y <= KERNEL_RADIUS; y++) {
      for (let x = -KERNEL_RADIUS; x <= KERNEL_RADIUS; x++) {
        const along = <f32>x * cos - <f32>y * sin
        const across = <f32>x * sin + <f32>y * cos
        const u = along / KERNEL_SIGMA_ALONG
        const v = across / KERNEL_SIGMA_ACROSS
        const envelope = Mathf.exp(-0.5 * (u * u + v * v))
        const wave = Mathf.cos((2 * Mathf.PI * across) / period)
        if (pass == 0) {
          sum += envelope * wave
          weights += envelope
          energy += envelope * wave * wave
        } else {
          const tap = <i16>Mathf.round(((wave - mean) * envelope * KERNEL_GAIN) / energy)
          store<i16>(kernel + <usize>(y + KERNEL_RADIUS) * KERNEL_ROW_BYTES + ((<usize>(x + KERNEL_RADIUS)) << 1), tap)
        }
      }
    }
  }
}

/**
 * target = source filtered, cell by cell. A sinusoid of amplitude a that fits its kernel comes out with amplitude a.
 * `classes` holds one u16 a cell, row by row.
 */
export function orientedFilter(
  source: usize,
  target: usize,
  width: i32,
  height: i32,
  classes: usize,
  bank: usize,
): void {
  const stride = paddedStride(width)
  const columns = width / CELL
  for (let row = 0; row < height / CELL; row++) {
    for (let column = 0; column < columns; column++) {
      const kind = load<u16>(classes + ((<usize>(row * columns + column)) << 1))
      const kernel = bank + KERNEL_BYTES * <usize>kind
      for (let y = row * CELL; y < (row + 1) * CELL; y++) {
        const out = paddedPixel(target, width, column * CELL, y)
        if (kind == SKIP) store<u64>(out, 0)
        else {
          const corner = paddedPixel(source, width, column * CELL - KERNEL_RADIUS, y - KERNEL_RADIUS)
          store<u64>(out, filterFour(corner, stride, kernel))
        }
      }
    }
  }
}

/** Four neighbouring responses, packed as i16 x 4; `corner` is the top left source pixel under the first kernel. */
export function filterFour(corner: usize, stride: i32, kernel: usize): u64 {
  let a = i32x4.splat(0)
  let b = i32x4.splat(0)
  let c = i32x4.splat(0)
  let d = i32x4.splat(0)
  for (let row = 0; row <= 2 * KERNEL_RADIUS; row++) {
    const k0 = v128.load(kernel)
    const k1 = v128.load(kernel, 16)
    const k2 = v128.load(kernel, 32)
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(corner), k0))
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(corner, 2), k0))
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load(corner, 4), k0))
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load(corner, 6), k0))
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(corner, 16), k1))
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(corner, 18), k1))
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load(corner, 20), k1))
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load(corner, 22), k1))
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(corner, 32), k2))
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(corner, 34), k2))
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load(corner, 36), k2))
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load(corner, 38), k2))
    kernel += KERNEL_ROW_BYTES
    corner += (<usize>stride) << 1
  }
  // Transpose and add: lane i of the result is the sum of the lanes of the i-th accumulator.
  const ab = i32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7))
  const cd = i32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7))
  const sums = i32x4.add(i32x4.shuffle(ab, cd, 0, 1, 4, 5), i32x4.shuffle(ab, cd, 2, 3, 6, 7))
  const half = i32x4.splat(1 << 13)
  const scaled = i32x4.shr_s(i32x4.add(sums, half), 14)
  return i64x2.extract_lane(i16x8.narrow_i32x4_s(scaled, scaled), 0)
}

/**
 * Energy of two responses, at (x, y) of a padded image and 2 px further right and down: for sampling. The two see
 * different phases of the ridges.
 */
export function sampleEnergy(source: usize, width: i32, x: i32, y: i32, kernel: usize): f32 {
  const stride = (<usize>paddedStride(width)) << 1
  let corner = paddedPixel(source, width, x - KERNEL_RADIUS, y - KERNEL_RADIUS)
  const further = (stride << 1) + 4
  let a = i32x4.splat(0)
  let b = i32x4.splat(0)
  for (let row = 0; row <= 2 * KERNEL_RADIUS; row++) {
    const k0 = v128.load(kernel)
    const k1 = v128.load(kernel, 16)
    const k2 = v128.load(kernel, 32)
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(corner), k0))
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(corner + further), k0))
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(corner, 16), k1))
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(corner + further, 16), k1))
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(corner, 32), k2))
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(corner + further, 32), k2))
    kernel += KERNEL_ROW_BYTES
    corner += stride
  }
  const one = <f32>(sumOf(a) >> 14)
  const other = <f32>(sumOf(b) >> 14)
  return one * one + other * other
}

function sumOf(four: v128): i32 {
  const two = i32x4.add(four, i32x4.shuffle(four, four, 2, 3, 0, 1))
  return i32x4.extract_lane(two, 0) + i32x4.extract_lane(two, 1)
}
