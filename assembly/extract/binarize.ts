/** Enhanced image -> ridges (1) and valleys (0): the filters left zero mean, so the sign decides. Outside the mask 0. */
import { CELL, Extraction, paddedPixel } from '../memory'

export function binarize(r: Extraction, image: usize): void {
  const width = r.paddedWidth
  for (let y = 0; y < r.paddedHeight; y++) {
    const from = paddedPixel(image, width, 0, y)
    const to = r.ridges + <usize>(y * width)
    const mask = r.mask + <usize>((y / CELL) * (width / CELL))
    const rim = y == 0 || y == r.paddedHeight - 1
    for (let x = 0; x < width; x++) {
      // The outermost pixels stay empty: thinning looks at all eight neighbours.
      const inside = !rim && x > 0 && x < width - 1 && load<u8>(mask + <usize>(x / CELL)) != 0
      store<u8>(to + <usize>x, inside && load<i16>(from + ((<usize>x) << 1)) > 0 ? 1 : 0)
    }
  }
}
