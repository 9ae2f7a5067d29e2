/**
 * Skin stretches: a print that was pressed and twisted fits no single motion. Each minutia is looked for where the pairs
 * round it say that it has gone, less sure the farther the nearest of them is; what is found so carries the search on.
 */
import { collectLearned, pairUp } from '../math/close-pairs'
import { fitMotion } from '../math/motion'
import {
  COMPARE_BEFORE,
  COMPARE_FIELD,
  COMPARE_FOUR,
  COMPARE_MATCHED,
  COMPARE_POINTS_A,
  COMPARE_POINTS_B,
  MATCHED_COUNT,
  MATCHED_PAIRS,
  POINTS_COUNT,
  POINTS_DIRECTION,
  POINTS_Y,
} from '../memory'
import {
  STRETCH_MOST_PX,
  STRETCH_PX,
  STRETCH_REACH,
  STRETCH_RIGID,
  STRETCH_ROUNDS,
  STRETCH_SLACK,
  STRETCH_TURN,
} from '../parameters'

const TURNS: f32 = 128 / Mathf.PI
/** Farther than any two minutiae of a record, squared px. */
const NONE: f32 = 1e10

/** Pairs anew from the alignment at COMPARE_MATCHED; returns how many there are. */
export function stretchAlignment(scratch: usize): i32 {
  const matched = scratch + COMPARE_MATCHED + MATCHED_PAIRS
  let count = <i32>load<u32>(scratch, COMPARE_MATCHED + MATCHED_COUNT)
  for (let round = 0; round < STRETCH_ROUNDS && count >= 2; round++) {
    const before = count
    memory.copy(scratch + COMPARE_BEFORE, matched, (<usize>before) << 3)
    displacements(count, scratch)
    count = pairUp(closePairs(count, scratch), scratch)
    // The motion was fitted to these pairs: every further round would find them again.
    if (count === before && memory.compare(scratch + COMPARE_BEFORE, matched, (<usize>count) << 3) === 0) break
    if (count >= 2) fitMotion(count, scratch)
  }
  return count
}

/** Writes COMPARE_FIELD: where each pair is in a, and by how much b is off the motion there. */
function displacements(count: i32, scratch: usize): void {
  const c = load<f32>(scratch, COMPARE_MATCHED)
  const s = load<f32>(scratch, COMPARE_MATCHED + 4)
  const tx = load<f32>(scratch, COMPARE_MATCHED + 8)
  const ty = load<f32>(scratch, COMPARE_MATCHED + 12)
  for (let k = 0; k < count; k++) {
    const pair = load<u32>(scratch + COMPARE_MATCHED + MATCHED_PAIRS + ((<usize>k) << 3), 4)
    const a = scratch + COMPARE_POINTS_A + ((<usize>(pair >> 8)) << 2)
    const b = scratch + COMPARE_POINTS_B + ((<usize>(pair & 255)) << 2)
    const x = load<f32>(a)
    const y = load<f32>(a, POINTS_Y)
    const at = scratch + COMPARE_FIELD + ((<usize>k) << 4)
    store<f32>(at, x)
    store<f32>(at, y, 4)
    store<f32>(at, load<f32>(b) - (c * x + s * y + tx), 8)
    store<f32>(at, load<f32>(b, POINTS_Y) - (c * y - s * x + ty), 12)
  }
}

/** Writes COMPARE_CLOSE: what falls together, four minutiae of a at once. Returns how many. */
function closePairs(pairs: i32, scratch: usize): i32 {
  const a = scratch + COMPARE_POINTS_A
  const na = load<u32>(a, POINTS_COUNT)
  const turn = Mathf.atan2(load<f32>(scratch, COMPARE_MATCHED + 4), load<f32>(scratch, COMPARE_MATCHED)) * TURNS
  let count = 0
  for (let i: u32 = 0; i < na; i += 4) {
    fourPlaces(i, pairs, scratch)
    const last = min(na, i + 4)
    for (let k = i; k < last; k++) {
      const four = scratch + COMPARE_FOUR + ((<usize>(k - i)) << 2)
      const direction = <f32>load<u8>(a + POINTS_DIRECTION + <usize>k) + turn
      const limit = load<f32>(four, 32)
      count = collectLearned(k, load<f32>(four), load<f32>(four, 16), limit, direction, STRETCH_TURN, count, scratch)
    }
  }
  return count
}

/** Writes COMPARE_FOUR: where the minutiae of a from the `i`-th on have gone, x and y, and how far off each may be. */
function fourPlaces(i: u32, pairs: i32, scratch: usize): void {
  const points = scratch + COMPARE_POINTS_A + ((<usize>i) << 2)
  const x = v128.load(points)
  const y = v128.load(points, POINTS_Y)
  const one = f32x4.splat(1)
  const own = i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3))
  let weight = f32x4.splat(STRETCH_RIGID)
  let byX = f32x4.splat(0)
  let byY = f32x4.splat(0)
  let nearest = f32x4.splat(NONE)
  for (let k = 0; k < pairs; k++) {
    const pair = load<u32>(scratch + COMPARE_MATCHED + MATCHED_PAIRS + ((<usize>k) << 3), 4)
    // A pair must not vouch for itself.
    const others = v128.not(i32x4.eq(own, i32x4.splat(pair >> 8)))
    const at = scratch + COMPARE_FIELD + ((<usize>k) << 4)
    const dx = f32x4.sub(x, v128.load32_splat(at))
    const dy = f32x4.sub(y, v128.load32_splat(at, 4))
    const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy))
    const reach = f32x4.mul(squared, f32x4.splat(1 / (STRETCH_REACH * STRETCH_REACH)))
    const near = f32x4.div(one, f32x4.add(one, reach))
    const share = v128.and(f32x4.mul(f32x4.mul(near, near), near), others)
    weight = f32x4.add(weight, share)
    byX = f32x4.add(byX, f32x4.mul(share, v128.load32_splat(at, 8)))
    byY = f32x4.add(byY, f32x4.mul(share, v128.load32_splat(at, 12)))
    nearest = v128.bitselect(f32x4.min(nearest, squared), nearest, others)
  }
  const c = v128.load32_splat(scratch, COMPARE_MATCHED)
  const s = v128.load32_splat(scratch, COMPARE_MATCHED + 4)
  const alongX = f32x4.add(f32x4.add(f32x4.mul(c, x), f32x4.mul(s, y)), v128.load32_splat(scratch, COMPARE_MATCHED + 8))
  const alongY = f32x4.add(
    f32x4.sub(f32x4.mul(c, y), f32x4.mul(s, x)),
    v128.load32_splat(scratch, COMPARE_MATCHED + 12),
  )
  const slack = f32x4.add(f32x4.splat(STRETCH_PX), f32x4.mul(f32x4.splat(STRETCH_SLACK), f32x4.sqrt(nearest)))
  const four = scratch + COMPARE_FOUR
  v128.store(four, f32x4.add(alongX, f32x4.div(byX, weight)))
  v128.store(four, f32x4.add(alongY, f32x4.div(byY, weight)), 16)
  v128.store(four, f32x4.min(f32x4.splat(STRETCH_MOST_PX), slack), 32)
}
