/**
 * The scan: the quickest look at a record. Each of the probe's best minutiae finds the record's code that differs least
 * from its own in d bits, and adds max(0, SCAN_DIFFER - d)^2; the sum is put in proportion to the root of the record's
 * minutiae, for among many one is alike by chance. Nothing is asked of their places.
 */
import { recordLearned, recordQualities, SCREEN_SCAN, SCREEN_TAKEN } from '../memory'
import { SCAN_DIFFER, SCAN_PROBE, SCREEN_MIN_MINUTIAE } from '../parameters'

/** Bits of the code of a minutia that there is not, as differing bits: more than any. */
const NOTHING: i64 = 255

/** Writes SCREEN_SCAN: the probe's minutiae of the best quality, equal ones in their order. Returns how many. */
export function unpackForScan(probe: usize, scratch: usize): i32 {
  const n = <i32>load<u16>(probe)
  const codes = probe + <usize>recordLearned(n)
  const qualities = probe + <usize>recordQualities(n, true)
  const taken = scratch + SCREEN_TAKEN
  memory.fill(taken, 0, 256)
  memory.fill(scratch + SCREEN_SCAN, 0, (<usize>SCAN_PROBE) << 4)
  const count = min(n, SCAN_PROBE)
  for (let k = 0; k < count; k++) {
    let best = -1
    for (let i = 0; i < n; i++) {
      if (load<u8>(taken + <usize>i)) continue
      if (best < 0 || load<u8>(qualities + <usize>i) > load<u8>(qualities + <usize>best)) best = i
    }
    store<u8>(taken + <usize>best, 1)
    memory.copy(scratch + SCREEN_SCAN + ((<usize>k) << 4), codes + ((<usize>best) << 4), 16)
  }
  return count
}

/** The scan's score of a record with learned codes: 0 and up. `count`: minutiae in SCREEN_SCAN. */
export function scanScore(count: i32, record: usize, scratch: usize): f32 {
  const n = <i32>load<u16>(record)
  const first = record + <usize>recordLearned(n)
  const end = first + ((<usize>n) << 4)
  let sum = 0
  for (let i = 0; i < count; i += 4) {
    const own = scratch + SCREEN_SCAN + ((<usize>i) << 4)
    // Four at a time, so that every code of the record is loaded a quarter as often.
    const low0 = load<u64>(own)
    const high0 = load<u64>(own, 8)
    const low1 = load<u64>(own, 16)
    const high1 = load<u64>(own, 24)
    const low2 = load<u64>(own, 32)
    const high2 = load<u64>(own, 40)
    const low3 = load<u64>(own, 48)
    const high3 = load<u64>(own, 56)
    let best0 = NOTHING
    let best1 = NOTHING
    let best2 = NOTHING
    let best3 = NOTHING
    for (let code = first; code < end; code += 16) {
      const low = load<u64>(code)
      const high = load<u64>(code, 8)
      const differ0 = <i64>(popcnt(low ^ low0) + popcnt(high ^ high0))
      const differ1 = <i64>(popcnt(low ^ low1) + popcnt(high ^ high1))
      const differ2 = <i64>(popcnt(low ^ low2) + popcnt(high ^ high2))
      const differ3 = <i64>(popcnt(low ^ low3) + popcnt(high ^ high3))
      best0 = differ0 < best0 ? differ0 : best0
      best1 = differ1 < best1 ? differ1 : best1
      best2 = differ2 < best2 ? differ2 : best2
      best3 = differ3 < best3 ? differ3 : best3
    }
    sum += worth(best0)
    if (i + 1 < count) sum += worth(best1)
    if (i + 2 < count) sum += worth(best2)
    if (i + 3 < count) sum += worth(best3)
  }
  return <f32>sum / sqrt<f32>(<f32>max(SCREEN_MIN_MINUTIAE, n))
}

function worth(differ: i64): i32 {
  const left = max(0, SCAN_DIFFER - <i32>differ)
  return left * left
}
