/**
 * Normalised image -> enhanced image: every cell filtered along its ridges (see math/oriented-filter.ts).
 *
 * `clarity` becomes the share of the image's energy that lies in the ridges found, in a neighbourhood: 1 for a clean
 * grating, about 0.03 for white noise, whatever the contrast. It tells a print from what is not one.
 */
import { blur } from '../math/blur'
import { kernelClass, orientedFilter, SKIP } from '../math/oriented-filter'
import { CELL, Extraction, paddedBytes, paddedPixel } from '../memory'
import { CLARITY_SIGMA, ORIENTATIONS, PERIOD_RATIO, PERIOD_SHORTEST, PERIODS } from '../parameters'

/** From `source` to `target`; `masked`: only inside the mask, the rest becomes 0. */
export function enhance(r: Extraction, source: usize, target: usize, masked: bool): void {
  const cells = (r.paddedWidth / CELL) * (r.paddedHeight / CELL)
  for (let i = 0; i < cells; i++) store<u16>(r.classes + ((<usize>i) << 1), cellClass(r, <usize>i, masked))
  memory.fill(target, 0, paddedBytes(r.paddedWidth, r.paddedHeight))
  orientedFilter(source, target, r.paddedWidth, r.paddedHeight, r.classes, r.bank)
}

function cellClass(r: Extraction, cell: usize, masked: bool): u16 {
  if (masked && !load<u8>(r.mask + cell)) return SKIP
  const turn = (<i32>load<u8>(r.orientation + cell) * ORIENTATIONS + 128) >> 8
  const period = load<f32>(r.period + (cell << 2))
  const index = Mathf.round(Mathf.log(period / PERIOD_SHORTEST) / Mathf.log(PERIOD_RATIO))
  return kernelClass(turn, max(0, min(PERIODS - 1, <i32>index)))
}

/** Fills `clarity` by comparing the energies of `normal` and `enhanced`. */
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
  blur(r.clarity, r.blurred, columns, rows, CLARITY_SIGMA)
  blur(r.tensorEnergy, r.blurred, columns, rows, CLARITY_SIGMA)
  for (let i = 0; i < columns * rows; i++) {
    const cell = (<usize>i) << 2
    const whole = load<f32>(r.tensorEnergy + cell)
    store<f32>(r.clarity + cell, whole > 0 ? load<f32>(r.clarity + cell) / whole : 0)
  }
}

function cellEnergy(r: Extraction, image: usize, row: i32, column: i32): f32 {
  let sum = 0
  for (let y = row * CELL; y < (row + 1) * CELL; y++) {
    const at = paddedPixel(image, r.paddedWidth, column * CELL, y)
    for (let x: usize = 0; x < <usize>CELL; x++) {
      const value = <i32>load<i16>(at + (x << 1))
      sum += value * value
    }
  }
  return <f32>sum
}
