/**
 * 1:N: the screen over a slice of the gallery, then the full comparison of what it kept.
 *
 * The screen is a quick look at every record. Minutiae whose codes are each other's best vote for the motion that brings
 * them together; the score is how much the votes agree. Of 632 strangers, at most 2 % come before the true mate for 91 of
 * 100 mated pairs by geometric codes (full comparison: 96), at a twenty-fifth of the cost.
 */
import { ensureGeometry } from '../describe/geometric'
import { compareRecords } from '../match/pipeline'
import { offer } from '../math/top-list'
import {
  RECORD_NETWORK,
  recordCodes,
  recordLearned,
  SCREEN_DESCRIBE,
  SCREEN_LEARNED_PROBE,
  SCREEN_PROBE,
  shareNetwork,
} from '../memory'
import { SCREEN_FLOOR, SCREEN_LEARNED_FLOOR, SCREEN_LEARNED_GAIN, SCREEN_MIN_MINUTIAE } from '../parameters'
import { geometricKeys } from './geometric-keys'
import { learnedKeys } from './learned-keys'
import { tabulate, unpackGeometric, unpackLearned } from './probe'
import { agreementOfVotes } from './votes'

/** Instead of a count: the probe was not unpacked so far. */
const NOT_YET: i32 = -1

/**
 * Scores slots first..last-1 of `table` (u32 record address / 16 each, 0 where a slot is empty) against `probe` and
 * keeps the `capacity` best in the heap at `top`. `scratch`: SCREEN_BYTES.
 */
export function screen(
  probe: usize,
  table: usize,
  first: u32,
  last: u32,
  top: usize,
  capacity: u32,
  scratch: usize,
): void {
  tabulate(scratch)
  const learned = load<u32>(probe, RECORD_NETWORK) ? unpackLearned(probe, scratch) : 0
  let geometric = NOT_YET
  for (let slot = first; slot < last; slot++) {
    const record = (<usize>load<u32>(table + ((<usize>slot) << 2))) << 4
    if (!record) continue
    if (shareNetwork(probe, record)) {
      offer(top, capacity, slot, learnedScore(learned, record, scratch))
      continue
    }
    if (geometric === NOT_YET) {
      ensureGeometry(probe, scratch + SCREEN_DESCRIBE)
      geometric = unpackGeometric(probe, scratch)
    }
    ensureGeometry(record, scratch + SCREEN_DESCRIBE)
    offer(top, capacity, slot, geometricScore(geometric, record, scratch))
  }
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
  geometricKeys(minutiae, n, record + <usize>recordCodes(), scratch)
  const votes = agreementOfVotes(scratch + SCREEN_PROBE, minutiae, record, SCREEN_FLOOR, scratch)
  return votes / <f32>max(SCREEN_MIN_MINUTIAE, n)
}

/** Writes the f32 score of `probe` against each of the `count` u32 `slots` at `out`; an empty slot scores 0. */
export function rescore(probe: usize, table: usize, slots: usize, count: u32, out: usize, scratch: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const slot = load<u32>(slots + ((<usize>k) << 2))
    const record = (<usize>load<u32>(table + ((<usize>slot) << 2))) << 4
    store<f32>(out + ((<usize>k) << 2), record ? compareRecords(probe, record, scratch) : 0)
  }
}
