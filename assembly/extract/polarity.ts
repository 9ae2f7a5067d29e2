/**
 * Normalised image -> the same with ridges positive, also for sensors that show ridges bright.
 *
 * Ridges and valleys look alike; the background tells: it has the gray level of air, as valleys have. Where the level
 * outside the print is clearly below the print's own, air is dark and so the ridges are bright. A print that fills its
 * image is taken as it is, ridges dark: minutiae then keep their place and direction, only their types are exchanged.
 */
import { CELL, Extraction, paddedPixel } from '../memory'
import { BACKGROUND_DARKER, BACKGROUND_LEAST } from '../parameters'

export function polarity(r: Extraction): void {
  r.ridgesBright = 0
  const columns = r.paddedWidth / CELL
  const cells = columns * (r.paddedHeight / CELL)
  let inside: f32 = 0
  let outside: f32 = 0
  let print = 0
  for (let i = 0; i < cells; i++) {
    const gray = <f32>load<u8>(r.gray + <usize>((i / columns) * CELL * r.paddedWidth + (i % columns) * CELL))
    if (load<u8>(r.mask + <usize>i)) {
      inside += gray
      print++
    } else outside += gray
  }
  const background = cells - print
  if (<f32>background < BACKGROUND_LEAST * <f32>cells) return
  if (outside / <f32>background < inside / <f32>print - BACKGROUND_DARKER) invert(r)
}

function invert(r: Extraction): void {
  r.ridgesBright = 1
  for (let y = 0; y < r.paddedHeight; y++) {
    const row = paddedPixel(r.normal, r.paddedWidth, 0, y)
    for (let x: usize = 0; x < <usize>r.paddedWidth; x++) {
      const at = row + (x << 1)
      store<i16>(at, -load<i16>(at))
    }
  }
}
