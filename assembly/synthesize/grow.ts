/**
 * Ridges grown from noise: filtering with each cell's own orientation and period, then saturation, again and again
 * (Cappelli's SFinGe; Handbook of Fingerprint Recognition, 2nd edition, section 6.4.4). Where growing fronts meet out of
 * step, a minutia is left.
 */
import { orientedFilter } from '../math/oriented-filter'
import { CELL, paddedBytes, paddedPixel, paddedStride } from '../memory'
import { GROWTH_AMPLITUDE, GROWTH_GAIN } from '../parameters'
import { BAD_SIZE, OK } from '../status'

/**
 * `image` holds the seeds and is left as ridges that fill the canvas: positive on ridges, negative in valleys, smooth,
 * about GROWTH_AMPLITUDE on a crest. `other` is a second padded image for the work.
 */
export function growRidges(
  image: usize,
  other: usize,
  width: i32,
  height: i32,
  classes: usize,
  bank: usize,
  rounds: i32,
): i32 {
  if (width <= 0 || height <= 0 || width % CELL != 0 || height % CELL != 0) return BAD_SIZE
  // Margins are read by the kernels.
  memory.fill(other, 0, paddedBytes(width, height))
  for (let round = 0; round < rounds; round++) {
    orientedFilter(image, other, width, height, classes, bank)
    saturate(other, image, width, height)
  }
  // What saturation squared off is a wave again after one more filter: its slopes are what pressure widens ridges by.
  orientedFilter(image, other, width, height, classes, bank)
  // Neighbouring cells differ in their kernels: without this the wave has steps at their borders where it is weak.
  smooth(other, image, width, height, 2)
  smooth(image, other, width, height, paddedStride(width) << 1)
  memory.copy(image, other, paddedBytes(width, height))
  return OK
}

/** A binomial filter of five taps along rows or columns; `step` is the distance of its taps in bytes. */
function smooth(source: usize, target: usize, width: i32, height: i32, step: usize): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = paddedPixel(source, width, x, y)
      const near = <i32>load<i16>(at - step) + <i32>load<i16>(at + step)
      const far = <i32>load<i16>(at - 2 * step) + <i32>load<i16>(at + 2 * step)
      store<i16>(paddedPixel(target, width, x, y), <i16>((6 * <i32>load<i16>(at) + 4 * near + far + 8) >> 4))
    }
  }
}

function saturate(source: usize, target: usize, width: i32, height: i32): void {
  const low = i16x8.splat(-GROWTH_AMPLITUDE)
  const high = i16x8.splat(GROWTH_AMPLITUDE)
  for (let y = 0; y < height; y++) {
    let from = paddedPixel(source, width, 0, y)
    let to = paddedPixel(target, width, 0, y)
    // CELL is 4: a row is a whole number of halves of a vector.
    for (let x = 0; x < width; x += 4) {
      let wave = v128.load64_zero(from)
      for (let i = 0; i < GROWTH_GAIN; i++) wave = i16x8.add_sat_s(wave, wave)
      v128.store64_lane(to, i16x8.min_s(i16x8.max_s(wave, low), high), 0)
      from += 8
      to += 8
    }
  }
}
