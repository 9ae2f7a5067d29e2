/**
 * Candidates -> minutiae: takes out what the structure shows to be false.
 *
 * The classical rules (Xiao, Raafat, Pattern Recognition 24(10) 1991; Farina, Kovacs-Vajna, Leone, Pattern Recognition
 * 32(5) 1999): ends at the rim of the print, islands, spurs, bridges and lakes, breaks of a ridge. Quality is the clarity
 * of the ridges round the minutia.
 */
import { crossings, neighbourAt, neighbours } from '../math/neighbourhood'
import { follow } from '../math/trace'
import { CELL, Extraction, FOUND_BYTES, Found, MAX_MINUTIAE } from '../memory'
import {
  BREAK_PX,
  BREAK_TURN,
  BRIDGE_PX,
  CLOSE_PX,
  ISLAND_PX,
  QUALITY_BEST,
  QUALITY_LEAST,
  RIM_CELLS,
  RIM_PX,
  SPUR_PX,
} from '../parameters'

const REMOVED: i32 = -1

export function removeFalseMinutiae(r: Extraction): void {
  for (let i = 0; i < r.count; i++) rate(r, at(r, i))
  mapCandidates(r)
  for (let i = 0; i < r.count; i++) checkBranches(r, i)
  for (let i = 0; i < r.count; i++) checkPairs(r, i)
  compact(r)
}

function at(r: Extraction, i: i32): Found {
  return changetype<Found>(r.candidates + FOUND_BYTES * <usize>i)
}

/** Quality, or removal at the rim: within RIM_CELLS of it, or an ending that points out of the print. */
function rate(r: Extraction, found: Found): void {
  const columns = r.paddedWidth / CELL
  const cell = <usize>((found.y / CELL) * columns + found.x / CELL)
  const clarity = load<f32>(r.clarity + (cell << 2))
  const scaled = (clarity - QUALITY_LEAST) / (QUALITY_BEST - QUALITY_LEAST)
  found.quality = max(1, min(100, <i32>Mathf.round(scaled * 100)))
  if (<i32>load<u8>(r.depth + cell) <= RIM_CELLS) found.quality = REMOVED
  else if (found.type == 1 && leaves(r, found, columns)) found.quality = REMOVED
}

/** Whether a line from an ending's tip, away from its ridge, leaves the print within RIM_PX. */
function leaves(r: Extraction, found: Found, columns: i32): bool {
  for (let step = CELL; step <= RIM_PX; step += CELL) {
    const x = found.x - <i32>Mathf.round(<f32>step * Mathf.cos(found.direction))
    const y = found.y + <i32>Mathf.round(<f32>step * Mathf.sin(found.direction))
    if (x < 0 || y < 0 || x >= r.paddedWidth || y >= r.paddedHeight) return true
    if (!load<u8>(r.mask + <usize>((y / CELL) * columns + x / CELL))) return true
  }
  return false
}

/** `list`: candidate number + 1 at each candidate's pixel. */
function mapCandidates(r: Extraction): void {
  memory.fill(r.list, 0, (<usize>(r.paddedWidth * r.paddedHeight)) << 2)
  for (let i = 0; i < r.count; i++) {
    const found = at(r, i)
    store<i32>(r.list + ((<usize>(found.y * r.paddedWidth + found.x)) << 2), i + 1)
  }
}

/** Follows every branch of a candidate: short ways to another candidate are islands, spurs, bridges. */
function checkBranches(r: Extraction, i: i32): void {
  const found = at(r, i)
  const width = r.paddedWidth
  const from = r.skeleton + <usize>(found.y * width + found.x)
  const around = neighbours(from, width)
  for (let k = 0; k < 8; k++) {
    if (!((around >> k) & 1)) continue
    const reached = follow(from, neighbourAt(from, width, k), width, ISLAND_PX)
    const other = load<i32>(r.list + ((reached - r.skeleton) << 2)) - 1
    if (other < 0 || other == i) {
      // A way to a crossing of four branches: not a minutia, but the short branch is still a spur.
      if (found.type == 1 && crossings(neighbours(reached, width)) > 3 && near(r, from, reached, SPUR_PX)) {
        found.quality = REMOVED
      }
      continue
    }
    const end = at(r, other)
    const reach = found.type == 1 && end.type == 1 ? ISLAND_PX : found.type != end.type ? SPUR_PX : BRIDGE_PX
    if (!near(r, from, reached, reach)) continue
    found.quality = REMOVED
    end.quality = REMOVED
  }
}

function near(r: Extraction, a: usize, b: usize, reach: i32): bool {
  const i = <i32>(a - r.skeleton)
  const j = <i32>(b - r.skeleton)
  const dx = (i % r.paddedWidth) - (j % r.paddedWidth)
  const dy = i / r.paddedWidth - j / r.paddedWidth
  return dx * dx + dy * dy <= reach * reach
}

/** Breaks (two endings of one ridge that face each other) and minutiae on top of each other, in raster order. */
function checkPairs(r: Extraction, i: i32): void {
  const a = at(r, i)
  for (let j = i + 1; j < r.count; j++) {
    const b = at(r, j)
    if (b.y - a.y > BREAK_PX) return
    if (a.quality == REMOVED && b.quality == REMOVED) continue
    const dx = <f32>(b.x - a.x)
    const dy = <f32>(a.y - b.y)
    const distance = Mathf.sqrt(dx * dx + dy * dy)
    if (distance > <f32>BREAK_PX) continue
    if (distance < <f32>CLOSE_PX || (a.type == 1 && b.type == 1 && faceEachOther(a, b, dx, dy, distance))) {
      a.quality = REMOVED
      b.quality = REMOVED
    }
  }
}

/** Opposite directions, and the gap lies where both ridges would go on. */
function faceEachOther(a: Found, b: Found, dx: f32, dy: f32, distance: f32): bool {
  if (Mathf.cos(a.direction - b.direction) > -BREAK_TURN) return false
  const onward = -(dx * Mathf.cos(a.direction) + dy * Mathf.sin(a.direction)) / distance
  return onward > BREAK_TURN
}

/** Closes the gaps that removal left; keeps the MAX_MINUTIAE best, of equal ones the first, in raster order. */
function compact(r: Extraction): void {
  let threshold = 0
  while (survivors(r, threshold) > MAX_MINUTIAE) threshold++
  let room = MAX_MINUTIAE - survivors(r, threshold)
  let kept = 0
  for (let i = 0; i < r.count; i++) {
    const quality = at(r, i).quality
    if (quality < threshold || (quality == threshold && room == 0)) continue
    if (quality == threshold) room--
    memory.copy(r.candidates + FOUND_BYTES * <usize>kept, r.candidates + FOUND_BYTES * <usize>i, FOUND_BYTES)
    kept++
  }
  r.count = kept
}

function survivors(r: Extraction, threshold: i32): i32 {
  let count = 0
  for (let i = 0; i < r.count; i++) if (at(r, i).quality > threshold) count++
  return count
}
