/**
 * The regions of the learned extraction: the network's weights as the kernels read them, and its maps.
 *
 * NETWORK: a table of LAYERS layers (this file's Layer), then the numbers of each: weights
 *
 *   i16 [outputs / 8][row of the kernel][pair of inputs][8 outputs][2 inputs]
 *
 * so that one i32x4.dot_i16x8_s adds two inputs to four outputs, then i32 biases. The inputs of a kernel's
 * row lie side by side in a map, column by column: they are paired across columns, the last of
 * an odd number with a weight of 0.
 *
 * MAPS: one i16 a channel, the channels of a pixel side by side, pixels row by row, zeros all round (BORDER).
 */

/** In the order of the weight file (training/export.py). */
export const STEM: i32 = 0
export const DOWN4: i32 = 1
export const AT4_ONE: i32 = 2
export const AT4_TWO: i32 = 3
export const DOWN8: i32 = 4
export const AT8_ONE: i32 = 5
export const AT8_TWO: i32 = 6
export const DOWN16: i32 = 7
export const AT16_ONE: i32 = 8
export const AT16_TWO: i32 = 9
export const UP8: i32 = 10
export const MERGE8: i32 = 11
export const UP4: i32 = 12
export const MERGE4: i32 = 13
export const DETECT: i32 = 14
export const CODE_MAP: i32 = 15
export const CODE1: i32 = 16
export const CODE2: i32 = 17
export const CODE: i32 = 18
export const LAYERS: i32 = 19

/** One layer, ready to be computed. */
@unmanaged
export class Layer {
  weights: usize
  biases: usize
  inputs: i32
  outputs: i32
  /** Side of the kernel, px. */
  size: i32
  stride: i32
  /** 1: what is below 0 becomes 0. */
  ramped: i32
  shift: i32
  /** Pairs of inputs in a row of the kernel. */
  pairs: i32
}
export const LAYER_BYTES: usize = offsetof<Layer>()

function shape(inputs: i32, outputs: i32, size: i32, stride: i32, ramped: i32): i32 {
  return inputs | (outputs << 8) | (size << 16) | (stride << 20) | (ramped << 24)
}

/** What a layer has to be: inputs, outputs (8 bits each), size, stride (4 each), ramped. Outputs are multiples of 8. */
export function layerShape(layer: i32): i32 {
  switch (layer) {
    case STEM:
      return shape(1, 16, 6, 2, 1)
    case DOWN4:
      return shape(16, 32, 4, 2, 1)
    case AT4_ONE:
      return shape(32, 32, 3, 1, 1)
    case AT4_TWO:
      return shape(32, 32, 3, 1, 0)
    case DOWN8:
      return shape(32, 64, 4, 2, 1)
    case AT8_ONE:
      return shape(64, 64, 3, 1, 1)
    case AT8_TWO:
      return shape(64, 64, 3, 1, 0)
    case DOWN16:
      return shape(64, 96, 4, 2, 1)
    case AT16_ONE:
      return shape(96, 96, 3, 1, 1)
    case AT16_TWO:
      return shape(96, 96, 3, 1, 0)
    case UP8:
      return shape(96, 64, 1, 1, 0)
    case MERGE8:
      return shape(64, 64, 3, 1, 1)
    case UP4:
      return shape(64, 32, 1, 1, 0)
    case MERGE4:
      return shape(32, 48, 3, 1, 1)
    case DETECT:
      return shape(48, 8, 1, 1, 0)
    case CODE_MAP:
      return shape(64, 32, 1, 1, 0)
    case CODE1:
      return shape(32, 64, 3, 2, 1)
    case CODE2:
      return shape(64, 96, 3, 2, 1)
    default:
      return shape(96, 128, 4, 1, 0)
  }
}

export function shapeInputs(shape: i32): i32 {
  return shape & 255
}
export function shapeOutputs(shape: i32): i32 {
  return (shape >> 8) & 255
}
export function shapeSize(shape: i32): i32 {
  return (shape >> 16) & 15
}
export function shapePairs(shape: i32): i32 {
  return (shapeInputs(shape) * shapeSize(shape) + 1) >> 1
}

