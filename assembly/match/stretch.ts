/**
 * Skin stretches: a print that was pressed and twisted fits no single motion. Each minutia is looked for where the pairs
 * round it say that it has gone, less sure the farther the nearest of them is; what is found so carries the search on.
 */
import { collectClose, pairUp } from '../math/close-pairs'
import { fitMotion } from '../math/motion'
import {
  COMPARE_FIELD,
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
  let count = <i32>load<u32>(scratch, COMPARE_MATCHED + MATCHED_COUNT)
  for (let round = 0; round < STRETCH_ROUNDS && count >= 2; round++) {
    displacements(count, scratch)
    count = pairUp(closePairs(count, scratch), scratch)
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

function closePairs(pairs: i32, scratch: usize): i32 {
  const a = scratch + COMPARE_POINTS_A
  const na = load<u32>(a, POINTS_COUNT)
  const c = load<f32>(scratch, COMPARE_MATCHED)
  const s = load<f32>(scratch, COMPARE_MATCHED + 4)
  const tx = load<f32>(scratch, COMPARE_MATCHED + 8)
  const ty = load<f32>(scratch, COMPARE_MATCHED + 12)
  const turn = Mathf.atan2(s, c) * TURNS
  let count = 0
  for (let i: u32 = 0; i < na; i++) {
    const x = load<f32>(a + ((<usize>i) << 2))
    const y = load<f32>(a + ((<usize>i) << 2), POINTS_Y)
    let weight: f32 = STRETCH_RIGID
    let byX: f32 = 0
    let byY: f32 = 0
    let nearest: f32 = NONE
    for (let k = 0; k < pairs; k++) {
      // A pair must not vouch for itself.
      if (load<u32>(scratch + COMPARE_MATCHED + MATCHED_PAIRS + ((<usize>k) << 3), 4) >> 8 === i) continue
      const at = scratch + COMPARE_FIELD + ((<usize>k) << 4)
      const dx = x - load<f32>(at)
      const dy = y - load<f32>(at, 4)
      const squared = dx * dx + dy * dy
      const near: f32 = 1 / (1 + squared * (1 / (STRETCH_REACH * STRETCH_REACH)))
      const share = near * near * near
      weight += share
      byX += share * load<f32>(at, 8)
      byY += share * load<f32>(at, 12)
      nearest = min(nearest, squared)
    }
    const limit = min(STRETCH_MOST_PX, STRETCH_PX + STRETCH_SLACK * sqrt<f32>(nearest))
    const toX = c * x + s * y + tx + byX / weight
    const toY = c * y - s * x + ty + byY / weight
    const direction = <f32>load<u8>(a + POINTS_DIRECTION + <usize>i) + turn
    count = collectClose(i, toX, toY, limit, direction, STRETCH_TURN, true, count, scratch)
  }
  return count
}
