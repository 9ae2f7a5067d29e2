/**
 * Similarity of learned codes: the cosine of the two as vectors of +-1, 1 - 2 x bits that differ / 128, centred. Codes
 * of one sensor or of one kind of skin resemble each other whatever the finger (fvc2002-db4b: 0.09 on average), so what a
 * minutia has in common with all of the other print says nothing: with r and q the means of its row and column and m that
 * of all, (cosine - t) / (1 - t) where t = r + q - m. From LEARNED_FLOOR, where they say nothing, to 1.
 */
import { bitsThatDiffer } from '../math/codes'
import { COMPARE_MEANS, recordLearned } from '../memory'
import { LEARNED_CENTRE_MOST, LEARNED_FLOOR } from '../parameters'

/** Bits that unrelated codes differ in: cosine 0. */
const HALF: f32 = 64

/** Writes f32 similarities of every minutia of `a` with every one of `b` at `out`, row by row: at most 1. */
export function learnedSimilarities(a: usize, b: usize, out: usize, scratch: usize): void {
  const na = <i32>load<u16>(a)
  const nb = <i32>load<u16>(b)
  const rows = scratch + COMPARE_MEANS
  const columns = rows + 1024
  const all = countBits(a, b, na, nb, out, rows, columns)
  // Differing bits to what they take off a cosine, on average over a row, a column, all.
  const ofRow: f32 = 1 / (HALF * <f32>nb)
  const ofColumn: f32 = 1 / (HALF * <f32>na)
  const mean: f32 = 1 - (<f32>all * ofRow) / <f32>na
  let to = out
  for (let i = 0; i < na; i++) {
    const row: f32 = 1 - <f32>load<u32>(rows + ((<usize>i) << 2)) * ofRow - mean
    for (let j = 0; j < nb; j++) {
      const column: f32 = 1 - <f32>load<u32>(columns + ((<usize>j) << 2)) * ofColumn
      const common = min<f32>(LEARNED_CENTRE_MOST, row + column)
      const cosine: f32 = 1 - <f32>load<u32>(to) * (1 / HALF)
      const centred = (cosine - common) / (1 - common)
      store<f32>(to, (centred - LEARNED_FLOOR) * (1 / (1 - LEARNED_FLOOR)))
      to += 4
    }
  }
}

/** Writes u32 differing bits at `out` and their sums by row and by column; returns the sum of all. */
function countBits(a: usize, b: usize, na: i32, nb: i32, out: usize, rows: usize, columns: usize): u32 {
  const codesB = b + <usize>recordLearned(nb)
  memory.fill(columns, 0, (<usize>nb) << 2)
  let to = out
  let all: u32 = 0
  for (let i = 0; i < na; i++) {
    const code = a + <usize>recordLearned(na) + ((<usize>i) << 4)
    const low = load<u64>(code)
    const high = load<u64>(code, 8)
    let sum: u32 = 0
    for (let j: usize = 0; j < <usize>nb; j++) {
      const other = codesB + (j << 4)
      const differ = bitsThatDiffer(low, high, other)
      store<u32>(to, differ)
      store<u32>(columns + (j << 2), load<u32>(columns + (j << 2)) + differ)
      sum += differ
      to += 4
    }
    store<u32>(rows + ((<usize>i) << 2), sum)
    all += sum
  }
  return all
}
