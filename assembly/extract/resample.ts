/**
 * Source image -> the print at 500 ppi.
 *
 * Separable cubic convolution (Keys, IEEE TASSP 29(6) 1981, a = -0.5). When it reduces, the kernel is stretched by the
 * factor, so that it is its own low-pass filter: 1,000 ppi ridges of 18 px do not alias. An image that is at 500 ppi
 * already is copied bit for bit. The right and bottom edges are repeated up to whole cells.
 */
import { Extraction } from '../memory'

export function resample(r: Extraction): void {
  if (r.sourceWidth == r.width && r.sourceHeight == r.height) copy(r)
  else {
    stretchRows(r)
    stretchColumns(r)
  }
  repeatEdges(r)
}

function copy(r: Extraction): void {
  for (let y = 0; y < r.height; y++) {
    memory.copy(r.gray + <usize>(y * r.paddedWidth), r.source + <usize>(y * r.sourceWidth), r.width)
  }
}

function keys(t: f32): f32 {
  const a = Mathf.abs(t)
  if (a >= 2) return 0
  return a < 1 ? (1.5 * a - 2.5) * a * a + 1 : ((-0.5 * a + 2.5) * a - 4) * a + 2
}

/** Source pixels that one target pixel draws on, when `step` source pixels make a target pixel. */
function tapCount(step: f32): i32 {
  return 2 * <i32>Mathf.ceil(2 * max<f32>(step, 1)) + 1
}

/** Writes the normalised weights of target pixel `i` at `weights` and returns the first source pixel. */
function tapWeights(weights: usize, i: i32, step: f32): i32 {
  const reach = max<f32>(step, 1)
  const centre = (<f32>i + 0.5) * step - 0.5
  const first = <i32>Mathf.round(centre) - tapCount(step) / 2
  let total: f32 = 0
  for (let k = 0; k < tapCount(step); k++) total += keys((<f32>(first + k) - centre) / reach)
  for (let k = 0; k < tapCount(step); k++) {
    store<f32>(weights + ((<usize>k) << 2), keys((<f32>(first + k) - centre) / reach) / total)
  }
  return first
}

/** Horizontally, to 8.8 fixed point: `stretched` has sourceHeight rows of paddedWidth. */
function stretchRows(r: Extraction): void {
  const step = <f32>r.sourceWidth / <f32>r.width
  const taps = tapCount(step)
  for (let x = 0; x < r.width; x++) {
    const first = tapWeights(r.list, x, step)
    for (let y = 0; y < r.sourceHeight; y++) {
      const row = r.source + <usize>(y * r.sourceWidth)
      let sum: f32 = 0
      for (let k = 0; k < taps; k++) {
        const at = max(0, min(r.sourceWidth - 1, first + k))
        sum += load<f32>(r.list + ((<usize>k) << 2)) * <f32>load<u8>(row + <usize>at)
      }
      const value = max<f32>(0, min<f32>(65280, Mathf.round(sum * 256)))
      store<u16>(r.stretched + ((<usize>(y * r.paddedWidth + x)) << 1), <u16>value)
    }
  }
}

function stretchColumns(r: Extraction): void {
  const step = <f32>r.sourceHeight / <f32>r.height
  const taps = tapCount(step)
  for (let y = 0; y < r.height; y++) {
    const first = tapWeights(r.list, y, step)
    for (let x = 0; x < r.width; x++) {
      let sum: f32 = 0
      for (let k = 0; k < taps; k++) {
        const at = max(0, min(r.sourceHeight - 1, first + k))
        const value = load<u16>(r.stretched + ((<usize>(at * r.paddedWidth + x)) << 1))
        sum += load<f32>(r.list + ((<usize>k) << 2)) * <f32>value
      }
      const gray = max<f32>(0, min<f32>(255, Mathf.round(sum / 256)))
      store<u8>(r.gray + <usize>(y * r.paddedWidth + x), <u8>gray)
    }
  }
}

function repeatEdges(r: Extraction): void {
  for (let y = 0; y < r.height; y++) {
    const row = r.gray + <usize>(y * r.paddedWidth)
    const edge = load<u8>(row + <usize>(r.width - 1))
    memory.fill(row + <usize>r.width, edge, r.paddedWidth - r.width)
  }
  const last = r.gray + <usize>((r.height - 1) * r.paddedWidth)
  for (let y = r.height; y < r.paddedHeight; y++) {
    memory.copy(r.gray + <usize>(y * r.paddedWidth), last, r.paddedWidth)
  }
}
