/** Candidate pairs: the most similar codes first, each minutia once or a few times at most. */
import {
  COMPARE_BUCKETS,
  COMPARE_INITIAL,
  COMPARE_ORDER,
  COMPARE_PAIRS,
  COMPARE_SIMILARITY,
  COMPARE_USED,
  MAX_PAIRS,
} from '../memory'
import { LEARNED_PAIRS_PER_MINUTIA, PAIRS_PER_MINUTIA, SIMILARITY_FLOOR } from '../parameters'

const LEVELS: i32 = 256

/** Fills COMPARE_PAIRS and COMPARE_INITIAL from COMPARE_SIMILARITY and returns how many pairs there are. */
export function candidatePairs(na: i32, nb: i32, learned: bool, scratch: usize): i32 {
  const most = learned ? LEARNED_PAIRS_PER_MINUTIA : PAIRS_PER_MINUTIA
  const total = sortBySimilarity(na, nb, scratch)
  const usedA = scratch + COMPARE_USED
  const usedB = usedA + 256
  memory.fill(usedA, 0, 512)
  let count = 0
  for (let k = 0; k < total && count < MAX_PAIRS; k++) {
    const pair = load<u32>(scratch + COMPARE_ORDER + ((<usize>k) << 2))
    const i = <usize>(pair >> 8)
    const j = <usize>(pair & 255)
    const timesA = load<u8>(usedA + i)
    const timesB = load<u8>(usedB + j)
    if (timesA === most || timesB === most) continue
    store<u8>(usedA + i, timesA + 1)
    store<u8>(usedB + j, timesB + 1)
    const similarity = load<f32>(scratch + COMPARE_SIMILARITY + ((i * <usize>nb + j) << 2))
    store<u32>(scratch + COMPARE_PAIRS + ((<usize>count) << 2), pair)
    store<f32>(scratch + COMPARE_INITIAL + ((<usize>count) << 2), similarity)
    count++
  }
  return count
}

/** Counting sort into LEVELS steps of similarity, ties in the order of indices: writes COMPARE_ORDER. */
function sortBySimilarity(na: i32, nb: i32, scratch: usize): i32 {
  const buckets = scratch + COMPARE_BUCKETS
  memory.fill(buckets, 0, (<usize>(LEVELS + 1)) << 2)
  const pairs = na * nb
  const table = scratch + COMPARE_SIMILARITY
  let total = 0
  for (let k = 0; k < pairs; k += 4) {
    for (let above = fourAbove(table, k, pairs); above; above &= above - 1) {
      const similarity = load<f32>(table + ((<usize>(k + ctz(above))) << 2))
      const bucket = buckets + ((<usize>level(similarity)) << 2)
      store<u32>(bucket, load<u32>(bucket) + 1)
      total++
    }
  }
  let before: u32 = 0
  for (let k = 0; k < LEVELS; k++) {
    const bucket = buckets + ((<usize>k) << 2)
    const size = load<u32>(bucket)
    store<u32>(bucket, before)
    before += size
  }
  for (let i = 0; i < na; i++) {
    const row = table + ((<usize>(i * nb)) << 2)
    for (let j = 0; j < nb; j += 4) {
      for (let above = fourAbove(row, j, nb); above; above &= above - 1) {
        const k = j + ctz(above)
        const bucket = buckets + ((<usize>level(load<f32>(row + ((<usize>k) << 2)))) << 2)
        const position = load<u32>(bucket)
        store<u32>(bucket, position + 1)
        store<u32>(scratch + COMPARE_ORDER + ((<usize>position) << 2), <u32>((i << 8) | k))
      }
    }
  }
  return total
}

/** Which of four similarities from the `k`-th of a list of `count` on are worth a look: a bit each. */
function fourAbove(list: usize, k: i32, count: i32): i32 {
  const above = i32x4.bitmask(f32x4.gt(v128.load(list + ((<usize>k) << 2)), f32x4.splat(SIMILARITY_FLOOR)))
  return above & ((1 << min(4, count - k)) - 1)
}

/** 0 for the most similar. */
function level(similarity: f32): i32 {
  return LEVELS - 1 - min<i32>(LEVELS - 1, <i32>(similarity * <f32>LEVELS))
}
