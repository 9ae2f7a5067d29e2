/** Builds the index of a segment, by counting sort. */

import { keyOf, sketchOf } from '../math/code-keys'
import {
  INDEX_BUCKETS,
  INDEX_ENTRIES,
  INDEX_SLOTS,
  INDEX_TABLE_BYTES,
  INDEX_WORTHS,
  RECORD_NETWORK,
  recordLearned,
  SEGMENT_SLOTS,
} from '../memory'
import { INDEX_TABLES, SCREEN_MIN_MINUTIAE } from '../parameters'

/**
 * Fills an INDEX whose INDEX_SLOTS hold the segment's slots (record address / 16) and that has room for their codes of
 * `network`. Slots with other records become 0.
 */
export function indexSegment(index: usize, network: u32): void {
  store<u32>(index, network)
  memory.fill(index + INDEX_WORTHS, 0, <usize>SEGMENT_SLOTS)
  memory.fill(index + INDEX_BUCKETS, 0, <usize>INDEX_TABLES * INDEX_TABLE_BYTES)
  for (let slot: u32 = 0; slot < SEGMENT_SLOTS; slot++) {
    const record = recordOf(index, slot)
    if (record && load<u32>(record, RECORD_NETWORK) !== network) {
      store<u32>(index + INDEX_SLOTS + ((<usize>slot) << 2), 0)
    } else if (record) {
      count(index, slot, record)
    }
  }
  makeRoom(index)
  for (let slot: u32 = 0; slot < SEGMENT_SLOTS; slot++) {
    const record = recordOf(index, slot)
    if (record) enter(index, slot, record)
  }
}

function recordOf(index: usize, slot: u32): usize {
  return (<usize>load<u32>(index + INDEX_SLOTS + ((<usize>slot) << 2))) << 4
}

/** Address of the bucket's word. While entries are counted and entered, a key's is the one after its own. */
function bucketAt(index: usize, table: i32, key: u32): usize {
  return index + INDEX_BUCKETS + <usize>table * INDEX_TABLE_BYTES + ((<usize>key) << 2)
}

function count(index: usize, slot: u32, record: usize): void {
  const n = <i32>load<u16>(record)
  const most: f32 = 255
  const worth = most * sqrt<f32>(<f32>SCREEN_MIN_MINUTIAE / <f32>max(SCREEN_MIN_MINUTIAE, n))
  store<u8>(index + INDEX_WORTHS + <usize>slot, <u8>(<i32>worth))
  const codes = record + <usize>recordLearned(n)
  for (let table = 0; table < INDEX_TABLES; table++) {
    for (let i = 0; i < n; i++) {
      const bucket = bucketAt(index, table, keyOf(codes + ((<usize>i) << 4), table) + 1)
      store<u32>(bucket, load<u32>(bucket) + 1)
    }
  }
}

/** Turns counts into the number of the first entry: of key k in the word of k + 1, where {@link enter} moves it on to its end. */
function makeRoom(index: usize): void {
  let next: u32 = 0
  for (let table = 0; table < INDEX_TABLES; table++) {
    store<u32>(bucketAt(index, table, 0), next)
    for (let key: u32 = 1; key <= SEGMENT_SLOTS; key++) {
      const bucket = bucketAt(index, table, key)
      const here = load<u32>(bucket)
      store<u32>(bucket, next)
      next += here
    }
  }
}

function enter(index: usize, slot: u32, record: usize): void {
  const n = <i32>load<u16>(record)
  const codes = record + <usize>recordLearned(n)
  for (let table = 0; table < INDEX_TABLES; table++) {
    for (let i = 0; i < n; i++) {
      const code = codes + ((<usize>i) << 4)
      const bucket = bucketAt(index, table, keyOf(code, table) + 1)
      const entry = load<u32>(bucket)
      store<u32>(bucket, entry + 1)
      store<u32>(index + INDEX_ENTRIES + ((<usize>entry) << 2), slot | sketchOf(code, table))
    }
  }
}
