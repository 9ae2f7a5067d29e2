/**
 * Votes by the index: each of the probe's best minutiae (SCREEN_SCAN) is compared with the codes in the cells that are nearest to
 * its own, about one in `share` of all; the nearest of those vote for their records, of a record's codes the best. A vote is
 * the square of ln(records / codes as near): what is rare tells more, so that a code of which there are thousands nearby says
 * little, however near they are. (The scan, which sees all of a record's codes, does not need that.)
 */
import { bitsThatDiffer } from '../math/codes'
import { addTo, countUp } from '../math/counts'
import { offer } from '../math/top-list'
import {
  INDEX_CELL_CENTRES,
  INDEX_CODE_COUNT,
  INDEX_CODES,
  INDEX_ENTRY_BYTES,
  INDEX_GROUP_CENTRES,
  INDEX_RECORDS,
  INDEX_STARTS,
  INDEX_WORTHS,
  SCREEN_SCAN,
  VOTES_CELLS,
  VOTES_COUNTS,
  VOTES_GROUPS,
  VOTES_NEAR,
  VOTES_NEAR_CAPACITY,
  VOTES_SLOTS,
  VOTES_TOP,
} from '../memory'
import { INDEX_CENTRES, INDEX_DIFFER, INDEX_LOOKED, INDEX_VOTERS } from '../parameters'

const CODE_BITS: u32 = 128

/** Of a slot within its segment. */
const SLOT_BITS: u32 = 16
const SLOT: u32 = 0xffff

/** In a small segment so many may vote. */
const LEAST_VOTERS: u32 = 16

/** Of the square of a natural logarithm: 24 votes of the most, ln(65,536)^2, stay within 16 bits. */
const WORTH: f32 = 16

/** Codes between two looks at how far the voters may be. */
const AT_A_TIME: u32 = 4_096

/**
 * Writes a TOP at `votes` + VOTES_TOP: the `most` slots of the segment (INDEX_BEST at most) with the most votes in proportion to the
 * root of their minutiae. `count`: minutiae in SCREEN_SCAN.
 */
export function mostVoted(index: usize, count: i32, share: u32, most: u32, votes: usize, scratch: usize): void {
  memory.fill(votes, 0, VOTES_SLOTS)
  let found: u32 = 0
  for (let minutia = 0; minutia < count; minutia++) {
    const code = scratch + SCREEN_SCAN + ((<usize>minutia) << 4)
    const low = load<u64>(code)
    const high = load<u64>(code, 8)
    const cells = measureCells(index, low, high, votes)
    const within = reach(load<u32>(index, INDEX_CODE_COUNT) / share, votes)
    const near = gather(index, cells, within, low, high, votes)
    const voters = leaveWithin(reach(mostVoters(index), votes), near, votes)
    weigh(index, votes)
    found = cast(voters, <u32>minutia + 1, votes, found)
  }
  store<u32>(votes + VOTES_TOP, 0)
  for (let k: u32 = 0; k < found; k++) {
    const slot = <u32>load<u16>(votes + VOTES_SLOTS + ((<usize>k) << 1))
    const sum = load<u32>(votes + ((<usize>slot) << 2)) >> 16
    const worth = <u32>load<u8>(index + INDEX_WORTHS + <usize>slot)
    offer(votes + VOTES_TOP, most, slot, <f32>(sum * worth))
  }
}

/** Writes the cells of the nearest groups and how far each is to VOTES_CELLS, codes at each distance to VOTES_COUNTS. Returns how many cells. */
function measureCells(index: usize, low: u64, high: u64, votes: usize): i32 {
  const at = votes + VOTES_COUNTS
  memory.fill(at, 0, (<usize>CODE_BITS + 1) << 2)
  for (let group = 0; group < INDEX_CENTRES; group++) {
    const differ = bitsThatDiffer(low, high, index + INDEX_GROUP_CENTRES + ((<usize>group) << 4))
    store<u8>(votes + VOTES_GROUPS + <usize>group, <u8>differ)
    countUp(at, differ)
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
      const differ = bitsThatDiffer(low, high, index + INDEX_CELL_CENTRES + ((<usize>cell) << 4))
      store<u32>(votes + VOTES_CELLS + ((<usize>cells) << 2), (differ << 16) | <u32>cell)
      cells++
      addTo(at, differ, codes)
    }
  }
  return cells
}

