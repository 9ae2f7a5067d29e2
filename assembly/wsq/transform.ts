/**
 * One step of the wavelet transform of a WSQ image, in either direction (IAFIS-IC-0110). A line is two halves: when it is
 * split, its samples at even and at odd places; when it is joined, those of its low and its high subband. Each half of the
 * result is a weighted sum of samples beside each other in both halves, so splitting and joining differ in where samples are
 * read and written, and in the weights. Outside a line its samples are those within, reflected at its ends.
 */
import { RowTap, weighRows } from '../math/weigh-rows'
import { lineBytes, sourcesOf, WSQ_REACH, WsqBank, WsqImage, WsqRegion, WsqSource, WsqTap } from '../memory'

/** Transforms `count` regions in place, in the order in which they are listed: first along y, then along x. */
export function transformRegions(base: usize, count: i32, splitting: bool): void {
  const image = changetype<WsqImage>(base)
  for (let i = 0; i < count; i++) {
    const region = changetype<WsqRegion>(image.regions + <usize>i * offsetof<WsqRegion>())
    if (region.width <= 0 || region.height <= 0) continue
    alongY(image, region, splitting)
    alongX(image, region, splitting)
  }
}

/** From `plane` to `other`, whole rows at a time. */
function alongY(image: WsqImage, region: WsqRegion, splitting: bool): void {
  const length = region.height
  const pairs = (length + 1) >> 1
  const bank = changetype<WsqBank>(image.bank)
  const rowBytes = (<usize>image.stride) << 2
  const corner = <usize>region.y * rowBytes + ((<usize>region.x) << 2)
  const mirrored = region.mirroredY != 0
  findSources(image, length, mirrored, splitting)
  const lowFrom = mirrored ? length - pairs : 0
  const highFrom = mirrored ? 0 : pairs
  for (let pair = 0; pair < pairs; pair++) {
    for (let i = 0; i < bank.count; i++) {
      const tap = tapAt(image, i)
      const source = sourceAt(image, length, tap.half, pair + tap.step)
      const row = changetype<RowTap>(image.taps + <usize>i * offsetof<RowTap>())
      row.at = image.plane + corner + <usize>source.at * rowBytes
      row.first = tap.first * source.factor
      row.second = tap.second * source.factor
    }
    const low = splitting ? lowFrom + pair : 2 * pair
    const high = splitting ? highFrom + pair : 2 * pair + 1
    // A line of an odd length has no last high sample.
    const isThere = 2 * pair + 1 < length
    const first = image.other + corner + <usize>low * rowBytes
    const second = isThere ? image.other + corner + <usize>high * rowBytes : image.lines
    weighRows(image.taps, bank.count, region.width, first, second)
  }
}

/** From `other` to `plane`, row by row. */
function alongX(image: WsqImage, region: WsqRegion, splitting: bool): void {
  const length = region.width
  const pairs = (length + 1) >> 1
  const highs = length - pairs
  const bank = changetype<WsqBank>(image.bank)
  const mirrored = region.mirroredX != 0
  findSources(image, length, mirrored, splitting)
  const lowFrom = mirrored ? highs : 0
  const highFrom = mirrored ? 0 : pairs
  const lowBytes = (<usize>lowFrom) << 2
  const highBytes = (<usize>highFrom) << 2
  const lows = image.lines + ((<usize>WSQ_REACH) << 2)
  const odds = lows + lineBytes(length)
  const first = odds + lineBytes(length)
  const second = first + lineBytes(length)
  for (let i = 0; i < bank.count; i++) {
    const tap = tapAt(image, i)
    const row = changetype<RowTap>(image.taps + <usize>i * offsetof<RowTap>())
    row.at = (tap.half == 0 ? lows : odds) + ((<usize>tap.step) << 2)
    row.first = tap.first
    row.second = tap.second
  }
  for (let y = 0; y < region.height; y++) {
    const at = (<usize>(region.y + y) * <usize>image.stride + <usize>region.x) << 2
    const from = image.other + at
    const to = image.plane + at
    if (splitting) {
      takeApart(from, lows, odds, pairs)
    } else {
      memory.copy(lows, from + lowBytes, (<usize>pairs) << 2)
      memory.copy(odds, from + highBytes, (<usize>highs) << 2)
    }
    continueLine(image, length, 0, from, lows, pairs, pairs)
    continueLine(image, length, 1, from, odds, highs, pairs)
    weighRows(image.taps, bank.count, pairs, first, second)
    if (splitting) {
      memory.copy(to + lowBytes, first, (<usize>pairs) << 2)
      memory.copy(to + highBytes, second, (<usize>highs) << 2)
    } else {
      putTogether(first, second, to, length)
    }
  }
}

