/** Where the print is -> the part of the image that the network looks at, and its maps. */
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
  planMaps(r.maps, r.features, r.viewWidth, r.viewHeight)
  for (let map = 0; map < MAPS; map++) clearBorder(networkMap(r.maps, map))
}

function start(cell: i32): i32 {
  return max(0, cell * CELL - VIEW_MARGIN) & ~(NETWORK_GRAIN - 1)
}

function end(cell: i32, side: i32): i32 {
  return (min(side, cell * CELL + VIEW_MARGIN) + NETWORK_GRAIN - 1) & ~(NETWORK_GRAIN - 1)
}
