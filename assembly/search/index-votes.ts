/**
 * Votes by the index: each of the probe's best minutiae (SCREEN_SCAN) is compared with the codes in the cells that are nearest to
 * its own, about one in INDEX_SHARE of all. A code that differs in d bits votes for its record by (SCAN_DIFFER - d)^2, of a
 * record's codes the best, as in the scan: the sum is what the scan would find if it looked in those cells only.
 */
import { bitsThatDiffer } from '../math/codes'
import { offer } from '../math/top-list'
import {
  INDEX_CELLS,
  INDEX_CODE_COUNT,
  INDEX_CODES,
  INDEX_NEAREST,
  INDEX_STARTS,
  INDEX_WORTHS,
  indexMembers,
  SCREEN_SCAN,
  VOTES_CODES_AT,
  VOTES_DISTANCES,
  VOTES_SLOTS,
  VOTES_TOP,
} from '../memory'
import { INDEX_BEST, INDEX_SHARE, SCAN_DIFFER } from '../parameters'

const CODE_BITS: u32 = 128

/**
 * Writes a TOP at `votes` + VOTES_TOP: the INDEX_BEST slots of the segment with the most votes in proportion to the root of their
 * minutiae. `count`: minutiae in SCREEN_SCAN.
 */
export function mostVoted(index: usize, count: i32, votes: usize, scratch: usize): void {
  memory.fill(votes, 0, VOTES_SLOTS)
  let found: u32 = 0
  for (let minutia = 0; minutia < count; minutia++) {
    const code = scratch + SCREEN_SCAN + ((<usize>minutia) << 4)
    const low = load<u64>(code)
    const high = load<u64>(code, 8)
    const within = reach(index, low, high, votes)
    for (let cell = 0; cell < INDEX_CELLS; cell++) {
      if (<u32>load<u8>(votes + VOTES_DISTANCES + <usize>cell) > within) continue
      found = vote(index, cell, <u32>minutia + 1, low, high, votes, found)
    }
  }
  store<u32>(votes + VOTES_TOP, 0)
  for (let k: u32 = 0; k < found; k++) {
    const slot = <u32>load<u16>(votes + VOTES_SLOTS + ((<usize>k) << 1))
    const sum = load<u32>(votes + ((<usize>slot) << 2)) >> 16
    const worth = <u32>load<u8>(index + INDEX_WORTHS + <usize>slot)
    offer(votes + VOTES_TOP, INDEX_BEST, slot, <f32>(sum * worth))
  }
}

/**
 * Writes VOTES_DISTANCES. Returns the distance up to which cells are looked into: those hold no more codes than allowed, unless
 * the nearest do.
 */
function reach(index: usize, low: u64, high: u64, votes: usize): u32 {
  const codesAt = votes + VOTES_CODES_AT
  memory.fill(codesAt, 0, (<usize>CODE_BITS + 1) << 2)
  for (let cell = 0; cell < INDEX_CELLS; cell++) {
    const differ = bitsThatDiffer(low, high, index + INDEX_NEAREST + ((<usize>cell) << 4))
    store<u8>(votes + VOTES_DISTANCES + <usize>cell, <u8>differ)
    const start = index + INDEX_STARTS + ((<usize>cell) << 2)
    const at = codesAt + ((<usize>differ) << 2)
    store<u32>(at, load<u32>(at) + load<u32>(start, 4) - load<u32>(start))
  }
  const allowed = load<u32>(index, INDEX_CODE_COUNT) / INDEX_SHARE
  let within: u32 = 0
  let codes = load<u32>(codesAt)
  while (within < CODE_BITS) {
    const next = load<u32>(codesAt + ((<usize>within + 1) << 2))
    if (codes > 0 && codes + next > allowed) break
    codes += next
    within++
  }
  return within
}

/** Lets the codes of a cell vote. `minutia`: from 1. Returns how many slots have votes now, of which `found` had before. */
function vote(index: usize, cell: i32, minutia: u32, low: u64, high: u64, votes: usize, found: u32): u32 {
  const members = index + indexMembers(load<u32>(index, INDEX_CODE_COUNT))
  const start = index + INDEX_STARTS + ((<usize>cell) << 2)
  const end = <usize>load<u32>(start, 4)
  for (let place = <usize>load<u32>(start); place < end; place++) {
    const differ = <i32>bitsThatDiffer(low, high, index + INDEX_CODES + (place << 4))
    if (differ >= SCAN_DIFFER) continue
    const worth = <u32>(SCAN_DIFFER - differ)
    const slot = load<u16>(members + (place << 1))
    const at = votes + ((<usize>slot) << 2)
    const word = load<u32>(at)
    if (word === 0) {
      store<u16>(votes + VOTES_SLOTS + ((<usize>found) << 1), slot)
      found++
    }
    const before = ((word >> 8) & 0xff) === minutia ? word & 0xff : 0
    if (worth <= before) continue
    const sum = (word >> 16) + worth * worth - before * before
    store<u32>(at, (sum << 16) | (minutia << 8) | worth)
  }
  return found
}