/** The distance up to which VOTES_COUNTS comes to no more than `allowed`, or, if its first count is more, to that. */
function reach(allowed: u32, votes: usize): u32 {
  const at = votes + VOTES_COUNTS
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

/** So many codes may vote for a minutia. */
function mostVoters(index: usize): u32 {
  return max(LEAST_VOTERS, load<u32>(index, INDEX_RECORDS) / INDEX_VOTERS)
}

/**
 * Writes the codes that differ in less than INDEX_DIFFER bits, of cells up to the distance `within`, to VOTES_NEAR, and how many
 * there are at each distance to VOTES_COUNTS. Those that are too far to be among the voters are left out once that is known.
 * Returns how many it wrote.
 */
function gather(index: usize, cells: i32, within: u32, low: u64, high: u64, votes: usize): u32 {
  const at = votes + VOTES_COUNTS
  const most = mostVoters(index)
  memory.fill(at, 0, (<usize>CODE_BITS + 1) << 2)
  let limit = INDEX_DIFFER - 1
  let near: u32 = 0
  for (let k = 0; k < cells; k++) {
    const word = load<u32>(votes + VOTES_CELLS + ((<usize>k) << 2))
    if (word >> 16 > within) continue
    const start = index + INDEX_STARTS + ((<usize>word & 0xffff) << 2)
    const end = load<u32>(start, 4)
    for (let place = load<u32>(start); place < end; ) {
      const stop = min(end, place + AT_A_TIME)
      const before = near
      near = gatherFrom(index, place, stop, limit, low, high, votes, near)
      place = stop
      for (let k = before; k < near; k++) countUp(at, load<u32>(votes + VOTES_NEAR + ((<usize>k) << 2)) >> SLOT_BITS)
      limit = min(limit, reach(most, votes))
      if (near + AT_A_TIME <= VOTES_NEAR_CAPACITY) continue
      near = leaveWithin(limit, near, votes)
      // Thousands that are equally near: which of them vote decides nothing.
      if (near + AT_A_TIME > VOTES_NEAR_CAPACITY) return near
    }
  }
  return near
}

/**
 * The codes at `place` to `stop` - 1 up to the distance `limit`, behind the first `near` of VOTES_NEAR. Each is written, and stays if it is
 * near: one in nine is, and which one no processor foretells.
 */
function gatherFrom(
  index: usize,
  place: u32,
  stop: u32,
  limit: u32,
  low: u64,
  high: u64,
  votes: usize,
  near: u32,
): u32 {
  const most = (limit << SLOT_BITS) | SLOT
  const end = index + INDEX_CODES + <usize>stop * INDEX_ENTRY_BYTES
  let put = votes + VOTES_NEAR + ((<usize>near) << 2)
  for (let entry = index + INDEX_CODES + <usize>place * INDEX_ENTRY_BYTES; entry < end; entry += INDEX_ENTRY_BYTES) {
    const word = (bitsThatDiffer(low, high, entry) << SLOT_BITS) | <u32>load<u16>(entry, 16)
    store<u32>(put, word)
    put += (<usize>(word <= most)) << 2
  }
  return <u32>((put - votes - VOTES_NEAR) >> 2)
}

/** Leaves those of the first `near` of VOTES_NEAR up to the distance `limit`; returns how many. */
function leaveWithin(limit: u32, near: u32, votes: usize): u32 {
  const most = (limit << SLOT_BITS) | SLOT
  const list = votes + VOTES_NEAR
  const end = list + ((<usize>near) << 2)
  let put = list
  for (let from = list; from < end; from += 4) {
    const word = load<u32>(from)
    store<u32>(put, word)
    put += (<usize>(word <= most)) << 2
  }
  return <u32>((put - list) >> 2)
}

/** Replaces the counts in VOTES_COUNTS, of distances below INDEX_DIFFER, by what a vote from there is worth: 1 to 1,968. */
function weigh(index: usize, votes: usize): void {
  const records = <f32>load<u32>(index, INDEX_RECORDS)
  let codes: u32 = 1
  for (let differ: u32 = 0; differ < INDEX_DIFFER; differ++) {
    const at = votes + VOTES_COUNTS + ((<usize>differ) << 2)
    codes += load<u32>(at)
    const rarity = max<f32>(0, Mathf.log(records / <f32>codes))
    store<u32>(at, max(1, <u32>(WORTH * rarity * rarity)))
  }
}

/**
 * Lets the first `voters` of VOTES_NEAR vote. `minutia`: from 1. Returns how many slots have votes now, of which `found` had before.
 */
function cast(voters: u32, minutia: u32, votes: usize, found: u32): u32 {
  for (let k: u32 = 0; k < voters; k++) {
    const word = load<u32>(votes + VOTES_NEAR + ((<usize>k) << 2))
    const differ = word >> SLOT_BITS
    const slot = word & SLOT
    const at = votes + ((<usize>slot) << 2)
    const tally = load<u32>(at)
    // Written whether it is new or not, and stays if it is.
    store<u16>(votes + VOTES_SLOTS + ((<usize>found) << 1), <u16>slot)
    found += <u32>(tally === 0)
    const before = ((tally >> 8) & 0xff) === minutia ? worthOf(tally & 0xff, votes) : 0
    const worth = worthOf(differ, votes)
    if (worth <= before) continue
    store<u32>(at, (((tally >> 16) + worth - before) << 16) | (minutia << 8) | differ)
  }
  return found
}

function worthOf(differ: u32, votes: usize): u32 {
  return load<u32>(votes + VOTES_COUNTS + ((<usize>differ) << 2))
}
