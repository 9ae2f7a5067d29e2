/** The motion of MATCHED: a turn and a shift that take the minutiae of a to those of b. */
import {
  COMPARE_MATCHED,
  COMPARE_POINTS_A,
  COMPARE_POINTS_B,
  MATCHED_PAIRS,
  POINTS_COS,
  POINTS_SIN,
  POINTS_Y,
} from '../memory'

/** The motion that takes one minutia of a `seed` (index in a << 8 | index in b) to the other, direction and all. */
export function motionOfSeed(seed: u32, scratch: usize): void {
  const a = scratch + COMPARE_POINTS_A + ((<usize>(seed >> 8)) << 2)
  const b = scratch + COMPARE_POINTS_B + ((<usize>(seed & 255)) << 2)
  const c = load<f32>(a, POINTS_COS) * load<f32>(b, POINTS_COS) + load<f32>(a, POINTS_SIN) * load<f32>(b, POINTS_SIN)
  const s = load<f32>(a, POINTS_COS) * load<f32>(b, POINTS_SIN) - load<f32>(a, POINTS_SIN) * load<f32>(b, POINTS_COS)
  setMotion(scratch, c, s, load<f32>(a), load<f32>(a, POINTS_Y), load<f32>(b), load<f32>(b, POINTS_Y))
}

/** The motion that turns by (c, s) and takes (ax, ay) to (bx, by). */
function setMotion(scratch: usize, c: f32, s: f32, ax: f32, ay: f32, bx: f32, by: f32): void {
  store<f32>(scratch, c, COMPARE_MATCHED)
  store<f32>(scratch, s, COMPARE_MATCHED + 4)
  store<f32>(scratch, bx - (c * ax + s * ay), COMPARE_MATCHED + 8)
  store<f32>(scratch, by - (c * ay - s * ax), COMPARE_MATCHED + 12)
}

/** Least squares, weighted by evidence (Umeyama, IEEE TPAMI 13(4) 1991, without scale, in the plane). */
export function fitMotion(count: i32, scratch: usize): void {
  const pairs = scratch + COMPARE_MATCHED + MATCHED_PAIRS
  let weight: f32 = 0
  let meanAx: f32 = 0
  let meanAy: f32 = 0
  let meanBx: f32 = 0
  let meanBy: f32 = 0
  for (let k = 0; k < count; k++) {
    const entry = pairs + ((<usize>k) << 3)
    const a = scratch + COMPARE_POINTS_A + ((<usize>(load<u32>(entry, 4) >> 8)) << 2)
    const b = scratch + COMPARE_POINTS_B + ((<usize>(load<u32>(entry, 4) & 255)) << 2)
    const w = load<f32>(entry)
    weight += w
    meanAx += w * load<f32>(a)
    meanAy += w * load<f32>(a, POINTS_Y)
    meanBx += w * load<f32>(b)
    meanBy += w * load<f32>(b, POINTS_Y)
  }
  meanAx /= weight
  meanAy /= weight
  meanBx /= weight
  meanBy /= weight
  let along: f32 = 0
  let across: f32 = 0
  for (let k = 0; k < count; k++) {
    const entry = pairs + ((<usize>k) << 3)
    const a = scratch + COMPARE_POINTS_A + ((<usize>(load<u32>(entry, 4) >> 8)) << 2)
    const b = scratch + COMPARE_POINTS_B + ((<usize>(load<u32>(entry, 4) & 255)) << 2)
    const w = load<f32>(entry)
    const ax = load<f32>(a) - meanAx
    const ay = load<f32>(a, POINTS_Y) - meanAy
    const bx = load<f32>(b) - meanBx
    const by = load<f32>(b, POINTS_Y) - meanBy
    along += w * (ax * bx + ay * by)
    across += w * (ay * bx - ax * by)
  }
  const norm = sqrt<f32>(along * along + across * across)
  const c = norm > 0 ? along / norm : load<f32>(scratch, COMPARE_MATCHED)
  const s = norm > 0 ? across / norm : load<f32>(scratch, COMPARE_MATCHED + 4)
  setMotion(scratch, c, s, meanAx, meanAy, meanBx, meanBy)
}
