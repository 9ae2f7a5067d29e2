/** The screen's keys from learned codes. */
import { bitsThatDiffer } from '../math/codes'
import { SCREEN_COLUMNS, SCREEN_LEARNED_PROBE, SCREEN_PROBE_BYTES, SCREEN_ROWS } from '../memory'

/** Similarity 1 as an integer; the low 8 bits of a key hold an index. */
const ONE: u32 = 1 << 24
const INDEX: u32 = 0xff
/** What a bit that differs takes off a cosine of 2^24, as a shift: 64 bits take all of it. */
const STEP: u32 = 18

/**
 * For every minutia of the probe its best in the record: key = similarity in 2^-24 with its low byte replaced by an index,
 * so that a maximum finds both, in SCREEN_ROWS. Similarity is 1 + the cosine of the codes. In SCREEN_COLUMNS the record's
 * best in the probe, for those minutiae only that are best of one by more than `floor`: few are, and only those may vote.
 */
export function learnedKeys(minutiae: i32, n: i32, codes: usize, floor: f32, scratch: usize): void {
  const least = <u32>(floor * <f32>ONE)
  for (let i = 0; i < minutiae; i++) {
    const own = scratch + SCREEN_LEARNED_PROBE + <usize>i * SCREEN_PROBE_BYTES
    const low = load<u64>(own)
    const high = load<u64>(own, 8)
    let best: u32 = 0
    for (let j = 0; j < n; j++) {
      const code = codes + ((<usize>j) << 4)
      const differ = bitsThatDiffer(low, high, code)
      best = max(best, (2 * ONE - (differ << STEP)) | <u32>j)
    }
    store<u32>(scratch + SCREEN_ROWS + ((<usize>i) << 2), best)
    if (best > least) bestOfColumn(best & INDEX, minutiae, codes, scratch)
  }
}

function bestOfColumn(j: u32, minutiae: i32, codes: usize, scratch: usize): void {
  const code = codes + ((<usize>j) << 4)
  const low = load<u64>(code)
  const high = load<u64>(code, 8)
  let best: u32 = 0
  for (let i = 0; i < minutiae; i++) {
    const own = scratch + SCREEN_LEARNED_PROBE + <usize>i * SCREEN_PROBE_BYTES
    const differ = bitsThatDiffer(low, high, own)
    best = max(best, (2 * ONE - (differ << STEP)) | <u32>i)
  }
  store<u32>(scratch + SCREEN_COLUMNS + ((<usize>j) << 2), best)
}
