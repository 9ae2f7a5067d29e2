/** Where the print is -> the part of the image that the network looks at, and what of it is computed. */
import { CELL, clearBorder, Extraction, MAPS, NETWORK_GRAIN, networkMap, planMaps } from '../memory'
import { VIEW_MARGIN } from '../parameters'

/**
 * The rectangle round the mask, with VIEW_MARGIN px on every side, within the image. It begins at multiples of
 * NETWORK_GRAIN, so that the same cells are looked at whatever lies round the print.
 */
export function chooseView(r: Extraction): void {
  const columns = r.paddedWidth / CELL
  const rows = r.paddedHeight / CELL
  let left = columns
  let right = 0
  let top = rows
  let bottom = 0
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!load<u8>(r.mask + <usize>(row * columns + column))) continue
      left = min(left, column)
      right = max(right, column + 1)
      top = min(top, row)
      bottom = row + 1
    }
  }
  r.viewX = start(left)
  r.viewY = start(top)
  r.viewWidth = end(right, r.width) - r.viewX
  r.viewHeight = end(bottom, r.height) - r.viewY
  markSpans(r)
  planMaps(r.maps, r.features, r.viewWidth, r.viewHeight)
  for (let map = 0; map < MAPS; map++) clearBorder(networkMap(r.maps, map))
}

/** For every band of NETWORK_GRAIN px from where to where there is print within VIEW_MARGIN. */
function markSpans(r: Extraction): void {
  const columns = r.paddedWidth / CELL
  const rows = r.paddedHeight / CELL
  for (let band = 0; band < r.viewHeight / NETWORK_GRAIN; band++) {
    const above = (r.viewY + band * NETWORK_GRAIN - VIEW_MARGIN) / CELL
    const below = (r.viewY + (band + 1) * NETWORK_GRAIN + VIEW_MARGIN) / CELL
    let left = columns
    let right = 0
    for (let row = max(0, above); row < min(rows, below); row++) {
      const line = r.mask + <usize>(row * columns)
      for (let column = 0; column < left; column++) if (load<u8>(line + <usize>column)) left = column
      for (let column = columns - 1; column >= right; column--) if (load<u8>(line + <usize>column)) right = column + 1
    }
    const span = r.spans + ((<usize>band) << 2)
    const some = left < right
    store<u16>(span, some ? <u16>((start(left) - r.viewX) / NETWORK_GRAIN) : 0)
    store<u16>(span, some ? <u16>((end(right, r.width) - r.viewX) / NETWORK_GRAIN) : 0, 2)
  }
}

function start(cell: i32): i32 {
  return max(0, cell * CELL - VIEW_MARGIN) & ~(NETWORK_GRAIN - 1)
}

function end(cell: i32, side: i32): i32 {
  return (min(side, cell * CELL + VIEW_MARGIN) + NETWORK_GRAIN - 1) & ~(NETWORK_GRAIN - 1)
}
