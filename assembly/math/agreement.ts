/**
 * How well two pairs of minutiae agree in geometry: in the distance between the two minutiae, in their relative
 * direction and in the bearing from one to the other (Cappelli, Ferrara, Maltoni, IEEE TPAMI 32(12) 2010, LSS-R,
 * with the three sigmoids replaced by (1 - u^2)^2, which is 0 from u = 1 on).
 */
import {
  COMPARE_FOUR,
  COMPARE_POINTS_A,
  COMPARE_POINTS_B,
  COMPARE_UNPACKED,
  POINTS_COS,
  POINTS_DIRECTION,
  POINTS_SIN,
  POINTS_Y,
  UNPACKED_BX,
  UNPACKED_BY,
  UNPACKED_COS,
  UNPACKED_NAMES,
  UNPACKED_SIN,
  UNPACKED_TURN,
  UNPACKED_Y,
} from '../memory'
import { AGREEMENT_PX, AGREEMENT_TURN } from '../parameters'

const RADIANS: f32 = Mathf.PI / 128
/** Where no pair is: four are compared at once, and the rest of the last four must agree with none. */
const NOWHERE: f32 = 1e9

/** Writes COMPARE_UNPACKED from `count` pairs (index in a << 8 | index in b), so many bytes apart from each other. */
export function unpackPairs(pairs: usize, apart: usize, count: i32, scratch: usize): void {
  const pointsA = scratch + COMPARE_POINTS_A
  const pointsB = scratch + COMPARE_POINTS_B
  for (let k = 0; k < count; k++) {
    const pair = load<u32>(pairs + <usize>k * apart)
    const a = pointsA + ((<usize>(pair >> 8)) << 2)
    const b = pointsB + ((<usize>(pair & 255)) << 2)
    const to = scratch + COMPARE_UNPACKED + ((<usize>k) << 2)
    store<f32>(to, load<f32>(a))
    store<f32>(to, load<f32>(a, POINTS_Y), UNPACKED_Y)
    store<f32>(to, load<f32>(b), UNPACKED_BX)
    store<f32>(to, load<f32>(b, POINTS_Y), UNPACKED_BY)
    const cosA = load<f32>(a, POINTS_COS)
    const sinA = load<f32>(a, POINTS_SIN)
    const cosB = load<f32>(b, POINTS_COS)
    const sinB = load<f32>(b, POINTS_SIN)
    store<f32>(to, cosA * cosB + sinA * sinB, UNPACKED_COS)
    store<f32>(to, cosA * sinB - sinA * cosB, UNPACKED_SIN)
    const directionA = <i32>load<u8>(pointsA + POINTS_DIRECTION + <usize>(pair >> 8))
    const directionB = <i32>load<u8>(pointsB + POINTS_DIRECTION + <usize>(pair & 255))
    store<i32>(to, directionA - directionB, UNPACKED_TURN)
    store<u32>(to, pair, UNPACKED_NAMES)
  }
  for (let k = count; k < ((count + 3) & ~3); k++) {
    store<f32>(scratch + COMPARE_UNPACKED + ((<usize>k) << 2), NOWHERE)
  }
}

/**
 * Writes COMPARE_FOUR: how well the `t`-th pair of COMPARE_UNPACKED agrees with each of the four from the `k`-th on,
 * 0 to 1; 0 where both have a minutia in common. Symmetric in the pairs. Returns whether any does; nothing is written
 * if not.
 */
export function agreeWithFour(t: i32, k: i32, scratch: usize): bool {
  const one = scratch + COMPARE_UNPACKED + ((<usize>t) << 2)
  const four = scratch + COMPARE_UNPACKED + ((<usize>k) << 2)
  const turned = i32x4.sub(v128.load32_splat(one, UNPACKED_TURN), v128.load(four, UNPACKED_TURN))
  // The lowest byte of the difference, with its sign, is the shorter way round.
  const turn = f32x4.convert_i32x4_s(i32x4.shr_s(i32x4.shl(turned, 24), 24))
  const ax = f32x4.sub(v128.load(four), v128.load32_splat(one))
  const ay = f32x4.sub(v128.load(four, UNPACKED_Y), v128.load32_splat(one, UNPACKED_Y))
  const bx = f32x4.sub(v128.load(four, UNPACKED_BX), v128.load32_splat(one, UNPACKED_BX))
  const by = f32x4.sub(v128.load(four, UNPACKED_BY), v128.load32_splat(one, UNPACKED_BY))
  const lengthA = f32x4.sqrt(f32x4.add(f32x4.mul(ax, ax), f32x4.mul(ay, ay)))
  const lengthB = f32x4.sqrt(f32x4.add(f32x4.mul(bx, bx), f32x4.mul(by, by)))
  const stretch = f32x4.sub(lengthA, lengthB)
  const differ = v128.xor(v128.load32_splat(one, UNPACKED_NAMES), v128.load(four, UNPACKED_NAMES))
  const apart = v128.and(
    i32x4.gt_u(differ, i32x4.splat(255)),
    i32x4.ne(v128.and(differ, i32x4.splat(255)), i32x4.splat(0)),
  )
  const alike = v128.and(
    f32x4.le(f32x4.abs(turn), f32x4.splat(AGREEMENT_TURN)),
    f32x4.le(f32x4.abs(stretch), f32x4.splat(AGREEMENT_PX)),
  )
  const may = v128.and(apart, alike)
  if (!v128.any_true(may)) return false
  const along = f32x4.add(f32x4.mul(ax, bx), f32x4.mul(ay, by))
  const across = f32x4.sub(f32x4.mul(ay, bx), f32x4.mul(ax, by))
  const seenFromOne = seen(v128.load32_splat(one, UNPACKED_COS), v128.load32_splat(one, UNPACKED_SIN), along, across)
  const seenFromFour = seen(v128.load(four, UNPACKED_COS), v128.load(four, UNPACKED_SIN), along, across)
  const bearing = f32x4.mul(f32x4.splat(0.5), f32x4.add(seenFromOne, seenFromFour))
  const byLength = f32x4.mul(bearing, bump(f32x4.div(stretch, f32x4.splat(AGREEMENT_PX))))
  const all = f32x4.mul(byLength, bump(f32x4.div(turn, f32x4.splat(AGREEMENT_TURN))))
  v128.store(scratch + COMPARE_FOUR, v128.and(all, may))
  return true
}

/** How well the turn of the line between two minutiae (along, across) fits the turn (c, s) of the pair at one end. */
function seen(c: v128, s: v128, along: v128, across: v128): v128 {
  const ahead = f32x4.add(f32x4.mul(along, c), f32x4.mul(across, s))
  const tangent = f32x4.div(f32x4.sub(f32x4.mul(across, c), f32x4.mul(along, s)), ahead)
  // atan(t) = t / (1 + 0.28 t^2) within 0.005 rad up to 1 (Abramowitz, Stegun, 4.4.48).
  const squared = f32x4.mul(f32x4.mul(f32x4.splat(0.28), tangent), tangent)
  const limit = f32x4.mul(f32x4.add(f32x4.splat(1), squared), f32x4.splat(AGREEMENT_TURN * RADIANS))
  return v128.and(bump(f32x4.div(tangent, limit)), f32x4.gt(ahead, f32x4.splat(0)))
}

function bump(u: v128): v128 {
  const v = f32x4.sub(f32x4.splat(1), f32x4.mul(u, u))
  return v128.and(f32x4.mul(v, v), f32x4.gt(v, f32x4.splat(0)))
}
