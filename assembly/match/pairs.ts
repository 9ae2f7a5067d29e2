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
  let total = 0
  for (let k = 0; k < pairs; k++) {
    const similarity = load<f32>(scratch + COMPARE_SIMILARITY + ((<usize>k) << 2))
    if (similarity <= SIMILARITY_FLOOR) continue
    const bucket = buckets + ((<usize>level(similarity)) << 2)
    store<u32>(bucket, load<u32>(bucket) + 1)
    total++
  }
  let before: u32 = 0
  for (let k = 0; k < LEVELS; k++) {
    const bucket = buckets + ((<usize>k) << 2)
    const size = load<u32>(bucket)
    store<u32>(bucket, before)
    before += size
  }
  let at = scratch + COMPARE_SIMILARITY
  for (let i = 0; i < na; i++) {
    for (let j = 0; j < nb; j++, at += 4) {
      const similarity = load<f32>(at)
      if (similarity <= SIMILARITY_FLOOR) continue
      const bucket = buckets + ((<usize>level(similarity)) << 2)
      const position = load<u32>(bucket)
      store<u32>(bucket, position + 1)
      store<u32>(scratch + COMPARE_ORDER + ((<usize>position) << 2), <u32>((i << 8) | j))
    }
  }
  return total
}

/** 0 for the most similar. */
function level(similarity: f32): i32 {
  return LEVELS - 1 - min<i32>(LEVELS - 1, <i32>(similarity * <f32>LEVELS))
}