/** Bytes of a layer's weights and biases; a multiple of 16, as outputs are multiples of 8. */
export function layerWeightBytes(shape: i32): usize {
  return <usize>(shapeOutputs(shape) * shapeSize(shape) * shapePairs(shape) * 4)
}
export function layerBytes(shape: i32): usize {
  return layerWeightBytes(shape) + <usize>(shapeOutputs(shape) * 4)
}

/** Offset of the first layer's weights: after the table. */
export const NETWORK_WEIGHTS: usize = (<usize>LAYERS * LAYER_BYTES + 15) & ~15

/** Bytes of the region NETWORK. */
export function networkBytes(): usize {
  let bytes = NETWORK_WEIGHTS
  for (let layer = 0; layer < LAYERS; layer++) bytes += layerBytes(layerShape(layer))
  return (bytes + 15) & ~15
}
export function networkLayer(network: usize, layer: i32): Layer {
  return changetype<Layer>(network + <usize>layer * LAYER_BYTES)
}

/** A map: the address of its pixel (0, 0), and how to go on from there. */
@unmanaged
export class FeatureMap {
  first: usize
  columns: i32
  rows: i32
  channels: i32
  rowBytes: usize
}
export const MAP_BYTES: usize = offsetof<FeatureMap>()

/** The maps, by index; in brackets the share of the print's resolution, and the channels. */
export const MAP_INPUT: i32 = 0 // (1, 1)
export const MAP_HALF: i32 = 1 // (1/2, 16)
export const MAP_QUARTER: i32 = 2 // (1/4, 32)
export const MAP_QUARTER_INNER: i32 = 3
export const MAP_EIGHTH: i32 = 4 // (1/8, 64)
export const MAP_EIGHTH_INNER: i32 = 5
export const MAP_SIXTEENTH: i32 = 6 // (1/16, 96)
export const MAP_SIXTEENTH_INNER: i32 = 7
export const MAP_UP8: i32 = 8 // (1/16, 64)
export const MAP_UP4: i32 = 9 // (1/8, 32)
export const MAP_MERGED: i32 = 10 // (1/4, 48)
export const MAP_OUTPUT: i32 = 11 // (1/4, 8)
export const MAP_CODES: i32 = 12 // (1/8, 32)
/** Of one minutia: samples of MAP_CODES turned to it, and what two layers make of them. */
export const MAP_WINDOW: i32 = 13 // 16 x 16, 32
export const MAP_CODE1: i32 = 14 // 8 x 8, 64
export const MAP_CODE2: i32 = 15 // 4 x 4, 96, without zeros round it
export const MAPS: i32 = 16

/** The network halves the resolution four times: sides of what it looks at are multiples of this, px. */
export const NETWORK_GRAIN: i32 = 16
/** Pixels of zeros round a map: kernels of 3 x 3 and 4 x 4 read one; the stem, of 6 x 6, two and three. */
export const BORDER: i32 = 1
export const INPUT_BORDER: i32 = 8
/** Side of a code's window, samples, and of what CODE2 makes of it. */
export const WINDOW_SIDE: i32 = 16
export const CODE2_BYTES: usize = 4 * 4 * 96 * 2

export function networkMap(maps: usize, map: i32): FeatureMap {
  return changetype<FeatureMap>(maps + <usize>map * MAP_BYTES)
}

/** The part of a band of NETWORK_GRAIN px that is computed, in columns of NETWORK_GRAIN px: u16 from, u16 to (exclusive). */
export function spanFrom(spans: usize, band: i32): i32 {
  return <i32>load<u16>(spans + ((<usize>band) << 2))
}
export function spanTo(spans: usize, band: i32): i32 {
  return <i32>load<u16>(spans + ((<usize>band) << 2), 2)
}

/** Address of a map's pixel. */
export function mapPixel(map: FeatureMap, column: i32, row: i32): usize {
  return map.first + <usize>row * map.rowBytes + <usize>(column * map.channels * 2)
}

