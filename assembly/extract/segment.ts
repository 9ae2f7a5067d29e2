/**
 * Clarity and contrast -> the mask of cells that hold the print, and their depth in it.
 *
 * A cell belongs to the print when enough of its energy is ridges (clarity) and it is not much fainter than the print's
 * own contrast: ghosts of earlier fingers are perfectly clear ridges, only fainter. Holes are closed,
 * tongues cut off and specks dropped (majority of a smoothed map, an opening, the connected parts that are large enough).
 */
import { blur } from '../math/blur'
import { CELL, Extraction } from '../memory'
import { CONTRAST_LEAST, CONTRAST_SHARE, MASK_CLARITY, MASK_OPENING, MASK_PART_LEAST, MASK_SIGMA } from '../parameters'
import { NO_RIDGES, OK } from '../status'

/** Returns NO_RIDGES when nothing is left. */
export function segment(r: Extraction): i32 {
  const columns = r.paddedWidth / CELL
  const rows = r.paddedHeight / CELL
  const cells = columns * rows
  const least = max<f32>(CONTRAST_LEAST, CONTRAST_SHARE * typicalContrast(r, cells))
  for (let i = 0; i < cells; i++) {
    const cell = (<usize>i) << 2
    const inside = load<f32>(r.clarity + cell) > MASK_CLARITY && load<f32>(r.contrast + cell) > least
    store<f32>(r.tensorEnergy + cell, inside ? 1 : 0)
  }
  blur(r.tensorEnergy, r.blurred, columns, rows, MASK_SIGMA)
  for (let i = 0; i < cells; i++) {
    store<u8>(r.mask + <usize>i, load<f32>(r.tensorEnergy + ((<usize>i) << 2)) > 0.5 ? 1 : 0)
  }
  open(r, cells)
  const kept = dropSmallParts(r, columns, rows)
  measureDistance(r, 0, 0)
  return kept > 0 ? OK : NO_RIDGES
}

/** Contrast that a tenth of the clear cells exceed: the print's own, gray levels. */
function typicalContrast(r: Extraction, cells: i32): f32 {
  memory.fill(r.list, 0, 256 << 2)
  let clear = 0
  for (let i = 0; i < cells; i++) {
    if (load<f32>(r.clarity + ((<usize>i) << 2)) <= MASK_CLARITY) continue
    const bin = r.list + ((<usize>min(255, <i32>load<f32>(r.contrast + ((<usize>i) << 2)))) << 2)
    store<i32>(bin, load<i32>(bin) + 1)
    clear++
  }
  let above = 0
  let level = 255
  while (level > 0 && above * 10 < clear) {
    above += load<i32>(r.list + ((<usize>level) << 2))
    level--
  }
  return <f32>level
}

/** Flood fill; parts under MASK_PART_LEAST of the largest are cleared. Returns the cells kept. */
function dropSmallParts(r: Extraction, columns: i32, rows: i32): i32 {
  // Mask values: 1 unseen, 2 seen and kept for now. The largest is found first, then small ones cleared.
  let largest = 0
  for (let i = 0; i < columns * rows; i++) {
    if (load<u8>(r.mask + <usize>i) == 1) largest = max(largest, flood(r, i, columns, rows, 1, 2))
  }
  const least = <i32>(MASK_PART_LEAST * <f32>largest)
  let kept = 0
  for (let i = 0; i < columns * rows; i++) {
    if (load<u8>(r.mask + <usize>i) != 2) continue
    const size = flood(r, i, columns, rows, 2, 1)
    if (size < least) flood(r, i, columns, rows, 1, 0)
    else kept += size
  }
  return kept
}

/** Turns the 4-connected part of value `from` round cell `start` to `to`; returns its size. */
function flood(r: Extraction, start: i32, columns: i32, rows: i32, from: u8, to: u8): i32 {
  let end = 1
  store<i32>(r.list, start)
  store<u8>(r.mask + <usize>start, to)
  for (let next = 0; next < end; next++) {
    const cell = load<i32>(r.list + ((<usize>next) << 2))
    const x = cell % columns
    for (let side = 0; side < 4; side++) {
      if ((side == 0 && x == 0) || (side == 1 && x == columns - 1)) continue
      const other = side == 0 ? cell - 1 : side == 1 ? cell + 1 : side == 2 ? cell - columns : cell + columns
      if (other < 0 || other >= columns * rows || load<u8>(r.mask + <usize>other) != from) continue
      store<u8>(r.mask + <usize>other, to)
      store<i32>(r.list + ((<usize>end) << 2), other)
      end++
    }
  }
  return end
}

/**
 * Takes off what is narrower than 2 x MASK_OPENING + 1 cells (a morphological opening): the rim of a sensor's window and
 * the shading at an image's edge look like one or two long ridges, a print does not.
 */
function open(r: Extraction, cells: i32): void {
  measureDistance(r, 0, 0)
  for (let i = 0; i < cells; i++) {
    store<u8>(r.mask + <usize>i, <i32>load<u8>(r.depth + <usize>i) > MASK_OPENING ? 1 : 0)
  }
  measureDistance(r, 1, 255)
  for (let i = 0; i < cells; i++) {
    store<u8>(r.mask + <usize>i, <i32>load<u8>(r.depth + <usize>i) <= MASK_OPENING ? 1 : 0)
  }
}

/** `depth`: city-block distance to the nearest cell of that mask value, in two sweeps; `edge`: what lies off the grid. */
function measureDistance(r: Extraction, value: u8, edge: i32): void {
  const columns = r.paddedWidth / CELL
  const cells = columns * (r.paddedHeight / CELL)
  for (let i = 0; i < cells; i++) {
    const before = i % columns ? <i32>load<u8>(r.depth + <usize>(i - 1)) : edge
    const above = i >= columns ? <i32>load<u8>(r.depth + <usize>(i - columns)) : edge
    const distance = load<u8>(r.mask + <usize>i) == value ? 0 : min(255, min(before, above) + 1)
    store<u8>(r.depth + <usize>i, <u8>distance)
  }
  for (let i = cells - 1; i >= 0; i--) {
    const after = (i + 1) % columns ? <i32>load<u8>(r.depth + <usize>(i + 1)) : edge
    const below = i + columns < cells ? <i32>load<u8>(r.depth + <usize>(i + columns)) : edge
    const distance = min(<i32>load<u8>(r.depth + <usize>i), min(after, below) + 1)
    store<u8>(r.depth + <usize>i, <u8>distance)
  }
}