/** Fills one half of a line before its start and behind its `count` samples. */
function continueLine(image: WsqImage, length: i32, half: i32, row: usize, line: usize, count: i32, pairs: i32): void {
  for (let place = -WSQ_REACH; place < 0; place++) fetch(image, length, half, row, line, place)
  for (let place = count; place < pairs + WSQ_REACH; place++) fetch(image, length, half, row, line, place)
}

function fetch(image: WsqImage, length: i32, half: i32, row: usize, line: usize, place: i32): void {
  const source = sourceAt(image, length, half, place)
  store<f32>(line + ((<usize>place) << 2), load<f32>(row + ((<usize>source.at) << 2)) * source.factor)
}

/** Four pairs at a time: up to three more than there are. */
function takeApart(row: usize, evens: usize, odds: usize, pairs: i32): void {
  for (let pair = 0; pair < pairs; pair += 4) {
    const from = row + ((<usize>pair) << 3)
    const to = (<usize>pair) << 2
    const a = v128.load(from)
    const b = v128.load(from, 16)
    v128.store(evens + to, v128.shuffle<f32>(a, b, 0, 2, 4, 6))
    v128.store(odds + to, v128.shuffle<f32>(a, b, 1, 3, 5, 7))
  }
}

function putTogether(evens: usize, odds: usize, row: usize, length: i32): void {
  let place = 0
  for (; place + 8 <= length; place += 8) {
    const from = (<usize>place) << 1
    const to = row + ((<usize>place) << 2)
    const a = v128.load(evens + from)
    const b = v128.load(odds + from)
    v128.store(to, v128.shuffle<f32>(a, b, 0, 4, 1, 5))
    v128.store(to, v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16)
  }
  for (; place < length; place++) {
    store<f32>(row + ((<usize>place) << 2), load<f32>(((place & 1) == 0 ? evens : odds) + ((<usize>(place >> 1)) << 2)))
  }
}

function tapAt(image: WsqImage, i: i32): WsqTap {
  return changetype<WsqTap>(image.bank + offsetof<WsqBank>() + <usize>i * offsetof<WsqTap>())
}

/** Of place `place` (-WSQ_REACH and up) of half 0 or 1, in a line of so many samples. */
function sourceAt(image: WsqImage, length: i32, half: i32, place: i32): WsqSource {
  const index = <usize>half * sourcesOf(length) + <usize>(place + WSQ_REACH)
  return changetype<WsqSource>(image.sources + index * offsetof<WsqSource>())
}

function findSources(image: WsqImage, length: i32, mirrored: bool, splitting: bool): void {
  const pairs = (length + 1) >> 1
  const even = changetype<WsqBank>(image.bank).even != 0
  const lowFrom = mirrored ? length - pairs : 0
  const highFrom = mirrored ? 0 : pairs
  for (let half = 0; half < 2; half++) {
    for (let pair = -WSQ_REACH; pair < pairs + WSQ_REACH; pair++) {
      const source = sourceAt(image, length, half, pair)
      const found = splitting ? reflect(2 * pair + half, length) : reflectHalf(pair, half, length, even)
      const place = found < 0 ? ~found : found
      // An antisymmetric half is zero on the axis of its reflection, where it has no sample.
      const isThere = place < length
      source.at = !isThere ? 0 : splitting ? place : (half == 0 ? lowFrom : highFrom) + (place >> 1)
      source.factor = !isThere ? 0 : found < 0 ? -1 : 1
    }
  }
}

/** The place within a line that stands for one outside, however short the line is: reflected at its end samples. */
function reflect(place: i32, length: i32): i32 {
  const period = 2 * (length - 1)
  if (period == 0) return 0
  const within = ((place % period) + period) % period
  return within < length ? within : period - within
}

/**
 * The same of a line that is joined, in which a half keeps to its own samples. With filters of odd length these are where
 * their places are. With even length the line is reflected half a sample outside, both samples of a pair are half way between
 * their places, and the high half changes its sign: then the complement of the place is returned.
 */
function reflectHalf(pair: i32, half: i32, length: i32, even: bool): i32 {
  if (!even) return length == 1 ? half : reflect(2 * pair + half, length)
  const period = 2 * length
  const beyondAxis = 2 * pair + 1
  const within = ((beyondAxis % period) + period) % period
  if (within <= length) return within - 1 + half
  const place = period - within - 1 + half
  return half == 1 ? ~place : place
}
