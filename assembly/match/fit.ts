/**
 * Geometric fit: from each seed, what falls together under one rotation and shift is paired, the motion is fitted to
 * those pairs by least squares, and again; the tolerance grows with the distance from the seed because skin stretches.
 */
import { convexHull, nearHull } from '../math/hull'
import {
  COMPARE_BEST,
  COMPARE_CLOSE,
  COMPARE_HULL_A,
  COMPARE_HULL_B,
  COMPARE_MATCHED,
  COMPARE_SEEDS,
  COMPARE_SIMILARITY,
  COMPARE_USED,
  MAX_CLOSE,
  recordDirections,
  recordX,
  recordY,
} from '../memory'
import {
  FIT_FLOOR,
  FIT_MIN_OVERLAP,
  FIT_OVERLAP_MARGIN,
  FIT_ROUNDS,
  FIT_SHARE_WEIGHT,
  FIT_STRETCH,
  FIT_STRETCH_FIRST,
  FIT_TOLERANCE,
  FIT_TOLERANCE_FIRST,
  FIT_TOLERANCE_TURN,
  SEEDS,
} from '../parameters'

const RADIANS: f32 = Mathf.PI / 128

/** Value of the best fit from up to SEEDS of `pairs` seeds, 0 when none holds two pairs; its pairs are in COMPARE_BEST. */
export function bestFit(a: usize, b: usize, pairs: i32, scratch: usize): f32 {
  const na = <i32>load<u16>(a)
  const nb = <i32>load<u16>(b)
  convexHull(a + <usize>recordX(na), a + <usize>recordY(na), na, scratch + COMPARE_HULL_A)
  convexHull(b + <usize>recordX(nb), b + <usize>recordY(nb), nb, scratch + COMPARE_HULL_B)
  store<u32>(scratch + COMPARE_BEST, 0)
  let best: f32 = 0
  for (let s = 0; s < min(SEEDS, pairs); s++) {
    const value = fitFrom(a, b, load<u32>(scratch + COMPARE_SEEDS + ((<usize>s) << 2)), scratch)
    if (value <= best) continue
    best = value
    const bytes = (<usize>load<u32>(scratch + COMPARE_MATCHED) + 1) << 2
    memory.copy(scratch + COMPARE_BEST, scratch + COMPARE_MATCHED, bytes)
  }
  return best
}

function fitFrom(a: usize, b: usize, seed: u32, scratch: usize): f32 {
  const i = <i32>(seed >> 8)
  const j = <i32>(seed & 255)
  // b = R a + t with R = (c, s; -s, c): counter-clockwise by the angle with y down.
  let turn = <f32>(directionOf(b, j) - directionOf(a, i))
  let c = Mathf.cos(turn * RADIANS)
  let s = Mathf.sin(turn * RADIANS)
  let tx = xOf(b, j) - (c * xOf(a, i) + s * yOf(a, i))
  let ty = yOf(b, j) - (c * yOf(a, i) - s * xOf(a, i))
  let evidence: f32 = 0
  for (let round = 0; round < FIT_ROUNDS; round++) {
    const close = closePairs(a, b, i, c, s, tx, ty, turn, round === 0, scratch)
    evidence = pairUp(close, scratch)
    const count = <i32>load<u32>(scratch + COMPARE_MATCHED)
    if (count < 2) return 0
    let weight: f32 = 0
    let ax: f32 = 0
    let ay: f32 = 0
    let bx: f32 = 0
    let by: f32 = 0
    const nb = <i32>load<u16>(b)
    for (let k = 1; k <= count; k++) {
      const pair = load<u32>(scratch + COMPARE_MATCHED + ((<usize>k) << 2))
      const p = <i32>(pair >> 8)
      const q = <i32>(pair & 255)
      const w = load<f32>(scratch + COMPARE_SIMILARITY + ((<usize>(p * nb + q)) << 2))
      weight += w
      ax += w * xOf(a, p)
      ay += w * yOf(a, p)
      bx += w * xOf(b, q)
      by += w * yOf(b, q)
    }
    ax /= weight
    ay /= weight
    bx /= weight
    by /= weight
    let along: f32 = 0
    let across: f32 = 0
    for (let k = 1; k <= count; k++) {
      const pair = load<u32>(scratch + COMPARE_MATCHED + ((<usize>k) << 2))
      const p = <i32>(pair >> 8)
      const q = <i32>(pair & 255)
      const w = load<f32>(scratch + COMPARE_SIMILARITY + ((<usize>(p * nb + q)) << 2))
      const px = xOf(a, p) - ax
      const py = yOf(a, p) - ay
      const qx = xOf(b, q) - bx
      const qy = yOf(b, q) - by
      along += w * (px * qx + py * qy)
      across += w * (py * qx - px * qy)
    }
    const norm = sqrt<f32>(along * along + across * across)
    if (norm > 0) {
      c = along / norm
      s = across / norm
      turn = Mathf.atan2(s, c) / RADIANS
    }
    tx = bx - (c * ax + s * ay)
    ty = by - (c * ay - s * ax)
  }
  const overlapA = overlap(a, scratch + COMPARE_HULL_B, c, s, tx, ty)
  const overlapB = overlap(b, scratch + COMPARE_HULL_A, c, -s, -(c * tx - s * ty), -(s * tx + c * ty))
  const share = evidence / sqrt<f32>(max(FIT_MIN_OVERLAP, overlapA) * max(FIT_MIN_OVERLAP, overlapB))
  return Mathf.pow(evidence, 1 - FIT_SHARE_WEIGHT) * Mathf.pow(share, FIT_SHARE_WEIGHT)
}

