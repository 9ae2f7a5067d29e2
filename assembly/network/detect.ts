/**
 * The network's output -> minutiae (training/quantized.py, `minutiae`, is the reference). A cell holds one where its logit is above a
 * floor and the highest of 3 x 3 cells, the first in row order among equals, and where there is contact. The most probable come
 * first; one nearer than DETECT_APART to one taken before is the same minutia seen twice.
 */
import {
  Extraction,
  FeatureMap,
  FOUND_BYTES,
  Found,
  MAP_OUTPUT,
  MAX_CANDIDATES,
  mapPixel,
  networkMap,
  PLACE_BYTES,
  Place,
} from '../memory'
import { DETECT_APART, DETECT_FLOOR, DETECT_MOST, NETWORK_ONE } from '../parameters'

/** Byte offsets of the channels of MAP_OUTPUT. */
const PEAK: usize = 0
const CONTACT: usize = 2
const CLARITY: usize = 4
const TYPE: usize = 6
const OFFSET_X: usize = 8
const OFFSET_Y: usize = 10
const COSINE: usize = 12
const SINE: usize = 14

const TAKEN: u32 = 0xffffffff

export function detect(r: Extraction): void {
  const map = networkMap(r.maps, MAP_OUTPUT)
  const peaks = listPeaks(r, map)
  r.count = 0
  while (r.count < DETECT_MOST) {
    const at = takeHighest(r, map, peaks)
    if (at < 0) return
    keep(r, map, at)
  }
}

/** Writes the cells with peaks (row x columns + column, u32) at `list`, in row order; returns how many. */
function listPeaks(r: Extraction, map: FeatureMap): i32 {
  let peaks = 0
  for (let row = 0; row < map.rows; row++) {
    for (let column = 0; column < map.columns; column++) {
      const at = mapPixel(map, column, row)
      if (<i32>load<i16>(at, PEAK) <= DETECT_FLOOR || load<i16>(at, CONTACT) <= 0) continue
      if (peaks === MAX_CANDIDATES || !isHighest(map, column, row)) continue
      store<u32>(r.list + ((<usize>peaks) << 2), <u32>(row * map.columns + column))
      peaks++
    }
  }
  return peaks
}

function isHighest(map: FeatureMap, column: i32, row: i32): bool {
  const own = load<i16>(mapPixel(map, column, row), PEAK)
  for (let y = row - 1; y <= row + 1; y++) {
    for (let x = column - 1; x <= column + 1; x++) {
      if (x < 0 || y < 0 || x >= map.columns || y >= map.rows || (x === column && y === row)) continue
      const other = load<i16>(mapPixel(map, x, y), PEAK)
      const earlier = y < row || (y === row && x < column)
      if (other > own || (earlier && other === own)) return false
    }
  }
  return true
}

/** Takes the cell with the highest logit, the first among equals, out of the list; -1 when none is left. */
function takeHighest(r: Extraction, map: FeatureMap, peaks: i32): i32 {
  let best = -1
  let highest = i32.MIN_VALUE
  for (let k = 0; k < peaks; k++) {
    const cell = load<u32>(r.list + ((<usize>k) << 2))
    if (cell === TAKEN) continue
    const logit = <i32>load<i16>(mapPixel(map, <i32>cell % map.columns, <i32>cell / map.columns), PEAK)
    if (logit <= highest) continue
    highest = logit
    best = k
  }
  if (best < 0) return -1
  const at = r.list + ((<usize>best) << 2)
  const cell = <i32>load<u32>(at)
  store<u32>(at, TAKEN)
  return cell
}

/** Appends the minutia of a cell, unless it lies outside the image or too near to one that is there. */
function keep(r: Extraction, map: FeatureMap, cell: i32): void {
  const column = cell % map.columns
  const row = cell / map.columns
  const at = mapPixel(map, column, row)
  // 4 (column + 0.5 + offset) - 0.5 px, in 1/32 px; the view begins at a multiple of 16 px.
  const x = 32 * r.viewX + 128 * column + 48 + ((<i32>load<i16>(at, OFFSET_X) + 8) >> 4)
  const y = 32 * r.viewY + 128 * row + 48 + ((<i32>load<i16>(at, OFFSET_Y) + 8) >> 4)
  if (x < 0 || y < 0 || x >= 32 * r.width || y >= 32 * r.height) return
  for (let k = 0; k < r.count; k++) {
    const other = changetype<Place>(r.places + <usize>k * PLACE_BYTES)
    const dx = x - other.x
    const dy = y - other.y
    if (dx * dx + dy * dy < DETECT_APART * DETECT_APART) return
  }
  const place = changetype<Place>(r.places + <usize>r.count * PLACE_BYTES)
  place.x = x
  place.y = y
  const across = <i32>load<i16>(at, COSINE)
  const up = -(<i32>load<i16>(at, SINE))
  // The sum of two squares is at most 2^31, and rounded once, to f32.
  const length = sqrt<f32>(<f32>(<u32>(across * across + up * up)))
  place.cosine = length > 0 ? component(across, length) : 16384
  place.sine = length > 0 ? component(up, length) : 0

  const found = changetype<Found>(r.candidates + <usize>r.count * FOUND_BYTES)
  found.x = min(r.width - 1, (x + 16) >> 5)
  found.y = min(r.height - 1, (y + 16) >> 5)
  const direction = Mathf.atan2(<f32>up, <f32>across)
  found.direction = direction < 0 ? direction + 2 * Mathf.PI : direction
  found.type = load<i16>(at, TYPE) > 0 ? 2 : 1
  const sure: f32 = 100 * chance(<i32>load<i16>(at, PEAK))
  const quality: f32 = sure * chance(<i32>load<i16>(at, CLARITY)) + 0.5
  found.quality = <i32>floor<f32>(quality)
  r.count++
}

/** A vector's component in 1/16384 of its length. */
function component(value: i32, length: f32): i32 {
  const whole = 16384 * value
  return <i32>floor<f32>(<f32>whole / length + 0.5)
}

/** Logistic function, e^x taken as (1 + x / 1024)^1024, ten squarings: the same bits everywhere, off by 0.0003 at most. */
function chance(logit: i32): f32 {
  let power: f32 = 1 + <f32>abs(logit) / (1024 * NETWORK_ONE)
  for (let k = 0; k < 10; k++) power = power * power
  return (logit >= 0 ? power : <f32>1) / (1 + power)
}
