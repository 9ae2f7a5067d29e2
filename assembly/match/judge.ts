/**
 * What an alignment is worth: its evidence in proportion to the minutiae that could have been paired, how far the
 * paired ones agree among each other, and how far the print was turned.
 */
import { agreeWithFour, unpackPairs } from '../math/agreement'
import { nearHull4 } from '../math/hull'
import {
  COMPARE_FOUR,
  COMPARE_HULL_A,
  COMPARE_HULL_B,
  COMPARE_MATCHED,
  COMPARE_POINTS_A,
  COMPARE_POINTS_B,
  MATCHED_COUNT,
  MATCHED_EVIDENCE,
  MATCHED_PAIRS,
  POINTS_COUNT,
  POINTS_Y,
} from '../memory'
import {
  CONSISTENCY_FLOOR,
  CONSISTENCY_OVERLAP,
  OVERLAP_MARGIN,
  OVERLAP_MIN,
  ROTATION_LIMIT,
  ROTATION_LOSS,
} from '../parameters'

/** Value of the alignment at COMPARE_MATCHED, 0 and up. */
export function judgeAlignment(learned: bool, scratch: usize): f32 {
  const motion = scratch + COMPARE_MATCHED
  const c = load<f32>(motion)
  const s = load<f32>(motion, 4)
  const tx = load<f32>(motion, 8)
  const ty = load<f32>(motion, 12)
  const four = scratch + COMPARE_FOUR
  const ofA = overlap(scratch + COMPARE_POINTS_A, scratch + COMPARE_HULL_B, c, s, tx, ty, four)
  const ofB = overlap(
    scratch + COMPARE_POINTS_B,
    scratch + COMPARE_HULL_A,
    c,
    -s,
    s * ty - c * tx,
    -(s * tx + c * ty),
    four,
  )
  // Evidence x share^3, to the power of a quarter each way: evidence / overlap^(3/4).
  const possible = sqrt<f32>(max(OVERLAP_MIN, ofA) * max(OVERLAP_MIN, ofB))
  const value = load<f32>(motion, MATCHED_EVIDENCE) / sqrt<f32>(possible * sqrt<f32>(possible))
  // Learned codes that agree are proof enough, and stretched skin turns this against the true mate.
  if (learned) return value
  const consistency = agreements(scratch) / (sqrt<f32>(ofA * ofB) + CONSISTENCY_OVERLAP)
  const turn = Mathf.atan2(s, c)
  return (
    value * sqrt<f32>(consistency + CONSISTENCY_FLOOR) * Mathf.exp(-ROTATION_LOSS * min(ROTATION_LIMIT, turn * turn))
  )
}

/** Minutiae that the motion brings into the other print's hull. */
function overlap(points: usize, hull: usize, c: f32, s: f32, tx: f32, ty: f32, four: usize): f32 {
  const n = load<u32>(points, POINTS_COUNT)
  const cosines = f32x4.splat(c)
  const sines = f32x4.splat(s)
  let count: u32 = 0
  for (let i: u32 = 0; i < n; i += 4) {
    const x = v128.load(points + ((<usize>i) << 2))
    const y = v128.load(points + ((<usize>i) << 2), POINTS_Y)
    const toX = f32x4.add(f32x4.add(f32x4.mul(cosines, x), f32x4.mul(sines, y)), f32x4.splat(tx))
    const toY = f32x4.add(f32x4.sub(f32x4.mul(cosines, y), f32x4.mul(sines, x)), f32x4.splat(ty))
    v128.store(four, toX)
    v128.store(four, toY, 16)
    // The rest of the last four lies nowhere, and in no hull.
    count += popcnt(nearHull4(hull, four, OVERLAP_MARGIN))
  }
  return <f32>count
}

/** Sum over all ordered couples of matched pairs. */
function agreements(scratch: usize): f32 {
  const count = <i32>load<u32>(scratch, COMPARE_MATCHED + MATCHED_COUNT)
  unpackPairs(scratch + COMPARE_MATCHED + MATCHED_PAIRS + 4, 8, count, scratch)
  let sum: f32 = 0
  for (let t = 1; t < count; t++) {
    for (let k = 0; k < t; k += 4) {
      if (!agreeWithFour(t, k, scratch)) continue
      const before = min(4, t - k)
      for (let i = 0; i < before; i++) sum += load<f32>(scratch + COMPARE_FOUR + ((<usize>i) << 2))
    }
  }
  return 2 * sum
}
