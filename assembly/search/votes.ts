/**
 * Votes of couples of minutiae whose codes are each other's best, for the motion that brings them together: the score of
 * the screen is how much they agree.
 */
import {
  recordDirections,
  recordX,
  recordY,
  SCREEN_COLUMNS,
  SCREEN_COS,
  SCREEN_PROBE_BYTES,
  SCREEN_ROWS,
  SCREEN_SIN,
  SCREEN_VOTES,
} from '../memory'
import { SCREEN_PX, SCREEN_TURN } from '../parameters'

/** Similarity 1 as an integer; the low 8 bits of a key hold an index. */
const ONE: u32 = 1 << 24
const INDEX: u32 = 0xff

/**
 * Sum of the products of weights over all couples of votes for about the same motion. `probe`: its unpacked minutiae, of
 * which there are `minutiae`; keys in SCREEN_ROWS and SCREEN_COLUMNS; `floor`: similarity from which a couple votes.
 */
export function agreementOfVotes(probe: usize, minutiae: i32, record: usize, floor: f32, scratch: usize): f32 {
  return agreementOf(castVotes(probe, minutiae, record, floor, scratch), scratch)
}

/** Writes a vote for every couple that is mutually best; returns how many. */
function castVotes(probe: usize, minutiae: i32, record: usize, floor: f32, scratch: usize): i32 {
  const n = <i32>load<u16>(record)
  let votes = 0
  for (let i = 0; i < minutiae; i++) {
    const key = load<u32>(scratch + SCREEN_ROWS + ((<usize>i) << 2))
    const weight = <f32>(key & ~INDEX) / <f32>ONE - floor
    const j = key & INDEX
    if (weight <= 0 || (load<u32>(scratch + SCREEN_COLUMNS + ((<usize>j) << 2)) & INDEX) !== <u32>i) continue
    const own = probe + <usize>i * SCREEN_PROBE_BYTES
    const turn = (<u32>load<u8>(record + <usize>(recordDirections(n) + <i32>j)) - load<u32>(own, 28)) & 255
    const c = load<f32>(scratch + SCREEN_COS + ((<usize>turn) << 2))
    const s = load<f32>(scratch + SCREEN_SIN + ((<usize>turn) << 2))
    const x = load<f32>(own, 16)
    const y = load<f32>(own, 20)
    const vote = scratch + SCREEN_VOTES + ((<usize>votes) << 4)
    store<f32>(vote, weight)
    store<f32>(vote, <f32>load<i16>(record + <usize>(recordX() + 2 * <i32>j)) - (c * x + s * y), 4)
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
