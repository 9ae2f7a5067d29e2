/**
 * The quick look at every record of a gallery. Minutiae whose codes are each other's best vote for the motion that
 * brings them together; the score is how much the votes agree. Of 632 strangers, at most 2 % come before the true mate
 * for 91 of 100 mated pairs (full comparison: 96), at a twenty-fifth of the cost.
 */
import { offer } from '../math/top-list'
import {
  recordCodes,
  recordDirections,
  recordX,
  recordY,
  SCREEN_COLUMNS,
  SCREEN_COS,
  SCREEN_PROBE,
  SCREEN_PROBE_BYTES,
  SCREEN_RECIPROCALS,
  SCREEN_ROWS,
  SCREEN_SIN,
  SCREEN_SIZES,
  SCREEN_VOTES,
} from '../memory'
import { SCREEN_FLOOR, SCREEN_MIN_MINUTIAE, SCREEN_PX, SCREEN_SMOOTHING, SCREEN_TURN } from '../parameters'

/** Similarity 1 as an integer; the low 8 bits of a key hold an index. */
const ONE: u32 = 1 << 24
const INDEX: u32 = 0xff

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
  const minutiae = unpackProbe(probe, scratch)
  for (let slot = first; slot < last; slot++) {
    const record = (<usize>load<u32>(table + ((<usize>slot) << 2))) << 4
    if (record) offer(top, capacity, slot, screenScore(minutiae, record, scratch))
  }
}

function tabulate(scratch: usize): void {
  for (let k: u32 = 0; k <= 256; k++) {
    store<u32>(scratch + SCREEN_RECIPROCALS + ((<usize>k) << 2), ONE / (k + SCREEN_SMOOTHING))
  }
  for (let k = 0; k < 256; k++) {
    const angle = <f32>k * (Mathf.PI / 128)
    store<f32>(scratch + SCREEN_COS + ((<usize>k) << 2), Mathf.cos(angle))
    store<f32>(scratch + SCREEN_SIN + ((<usize>k) << 2), Mathf.sin(angle))
  }
}

/** Returns how many minutiae of the probe have a code. */
function unpackProbe(probe: usize, scratch: usize): i32 {
  const n = <i32>load<u16>(probe)
  let sumX = 0
  let sumY = 0
  for (let i = 0; i < n; i++) {
    sumX += load<i16>(probe + <usize>(recordX(n) + 2 * i))
    sumY += load<i16>(probe + <usize>(recordY(n) + 2 * i))
  }
  let count = 0
  for (let i = 0; i < n; i++) {
    const code = probe + <usize>recordCodes() + ((<usize>i) << 4)
    const size = <u32>(popcnt(load<u64>(code)) + popcnt(load<u64>(code, 8)))
    if (size === 0) continue
    const at = scratch + SCREEN_PROBE + <usize>count * SCREEN_PROBE_BYTES
    memory.copy(at, code, 16)
    store<f32>(at, <f32>load<i16>(probe + <usize>(recordX(n) + 2 * i)) - <f32>sumX / <f32>n, 16)
    store<f32>(at, <f32>load<i16>(probe + <usize>(recordY(n) + 2 * i)) - <f32>sumY / <f32>n, 20)
    store<u32>(at, size, 24)
    store<u32>(at, <u32>load<u8>(probe + <usize>(recordDirections(n) + i)), 28)
    count++
  }
  return count
}

function screenScore(minutiae: i32, record: usize, scratch: usize): f32 {
  const n = <i32>load<u16>(record)
  findBest(minutiae, n, record + <usize>recordCodes(), scratch)
  const votes = castVotes(minutiae, n, record, scratch)
  return agreementOf(votes, scratch) / <f32>max(SCREEN_MIN_MINUTIAE, n)
}

/**
 * For every minutia of either print its best in the other: key = similarity in 2^-24 with its low byte replaced by an
 * index, so that a maximum finds both. Similarity is 1 - differing bits / bits set in both (masks are left out: codes
 * are 0 outside them, and ranking is no better with them).
 */
