/**
 * Votes by the index: each of the probe's best minutiae (SCREEN_SCAN) is compared with the codes in the cells that are nearest to
 * its own (CELLS); the nearest of those vote for their records, of a record's codes the best. A vote is
 * the square of ln(records / codes as near): what is rare tells more, so that a code of which there are thousands nearby says
 * little, however near they are. (The scan, which sees all of a record's codes, does not need that.)
 */
import { bitsThatDiffer } from '../math/codes'
import { countUp, reach } from '../math/counts'
import { offer } from '../math/top-list'
import { touch } from '../math/touch'
import {
  CELLS_KEPT,
  CELLS_NEAREST,
  INDEX_CODES,
  INDEX_ENTRY_BYTES,
  INDEX_RECORDS,
  INDEX_STARTS,
  INDEX_WORTHS,
  SCREEN_CELLS,
  SCREEN_SCAN,
  VOTES_COUNTS,
  VOTES_NEAR,
  VOTES_NEAR_CAPACITY,
  VOTES_SLOTS,
  VOTES_TOP,
  VOTES_TOUCHED,
} from '../memory'
import { INDEX_DIFFER, INDEX_VOTERS } from '../parameters'

const CODE_BITS: u32 = 128

/** Of a slot within its segment. */
const SLOT_BITS: u32 = 16
const SLOT: u32 = 0xffff

/** In a small segment so many may vote. */
const LEAST_VOTERS: u32 = 16

/** Of the square of a natural logarithm: 24 votes of the most, ln(65,536)^2, stay within 16 bits. */
const WORTH: f32 = 16

/** Cells that are touched before the first of them is read. */
const AHEAD: u32 = 8

/** Codes between two looks at how far the voters may be. */
const AT_A_TIME: u32 = 4_096

/**
 * Writes a TOP at `votes` + VOTES_TOP: the `most` slots of the segment (INDEX_BEST at most) with the most votes in proportion to the
 * root of their minutiae. `count`: minutiae in SCREEN_SCAN, which have `kept` cells each in CELLS.
 */
export function mostVoted(index: usize, count: i32, kept: u32, most: u32, votes: usize, scratch: usize): void {
  memory.fill(votes, 0, VOTES_SLOTS)
  let found: u32 = 0
  for (let minutia = 0; minutia < count; minutia++) {
    const code = scratch + SCREEN_SCAN + ((<usize>minutia) << 4)
    const low = load<u64>(code)
    const high = load<u64>(code, 8)
    const cells = scratch + SCREEN_CELLS + CELLS_NEAREST + <usize>minutia * ((<usize>CELLS_KEPT) << 1)
    const near = gather(index, cells, kept, low, high, votes)
    const voters = leaveWithin(reach(mostVoters(index), votes + VOTES_COUNTS), near, votes)
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

/** So many codes may vote for a minutia. */
function mostVoters(index: usize): u32 {
  return max(LEAST_VOTERS, load<u32>(index, INDEX_RECORDS) / INDEX_VOTERS)
}

/**
 * Writes the codes in the `kept` cells at `cells` that differ in less than INDEX_DIFFER bits to VOTES_NEAR, and how many there are at each
 * distance to VOTES_COUNTS. Those that are too far to be among the voters are left out once that is known. Returns how many it wrote.
 */
function gather(index: usize, cells: usize, kept: u32, low: u64, high: u64, votes: usize): u32 {
  const at = votes + VOTES_COUNTS
  const most = mostVoters(index)
  memory.fill(at, 0, (<usize>CODE_BITS + 1) << 2)
  let limit = INDEX_DIFFER - 1
  let near: u32 = 0
  for (let k: u32 = 0; k < kept; k++) {
    if (k % AHEAD === 0) touchCells(index, cells, k, min(kept, k + AHEAD), votes)
    const start = startOf(index, cells, k)
    let place = load<u32>(start)
    const end = load<u32>(start, 4)
    while (place < end) {
      const stop = min(end, place + AT_A_TIME)
      const before = near
      near = gatherFrom(index, place, stop, limit, low, high, votes, near)
      place = stop
      for (let k = before; k < near; k++) countUp(at, load<u32>(votes + VOTES_NEAR + ((<usize>k) << 2)) >> SLOT_BITS)
      if (near > most) limit = min(limit, reach(most, at))
      if (near + AT_A_TIME <= VOTES_NEAR_CAPACITY) continue
      near = leaveWithin(limit, near, votes)
      // Thousands that are equally near: which of them vote decides nothing.
      if (near + AT_A_TIME > VOTES_NEAR_CAPACITY) return near
    }
  }
  return near
}

/** Where the number of the first code of cell `k` of `cells` stands; that of the end is behind it. */
function startOf(index: usize, cells: usize, k: u32): usize {
  return index + INDEX_STARTS + ((<usize>load<u16>(cells + ((<usize>k) << 1))) << 2)
}

/** The codes in cells `from` to `to` - 1 of `cells`. First what says where they are: see touchVoted in pipeline.ts. */
function touchCells(index: usize, cells: usize, from: u32, to: u32, votes: usize): void {
  let sum: u32 = 0
  for (let k = from; k < to; k++) sum += load<u32>(startOf(index, cells, k))
  store<u32>(votes + VOTES_TOUCHED, sum)
  for (let k = from; k < to; k++) {
    const start = startOf(index, cells, k)
    const first = index + INDEX_CODES + <usize>load<u32>(start) * INDEX_ENTRY_BYTES
    touch(first, index + INDEX_CODES + <usize>load<u32>(start, 4) * INDEX_ENTRY_BYTES, votes + VOTES_TOUCHED)
  }
}

/**
 * The codes at `place` to `stop` - 1 up to the distance `limit`, behind the first `near` of VOTES_NEAR. With a branch: once a few
 * cells are read `limit` is low and few codes are within it. To write every code and keep those takes 7 % longer.
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
  const end = index + INDEX_CODES + <usize>stop * INDEX_ENTRY_BYTES
  let put = votes + VOTES_NEAR + ((<usize>near) << 2)
  for (let entry = index + INDEX_CODES + <usize>place * INDEX_ENTRY_BYTES; entry < end; entry += INDEX_ENTRY_BYTES) {
    const differ = bitsThatDiffer(low, high, entry)
    if (differ > limit) continue
    store<u32>(put, (differ << SLOT_BITS) | <u32>load<u16>(entry, 16))
    put += 4
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
