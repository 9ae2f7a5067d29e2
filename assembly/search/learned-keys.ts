/** The screen's keys from learned codes. */
import { SCREEN_COLUMNS, SCREEN_LEARNED_PROBE, SCREEN_PROBE_BYTES, SCREEN_ROWS } from '../memory'

/** Similarity 1 as an integer. */
const ONE: u32 = 1 << 24
/** What a bit that differs takes off a cosine of 2^24, as a shift: 64 bits take all of it. */
const STEP: u32 = 18

/**
 * For every minutia of either print its best in the other: key = similarity in 2^-24 with its low byte replaced by an
 * index, so that a maximum finds both. Similarity is 1 + the cosine of the codes.
 */
export function learnedKeys(minutiae: i32, n: i32, codes: usize, scratch: usize): void {
  const columns = scratch + SCREEN_COLUMNS
  memory.fill(columns, 0, (<usize>n) << 2)
  for (let i = 0; i < minutiae; i++) {
    const own = scratch + SCREEN_LEARNED_PROBE + <usize>i * SCREEN_PROBE_BYTES
    const low = load<u64>(own)
    const high = load<u64>(own, 8)
    let best: u32 = 0
    for (let j = 0; j < n; j++) {
      const code = codes + ((<usize>j) << 4)
      const at = columns + ((<usize>j) << 2)
      const differ = <u32>(popcnt(low ^ load<u64>(code)) + popcnt(high ^ load<u64>(code, 8)))
      const key = 2 * ONE - (differ << STEP)
      best = max(best, key | <u32>j)
      store<u32>(at, max(load<u32>(at), key | <u32>i))
    }
    store<u32>(scratch + SCREEN_ROWS + ((<usize>i) << 2), best)
  }
}
