/**
 * The network's input -> its output at a quarter of the resolution (what is where) and the map from which codes are read, at an
 * eighth: down to a sixteenth with a residual block at every size, and up again by nearest neighbours and sums. Only the spans of
 * the view are computed: elsewhere is no print.
 */
import { addTwice, convolveRow } from '../math/convolve'
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
  NETWORK_GRAIN,
  networkLayer,
  networkMap,
  STEM,
  spanFrom,
  spanTo,
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
  within(r, layer, source, target, 0)
}

/** map + two(one(map)) */
function residual(r: Extraction, one: i32, two: i32, map: i32, inner: i32): void {
  apply(r, one, map, inner)
  within(r, two, inner, map, changetype<usize>(networkMap(r.maps, map)))
}

/** A layer where the spans are; the rest of the map becomes 0. */
function within(r: Extraction, layer: i32, source: i32, target: i32, added: usize): void {
  const weights = networkLayer(r.network, layer)
  const from = networkMap(r.maps, source)
  const to = networkMap(r.maps, target)
  const grain = (NETWORK_GRAIN * to.columns) / r.viewWidth
  for (let row = 0; row < to.rows; row++) {
    const first = spanFrom(r.spans, row / grain) * grain
    const last = spanTo(r.spans, row / grain) * grain
    convolveRow(weights, from, to, row, first, last, added, r.sums)
  }
}