function findBest(minutiae: i32, n: i32, codes: usize, scratch: usize): void {
  const sizes = scratch + SCREEN_SIZES
  const columns = scratch + SCREEN_COLUMNS
  for (let j = 0; j < n; j++) {
    const code = codes + ((<usize>j) << 4)
    store<u32>(sizes + ((<usize>j) << 2), (<u32>(popcnt(load<u64>(code)) + popcnt(load<u64>(code, 8)))) << 2)
  }
  memory.fill(columns, 0, (<usize>n) << 2)
  for (let i = 0; i < minutiae; i++) {
    const own = scratch + SCREEN_PROBE + <usize>i * SCREEN_PROBE_BYTES
    const low = load<u64>(own)
    const high = load<u64>(own, 8)
    const reciprocals = scratch + SCREEN_RECIPROCALS + ((<usize>load<u32>(own, 24)) << 2)
    let best: u32 = 0
    for (let j = 0; j < n; j++) {
      const code = codes + ((<usize>j) << 4)
      const at = (<usize>j) << 2
      const differ = <u32>(popcnt(low ^ load<u64>(code)) + popcnt(high ^ load<u64>(code, 8)))
      const key = (ONE - differ * load<u32>(reciprocals + <usize>load<u32>(sizes + at))) & ~INDEX
      best = max(best, key | <u32>j)
      store<u32>(columns + at, max(load<u32>(columns + at), key | <u32>i))
    }
    store<u32>(scratch + SCREEN_ROWS + ((<usize>i) << 2), best)
  }
}

/** Writes a vote for every couple that is mutually best; returns how many. */
function castVotes(minutiae: i32, n: i32, record: usize, scratch: usize): i32 {
  let votes = 0
  for (let i = 0; i < minutiae; i++) {
    const key = load<u32>(scratch + SCREEN_ROWS + ((<usize>i) << 2))
    const weight = <f32>(key & ~INDEX) / <f32>ONE - SCREEN_FLOOR
    const j = key & INDEX
    if (weight <= 0 || (load<u32>(scratch + SCREEN_COLUMNS + ((<usize>j) << 2)) & INDEX) !== <u32>i) continue
    const own = scratch + SCREEN_PROBE + <usize>i * SCREEN_PROBE_BYTES
    const turn = (<u32>load<u8>(record + <usize>(recordDirections(n) + <i32>j)) - load<u32>(own, 28)) & 255
    const c = load<f32>(scratch + SCREEN_COS + ((<usize>turn) << 2))
    const s = load<f32>(scratch + SCREEN_SIN + ((<usize>turn) << 2))
    const x = load<f32>(own, 16)
    const y = load<f32>(own, 20)
    const vote = scratch + SCREEN_VOTES + ((<usize>votes) << 4)
    store<f32>(vote, weight)
    store<f32>(vote, <f32>load<i16>(record + <usize>(recordX(n) + 2 * <i32>j)) - (c * x + s * y), 4)
    store<f32>(vote, <f32>load<i16>(record + <usize>(recordY(n) + 2 * <i32>j)) - (c * y - s * x), 8)
    store<u32>(vote, turn, 12)
    votes++
  }
  return votes
}

/** Sum of the products of weights over all couples of votes for about the same motion. */
function agreementOf(votes: i32, scratch: usize): f32 {
  let sum: f32 = 0
  for (let t = 1; t < votes; t++) {
    const first = scratch + SCREEN_VOTES + ((<usize>t) << 4)
    for (let k = 0; k < t; k++) {
      const second = scratch + SCREEN_VOTES + ((<usize>k) << 4)
      if (abs(<i32>(<i8>(load<i32>(first, 12) - load<i32>(second, 12)))) > SCREEN_TURN) continue
      const dx = load<f32>(first, 4) - load<f32>(second, 4)
      const dy = load<f32>(first, 8) - load<f32>(second, 8)
      if (dx * dx + dy * dy < SCREEN_PX * SCREEN_PX) sum += load<f32>(first) * load<f32>(second)
    }
  }
  return sum
}
