/** The quick look at every record of a gallery: codes only. */

import { offer } from '../math/top-list'
import { recordCodes, recordMasks } from '../memory'

/**
 * Scores slots first..last-1 of `table` (u32 record address / 16 each, 0 where a slot is empty) against `probe` and
 * keeps the `capacity` best in the heap at `top`.
 */
export function screen(probe: usize, table: usize, first: u32, last: u32, top: usize, capacity: u32): void {
  for (let slot = first; slot < last; slot++) {
    const record = (<usize>load<u32>(table + ((<usize>slot) << 2))) << 4
    if (record) offer(top, capacity, slot, screenScore(probe, record))
  }
}

export function screenScore(probe: usize, record: usize): f32 {
  const na = <i32>load<u16>(probe)
  const nb = <i32>load<u16>(record)
  let total: i32 = 0
  for (let i = 0; i < na; i++) {
    const code = probe + <usize>recordCodes() + ((<usize>i) << 4)
    const low = load<u64>(code)
    const high = load<u64>(code, 8)
    const mask = load<u32>(probe + <usize>recordMasks(na) + ((<usize>i) << 2))
    let best: i32 = 0
    for (let j = 0; j < nb; j++) {
      const other = record + <usize>recordCodes() + ((<usize>j) << 4)
      const cells = <u64>(mask & load<u32>(record + <usize>recordMasks(nb) + ((<usize>j) << 2)))
      const both = (cells << 32) | cells
      const same = <i32>(popcnt(low & load<u64>(other) & both) + popcnt(high & load<u64>(other, 8) & both))
      const differ = <i32>(popcnt((low ^ load<u64>(other)) & both) + popcnt((high ^ load<u64>(other, 8)) & both))
      best = max(best, 3 * same - 2 * differ)
    }
    total += best
  }
  return <f32>total / sqrt<f32>(<f32>(na * nb + 1))
}
