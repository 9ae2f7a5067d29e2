/**
 * Rows of the minutiae of b whose learned codes agree with that of one of a: a sixth of all, and no others are ever
 * paired. Made once, as alignment looks through them for each of its seeds and rounds.
 *
 * Row i begins at i x minutiae of b in three tables: COMPARE_SIMILARITY has the evidence, COMPARE_ORDER {i16 x, i16 y}
 * and COMPARE_NAMES the index in b. None is as it was before.
 */
import { COMPARE_COUNTS, COMPARE_NAMES, COMPARE_ORDER, COMPARE_SIMILARITY, recordX, recordY } from '../memory'

/** Writes the rows of all minutiae of a, in the order of b's. */
export function learnedRows(na: i32, b: usize, nb: i32, scratch: usize): void {
  const xs = b + <usize>recordX()
  const ys = b + <usize>recordY(nb)
  for (let i = 0; i < na; i++) {
    const start = <usize>(i * nb)
    const row = scratch + COMPARE_SIMILARITY + (start << 2)
    const places = scratch + COMPARE_ORDER + (start << 2)
    const names = scratch + COMPARE_NAMES + start
    let count: usize = 0
    for (let j = 0; j < nb; j += 4) {
      const above = i32x4.bitmask(f32x4.gt(v128.load(row + ((<usize>j) << 2)), f32x4.splat(0)))
      for (let left = above & ((1 << min(4, nb - j)) - 1); left; left &= left - 1) {
        const k = <usize>(j + ctz(left))
        store<f32>(row + (count << 2), load<f32>(row + (k << 2)))
        store<u32>(places + (count << 2), <u32>load<u16>(xs + (k << 1)) | ((<u32>load<u16>(ys + (k << 1))) << 16))
        store<u8>(names + count, <u8>k)
        count++
      }
    }
    store<u32>(scratch + COMPARE_COUNTS + ((<usize>i) << 2), <u32>count)
  }
}
