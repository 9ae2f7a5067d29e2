/**
 * Minutiae and the code map -> 128 bits each (training/quantized.py, `window`, is the reference).
 *
 * 16 x 16 samples of the map, 8 px apart and turned to the minutia's direction, go through two convolutions and a dense layer; the
 * signs of its sums are the code. The map does not turn with the print: 8 of its channels are scalars, 6 pairs turn with it and 6
 * pairs turn twice as fast, as orientations do; the pairs are turned back after sampling.
 */
import { convolve, sumRow } from '../math/convolve'
import {
  CODE,
  CODE1,
  CODE2,
  CODE2_BYTES,
  Extraction,
  FeatureMap,
  MAP_CODE1,
  MAP_CODE2,
  MAP_CODES,
  MAP_WINDOW,
  mapPixel,
  networkLayer,
  networkMap,
  PLACE_BYTES,
  Place,
  WINDOW_SIDE,
} from '../memory'

/** Of the 32 channels of the code map: pairs, all x before all y. */
const ONCE_X: usize = 8
const TWICE_X: usize = 20
const PAIRS: usize = 6
const BITS: usize = 128

export function encodeMinutiae(r: Extraction): void {
  if (r.count === 0) return
  const window = networkMap(r.maps, MAP_WINDOW)
  const inner = networkMap(r.maps, MAP_CODE1)
  const last = networkMap(r.maps, MAP_CODE2)
  for (let k = 0; k < r.count; k++) {
    sample(r, changetype<Place>(r.places + <usize>k * PLACE_BYTES), window)
    convolve(networkLayer(r.network, CODE1), window, inner, r.sums)
    convolve(networkLayer(r.network, CODE2), inner, last, r.sums)
    memory.copy(r.ends + <usize>k * CODE2_BYTES, last.first, CODE2_BYTES)
  }
  sumRow(networkLayer(r.network, CODE), r.ends, last.rowBytes, CODE2_BYTES, r.count, r.sums)
  for (let k: usize = 0; k < <usize>r.count; k++) {
    store<u64>(r.codes + (k << 4), signs(r.sums + k * BITS * 4))
    store<u64>(r.codes + (k << 4), signs(r.sums + k * BITS * 4 + BITS * 2), 8)
  }
}

/** 64 sums -> a bit each, 1 where the sum is above 0, the first lowest. */
function signs(sums: usize): u64 {
  let bits: u64 = 0
  for (let k: u64 = 0; k < 64; k++) {
    if (load<i32>(sums + ((<usize>k) << 2)) > 0) bits |= (<u64>1) << k
  }
  return bits
}

/** The minutia's window of the code map; what lies outside the map is 0. */
function sample(r: Extraction, place: Place, window: FeatureMap): void {
  const map = networkMap(r.maps, MAP_CODES)
  const c = place.cosine
  const s = place.sine
  const c2 = (c * c - s * s + 8192) >> 14
  const s2 = (2 * c * s + 8192) >> 14
  for (let row = 0; row < WINDOW_SIDE; row++) {
    for (let column = 0; column < WINDOW_SIDE; column++) {
      const u = 8 * column - 60
      const v = 8 * row - 60
      // 1/256 of a cell of 8 px are 1/32 px; 112 is the middle of the first cell.
      const x = place.x - 32 * r.viewX - 112 + ((c * u + s * v + 256) >> 9)
      const y = place.y - 32 * r.viewY - 112 + ((c * v - s * u + 256) >> 9)
      const out = mapPixel(window, column, row)
      interpolate(map, x, y, out)
      turn(out + (ONCE_X << 1), c, s)
      turn(out + (TWICE_X << 1), c2, s2)
    }
  }
}

/** The map at (x, y), 1/256 of a cell, between the four cells round it. One cell of zeros lies all round the map. */
function interpolate(map: FeatureMap, x: i32, y: i32, out: usize): void {
  const column = x >> 8
  const row = y >> 8
  if (column < -1 || row < -1 || column >= map.columns || row >= map.rows) {
    memory.fill(out, 0, <usize>(map.channels * 2))
    return
  }
  const right = x & 255
  const below = y & 255
  const at = mapPixel(map, column, row)
  const next = <usize>(map.channels * 2)
  const weight00 = i32x4.splat((256 - right) * (256 - below))
  const weight01 = i32x4.splat(right * (256 - below))
  const weight10 = i32x4.splat((256 - right) * below)
  const weight11 = i32x4.splat(right * below)
  const half = i32x4.splat(1 << 15)
  for (let k: usize = 0; k < next; k += 8) {
    let sum = i32x4.add(half, i32x4.mul(v128.load16x4_s(at + k), weight00))
    sum = i32x4.add(sum, i32x4.mul(v128.load16x4_s(at + next + k), weight01))
    sum = i32x4.add(sum, i32x4.mul(v128.load16x4_s(at + map.rowBytes + k), weight10))
    sum = i32x4.add(sum, i32x4.mul(v128.load16x4_s(at + map.rowBytes + next + k), weight11))
    const whole = i32x4.shr_s(sum, 16)
    v128.store64_lane(out + k, i16x8.narrow_i32x4_s(whole, whole), 0)
  }
}

/** Turns the pairs at `at` by the angle of that cosine and sine (1/16384), saturating. */
function turn(at: usize, c: i32, s: i32): void {
  for (let k: usize = 0; k < PAIRS << 1; k += 2) {
    const x = <i32>load<i16>(at + k)
    const y = <i32>load<i16>(at + k, PAIRS << 1)
    store<i16>(at + k, saturated((c * x - s * y + 8192) >> 14))
    store<i16>(at + k, saturated((s * x + c * y + 8192) >> 14), PAIRS << 1)
  }
}

function saturated(value: i32): i16 {
  return <i16>max(-32768, min(32767, value))
}
