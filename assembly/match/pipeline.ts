/** Comparison of two records: codes, pairs, relaxation, alignments, score. */
import { convexHull } from '../math/hull'
import {
  COMPARE_BEST,
  COMPARE_HULL_A,
  COMPARE_HULL_B,
  COMPARE_MATCHED,
  COMPARE_POINTS_A,
  COMPARE_POINTS_B,
  COMPARE_SEEDS,
  COMPARE_SIMILARITY,
  MATCHED_BYTES,
  MATCHED_COUNT,
  MATCHED_PAIRS,
  recordX,
  recordY,
} from '../memory'
import { SEEDS } from '../parameters'
import { alignFrom } from './align'
import { judgeAlignment } from './judge'
import { candidatePairs } from './pairs'
import { unpackPoints } from './points'
import { relax } from './relax'
import { combine, decibans } from './score'
import { codeSimilarities } from './similarity'

/**
 * Score of two records: decibans of evidence that they are of one finger, 0 and up, the same whichever is named first.
 * `scratch`: COMPARE_BYTES, 16-byte aligned.
 */
export function compareRecords(a: usize, b: usize, scratch: usize): f32 {
  return decibans(similarityOf(a, b, scratch))
}

/** The same before calibration: 0 and up, without a unit. */
export function similarityOf(a: usize, b: usize, scratch: usize): f32 {
  return inOrder(a, b) ? compareOrdered(a, b, scratch) : compareOrdered(b, a, scratch)
}

/** Compares, then writes the pairs of the best alignment at `out` as {u8 index in a, u8 index in b}; returns how many. */
export function explainRecords(a: usize, b: usize, out: usize, scratch: usize): i32 {
  const ordered = inOrder(a, b)
  compareRecords(a, b, scratch)
  const count = <i32>load<u32>(scratch, COMPARE_BEST + MATCHED_COUNT)
  for (let k = 0; k < count; k++) {
    const pair = load<u32>(scratch + COMPARE_BEST + MATCHED_PAIRS + ((<usize>k) << 3), 4)
    store<u8>(out + ((<usize>k) << 1), <u8>(ordered ? pair >> 8 : pair))
    store<u8>(out + ((<usize>k) << 1), <u8>(ordered ? pair : pair >> 8), 1)
  }
  return count
}

function compareOrdered(a: usize, b: usize, scratch: usize): f32 {
  const na = <i32>load<u16>(a)
  const nb = <i32>load<u16>(b)
  store<u32>(scratch, 0, COMPARE_BEST + MATCHED_COUNT)
  codeSimilarities(a, b, scratch + COMPARE_SIMILARITY)
  const pairs = candidatePairs(na, nb, scratch)
  if (pairs < 2) return 0
  unpackPoints(a, scratch + COMPARE_POINTS_A)
  unpackPoints(b, scratch + COMPARE_POINTS_B)
  const relaxed = relax(pairs, min(na, nb), scratch)
  convexHull(a + <usize>recordX(na), a + <usize>recordY(na), na, scratch + COMPARE_HULL_A)
  convexHull(b + <usize>recordX(nb), b + <usize>recordY(nb), nb, scratch + COMPARE_HULL_B)
  let aligned: f32 = 0
  for (let s = 0; s < min(SEEDS, pairs); s++) {
    if (alignFrom(load<u32>(scratch + COMPARE_SEEDS + ((<usize>s) << 2)), scratch) < 2) continue
    const value = judgeAlignment(scratch)
    if (value <= aligned) continue
    aligned = value
    memory.copy(scratch + COMPARE_BEST, scratch + COMPARE_MATCHED, MATCHED_BYTES)
  }
  return combine(relaxed, aligned)
}

/** Whether `a` comes before `b`: by number of minutiae, then by bytes. Makes the score symmetric bit for bit. */
function inOrder(a: usize, b: usize): bool {
  const na = load<u16>(a)
  const nb = load<u16>(b)
  if (na !== nb) return na < nb
  return memory.compare(a, b, <usize>load<u32>(a, 4)) <= 0
}
