/**
 * Relaxation: pairs that agree in geometry raise each other (Cappelli, Ferrara, Maltoni, IEEE TPAMI 32(12) 2010,
 * section 3.3.2, LSS-R). Leaves the most consistent pairs as seeds for fits.
 */
import {
  COMPARE_COMPATIBILITY,
  COMPARE_INITIAL,
  COMPARE_LEVEL,
  COMPARE_NEXT,
  COMPARE_PAIRS,
  COMPARE_SEEDS,
  recordDirections,
  recordX,
  recordY,
} from '../memory'
import { RELAX_MIN_PAIRS, RELAX_MORE_PAIRS, RELAX_OWN, RELAX_ROUNDS, SEEDS } from '../parameters'

const RADIANS: f32 = Mathf.PI / 128

/** Mean level of the most consistent pairs (0 to 1); fills COMPARE_LEVEL and COMPARE_SEEDS. */
export function relax(a: usize, b: usize, pairs: i32, scratch: usize): f32 {
  compatibilities(a, b, pairs, scratch)
  memory.copy(scratch + COMPARE_LEVEL, scratch + COMPARE_INITIAL, (<usize>pairs) << 2)
  for (let round = 0; round < RELAX_ROUNDS; round++) spread(pairs, scratch)
  pickSeeds(pairs, scratch)
  return meanOfBest(pairs, wantedPairs(min(<i32>load<u16>(a), <i32>load<u16>(b))), scratch)
}

/** Section 3.3.1: few minutiae, few pairs; a sigmoid with its middle at 20 minutiae. */
function wantedPairs(minutiae: i32): i32 {
  const share: f32 = 1 / (1 + Mathf.exp(-0.4 * (<f32>minutiae - 20)))
  return <i32>(RELAX_MIN_PAIRS + share * RELAX_MORE_PAIRS + 0.5)
}

/** How well every two pairs agree: in distance, in relative direction, in bearing (equations 25 to 28). */
function compatibilities(a: usize, b: usize, pairs: i32, scratch: usize): void {
  const table = scratch + COMPARE_COMPATIBILITY
  for (let t = 0; t < pairs; t++) {
    store<f32>(table + ((<usize>(t * pairs + t)) << 2), 0)
    for (let k = t + 1; k < pairs; k++) {
      const value = compatibility(a, b, t, k, scratch)
      store<f32>(table + ((<usize>(t * pairs + k)) << 2), value)
      store<f32>(table + ((<usize>(k * pairs + t)) << 2), value)
    }
  }
}

function compatibility(a: usize, b: usize, t: i32, k: i32, scratch: usize): f32 {
  const first = load<u32>(scratch + COMPARE_PAIRS + ((<usize>t) << 2))
  const second = load<u32>(scratch + COMPARE_PAIRS + ((<usize>k) << 2))
  const a1 = <i32>(first >> 8)
  const a2 = <i32>(second >> 8)
  const b1 = <i32>(first & 255)
  const b2 = <i32>(second & 255)
  const relativeA = directionOf(a, a1) - directionOf(a, a2)
  const relativeB = directionOf(b, b1) - directionOf(b, b2)
  const turn = abs(<f32>(<i32>(<i8>(relativeA - relativeB)))) * RADIANS
  const ax = xOf(a, a2) - xOf(a, a1)
  const ay = yOf(a, a2) - yOf(a, a1)
  const bx = xOf(b, b2) - xOf(b, b1)
  const by = yOf(b, b2) - yOf(b, b1)
  const stretch = abs(sqrt<f32>(ax * ax + ay * ay) - sqrt<f32>(bx * bx + by * by))
  const agreement = falling(stretch, 5, 1.6) * falling(turn, 0.2618, 30)
  if (agreement < 1e-4) return 0
  // The bearing may be seen from either end: the mean keeps the table symmetric.
  const bearing = Mathf.atan2(ax * by - ay * bx, ax * bx + ay * by)
  return (
    agreement *
    0.5 *
    (seen(bearing, directionOf(b, b1) - directionOf(a, a1)) + seen(bearing, directionOf(b, b2) - directionOf(a, a2)))
  )
}

