/** Comparison of two records: codes, pairs, relaxation, fit, score. */
import { COMPARE_BEST, COMPARE_SIMILARITY } from '../memory'
import { bestFit } from './fit'
import { distinctPairs } from './pairs'
import { relax } from './relax'
import { combine, decibans } from './score'
import { codeSimilarities } from './similarity'

/**
 * Score of two records: decibans of evidence that they are of one finger, 0 and up, the same whichever is named first.
 * `scratch`: COMPARE_BYTES.
 */
export function compareRecords(a: usize, b: usize, scratch: usize): f32 {
  return inOrder(a, b) ? compareOrdered(a, b, scratch) : compareOrdered(b, a, scratch)
}

/** Compares, then writes the pairs of the best fit at `out` as {u8 index in a, u8 index in b}. Returns how many. */
export function explainRecords(a: usize, b: usize, out: usize, scratch: usize): i32 {
  const ordered = inOrder(a, b)
  compareRecords(a, b, scratch)
  const count = <i32>load<u32>(scratch + COMPARE_BEST)
  for (let k = 0; k < count; k++) {
    const pair = load<u32>(scratch + COMPARE_BEST + ((<usize>(k + 1)) << 2))
    store<u8>(out + ((<usize>k) << 1), <u8>(ordered ? pair >> 8 : pair))
    store<u8>(out + ((<usize>k) << 1), <u8>(ordered ? pair : pair >> 8), 1)
  }
  return count
}

function compareOrdered(a: usize, b: usize, scratch: usize): f32 {
  store<u32>(scratch + COMPARE_BEST, 0)
  codeSimilarities(a, b, scratch + COMPARE_SIMILARITY)
  const pairs = distinctPairs(<i32>load<u16>(a), <i32>load<u16>(b), scratch)
  if (pairs === 0) return 0
  const relaxed = relax(a, b, pairs, scratch)
  return decibans(combine(relaxed, bestFit(a, b, pairs, scratch)))
}

/** Whether `a` comes before `b`: by number of minutiae, then by bytes. Makes the score symmetric bit for bit. */
function inOrder(a: usize, b: usize): bool {
  const na = load<u16>(a)
  const nb = load<u16>(b)
  if (na !== nb) return na < nb
  return memory.compare(a, b, <usize>load<u32>(a, 4)) <= 0
}
