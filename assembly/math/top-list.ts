/**
 * The best of a scan: a binary heap with the worst on top. Order is total (score, then the lower slot), so the set that
 * remains does not depend on the order of insertion.
 */
import { TOP_ENTRIES } from '../memory'

/**
 * Keeps {slot, score} if it is among the `capacity` best so far. A score that is not a number
 * counts as infinite, so that it stays on the list to be seen by the host, which takes it for a
 * failure.
 */
export function offer(top: usize, capacity: u32, slot: u32, given: f32): void {
  const score = given < <f32>Infinity ? given : <f32>Infinity
  const count = load<u32>(top)
  if (count < capacity) {
    store<u32>(top, count + 1)
    rise(top + TOP_ENTRIES, count, slot, score)
  } else if (count > 0 && worse(load<u32>(top, TOP_ENTRIES), load<f32>(top, TOP_ENTRIES + 4), slot, score)) {
    sink(top + TOP_ENTRIES, count, slot, score)
  }
}

/** Whether the first entry ranks below the second. */
function worse(slot: u32, score: f32, otherSlot: u32, otherScore: f32): bool {
  return score < otherScore || (score === otherScore && slot > otherSlot)
}

function rise(entries: usize, start: u32, slot: u32, score: f32): void {
  let at = start
  while (at > 0) {
    const parent = (at - 1) >> 1
    const entry = entries + ((<usize>parent) << 3)
    if (!worse(slot, score, load<u32>(entry), load<f32>(entry, 4))) break
    store<u64>(entries + ((<usize>at) << 3), load<u64>(entry))
    at = parent
  }
  store<u32>(entries + ((<usize>at) << 3), slot)
  store<f32>(entries + ((<usize>at) << 3), score, 4)
}

function sink(entries: usize, count: u32, slot: u32, score: f32): void {
  let at: u32 = 0
  while (true) {
    let child: u32 = 2 * at + 1
    if (child >= count) break
    let entry = entries + ((<usize>child) << 3)
    if (child + 1 < count && worse(load<u32>(entry, 8), load<f32>(entry, 12), load<u32>(entry), load<f32>(entry, 4))) {
      child++
      entry += 8
    }
    if (!worse(load<u32>(entry), load<f32>(entry, 4), slot, score)) break
    store<u64>(entries + ((<usize>at) << 3), load<u64>(entry))
    at = child
  }
  store<u32>(entries + ((<usize>at) << 3), slot)
  store<f32>(entries + ((<usize>at) << 3), score, 4)
}
