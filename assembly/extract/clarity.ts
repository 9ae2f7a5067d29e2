/**
 * Normalised image, orientation and period -> clarity: the share of the image's energy that lies in the
 * ridges found, in a neighbourhood. 1 for a clean grating, about 0.03 for white noise, whatever the
 * contrast. It tells a print from what is not one.
 */
import { blur } from '../math/blur'
import { filterFour, kernelFor } from '../math/oriented-filter'
import { CELL, Extraction, KERNEL_BYTES, paddedPixel, paddedStride } from '../memory'
import { CLARITY_SIGMA, KERNEL_RADIUS } from '../parameters'

/**
 * Without an enhanced image: from two rows of pixels of every second cell, as on a chessboard. That is a quarter of the
 * filtering.
 */
export function sampleClarity(r: Extraction): void {
  const columns = r.paddedWidth / CELL
  const rows = r.paddedHeight / CELL
  const stride = paddedStride(r.paddedWidth)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let enhanced = 0
      let whole = 0
      const cell = <usize>(row * columns + column)
      if (((row + column) & 1) === 0) {
        const kernel =
          r.bank + KERNEL_BYTES * <usize>kernelFor(load<u8>(r.orientation + cell), load<f32>(r.period + (cell << 2)))
        for (let y = row * CELL; y < (row + 1) * CELL; y += 2) {
          const corner = paddedPixel(r.normal, r.paddedWidth, column * CELL - KERNEL_RADIUS, y - KERNEL_RADIUS)
          enhanced += energyOfFour(filterFour(corner, stride, kernel))
          whole += energyOfFour(load<u64>(paddedPixel(r.normal, r.paddedWidth, column * CELL, y)))
        }
      }
      store<f32>(r.clarity + (cell << 2), <f32>enhanced)
      store<f32>(r.tensorEnergy + (cell << 2), <f32>whole)
    }
  }
  shareOfEnergy(r, columns, rows)
}

/** From the energies of `normal` and `enhanced`. */
export function measureClarity(r: Extraction): void {
  const columns = r.paddedWidth / CELL
  const rows = r.paddedHeight / CELL
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = (<usize>(row * columns + column)) << 2
      store<f32>(r.clarity + cell, cellEnergy(r, r.enhanced, row, column))
      store<f32>(r.tensorEnergy + cell, cellEnergy(r, r.normal, row, column))
    }
  }
  shareOfEnergy(r, columns, rows)
}

/** From the energies of cells in `clarity`, and of the whole in `tensorEnergy`, to the share in a neighbourhood. */
function shareOfEnergy(r: Extraction, columns: i32, rows: i32): void {
  blur(r.clarity, r.blurred, columns, rows, CLARITY_SIGMA)
  blur(r.tensorEnergy, r.blurred, columns, rows, CLARITY_SIGMA)
  for (let i = 0; i < columns * rows; i++) {
    const cell = (<usize>i) << 2
    const whole = load<f32>(r.tensorEnergy + cell)
    store<f32>(r.clarity + cell, whole > 0 ? load<f32>(r.clarity + cell) / whole : 0)
  }
}

/** Sum of the squares of four pixels packed as i16. */
function energyOfFour(pixels: u64): i32 {
  const four = i64x2.splat(pixels)
  const sums = i32x4.dot_i16x8_s(four, four)
  return i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1)
}

function cellEnergy(r: Extraction, image: usize, row: i32, column: i32): f32 {
  let sum = 0
  for (let y = row * CELL; y < (row + 1) * CELL; y++) {
    sum += energyOfFour(load<u64>(paddedPixel(image, r.paddedWidth, column * CELL, y)))
  }
  return <f32>sum
}