/** How well the turn of the line between two minutiae (clockwise, rad) fits the turn of one of them (256ths). */
function seen(clockwise: f32, turn: i32): f32 {
  let off = clockwise + <f32>(<i32>(<i8>turn)) * RADIANS
  if (off > Mathf.PI) off -= 2 * Mathf.PI
  if (off < -Mathf.PI) off += 2 * Mathf.PI
  return falling(abs(off), 0.2618, 30)
}

/** A sigmoid from 1 down to 0 with its middle at `middle`. */
function falling(value: f32, middle: f32, steepness: f32): f32 {
  return 1 / (1 + Mathf.exp(steepness * (value - middle)))
}

function spread(pairs: i32, scratch: usize): void {
  const level = scratch + COMPARE_LEVEL
  const next = scratch + COMPARE_NEXT
  const share: f32 = pairs > 1 ? (1 - RELAX_OWN) / <f32>(pairs - 1) : 0
  for (let t = 0; t < pairs; t++) {
    const row = scratch + COMPARE_COMPATIBILITY + ((<usize>(t * pairs)) << 2)
    let sum: f32 = 0
    for (let k = 0; k < pairs; k++) {
      sum += load<f32>(row + ((<usize>k) << 2)) * load<f32>(level + ((<usize>k) << 2))
    }
    store<f32>(next + ((<usize>t) << 2), RELAX_OWN * load<f32>(level + ((<usize>t) << 2)) + share * sum)
  }
  memory.copy(level, next, (<usize>pairs) << 2)
}

/** The SEEDS highest levels, highest first; ties to the earlier pair. COMPARE_NEXT is used up. */
function pickSeeds(pairs: i32, scratch: usize): void {
  const left = scratch + COMPARE_NEXT
  memory.copy(left, scratch + COMPARE_LEVEL, (<usize>pairs) << 2)
  for (let s = 0; s < min(SEEDS, pairs); s++) {
    const best = highest(left, pairs)
    store<f32>(left + ((<usize>best) << 2), -1)
    const pair = load<u32>(scratch + COMPARE_PAIRS + ((<usize>best) << 2))
    store<u32>(scratch + COMPARE_SEEDS + ((<usize>s) << 2), pair)
  }
}

/** Equation 30: the pairs that kept most of their similarity, mean of their levels. */
function meanOfBest(pairs: i32, wanted: i32, scratch: usize): f32 {
  const efficiency = scratch + COMPARE_NEXT
  for (let t = 0; t < pairs; t++) {
    const at = (<usize>t) << 2
    store<f32>(efficiency + at, load<f32>(scratch + COMPARE_LEVEL + at) / load<f32>(scratch + COMPARE_INITIAL + at))
  }
  let sum: f32 = 0
  for (let k = 0; k < min(wanted, pairs); k++) {
    const best = highest(efficiency, pairs)
    store<f32>(efficiency + ((<usize>best) << 2), -1)
    sum += load<f32>(scratch + COMPARE_LEVEL + ((<usize>best) << 2))
  }
  return sum / <f32>wanted
}

function highest(values: usize, count: i32): i32 {
  let best = 0
  for (let k = 1; k < count; k++) {
    if (load<f32>(values + ((<usize>k) << 2)) > load<f32>(values + ((<usize>best) << 2))) best = k
  }
  return best
}

function xOf(record: usize, i: i32): f32 {
  return <f32>load<i16>(record + <usize>(recordX(<i32>load<u16>(record)) + 2 * i))
}
function yOf(record: usize, i: i32): f32 {
  return <f32>load<i16>(record + <usize>(recordY(<i32>load<u16>(record)) + 2 * i))
}
function directionOf(record: usize, i: i32): i32 {
  return <i32>load<u8>(record + <usize>(recordDirections(<i32>load<u16>(record)) + i))
}
