/**
 * Alignment: from one seed, what falls together under a rotation and a shift is paired, the motion is fitted to those
 * pairs by least squares, and again. The tolerance grows with the distance from the seed because skin stretches.
 */
import { collectClose, collectLearned, pairUp } from '../math/close-pairs'
import { fitMotion, motionOfSeed } from '../math/motion'
import { COMPARE_MATCHED, COMPARE_POINTS_A, POINTS_COUNT, POINTS_DIRECTION, POINTS_Y } from '../memory'
import { ALIGN_FIRST_PX, ALIGN_FIRST_STRETCH, ALIGN_PX, ALIGN_ROUNDS, ALIGN_STRETCH, ALIGN_TURN } from '../parameters'

const TURNS: f32 = 128 / Mathf.PI

/** Writes MATCHED at COMPARE_MATCHED and returns how many pairs it holds; fewer than two are no alignment. */
export function alignFrom(seed: u32, learned: bool, scratch: usize): i32 {
  motionOfSeed(seed, scratch)
  const rounds = learned ? 1 : ALIGN_ROUNDS
  let count = 0
  for (let round = 0; round < rounds; round++) {
    count = pairUp(closePairs(seed >> 8, round === 0, learned, scratch), scratch)
    if (count < 2) return count
    fitMotion(count, scratch)
  }
  return count
}

/** Writes COMPARE_CLOSE: what falls together, most evidence first. Returns how many. */
function closePairs(seed: u32, first: bool, learned: bool, scratch: usize): i32 {
  const a = scratch + COMPARE_POINTS_A
  const na = load<u32>(a, POINTS_COUNT)
  const c = load<f32>(scratch, COMPARE_MATCHED)
  const s = load<f32>(scratch, COMPARE_MATCHED + 4)
  const tx = load<f32>(scratch, COMPARE_MATCHED + 8)
  const ty = load<f32>(scratch, COMPARE_MATCHED + 12)
  const turn = Mathf.atan2(s, c) * TURNS
  const px = first ? ALIGN_FIRST_PX : ALIGN_PX
  const stretch = first ? ALIGN_FIRST_STRETCH : ALIGN_STRETCH
  const seedX = load<f32>(a + ((<usize>seed) << 2))
  const seedY = load<f32>(a + ((<usize>seed) << 2), POINTS_Y)
  let count = 0
  for (let i: u32 = 0; i < na; i++) {
    const x = load<f32>(a + ((<usize>i) << 2))
    const y = load<f32>(a + ((<usize>i) << 2), POINTS_Y)
    const far = sqrt<f32>((x - seedX) * (x - seedX) + (y - seedY) * (y - seedY))
    const direction = <f32>load<u8>(a + POINTS_DIRECTION + <usize>i) + turn
    const limit = px + stretch * far
    const toX = c * x + s * y + tx
    const toY = c * y - s * x + ty
    count = learned
      ? collectLearned(i, toX, toY, limit, direction, ALIGN_TURN, count, scratch)
      : collectClose(i, toX, toY, limit, direction, ALIGN_TURN, count, scratch)
  }
  return count
}
