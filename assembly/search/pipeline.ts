/**
 * 1:N in three steps, each over what the one before left: the scan, by learned codes alone; the screen; full comparison.
 *
 * The screen is a quick look at a record. Minutiae whose codes are each other's best vote for the motion that brings
 * them together; the score is how much the votes agree. Of 632 strangers, at most 2 % come before the true mate for 91 of
 * 100 mated pairs by geometric codes (full comparison: 96), at a twenty-fifth of the cost. Records that cannot be scanned,
 * because they and the probe have no learned codes of one network, are all screened.
 */
import { ensureGeometry } from '../describe/geometric'
import { compareRecords } from '../match/pipeline'
import { offer } from '../math/top-list'
import { touch } from '../math/touch'
import {
  CELLS_KEPT,
  geometricCodes,
  hasRoomForGeometry,
  INDEX_SLOTS,
  RECORD_NETWORK,
  recordLearned,
  SCREEN_CELLS,
  SCREEN_DESCRIBE,
  SCREEN_GEOMETRIC,
  SCREEN_LEARNED,
  SCREEN_LEARNED_PROBE,
  SCREEN_PROBE,
  SCREEN_TALLY,
  shareNetwork,
  TOP_ENTRIES,
  VOTES_TOP,
  VOTES_TOUCHED,
} from '../memory'
import { SCREEN_FLOOR, SCREEN_LEARNED_FLOOR, SCREEN_LEARNED_GAIN, SCREEN_MIN_MINUTIAE } from '../parameters'
import { nearestCells } from './cells'
import { geometricKeys } from './geometric-keys'
import { mostVoted } from './index-votes'
import { learnedKeys } from './learned-keys'
import { tabulate, unpackGeometric, unpackLearned } from './probe'
import { scanScore, unpackForScan } from './scan'
import { agreementOfVotes } from './votes'

/** Instead of a score. */
const NOT_COMPARED: f32 = -1

/** Instead of a count: the probe was not unpacked so far. */
const NOT_YET: i32 = -1

/**
 * Scans slots first..last-1 of `table` (u32 record address / 16 each, 0 where a slot is empty) for `probe` and keeps the
 * `scanCapacity` best in the heap at `scanned`; those that cannot be scanned are screened, the `capacity` best of them
 * kept in the heap at `top`. `scratch`: SCREEN_BYTES.
 */
export function scan(
  probe: usize,
  table: usize,
  first: u32,
  last: u32,
  scanned: usize,
  scanCapacity: u32,
  top: usize,
  capacity: u32,
  scratch: usize,
): void {
  prepare(probe, scratch)
  const count = load<u32>(probe, RECORD_NETWORK) ? unpackForScan(probe, scratch) : 0
  for (let slot = first; slot < last; slot++) {
    const record = recordAt(table, slot)
    if (record) scanOrScreen(probe, record, slot, count, scanned, scanCapacity, top, capacity, scratch)
  }
}

/** Offers a record to the list that it belongs to. `count`: minutiae in SCREEN_SCAN. */
function scanOrScreen(
  probe: usize,
  record: usize,
  slot: u32,
  count: i32,
  scanned: usize,
  scanCapacity: u32,
  top: usize,
  capacity: u32,
  scratch: usize,
): void {
  if (shareNetwork(probe, record)) offer(scanned, scanCapacity, slot, scanScore(count, record, scratch))
  else if (hasRoomForGeometry(record)) offer(top, capacity, slot, screenScore(probe, record, scratch))
}

/**
 * Whether the codes exist, or can be made, by which the probe is compared with a record. The host sees to that for all
 * that a search is to see; one that came into a free slot meanwhile may have none, and is passed over.
 */
function comparable(probe: usize, record: usize): bool {
  return shareNetwork(probe, record) || hasRoomForGeometry(record)
}

/** Records that are touched before the first of them is read. */
const AHEAD: u32 = 16

