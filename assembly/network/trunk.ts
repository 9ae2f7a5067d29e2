/**
 * The network's input -> its output at a quarter of the resolution (what is where) and the map from which codes are read, at an
 * eighth: down to a sixteenth with a residual block at every size, and up again by nearest neighbours and sums.
 */
import { addTwice, convolve } from '../math/convolve'
import {
  AT4_ONE,
  AT4_TWO,
  AT8_ONE,
  AT8_TWO,
  AT16_ONE,
  AT16_TWO,
  CODE_MAP,
  DETECT,
  DOWN4,
  DOWN8,
  DOWN16,
  Extraction,
  MAP_CODES,
  MAP_EIGHTH,
  MAP_EIGHTH_INNER,
  MAP_HALF,
  MAP_INPUT,
  MAP_MERGED,
  MAP_OUTPUT,
  MAP_QUARTER,
  MAP_QUARTER_INNER,
  MAP_SIXTEENTH,
  MAP_SIXTEENTH_INNER,
  MAP_UP4,
  MAP_UP8,
  MERGE4,
  MERGE8,
  networkLayer,
  networkMap,
  STEM,
  UP4,
  UP8,
} from '../memory'

export function mapView(r: Extraction): void {
  apply(r, STEM, MAP_INPUT, MAP_HALF)
  apply(r, DOWN4, MAP_HALF, MAP_QUARTER)
  residual(r, AT4_ONE, AT4_TWO, MAP_QUARTER, MAP_QUARTER_INNER)
  apply(r, DOWN8, MAP_QUARTER, MAP_EIGHTH)
  residual(r, AT8_ONE, AT8_TWO, MAP_EIGHTH, MAP_EIGHTH_INNER)
  apply(r, DOWN16, MAP_EIGHTH, MAP_SIXTEENTH)
  residual(r, AT16_ONE, AT16_TWO, MAP_SIXTEENTH, MAP_SIXTEENTH_INNER)

  apply(r, UP8, MAP_SIXTEENTH, MAP_UP8)
  addTwice(networkMap(r.maps, MAP_UP8), networkMap(r.maps, MAP_EIGHTH))
  apply(r, MERGE8, MAP_EIGHTH, MAP_EIGHTH_INNER)
  apply(r, UP4, MAP_EIGHTH_INNER, MAP_UP4)
  addTwice(networkMap(r.maps, MAP_UP4), networkMap(r.maps, MAP_QUARTER))
  apply(r, MERGE4, MAP_QUARTER, MAP_MERGED)
  apply(r, DETECT, MAP_MERGED, MAP_OUTPUT)
  apply(r, CODE_MAP, MAP_EIGHTH_INNER, MAP_CODES)
}

function apply(r: Extraction, layer: i32, source: i32, target: i32): void {
  convolve(networkLayer(r.network, layer), networkMap(r.maps, source), networkMap(r.maps, target), 0, r.sums)
}

/** map + two(one(map)) */
function residual(r: Extraction, one: i32, two: i32, map: i32, inner: i32): void {
  const target = networkMap(r.maps, map)
  apply(r, one, map, inner)
  convolve(networkLayer(r.network, two), networkMap(r.maps, inner), target, changetype<usize>(target), r.sums)
}
