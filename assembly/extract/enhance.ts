/** Normalised image -> enhanced image: every cell filtered along its ridges (see math/oriented-filter.ts). */
import { kernelFor, orientedFilter, SKIP } from '../math/oriented-filter'
import { CELL, Extraction, paddedBytes } from '../memory'

/** From `source` to `target`; `masked`: only inside the mask, the rest becomes 0. */
export function enhance(r: Extraction, source: usize, target: usize, masked: bool): void {
  const cells = (r.paddedWidth / CELL) * (r.paddedHeight / CELL)
  for (let i: usize = 0; i < <usize>cells; i++) {
    store<u16>(
      r.classes + (i << 1),
      masked && !load<u8>(r.mask + i) ? SKIP : kernelFor(load<u8>(r.orientation + i), load<f32>(r.period + (i << 2))),
    )
  }
  memory.fill(target, 0, paddedBytes(r.paddedWidth, r.paddedHeight))
  orientedFilter(source, target, r.paddedWidth, r.paddedHeight, r.classes, r.bank)
}