/**
 * The same for the segment of `table` that begins at slot `first` and ends at `last`, by its index: of what is indexed only
 * the `most` records with the most votes are scanned, INDEX_BEST at most, after a look at `cells` of its cells (CELLS_KEPT at
 * most) for each minutia. Without a look at the index where it is of another network than the probe.
 */
export function scanByIndex(
  probe: usize,
  table: usize,
  first: u32,
  last: u32,
  index: usize,
  cells: u32,
  most: u32,
  scanned: usize,
  scanCapacity: u32,
  top: usize,
  capacity: u32,
  scratch: usize,
): void {
  if (load<u32>(index) !== load<u32>(probe, RECORD_NETWORK)) {
    scan(probe, table, first, last, scanned, scanCapacity, top, capacity, scratch)
    return
  }
  const count = unpackForScan(probe, scratch)
  const votes = scratch + SCREEN_TALLY
  const kept = min(cells, CELLS_KEPT)
  nearestCells(index, count, kept, scratch)
  mostVoted(index, count, kept, most, votes, scratch)
  const voted = load<u32>(votes + VOTES_TOP)
  for (let k: u32 = 0; k < voted; k++) {
    if (k % AHEAD === 0) touchVoted(table, first, k, min(voted, k + AHEAD), votes)
    const slot = votedSlot(votes, k)
    if (!load<u32>(index + INDEX_SLOTS + ((<usize>slot) << 2))) continue
    const record = recordAt(table, first + slot)
    if (record) offer(scanned, scanCapacity, first + slot, scanScore(count, record, scratch))
  }
  let prepared = false
  for (let slot = first; slot < last; slot++) {
    const indexed = index + INDEX_SLOTS + ((<usize>(slot - first)) << 2)
    // Nearly all are.
    if (slot + 16 <= last && allSixteen(indexed)) {
      slot += 15
      continue
    }
    if (load<u32>(indexed)) continue
    const record = recordAt(table, slot)
    if (record && !prepared) {
      prepare(probe, scratch)
      prepared = true
    }
    if (record) scanOrScreen(probe, record, slot, count, scanned, scanCapacity, top, capacity, scratch)
  }
}

/** Whether none of the 16 u32 is 0. */
function allSixteen(at: usize): bool {
  const some = i32x4.min_u(v128.load(at), v128.load(at, 16))
  return i32x4.all_true(i32x4.min_u(some, i32x4.min_u(v128.load(at, 32), v128.load(at, 48))))
}

function votedSlot(votes: usize, k: u32): u32 {
  return load<u32>(votes + VOTES_TOP + TOP_ENTRIES + ((<usize>k) << 3))
}

/**
 * Those from `from` to `to` - 1, as far as a scan reads them. All headers first: how far that is stands in them, and a processor that waits
 * for one guesses wrong where it ends, and asks for no other meanwhile.
 */
function touchVoted(table: usize, first: u32, from: u32, to: u32, votes: usize): void {
  let sum: u32 = 0
  // An empty slot's is at 0, which is nobody's.
  for (let k = from; k < to; k++) sum += load<u8>(recordAt(table, first + votedSlot(votes, k)))
  store<u32>(votes + VOTES_TOUCHED, sum)
  for (let k = from; k < to; k++) {
    const record = recordAt(table, first + votedSlot(votes, k))
    if (!record) continue
    const n = <i32>load<u16>(record)
    const codes = record + <usize>recordLearned(n)
    touch(codes, codes + ((<usize>n) << 4), votes + VOTES_TOUCHED)
  }
}

/** Screens slots first..last-1 and keeps the `capacity` best in the heap at `top`. `scratch`: SCREEN_BYTES. */
export function screen(
  probe: usize,
  table: usize,
  first: u32,
  last: u32,
  top: usize,
  capacity: u32,
  scratch: usize,
): void {
  prepare(probe, scratch)
  for (let slot = first; slot < last; slot++) {
    const record = recordAt(table, slot)
    if (record && comparable(probe, record)) offer(top, capacity, slot, screenScore(probe, record, scratch))
  }
}

