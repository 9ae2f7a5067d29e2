/**
 * Skeleton -> candidates: pixels whose crossing number is 1 (ridge ending) or 3 (bifurcation), with direction.
 *
 * Rutovitz 1966, Amengual et al. 1997 for the crossing number. The direction comes from tracing the skeleton for
 * TRACE_PX and is then laid on the orientation field, which averages over more ridges than a trace does.
 */
import { crossings, neighbourAt, neighbours } from '../math/neighbourhood'
import { follow } from '../math/trace'
import { CELL, Extraction, FOUND_BYTES, Found, MAX_CANDIDATES } from '../memory'
import { DIRECTION_SNAP, TRACE_PX } from '../parameters'

export function findMinutiae(r: Extraction): void {
  r.count = 0
  for (let y = 1; y < r.paddedHeight - 1; y++) {
    const row = r.skeleton + <usize>(y * r.paddedWidth)
    for (let x = 1; x < r.paddedWidth - 1; x++) {
      const at = row + <usize>x
      if (!load<u8>(at)) continue
      const ways = crossings(neighbours(at, r.paddedWidth))
      if (ways == 1) add(r, x, y, 1, endingDirection(r, at))
      else if (ways == 3) add(r, x, y, 2, bifurcationDirection(r, at))
    }
  }
}

function add(r: Extraction, x: i32, y: i32, type: i32, direction: f32): void {
  if (r.count >= MAX_CANDIDATES) return
  const found = changetype<Found>(r.candidates + FOUND_BYTES * <usize>r.count)
  found.x = x
  found.y = y
  found.type = type
  found.direction = layOnField(r, x, y, direction)
  found.quality = 0
  r.count++
}

/** From the tip back along the ridge. */
function endingDirection(r: Extraction, at: usize): f32 {
  const width = r.paddedWidth
  const around = neighbours(at, width)
  const next = neighbourAt(at, width, firstNeighbour(around, 0))
  return bearing(r, at, follow(at, next, width, TRACE_PX))
}

/** Along the valley: away from the stem, which is the branch that is left when the two closest are paired. */
function bifurcationDirection(r: Extraction, at: usize): f32 {
  const width = r.paddedWidth
  const around = neighbours(at, width)
  const first = firstNeighbour(around, 0)
  const second = firstNeighbour(around, 1)
  const third = firstNeighbour(around, 2)
  const a = bearing(r, at, follow(at, neighbourAt(at, width, first), width, TRACE_PX))
  const b = bearing(r, at, follow(at, neighbourAt(at, width, second), width, TRACE_PX))
  const c = bearing(r, at, follow(at, neighbourAt(at, width, third), width, TRACE_PX))
  const ab = Mathf.cos(a - b)
  const bc = Mathf.cos(b - c)
  const ca = Mathf.cos(c - a)
  if (ab >= bc && ab >= ca) return between(a, b, c)
  return bc >= ca ? between(b, c, a) : between(c, a, b)
}

function between(left: f32, right: f32, stem: f32): f32 {
  const x = Mathf.cos(left) + Mathf.cos(right) - Mathf.cos(stem)
  const y = Mathf.sin(left) + Mathf.sin(right) - Mathf.sin(stem)
  return Mathf.atan2(y, x)
}

/** Number of the first neighbour of the `run`-th run of set neighbours; a side is taken before a corner. */
function firstNeighbour(around: i32, run: i32): i32 {
  let seen = -1
  for (let k = 0; k < 16; k++) {
    const set = (around >> (k & 7)) & 1
    const before = (around >> ((k + 7) & 7)) & 1
    if (set && !before) seen++
    if (seen != run || !set) continue
    const next = (k + 1) & 7
    return k & 1 && (around >> next) & 1 ? next : k & 7
  }
  return 0
}

/** Angle from one skeleton pixel to another, counter-clockwise with y up. */
function bearing(r: Extraction, from: usize, to: usize): f32 {
  const width = r.paddedWidth
  const a = <i32>(from - r.skeleton)
  const b = <i32>(to - r.skeleton)
  return Mathf.atan2(<f32>(a / width - b / width), <f32>((b % width) - (a % width)))
}

/** The direction of the orientation field nearest to `direction`; the trace itself where the field disagrees. */
function layOnField(r: Extraction, x: i32, y: i32, direction: f32): f32 {
  const cell = <usize>((y / CELL) * (r.paddedWidth / CELL) + x / CELL)
  let field = (<f32>load<u8>(r.orientation + cell) * Mathf.PI) / 256
  if (Mathf.cos(field - direction) < 0) field += Mathf.PI
  const angle = Mathf.cos(field - direction) > DIRECTION_SNAP ? field : direction
  return angle < 0 ? angle + 2 * Mathf.PI : angle
}