/** Lays out the maps for a view of `width` x `height` px (multiples of NETWORK_GRAIN) at `base`; returns what follows. */
export function planMaps(maps: usize, base: usize, width: i32, height: i32): usize {
  let at = place(networkMap(maps, MAP_INPUT), base, width, height, 1, INPUT_BORDER)
  at = place(networkMap(maps, MAP_HALF), at, width >> 1, height >> 1, 16, BORDER)
  at = place(networkMap(maps, MAP_QUARTER), at, width >> 2, height >> 2, 32, BORDER)
  at = place(networkMap(maps, MAP_QUARTER_INNER), at, width >> 2, height >> 2, 32, BORDER)
  at = place(networkMap(maps, MAP_EIGHTH), at, width >> 3, height >> 3, 64, BORDER)
  at = place(networkMap(maps, MAP_EIGHTH_INNER), at, width >> 3, height >> 3, 64, BORDER)
  at = place(networkMap(maps, MAP_SIXTEENTH), at, width >> 4, height >> 4, 96, BORDER)
  at = place(networkMap(maps, MAP_SIXTEENTH_INNER), at, width >> 4, height >> 4, 96, BORDER)
  at = place(networkMap(maps, MAP_UP8), at, width >> 4, height >> 4, 64, BORDER)
  at = place(networkMap(maps, MAP_UP4), at, width >> 3, height >> 3, 32, BORDER)
  at = place(networkMap(maps, MAP_MERGED), at, width >> 2, height >> 2, 48, BORDER)
  at = place(networkMap(maps, MAP_OUTPUT), at, width >> 2, height >> 2, 8, BORDER)
  at = place(networkMap(maps, MAP_CODES), at, width >> 3, height >> 3, 32, BORDER)
  at = place(networkMap(maps, MAP_WINDOW), at, WINDOW_SIDE, WINDOW_SIDE, 32, BORDER)
  at = place(networkMap(maps, MAP_CODE1), at, WINDOW_SIDE >> 1, WINDOW_SIDE >> 1, 64, BORDER)
  return place(networkMap(maps, MAP_CODE2), at, WINDOW_SIDE >> 2, WINDOW_SIDE >> 2, 96, 0)
}

function place(map: FeatureMap, at: usize, columns: i32, rows: i32, channels: i32, border: i32): usize {
  map.columns = columns
  map.rows = rows
  map.channels = channels
  map.rowBytes = <usize>((columns + 2 * border) * channels * 2)
  map.first = at + map.rowBytes * <usize>border + <usize>(border * channels * 2)
  return (at + map.rowBytes * <usize>(rows + 2 * border) + 15) & ~15
}

/** Sets the zeros round a map. */
export function clearBorder(map: FeatureMap): void {
  const side = (map.rowBytes - <usize>(map.columns * map.channels * 2)) >> 1
  const border = side / <usize>(map.channels * 2)
  const above = map.rowBytes * border
  const start = map.first - side - above
  memory.fill(start, 0, above)
  for (let row = 0; row < map.rows; row++) {
    const line = mapPixel(map, 0, row)
    memory.fill(line - side, 0, side)
    memory.fill(line + map.rowBytes - 2 * side, 0, side)
  }
  memory.fill(start + above + map.rowBytes * <usize>map.rows, 0, above)
}

/** A minutia as the codes need it. */
@unmanaged
export class Place {
  /** 1/32 px at 500 ppi, y down. */
  x: i32
  y: i32
  /** Of its direction, counter-clockwise with y up, in 1/16384. */
  cosine: i32
  sine: i32
}
export const PLACE_BYTES: usize = offsetof<Place>()

/** i32 x outputs x pixels of a row: sums before they are scaled. The widest: MERGE4's 48 a cell, CODE's 128 of 255 minutiae. */
export function sumsBytes(width: i32): usize {
  return <usize>max(48 * width, 255 * 128 * 4)
}
