/** Minutiae that fall together under an alignment, and which of them are taken for pairs. */
import {
  COMPARE_CLOSE,
  COMPARE_COUNTS,
  COMPARE_MATCHED,
  COMPARE_NAMES,
  COMPARE_ORDER,
  COMPARE_POINTS_B,
  COMPARE_SIMILARITY,
  COMPARE_SORTING,
  COMPARE_USED,
  MATCHED_COUNT,
  MATCHED_EVIDENCE,
  MATCHED_PAIRS,
  MAX_CLOSE,
  POINTS_COUNT,
  POINTS_DIRECTION,
  POINTS_Y,
} from '../memory'
import { EVIDENCE_BASE, EVIDENCE_FALL, EVIDENCE_NO_CODE } from '../parameters'

/** Entries that are sorted as they come, a power of 2; a list of most alignments is no longer than a few of them. */
const RUN: i32 = 32

/**
 * Adds to COMPARE_CLOSE, which holds `count`, the minutiae of b that lie within `limit` px of
 * (x, y) and point within `turnLimit` of `direction` (256ths of a turn): where minutia `i` of a should be. Returns how
 * many it holds now. By their geometric codes.
 */
export function collectClose(
  i: u32,
  x: f32,
  y: f32,
  limit: f32,
  direction: f32,
  turnLimit: f32,
  count: i32,
  scratch: usize,
): i32 {
  const b = scratch + COMPARE_POINTS_B
  const nb = load<u32>(b, POINTS_COUNT)
  const row = scratch + COMPARE_SIMILARITY + ((<usize>(i * nb)) << 2)
  const toX = f32x4.splat(x)
  const toY = f32x4.splat(y)
  const within = limit * limit
  for (let j: u32 = 0; j < nb; j += 4) {
    const dx = f32x4.sub(v128.load(b + ((<usize>j) << 2)), toX)
    const dy = f32x4.sub(v128.load(b + ((<usize>j) << 2), POINTS_Y), toY)
    const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy))
    let near = i32x4.bitmask(f32x4.le(squared, f32x4.splat(within)))
    while (near) {
      const k = j + <u32>ctz(near)
      near &= near - 1
      if (!points(b, k, direction, turnLimit) || count === MAX_CLOSE) continue
      const similarity = load<f32>(row + ((<usize>k) << 2))
      const ex = load<f32>(b + ((<usize>k) << 2)) - x
      const ey = load<f32>(b + ((<usize>k) << 2), POINTS_Y) - y
      const evidence = geometricEvidence(similarity, (ex * ex + ey * ey) / within)
      if (evidence <= 0) continue
      insert(scratch + COMPARE_CLOSE, count, evidence, (i << 8) | k)
      count++
    }
  }
  return count
}

/** The same among those of a row (match/learned-rows.ts), by their learned codes. */
export function collectLearned(
  i: u32,
  x: f32,
  y: f32,
  limit: f32,
  direction: f32,
  turnLimit: f32,
  count: i32,
  scratch: usize,
): i32 {
  const b = scratch + COMPARE_POINTS_B
  const start = <usize>(i * load<u32>(b, POINTS_COUNT))
  const places = scratch + COMPARE_ORDER + (start << 2)
  const length = load<u32>(scratch + COMPARE_COUNTS + ((<usize>i) << 2))
  const within = f32x4.splat(limit * limit)
  for (let m: u32 = 0; m < length; m += 4) {
    const four = v128.load(places + ((<usize>m) << 2))
    const dx = f32x4.sub(f32x4.convert_i32x4_s(i32x4.shr_s(i32x4.shl(four, 16), 16)), f32x4.splat(x))
    const dy = f32x4.sub(f32x4.convert_i32x4_s(i32x4.shr_s(four, 16)), f32x4.splat(y))
    const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy))
    const near = i32x4.bitmask(f32x4.le(squared, within))
    for (let left = near & ((1 << min<u32>(4, length - m)) - 1); left; left &= left - 1) {
      const at = start + <usize>m + <usize>ctz(left)
      const k = load<u8>(scratch + COMPARE_NAMES + at)
      if (!points(b, k, direction, turnLimit) || count === MAX_CLOSE) continue
      insert(scratch + COMPARE_CLOSE, count, load<f32>(scratch + COMPARE_SIMILARITY + (at << 2)), (i << 8) | <u32>k)
      count++
    }
  }
  return count
}