/** Minutiae of `record` that the motion brings into `hull`. */
function overlap(record: usize, hull: usize, c: f32, s: f32, tx: f32, ty: f32): f32 {
  const n = <i32>load<u16>(record)
  let count = 0
  for (let i = 0; i < n; i++) {
    const x = c * xOf(record, i) + s * yOf(record, i) + tx
    const y = c * yOf(record, i) - s * xOf(record, i) + ty
    if (nearHull(hull, x, y, FIT_OVERLAP_MARGIN)) count++
  }
  return <f32>count
}

/** Writes COMPARE_CLOSE: what falls together, the most similar first. Returns how many. */
function closePairs(
  a: usize,
  b: usize,
  seed: i32,
  c: f32,
  s: f32,
  tx: f32,
  ty: f32,
  turn: f32,
  first: bool,
  scratch: usize,
): i32 {
  const na = <i32>load<u16>(a)
  const nb = <i32>load<u16>(b)
  let count = 0
  for (let i = 0; i < na; i++) {
    const x = c * xOf(a, i) + s * yOf(a, i) + tx
    const y = c * yOf(a, i) - s * xOf(a, i) + ty
    const fromX = xOf(a, i) - xOf(a, seed)
    const fromY = yOf(a, i) - yOf(a, seed)
    const far = sqrt<f32>(fromX * fromX + fromY * fromY)
    const tolerance = first ? FIT_TOLERANCE_FIRST + FIT_STRETCH_FIRST * far : FIT_TOLERANCE + FIT_STRETCH * far
    for (let j = 0; j < nb; j++) {
      const dx = xOf(b, j) - x
      const dy = yOf(b, j) - y
      if (dx * dx + dy * dy > tolerance * tolerance) continue
      let off = <f32>(directionOf(b, j) - directionOf(a, i)) - turn
      off -= 256 * nearest<f32>(off * (1.0 / 256.0))
      if (abs(off) > FIT_TOLERANCE_TURN) continue
      const similarity = load<f32>(scratch + COMPARE_SIMILARITY + ((<usize>(i * nb + j)) << 2))
      if (similarity <= FIT_FLOOR || count === MAX_CLOSE) continue
      insert(scratch + COMPARE_CLOSE, count, similarity, <u32>((i << 8) | j))
      count++
    }
  }
  return count
}

function insert(list: usize, count: i32, similarity: f32, pair: u32): void {
  let at = list + ((<usize>count) << 3)
  while (at > list && load<f32>(at - 8) < similarity) {
    store<u64>(at, load<u64>(at - 8))
    at -= 8
  }
  store<f32>(at, similarity)
  store<u32>(at, pair, 4)
}

/** Takes pairs from the most similar down, each minutia once: writes COMPARE_MATCHED, returns their evidence. */
function pairUp(close: i32, scratch: usize): f32 {
  const usedA = scratch + COMPARE_USED
  const usedB = usedA + 256
  memory.fill(usedA, 0, 512)
  let count: u32 = 0
  let evidence: f32 = 0
  for (let k = 0; k < close; k++) {
    const entry = scratch + COMPARE_CLOSE + ((<usize>k) << 3)
    const pair = load<u32>(entry, 4)
    const i = <usize>(pair >> 8)
    const j = <usize>(pair & 255)
    if (load<u8>(usedA + i) | load<u8>(usedB + j)) continue
    store<u8>(usedA + i, 1)
    store<u8>(usedB + j, 1)
    count++
    store<u32>(scratch + COMPARE_MATCHED + ((<usize>count) << 2), pair)
    evidence += load<f32>(entry) - FIT_FLOOR
  }
  store<u32>(scratch + COMPARE_MATCHED, count)
  return evidence
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
