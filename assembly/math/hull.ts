/**
 * Convex hull of points and distance to it (Andrew, Information Processing Letters 9(5) 1979: the monotone chain).
 */
import { HULL_CHAIN, HULL_EDGE_BYTES, HULL_EDGES, HULL_SORTED } from '../memory'

/** Writes the hull of the `n` points of i16 `xs` and `ys` at `hull` (HULL in memory.ts). */
export function convexHull(xs: usize, ys: usize, n: i32, hull: usize): void {
  const sorted = hull + HULL_SORTED
  for (let i = 0; i < n; i++) insert(sorted, i, point(xs, ys, i))
  const chain = hull + HULL_CHAIN
  let count = 0
  for (let i = 0; i < n; i++) count = append(chain, count, 0, load<u32>(sorted + ((<usize>i) << 2)))
  const lower = count - 1
  for (let i = n - 2; i >= 0; i--) count = append(chain, count, lower, load<u32>(sorted + ((<usize>i) << 2)))
  // The chain ends where it began, unless there is but one point.
  if (count > 1) count--
  store<u32>(hull, <u32>count)
  for (let i = 0; i < count; i++) {
    const from = load<u32>(chain + ((<usize>i) << 2))
    const to = load<u32>(chain + ((<usize>((i + 1) % count)) << 2))
    const dx = <f32>(xOf(to) - xOf(from))
    const dy = <f32>(yOf(to) - yOf(from))
    const squared = dx * dx + dy * dy
    const edge = hull + HULL_EDGES + <usize>i * HULL_EDGE_BYTES
    store<f32>(edge, <f32>xOf(from))
    store<f32>(edge, <f32>yOf(from), 4)
    store<f32>(edge, dx, 8)
    store<f32>(edge, dy, 12)
    store<f32>(edge, squared > 0 ? 1 / squared : 0, 16)
  }
}

/**
 * Which of four points (f32 x, four times, then y) lie in the hull or within `margin` of it: a bit each. A hull of no
 * points holds nothing.
 */
export function nearHull4(hull: usize, points: usize, margin: f32): u32 {
  const x = v128.load(points)
  const y = v128.load(points, 16)
  const count = load<u32>(hull)
  const zero = f32x4.splat(0)
  const limit = f32x4.splat(margin * margin)
  let inside = i32x4.splat(count > 2 ? -1 : 0)
  let near = i32x4.splat(0)
  for (let i: u32 = 0; i < count; i++) {
    const edge = hull + HULL_EDGES + <usize>i * HULL_EDGE_BYTES
    const ex = v128.load32_splat(edge, 8)
    const ey = v128.load32_splat(edge, 12)
    const px = f32x4.sub(x, v128.load32_splat(edge))
    const py = f32x4.sub(y, v128.load32_splat(edge, 4))
    inside = v128.andnot(inside, f32x4.lt(f32x4.sub(f32x4.mul(ex, py), f32x4.mul(ey, px)), zero))
    const dot = f32x4.add(f32x4.mul(px, ex), f32x4.mul(py, ey))
    const along = f32x4.max(zero, f32x4.min(f32x4.splat(1), f32x4.mul(dot, v128.load32_splat(edge, 16))))
    const dx = f32x4.sub(px, f32x4.mul(along, ex))
    const dy = f32x4.sub(py, f32x4.mul(along, ey))
    near = v128.or(near, f32x4.le(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)), limit))
  }
  return <u32>i32x4.bitmask(v128.or(near, inside))
}

/** A point as one number that sorts by x, then y. */
function point(xs: usize, ys: usize, i: i32): u32 {
  const at = (<usize>i) << 1
  return ((<u32>(<i32>load<i16>(xs + at) + 0x8000)) << 16) | <u32>(<i32>load<i16>(ys + at) + 0x8000)
}
function xOf(point: u32): i32 {
  return <i32>(point >> 16) - 0x8000
}
function yOf(point: u32): i32 {
  return <i32>(point & 0xffff) - 0x8000
}

function insert(sorted: usize, count: i32, value: u32): void {
  let i = count
  while (i > 0) {
    const before = load<u32>(sorted + ((<usize>(i - 1)) << 2))
    if (before <= value) break
    store<u32>(sorted + ((<usize>i) << 2), before)
    i--
  }
  store<u32>(sorted + ((<usize>i) << 2), value)
}

/** Drops what `next` makes concave (not below `kept` points), then appends it. */
function append(chain: usize, count: i32, kept: i32, next: u32): i32 {
  while (count >= kept + 2) {
    const a = load<u32>(chain + ((<usize>(count - 2)) << 2))
    const b = load<u32>(chain + ((<usize>(count - 1)) << 2))
    const cross = (xOf(b) - xOf(a)) * (yOf(next) - yOf(a)) - (yOf(b) - yOf(a)) * (xOf(next) - xOf(a))
    if (cross > 0) break
    count--
  }
  store<u32>(chain + ((<usize>count) << 2), next)
  return count + 1
}
