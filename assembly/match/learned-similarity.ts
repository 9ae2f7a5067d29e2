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
    let j = 0
    for (; j < nb - 3; j += 4, to += 16) {
      v128.store(to, fourCentred(v128.load(to), v128.load(columns + ((<usize>j) << 2)), row, ofColumn))
    }
    for (; j < nb; j++, to += 4) {
      const one = fourCentred(v128.load32_zero(to), v128.load32_zero(columns + ((<usize>j) << 2)), row, ofColumn)
      store<f32>(to, f32x4.extract_lane(one, 0))
    }
  }
}

/** Similarities of four minutiae of b with one of a, from their differing bits and the sums of these by column. */
function fourCentred(differ: v128, sums: v128, row: f32, ofColumn: f32): v128 {
  const one = f32x4.splat(1)
  const column = f32x4.sub(one, f32x4.mul(f32x4.convert_i32x4_u(sums), f32x4.splat(ofColumn)))
  const common = f32x4.min(f32x4.splat(LEARNED_CENTRE_MOST), f32x4.add(f32x4.splat(row), column))
  const cosine = f32x4.sub(one, f32x4.mul(f32x4.convert_i32x4_u(differ), f32x4.splat(1 / HALF)))
  const centred = f32x4.div(f32x4.sub(cosine, common), f32x4.sub(one, common))
  return f32x4.mul(f32x4.sub(centred, f32x4.splat(LEARNED_FLOOR)), f32x4.splat(1 / (1 - LEARNED_FLOOR)))
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