/** Whether the `k`-th of `b` points within `turnLimit` of `direction`, 256ths of a turn. */
function points(b: usize, k: u32, direction: f32, turnLimit: f32): bool {
  const off = <f32>load<u8>(b + POINTS_DIRECTION + <usize>k) - direction
  return abs(off - 256 * nearest<f32>(off * (1.0 / 256.0))) <= turnLimit
}

/** That two minutiae fall together says more than that their geometric codes agree; `far`: 0, at the rim 1. */
function geometricEvidence(similarity: f32, far: f32): f32 {
  return (similarity < 0 ? EVIDENCE_NO_CODE : EVIDENCE_BASE + similarity) * (1 - EVIDENCE_FALL * far)
}

/** Adds to a list of which each {@link RUN} entries are sorted, equal ones in the order in which they came. */
function insert(list: usize, count: i32, evidence: f32, pair: u32): void {
  const first = list + ((<usize>(count & ~(RUN - 1))) << 3)
  let at = list + ((<usize>count) << 3)
  while (at > first && load<f32>(at - 8) < evidence) {
    store<u64>(at, load<u64>(at - 8))
    at -= 8
  }
  store<f32>(at, evidence)
  store<u32>(at, pair, 4)
}

/** Sorts COMPARE_CLOSE as a whole: two neighbouring runs become one, until there is one. */
function mergeRuns(count: i32, scratch: usize): void {
  const list = scratch + COMPARE_CLOSE
  for (let run = RUN; run < count; run <<= 1) {
    for (let first = 0; first + run < count; first += run << 1) {
      merge(list + ((<usize>first) << 3), run, min(run, count - first - run), scratch + COMPARE_SORTING)
    }
  }
}

/** Merges `left` sorted entries of a list with the `right` ones behind them; of equal ones, the left comes first. */
function merge(list: usize, left: i32, right: i32, copy: usize): void {
  memory.copy(copy, list, (<usize>left) << 3)
  const copyEnd = copy + ((<usize>left) << 3)
  let second = list + ((<usize>left) << 3)
  const secondEnd = second + ((<usize>right) << 3)
  let to = list
  while (copy < copyEnd) {
    if (second < secondEnd && load<f32>(second) > load<f32>(copy)) {
      store<u64>(to, load<u64>(second))
      second += 8
    } else {
      store<u64>(to, load<u64>(copy))
      copy += 8
    }
    to += 8
  }
}

/** Takes pairs of COMPARE_CLOSE from the strongest down, each minutia once, into MATCHED; returns how many. */
export function pairUp(close: i32, scratch: usize): i32 {
  mergeRuns(close, scratch)
  const usedA = scratch + COMPARE_USED
  const usedB = usedA + 256
  const matched = scratch + COMPARE_MATCHED
  memory.fill(usedA, 0, 512)
  let count = 0
  let evidence: f32 = 0
  for (let k = 0; k < close; k++) {
    const entry = scratch + COMPARE_CLOSE + ((<usize>k) << 3)
    const pair = load<u32>(entry, 4)
    const i = <usize>(pair >> 8)
    const j = <usize>(pair & 255)
    if (load<u8>(usedA + i) | load<u8>(usedB + j)) continue
    store<u8>(usedA + i, 1)
    store<u8>(usedB + j, 1)
    store<u64>(matched + MATCHED_PAIRS + ((<usize>count) << 3), load<u64>(entry))
    evidence += load<f32>(entry)
    count++
  }
  store<f32>(matched, evidence, MATCHED_EVIDENCE)
  store<u32>(matched, <u32>count, MATCHED_COUNT)
  return count
}
