/**
 * Alignment: from one seed, what falls together under a rotation and a shift is paired, the motion is fitted to those
 * pairs by least squares, and again. The tolerance grows with the distance from the seed because skin stretches.
 */
import {
  COMPARE_CLOSE,
  COMPARE_MATCHED,
  COMPARE_POINTS_A,
  COMPARE_POINTS_B,
  COMPARE_SIMILARITY,
  COMPARE_USED,
  MATCHED_COUNT,
  MATCHED_EVIDENCE,
  MATCHED_PAIRS,
  MAX_CLOSE,
  POINTS_COS,
  POINTS_COUNT,
  POINTS_DIRECTION,
  POINTS_SIN,
  POINTS_Y,
} from '../memory'
import {
  ALIGN_FIRST_PX,
  ALIGN_FIRST_STRETCH,
  ALIGN_PX,
  ALIGN_ROUNDS,
  ALIGN_STRETCH,
  ALIGN_TURN,
  EVIDENCE_BASE,
  EVIDENCE_FALL,
  EVIDENCE_NO_CODE,
} from '../parameters'

const TURNS: f32 = 128 / Mathf.PI

/** Writes MATCHED at COMPARE_MATCHED and returns how many pairs it holds; fewer than two are no alignment. */
export function alignFrom(seed: u32, scratch: usize): i32 {
  const a = scratch + COMPARE_POINTS_A + ((<usize>(seed >> 8)) << 2)
  const b = scratch + COMPARE_POINTS_B + ((<usize>(seed & 255)) << 2)
  const motion = scratch + COMPARE_MATCHED
  const c = load<f32>(a, POINTS_COS) * load<f32>(b, POINTS_COS) + load<f32>(a, POINTS_SIN) * load<f32>(b, POINTS_SIN)
  const s = load<f32>(a, POINTS_COS) * load<f32>(b, POINTS_SIN) - load<f32>(a, POINTS_SIN) * load<f32>(b, POINTS_COS)
  setMotion(motion, c, s, load<f32>(a), load<f32>(a, POINTS_Y), load<f32>(b), load<f32>(b, POINTS_Y))
  let count = 0
  for (let round = 0; round < ALIGN_ROUNDS; round++) {
    const close = closePairs(seed >> 8, round === 0, scratch)
    count = pairUp(close, scratch)
    if (count < 2) return count
    fitMotion(count, scratch)
  }
  return count
}

/** The motion that turns by (c, s) and takes (ax, ay) to (bx, by). */
function setMotion(motion: usize, c: f32, s: f32, ax: f32, ay: f32, bx: f32, by: f32): void {
  store<f32>(motion, c)
  store<f32>(motion, s, 4)
  store<f32>(motion, bx - (c * ax + s * ay), 8)
  store<f32>(motion, by - (c * ay - s * ax), 12)
}

/** Writes COMPARE_CLOSE: what falls together, most evidence first. Returns how many. */
function closePairs(seed: u32, first: bool, scratch: usize): i32 {
  const a = scratch + COMPARE_POINTS_A
  const b = scratch + COMPARE_POINTS_B
  const na = load<u32>(a, POINTS_COUNT)
  const nb = load<u32>(b, POINTS_COUNT)
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
    const limit = (px + stretch * far) * (px + stretch * far)
    const expected = <f32>load<u8>(a + POINTS_DIRECTION + <usize>i) + turn
    const toX = f32x4.splat(c * x + s * y + tx)
    const toY = f32x4.splat(c * y - s * x + ty)
    for (let j: u32 = 0; j < nb; j += 4) {
      const dx = f32x4.sub(v128.load(b + ((<usize>j) << 2)), toX)
      const dy = f32x4.sub(v128.load(b + ((<usize>j) << 2), POINTS_Y), toY)
      const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy))
      let near = i32x4.bitmask(f32x4.le(squared, f32x4.splat(limit)))
      while (near) {
        const k = j + <u32>ctz(near)
        near &= near - 1
        const off = <f32>load<u8>(b + POINTS_DIRECTION + <usize>k) - expected
        if (abs(off - 256 * nearest<f32>(off * (1.0 / 256.0))) > ALIGN_TURN || count === MAX_CLOSE) continue
        const ex = load<f32>(b + ((<usize>k) << 2)) - (c * x + s * y + tx)
        const ey = load<f32>(b + ((<usize>k) << 2), POINTS_Y) - (c * y - s * x + ty)
        const similarity = load<f32>(scratch + COMPARE_SIMILARITY + ((<usize>(i * nb + k)) << 2))
        const evidence = similarity < 0 ? EVIDENCE_NO_CODE : EVIDENCE_BASE + similarity
        const kept = evidence * (1 - (EVIDENCE_FALL * (ex * ex + ey * ey)) / limit)
        insert(scratch + COMPARE_CLOSE, count, kept, (i << 8) | k)
        count++
      }
    }
  }
  return count
}

function insert(list: usize, count: i32, evidence: f32, pair: u32): void {
  let at = list + ((<usize>count) << 3)
  while (at > list && load<f32>(at - 8) < evidence) {
    store<u64>(at, load<u64>(at - 8))
    at -= 8
  }
  store<f32>(at, evidence)
  store<u32>(at, pair, 4)
}

/** Takes pairs from the strongest down, each minutia once; returns how many. */
function pairUp(close: i32, scratch: usize): i32 {
  const usedA = scratch + COMPARE_USED
  const usedB = usedA + 256
  const matched = scratch + COMPARE_MATCHED
  memory.fill(usedA, 0, 512)
  let count = 0
  let evidence: f32 = 0
  for (let k = 0; k < close; k++) {
    const entry = scratch + COMPARE_CLOSE + ((<usize>k) << 3)
    const pair = load<u32>(entry, 4)
    const i = <usize>(pair >> 8)
    const j = <usize>(pair & 255)
    if (load<u8>(usedA + i) | load<u8>(usedB + j)) continue
    store<u8>(usedA + i, 1)
    store<u8>(usedB + j, 1)
    store<u64>(matched + MATCHED_PAIRS + ((<usize>count) << 3), load<u64>(entry))
    evidence += load<f32>(entry)
    count++
  }
  store<f32>(matched, evidence, MATCHED_EVIDENCE)
  store<u32>(matched, <u32>count, MATCHED_COUNT)
  return count
}

/** Least squares, weighted by evidence (Umeyama, IEEE TPAMI 13(4) 1991, without scale, in the plane). */
function fitMotion(count: i32, scratch: usize): void {
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
  const motion = scratch + COMPARE_MATCHED
  const c = norm > 0 ? along / norm : load<f32>(motion)
  const s = norm > 0 ? across / norm : load<f32>(motion, 4)
  setMotion(motion, c, s, meanAx, meanAy, meanBx, meanBy)
}
