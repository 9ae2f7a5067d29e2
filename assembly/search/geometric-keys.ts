/** The screen's keys from geometric codes. */
import { bitsThatDiffer } from '../math/codes'
import {
  SCREEN_COLUMNS,
  SCREEN_PROBE,
  SCREEN_PROBE_BYTES,
  SCREEN_RECIPROCALS,
  SCREEN_ROWS,
  SCREEN_SIZES,
} from '../memory'

/** Similarity 1 as an integer; the low 8 bits of a key hold an index. */
const ONE: u32 = 1 << 24
const INDEX: u32 = 0xff

/**
 * For every minutia of either print its best in the other: key = similarity in 2^-24 with its low byte replaced by an
 * index, so that a maximum finds both. Similarity is 1 - differing bits / bits set in both (masks are left out: codes
 * are 0 outside them, and ranking is no better with them).
 */
export function geometricKeys(minutiae: i32, n: i32, codes: usize, scratch: usize): void {
  const sizes = scratch + SCREEN_SIZES
  const columns = scratch + SCREEN_COLUMNS
  for (let j = 0; j < n; j++) {
    const code = codes + ((<usize>j) << 4)
    store<u32>(sizes + ((<usize>j) << 2), (<u32>(popcnt(load<u64>(code)) + popcnt(load<u64>(code, 8)))) << 2)
  }
  memory.fill(columns, 0, (<usize>n) << 2)
  for (let i = 0; i < minutiae; i++) {
    const own = scratch + SCREEN_PROBE + <usize>i * SCREEN_PROBE_BYTES
    const low = load<u64>(own)
    const high = load<u64>(own, 8)
    const reciprocals = scratch + SCREEN_RECIPROCALS + ((<usize>load<u32>(own, 24)) << 2)
    let best: u32 = 0
    for (let j = 0; j < n; j++) {
      const code = codes + ((<usize>j) << 4)
      const at = (<usize>j) << 2
      const differ = bitsThatDiffer(low, high, code)
      const key = (ONE - differ * load<u32>(reciprocals + <usize>load<u32>(sizes + at))) & ~INDEX
      best = max(best, key | <u32>j)
      store<u32>(columns + at, max(load<u32>(columns + at), key | <u32>i))
    }
    store<u32>(scratch + SCREEN_ROWS + ((<usize>i) << 2), best)
  }
}
