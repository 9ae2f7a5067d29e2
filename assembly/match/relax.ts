/**
 * Relaxation: candidate pairs that agree in geometry raise each other (Cappelli, Ferrara, Maltoni, IEEE TPAMI 32(12)
 * 2010, LSS-R; here over pairs that are not yet distinct). Leaves the most consistent pairs as seeds.
 */
import { agreeWithFour, unpackPairs } from '../math/agreement'
import {
  COMPARE_AGREEMENT,
  COMPARE_FOUR,
  COMPARE_INITIAL,
  COMPARE_LEVEL,
  COMPARE_NEXT,
  COMPARE_PAIRS,
  COMPARE_SEEDS,
  COMPARE_USED,
  MAX_PAIRS,
} from '../memory'
import { RELAX_MIN_PAIRS, RELAX_MIN_SUPPORT, RELAX_MORE_PAIRS, RELAX_OWN, RELAX_ROUNDS, SEEDS } from '../parameters'

/** Mean level of the most consistent distinct pairs, 0 to 1; fills COMPARE_SEEDS. `minutiae`: of the smaller print. */
export function relax(pairs: i32, minutiae: i32, scratch: usize): f32 {
  agreements(pairs, scratch)
  // Rows are read four at a time: what lies beyond the last pair must be 0.
  memory.fill(scratch + COMPARE_LEVEL, 0, (<usize>MAX_PAIRS) << 2)
  memory.copy(scratch + COMPARE_LEVEL, scratch + COMPARE_INITIAL, (<usize>pairs) << 2)
  const share: f32 = (1 - RELAX_OWN) / <f32>max(RELAX_MIN_SUPPORT, minutiae - 1)
  for (let round = 0; round < RELAX_ROUNDS; round++) spread(pairs, share, scratch)
  pickSeeds(pairs, scratch)
  return meanOfBest(pairs, wantedPairs(minutiae), scratch)
}

/** Few minutiae, few pairs: a sigmoid with its middle at 20 minutiae. */
function wantedPairs(minutiae: i32): i32 {
  const share: f32 = 1 / (1 + Mathf.exp(-0.4 * (<f32>minutiae - 20)))
  return <i32>(RELAX_MIN_PAIRS + share * RELAX_MORE_PAIRS + 0.5)
}

/** Fills COMPARE_AGREEMENT: a row for each pair. */
function agreements(pairs: i32, scratch: usize): void {
  const table = scratch + COMPARE_AGREEMENT
  memory.fill(table, 0, (<usize>(pairs * MAX_PAIRS)) << 2)
  unpackPairs(scratch + COMPARE_PAIRS, 4, pairs, scratch)
  for (let t = 0; t < pairs; t++) {
    for (let k = (t + 1) & ~3; k < pairs; k += 4) {
      if (!agreeWithFour(t, k, scratch)) continue
      // Those of the four before the t-th are there already, and the same.
      v128.store(table + ((<usize>(t * MAX_PAIRS + k)) << 2), v128.load(scratch + COMPARE_FOUR))
      const last = min(k + 4, pairs)
      for (let other = max(k, t + 1); other < last; other++) {
        const value = load<f32>(scratch + COMPARE_FOUR + ((<usize>(other - k)) << 2))
        store<f32>(table + ((<usize>(other * MAX_PAIRS + t)) << 2), value)
      }
    }
  }
}

function spread(pairs: i32, share: f32, scratch: usize): void {
  const level = scratch + COMPARE_LEVEL
  const next = scratch + COMPARE_NEXT
  for (let t = 0; t < pairs; t++) {
    const row = scratch + COMPARE_AGREEMENT + ((<usize>(t * MAX_PAIRS)) << 2)
    let sums = f32x4.splat(0)
    for (let k: usize = 0; k < (<usize>pairs) << 2; k += 16) {
      sums = f32x4.add(sums, f32x4.mul(v128.load(row + k), v128.load(level + k)))
    }
    const sum =
      f32x4.extract_lane(sums, 0) +
      f32x4.extract_lane(sums, 1) +
      f32x4.extract_lane(sums, 2) +
      f32x4.extract_lane(sums, 3)
    store<f32>(next + ((<usize>t) << 2), RELAX_OWN * load<f32>(level + ((<usize>t) << 2)) + share * sum)
  }
  memory.copy(level, next, (<usize>pairs) << 2)
}

/** The SEEDS highest levels, highest first; ties to the earlier pair. COMPARE_NEXT is used up. */
function pickSeeds(pairs: i32, scratch: usize): void {
  const left = scratch + COMPARE_NEXT
  memory.copy(left, scratch + COMPARE_LEVEL, (<usize>pairs) << 2)
  for (let s = 0; s < min(SEEDS, pairs); s++) {
    const best = highest(left, pairs)
    store<f32>(left + ((<usize>best) << 2), -1)
    const pair = load<u32>(scratch + COMPARE_PAIRS + ((<usize>best) << 2))
    store<u32>(scratch + COMPARE_SEEDS + ((<usize>s) << 2), pair)
  }
}

/** The distinct pairs that kept most of their similarity: mean of their levels over `wanted`. */
function meanOfBest(pairs: i32, wanted: i32, scratch: usize): f32 {
  const efficiency = scratch + COMPARE_NEXT
  const usedA = scratch + COMPARE_USED
  const usedB = usedA + 256
  memory.fill(usedA, 0, 512)
  for (let t = 0; t < pairs; t++) {
    const at = (<usize>t) << 2
    store<f32>(efficiency + at, load<f32>(scratch + COMPARE_LEVEL + at) / load<f32>(scratch + COMPARE_INITIAL + at))
  }
  let sum: f32 = 0
  let taken = 0
  for (let k = 0; k < pairs && taken < wanted; k++) {
    const best = highest(efficiency, pairs)
    store<f32>(efficiency + ((<usize>best) << 2), -1)
    const pair = load<u32>(scratch + COMPARE_PAIRS + ((<usize>best) << 2))
    const i = <usize>(pair >> 8)
    const j = <usize>(pair & 255)
    if (load<u8>(usedA + i) | load<u8>(usedB + j)) continue
    store<u8>(usedA + i, 1)
    store<u8>(usedB + j, 1)
    sum += load<f32>(scratch + COMPARE_LEVEL + ((<usize>best) << 2))
    taken++
  }
  return sum / <f32>wanted
}

function highest(values: usize, count: i32): i32 {
  let best = 0
  for (let k = 1; k < count; k++) {
    if (load<f32>(values + ((<usize>k) << 2)) > load<f32>(values + ((<usize>best) << 2))) best = k
  }
  return best
}
