/** Comparison of two records: codes, pairs, relaxation, alignments, score. */
import { ensureGeometry } from '../describe/geometric'
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
  geometricCodes,
  MATCHED_BYTES,
  MATCHED_COUNT,
  MATCHED_PAIRS,
  recordLearned,
  recordX,
  recordY,
  shareNetwork,
} from '../memory'
import { SEEDS } from '../parameters'
import { alignFrom } from './align'
import { judgeAlignment } from './judge'
import { learnedRows } from './learned-rows'
import { learnedSimilarities } from './learned-similarity'
import { candidatePairs } from './pairs'
import { unpackPoints } from './points'
import { relax } from './relax'
import { combine, decibans } from './score'
import { codeSimilarities } from './similarity'
import { stretchAlignment } from './stretch'

/** In place of a seed: no pair is that. */
const USED_UP: u32 = 0xffffffff

/**
 * Score of two records: decibans of evidence that they are of one finger, 0 and up, the same whichever is named first.
 * By their learned codes where one network made both, else by the geometric ones. `scratch`: COMPARE_BYTES, 16-byte
 * aligned.
 */
export function compareRecords(a: usize, b: usize, scratch: usize): f32 {
  return decibans(similarityOf(a, b, scratch), shareNetwork(a, b))
}

/** The same before calibration: 0 and up, without a unit. */
export function similarityOf(a: usize, b: usize, scratch: usize): f32 {
  const learned = shareNetwork(a, b)
  if (!learned) {
    ensureGeometry(a, scratch)
    ensureGeometry(b, scratch)
  }
  return inOrder(a, b, learned) ? compareOrdered(a, b, learned, scratch) : compareOrdered(b, a, learned, scratch)
}

/** Compares, then writes the pairs of the best alignment at `out` as {u8 index in a, u8 index in b}; returns how many. */
export function explainRecords(a: usize, b: usize, out: usize, scratch: usize): i32 {
  const ordered = inOrder(a, b, shareNetwork(a, b))
  compareRecords(a, b, scratch)
  const count = <i32>load<u32>(scratch, COMPARE_BEST + MATCHED_COUNT)
  for (let k = 0; k < count; k++) {
    const pair = load<u32>(scratch + COMPARE_BEST + MATCHED_PAIRS + ((<usize>k) << 3), 4)
    store<u8>(out + ((<usize>k) << 1), <u8>(ordered ? pair >> 8 : pair))
    store<u8>(out + ((<usize>k) << 1), <u8>(ordered ? pair : pair >> 8), 1)
  }
  return count
}

function compareOrdered(a: usize, b: usize, learned: bool, scratch: usize): f32 {
  const na = <i32>load<u16>(a)
  const nb = <i32>load<u16>(b)
  store<u32>(scratch, 0, COMPARE_BEST + MATCHED_COUNT)
  if (learned) learnedSimilarities(a, b, scratch + COMPARE_SIMILARITY, scratch)
  else codeSimilarities(a, b, scratch + COMPARE_SIMILARITY)
  const pairs = candidatePairs(na, nb, learned, scratch)
  if (pairs < 2) return 0
  unpackPoints(a, scratch + COMPARE_POINTS_A)
  unpackPoints(b, scratch + COMPARE_POINTS_B)
  const relaxed = relax(pairs, min(na, nb), scratch)
  if (learned) learnedRows(na, b, nb, scratch)
  convexHull(a + <usize>recordX(), a + <usize>recordY(na), na, scratch + COMPARE_HULL_A)
  convexHull(b + <usize>recordX(), b + <usize>recordY(nb), nb, scratch + COMPARE_HULL_B)
  return combine(relaxed, bestAlignment(min(SEEDS, pairs), learned, scratch))
}

/** Value of the best alignment, which is left at COMPARE_BEST; 0 when there is none. */
function bestAlignment(seeds: i32, learned: bool, scratch: usize): f32 {
  let best: f32 = 0
  for (let s = 0; s < seeds; s++) {
    const seed = load<u32>(scratch + COMPARE_SEEDS + ((<usize>s) << 2))
    if (seed === USED_UP || alignFrom(seed, learned, scratch) < 2) continue
    if (learned && stretchAlignment(scratch) < 2) continue
    if (learned) useUp(s + 1, seeds, scratch)
    const value = judgeAlignment(learned, scratch)
    if (value <= best) continue
    best = value
    memory.copy(scratch + COMPARE_BEST, scratch + COMPARE_MATCHED, MATCHED_BYTES)
  }
  return best
}

/** Seeds that the alignment at COMPARE_MATCHED pairs would lead to it again. */
function useUp(first: i32, seeds: i32, scratch: usize): void {
  const count = <i32>load<u32>(scratch, COMPARE_MATCHED + MATCHED_COUNT)
  for (let s = first; s < seeds; s++) {
    const seed = scratch + COMPARE_SEEDS + ((<usize>s) << 2)
    for (let k = 0; k < count; k++) {
      const pair = load<u32>(scratch + COMPARE_MATCHED + MATCHED_PAIRS + ((<usize>k) << 3), 4)
      if (pair === load<u32>(seed)) store<u32>(seed, USED_UP)
    }
  }
}

/**
 * Whether `a` comes before `b`: by number of minutiae, then by what is compared. Makes the score symmetric bit for bit,
 * whatever else the records hold.
 */
function inOrder(a: usize, b: usize, learned: bool): bool {
  const na = <i32>load<u16>(a)
  const nb = <i32>load<u16>(b)
  if (na !== nb) return na < nb
  const places = memory.compare(a + <usize>recordX(), b + <usize>recordX(), <usize>na * 5)
  if (places !== 0) return places < 0
  if (learned) {
    const codes = <usize>recordLearned(na)
    return memory.compare(a + codes, b + codes, (<usize>na) << 4) <= 0
  }
  return memory.compare(geometricCodes(a), geometricCodes(b), <usize>na * 20) <= 0
}
