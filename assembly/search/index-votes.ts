/**
 * Votes by the index: each of the probe's best minutiae (SCREEN_SCAN) is compared with the codes in the cells that are nearest to
 * its own, about one in INDEX_SHARE of all. A code that differs in d bits votes for its record by (SCAN_DIFFER - d)^2, of a
 * record's codes the best, as in the scan: the sum is what the scan would find if it looked in those cells only.
 */
import { bitsThatDiffer } from '../math/codes'
import { offer } from '../math/top-list'
import {
  INDEX_CODE_COUNT,
  INDEX_CODES,
  INDEX_GROUPS,
  INDEX_NEAREST,
  INDEX_STARTS,
  INDEX_WORTHS,
  indexMembers,
  SCREEN_SCAN,
  VOTES_CELLS,
  VOTES_CODES_AT,
  VOTES_GROUPS,
  VOTES_SLOTS,
  VOTES_TOP,
} from '../memory'
import { INDEX_BEST, INDEX_CENTRES, INDEX_DIFFER, INDEX_LOOKED, INDEX_SHARE } from '../parameters'

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
    const cells = measureCells(index, low, high, votes)
    const within = reach(load<u32>(index, INDEX_CODE_COUNT) / INDEX_SHARE, votes)
    for (let k = 0; k < cells; k++) {
      const word = load<u32>(votes + VOTES_CELLS + ((<usize>k) << 2))
      if (word >> 16 > within) continue
      found = vote(index, word & 0xffff, <u32>minutia + 1, low, high, votes, found)
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

/** Writes the cells of the nearest groups and how far each is to VOTES_CELLS, codes at each distance to VOTES_CODES_AT. Returns how many cells. */
function measureCells(index: usize, low: u64, high: u64, votes: usize): i32 {
  const at = votes + VOTES_CODES_AT
  memory.fill(at, 0, (<usize>CODE_BITS + 1) << 2)
  for (let group = 0; group < INDEX_CENTRES; group++) {
    const differ = bitsThatDiffer(low, high, index + INDEX_GROUPS + ((<usize>group) << 4))
    store<u8>(votes + VOTES_GROUPS + <usize>group, <u8>differ)
    add(at, differ, 1)
  }
  const within = reach(INDEX_LOOKED, votes)
  memory.fill(at, 0, (<usize>CODE_BITS + 1) << 2)
  let cells = 0
  for (let group = 0; group < INDEX_CENTRES; group++) {
    if (<u32>load<u8>(votes + VOTES_GROUPS + <usize>group) > within) continue
    const first = group * INDEX_CENTRES
    for (let cell = first; cell < first + INDEX_CENTRES; cell++) {
      const start = index + INDEX_STARTS + ((<usize>cell) << 2)
      const codes = load<u32>(start, 4) - load<u32>(start)
      const differ = bitsThatDiffer(low, high, index + INDEX_NEAREST + ((<usize>cell) << 4))
      store<u32>(votes + VOTES_CELLS + ((<usize>cells) << 2), (differ << 16) | <u32>cell)
      cells++
      add(at, differ, codes)
    }
  }
  return cells
}

function add(words: usize, number: u32, value: u32): void {
  const at = words + ((<usize>number) << 2)
  store<u32>(at, load<u32>(at) + value)
}

/** The distance up to which VOTES_CODES_AT comes to no more than `allowed`, or, if its first count is more, to that. */
function reach(allowed: u32, votes: usize): u32 {
  const at = votes + VOTES_CODES_AT
  let within: u32 = 0
  let sum = load<u32>(at)
  while (within < CODE_BITS) {
    const next = load<u32>(at + ((<usize>within + 1) << 2))
    if (sum > 0 && sum + next > allowed) break
    sum += next
    within++
  }
  return within
}

/** Lets the codes of a cell vote. `minutia`: from 1. Returns how many slots have votes now, of which `found` had before. */
function vote(index: usize, cell: u32, minutia: u32, low: u64, high: u64, votes: usize, found: u32): u32 {
  const members = index + indexMembers(load<u32>(index, INDEX_CODE_COUNT))
  const start = index + INDEX_STARTS + ((<usize>cell) << 2)
  const end = <usize>load<u32>(start, 4)
  for (let place = <usize>load<u32>(start); place < end; place++) {
    const differ = <i32>bitsThatDiffer(low, high, index + INDEX_CODES + (place << 4))
    if (differ >= INDEX_DIFFER) continue
    const worth = <u32>(INDEX_DIFFER - differ)
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
