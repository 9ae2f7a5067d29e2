/**
 * Votes by the index: each of the probe's best minutiae (SCREEN_SCAN) votes for the records that have a code with its key in
 * a table, or with a key that one bit tells from it, and a sketch that differs in few bits; the fewer, the more the vote counts.
 * A pair of codes that differ in a share e of their bits meets in a table with probability (1 - e)^16 + 16 e (1 - e)^15
 * before the sketch: 0.57 for e = 0.08, 0.28 for 0.15.
 */
import { keyOf, sketchOf } from '../math/code-keys'
import {
  INDEX_BUCKETS,
  INDEX_ENTRIES,
  INDEX_TABLE_BYTES,
  INDEX_WORTHS,
  SCREEN_SCAN,
  VOTE_LEVELS,
  VOTES_LEVELS,
  VOTES_SLOTS,
} from '../memory'
import { INDEX_DIFFER, INDEX_TABLES, VOTES_BEST, VOTES_LEAST } from '../parameters'

const KEY_BITS: u32 = 16
/** Levels are votes x worth (at most 255) by this shift: two votes of the most that there is make one. */
const LEVEL_SHIFT: u32 = 8

/**
 * Writes u16 slots of the segment at `votes` + VOTES_SLOTS, those with the most votes in proportion to the root of their
 * minutiae: about VOTES_BEST, more where many have the same. Returns how many. `count`: minutiae in SCREEN_SCAN.
 */
export function mostVoted(index: usize, count: i32, votes: usize, scratch: usize): i32 {
  memory.fill(votes, 0, VOTES_SLOTS)
  let found = 0
  for (let table = 0; table < INDEX_TABLES; table++) {
    const buckets = index + INDEX_BUCKETS + <usize>table * INDEX_TABLE_BYTES
    for (let i = 0; i < count; i++) {
      const code = scratch + SCREEN_SCAN + ((<usize>i) << 4)
      const key = keyOf(code, table)
      const sketch = sketchOf(code, table)
      found = voteFor(index, buckets, key, sketch, votes, found)
      for (let bit: u32 = 0; bit < KEY_BITS; bit++) {
        found = voteFor(index, buckets, key ^ (1 << bit), sketch, votes, found)
      }
    }
  }
  return bestOf(index, found, votes)
}

function voteFor(index: usize, buckets: usize, key: u32, sketch: u32, votes: usize, found: i32): i32 {
  const bucket = buckets + ((<usize>key) << 2)
  const entries = index + INDEX_ENTRIES
  const end = entries + ((<usize>load<u32>(bucket, 4)) << 2)
  for (let at = entries + ((<usize>load<u32>(bucket)) << 2); at < end; at += 4) {
    const entry = load<u32>(at)
    const differ = <i32>popcnt((entry ^ sketch) >> 16)
    if (differ > INDEX_DIFFER) continue
    const slot = votes + ((<usize>entry & 0xffff) << 1)
    const before = <i32>load<u16>(slot)
    // At most: a record of 255 codes like the probe's has more votes than 16 bits count, and must not be found twice.
    const after = min(before + INDEX_DIFFER + 1 - differ, <i32>u16.MAX_VALUE)
    store<u16>(slot, <u16>after)
    if (before < VOTES_LEAST && after >= VOTES_LEAST) {
      store<u16>(votes + VOTES_SLOTS + ((<usize>found) << 1), <u16>entry)
      found++
    }
  }
  return found
}

/** Of the `found` slots at VOTES_SLOTS leaves those of the highest levels. */
function bestOf(index: usize, found: i32, votes: usize): i32 {
  if (found <= VOTES_BEST) return found
  memory.fill(votes + VOTES_LEVELS, 0, (<usize>VOTE_LEVELS) << 2)
  for (let k = 0; k < found; k++) {
    const level = votes + VOTES_LEVELS + ((<usize>levelOf(index, votes, slotAt(votes, k))) << 2)
    store<u32>(level, load<u32>(level) + 1)
  }
  let least = VOTE_LEVELS - 1
  let kept = load<u32>(votes + VOTES_LEVELS + ((<usize>least) << 2))
  while (least > 0 && kept < <u32>VOTES_BEST) {
    least--
    kept += load<u32>(votes + VOTES_LEVELS + ((<usize>least) << 2))
  }
  let left = 0
  for (let k = 0; k < found; k++) {
    const slot = slotAt(votes, k)
    if (levelOf(index, votes, slot) < least) continue
    store<u16>(votes + VOTES_SLOTS + ((<usize>left) << 1), <u16>slot)
    left++
  }
  return left
}

function slotAt(votes: usize, k: i32): u32 {
  return load<u16>(votes + VOTES_SLOTS + ((<usize>k) << 1))
}

function levelOf(index: usize, votes: usize, slot: u32): u32 {
  const sum = <u32>load<u16>(votes + ((<usize>slot) << 1)) * <u32>load<u8>(index + INDEX_WORTHS + <usize>slot)
  return min(sum >> LEVEL_SHIFT, VOTE_LEVELS - 1)
}