/** Screens the `count` u32 `slots` and keeps the `capacity` best in the heap at `top`. `scratch`: SCREEN_BYTES. */
export function screenSlots(
  probe: usize,
  table: usize,
  slots: usize,
  count: u32,
  top: usize,
  capacity: u32,
  scratch: usize,
): void {
  prepare(probe, scratch)
  for (let k: u32 = 0; k < count; k++) {
    const slot = load<u32>(slots + ((<usize>k) << 2))
    const record = recordAt(table, slot)
    if (record && comparable(probe, record)) offer(top, capacity, slot, screenScore(probe, record, scratch))
  }
}

/** To be called before {@link scanByIndex} is with another probe. */
export function beginProbe(scratch: usize): void {
  store<u32>(scratch + SCREEN_CELLS, 0)
}

/** Address of the record in a slot; 0 when it is empty. */
function recordAt(table: usize, slot: u32): usize {
  return (<usize>load<u32>(table + ((<usize>slot) << 2))) << 4
}

/** Unpacks the probe for {@link screenScore}: the geometric codes only when a record is met that needs them. */
function prepare(probe: usize, scratch: usize): void {
  tabulate(scratch)
  store<i32>(scratch + SCREEN_LEARNED, load<u32>(probe, RECORD_NETWORK) ? unpackLearned(probe, scratch) : 0)
  store<i32>(scratch + SCREEN_GEOMETRIC, NOT_YET)
}

function screenScore(probe: usize, record: usize, scratch: usize): f32 {
  if (shareNetwork(probe, record)) return learnedScore(load<i32>(scratch + SCREEN_LEARNED), record, scratch)
  if (load<i32>(scratch + SCREEN_GEOMETRIC) === NOT_YET) {
    ensureGeometry(probe, scratch + SCREEN_DESCRIBE)
    store<i32>(scratch + SCREEN_GEOMETRIC, unpackGeometric(probe, scratch))
  }
  ensureGeometry(record, scratch + SCREEN_DESCRIBE)
  return geometricScore(load<i32>(scratch + SCREEN_GEOMETRIC), record, scratch)
}

function learnedScore(minutiae: i32, record: usize, scratch: usize): f32 {
  const n = <i32>load<u16>(record)
  // Keys are of 1 + the cosine.
  const floor: f32 = 1 + SCREEN_LEARNED_FLOOR
  learnedKeys(minutiae, n, record + <usize>recordLearned(n), floor, scratch)
  const votes = agreementOfVotes(scratch + SCREEN_LEARNED_PROBE, minutiae, record, floor, scratch)
  return (SCREEN_LEARNED_GAIN * votes) / <f32>max(SCREEN_MIN_MINUTIAE, n)
}

function geometricScore(minutiae: i32, record: usize, scratch: usize): f32 {
  const n = <i32>load<u16>(record)
  geometricKeys(minutiae, n, geometricCodes(record), scratch)
  const votes = agreementOfVotes(scratch + SCREEN_PROBE, minutiae, record, SCREEN_FLOOR, scratch)
  return votes / <f32>max(SCREEN_MIN_MINUTIAE, n)
}

/**
 * Makes the geometric codes, where they are lacking, of the records in the `count` u32 `slots` that have room for them.
 * `scratch`: SCREEN_BYTES.
 */
export function describeSlots(table: usize, slots: usize, count: u32, scratch: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const record = recordAt(table, load<u32>(slots + ((<usize>k) << 2)))
    if (record && hasRoomForGeometry(record)) ensureGeometry(record, scratch + SCREEN_DESCRIBE)
  }
}

/**
 * Writes the f32 score of `probe` against each of the `count` u32 `slots` at `out`; NOT_COMPARED for an empty slot, and
 * for a record that could not be compared.
 */
export function rescore(probe: usize, table: usize, slots: usize, count: u32, out: usize, scratch: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const slot = load<u32>(slots + ((<usize>k) << 2))
    const record = recordAt(table, slot)
    store<f32>(
      out + ((<usize>k) << 2),
      record && comparable(probe, record) ? compareRecords(probe, record, scratch) : NOT_COMPARED,
    )
  }
}
