/**
 * Geometric codes: the bit form of the Minutia Cylinder-Code (Cappelli, Ferrara, Maltoni, IEEE TPAMI 32(12) 2010) with
 * 32 cells of 4 sections, so that a code is 128 bits and its mask one word.
 *
 * The square of CODE_SIDE x CODE_SIDE cells round a minutia is turned to its direction. Cell and section hold
 *
 *     sum over neighbours t of  G(|t - cell|; sigma_S) x integral over the section of G(turn of t; sigma_D)
 *
 * (the paper's spatial and directional contribution, G a Gaussian); a bit is set above CODE_BIT_LEVEL, the middle of
 * the paper's sigmoid. Bit section * 32 + cell of the code belongs to bit cell of the mask, which is set where the cell
 * lies in the print's area: the hull of the minutiae, widened.
 */
import { convexHull, nearHull4 } from '../math/hull'
import { normalCdf } from '../math/normal'
import {
  DESCRIBE_ACROSS,
  DESCRIBE_ALONG,
  DESCRIBE_DIRECTIONS,
  DESCRIBE_HULL,
  DESCRIBE_MIDDLES,
  DESCRIBE_SUMS,
  geometricCodes,
  geometricMasks,
  hasRoomForGeometry,
  RECORD_DESCRIBED,
  recordDirections,
  recordX,
  recordY,
} from '../memory'
import {
  CODE_BIT_LEVEL,
  CODE_CELLS,
  CODE_HULL_MARGIN,
  CODE_MIN_CELLS,
  CODE_MIN_NEIGHBOURS,
  CODE_RADIUS,
  CODE_SECTIONS,
  CODE_SIDE,
  CODE_SIGMA_PX,
  CODE_SIGMA_TURN,
} from '../parameters'

/** Half a section, 256ths of a turn. */
const HALF_SECTION: f32 = 128 / <f32>CODE_SECTIONS
/** Beyond three sigma a neighbour adds less than a hundredth of its peak. */
const REACH: f32 = 3 * CODE_SIGMA_PX
const RADIANS: f32 = Mathf.PI / 128

/**
 * Sees to it that a record has its geometric codes, for which it must have room: few are ever asked for where there are
 * learned ones. Several threads may do so at once, as all of them write the same. `scratch`: DESCRIBE_BYTES.
 */
export function ensureGeometry(record: usize, scratch: usize): void {
  if (atomic.load<u16>(record + RECORD_DESCRIBED) === 0) describeGeometry(record, scratch)
}

/** Writes codes and masks of a record whose positions and directions are there, and that has room for them. `scratch`: DESCRIBE_BYTES. */
export function describeGeometry(record: usize, scratch: usize): void {
  const n = <i32>load<u16>(record)
  assert(hasRoomForGeometry(record), 'a record without room for geometric codes is never described')
  convexHull(record + <usize>recordX(), record + <usize>recordY(n), n, scratch + DESCRIBE_HULL)
  directionTable(scratch + DESCRIBE_DIRECTIONS)
  cellTable(scratch)
  const codes = geometricCodes(record)
  const masks = geometricMasks(record)
  for (let i = 0; i < n; i++) {
    const code = codes + ((<usize>i) << 4)
    const mask = areaMask(record, n, i, scratch)
    const neighbours = gather(record, n, i, scratch)
    const usable = <i32>popcnt(mask) >= CODE_MIN_CELLS && neighbours >= CODE_MIN_NEIGHBOURS
    store<u32>(masks + ((<usize>i) << 2), usable ? mask : 0)
    for (let section = 0; section < CODE_SECTIONS; section++) {
      let bits: u32 = 0
      for (let cell = 0; cell < CODE_CELLS; cell++) {
        const sum = load<f32>(scratch + DESCRIBE_SUMS + ((<usize>(section * CODE_CELLS + cell)) << 2))
        if (sum > CODE_BIT_LEVEL) bits |= 1 << cell
      }
      store<u32>(code + ((<usize>section) << 2), usable ? bits & mask : 0)
    }
  }
  // After all stores before it, also in the eyes of other threads.
  atomic.store<u16>(record + RECORD_DESCRIBED, 1)
}

/** The directional contribution for every difference of directions: the share of a Gaussian that falls in a section. */
function directionTable(table: usize): void {
  for (let k = 0; k < 256; k++) {
    const off = <f32>(<i32>(<i8>k))
    const share = normalCdf((off + HALF_SECTION) / CODE_SIGMA_TURN) - normalCdf((off - HALF_SECTION) / CODE_SIGMA_TURN)
    store<f32>(table + ((<usize>k) << 2), share)
  }
}

/** Middles of the cells along the minutia's direction and to its right, px. Cells run row by row without corners. */
function cellTable(scratch: usize): void {
  const side: f32 = (2 * CODE_RADIUS) / <f32>CODE_SIDE
  for (let cell = 0; cell < CODE_CELLS; cell++) {
    const at = scratch + ((<usize>cell) << 2)
    store<f32>(at, (<f32>(square(cell) % CODE_SIDE) + 0.5 - <f32>CODE_SIDE / 2) * side, DESCRIBE_ALONG)
    store<f32>(at, (<f32>(square(cell) / CODE_SIDE) + 0.5 - <f32>CODE_SIDE / 2) * side, DESCRIBE_ACROSS)
  }
}

/** Number of a cell in the full square. */
function square(cell: i32): i32 {
  if (cell < CODE_SIDE - 2) return cell + 1
  return cell >= CODE_CELLS - (CODE_SIDE - 2) ? cell + 3 : cell + 2
}

/** The cells that lie in the hull of the minutiae widened by CODE_HULL_MARGIN. */
function areaMask(record: usize, n: i32, i: i32, scratch: usize): u32 {
  const angle = <f32>load<u8>(record + <usize>(recordDirections(n) + i)) * RADIANS
  const cos = f32x4.splat(Mathf.cos(angle))
  const sin = f32x4.splat(Mathf.sin(angle))
  const x = f32x4.splat(<f32>load<i16>(record + <usize>(recordX() + 2 * i)))
  const y = f32x4.splat(<f32>load<i16>(record + <usize>(recordY(n) + 2 * i)))
  let mask: u32 = 0
  for (let cell = 0; cell < CODE_CELLS; cell += 4) {
    const u = v128.load(scratch + ((<usize>cell) << 2), DESCRIBE_ALONG)
    const v = v128.load(scratch + ((<usize>cell) << 2), DESCRIBE_ACROSS)
    const middles = scratch + DESCRIBE_MIDDLES
    v128.store(middles, f32x4.add(x, f32x4.add(f32x4.mul(cos, u), f32x4.mul(sin, v))))
    v128.store(middles, f32x4.add(y, f32x4.sub(f32x4.mul(cos, v), f32x4.mul(sin, u))), 16)
    mask |= nearHull4(scratch + DESCRIBE_HULL, middles, CODE_HULL_MARGIN) << cell
  }
  return mask
}

/** Fills DESCRIBE_SUMS for minutia `i` and returns how many neighbours are in reach. */
function gather(record: usize, n: i32, i: i32, scratch: usize): i32 {
  memory.fill(scratch + DESCRIBE_SUMS, 0, (<usize>(CODE_CELLS * CODE_SECTIONS)) << 2)
  const xs = record + <usize>recordX()
  const ys = record + <usize>recordY(n)
  const directions = record + <usize>recordDirections(n)
  const own = <i32>load<u8>(directions + <usize>i)
  const cos = Mathf.cos(<f32>own * RADIANS)
  const sin = Mathf.sin(<f32>own * RADIANS)
  const reach: f32 = CODE_RADIUS + REACH
  let neighbours = 0
  for (let j = 0; j < n; j++) {
    if (j === i) continue
    const dx = <f32>(<i32>load<i16>(xs + ((<usize>j) << 1)) - <i32>load<i16>(xs + ((<usize>i) << 1)))
    const dy = <f32>(<i32>load<i16>(ys + ((<usize>j) << 1)) - <i32>load<i16>(ys + ((<usize>i) << 1)))
    if (dx * dx + dy * dy > reach * reach) continue
    neighbours++
    const turn = <u32>(own - <i32>load<u8>(directions + <usize>j)) & 255
    spread(cos * dx - sin * dy, sin * dx + cos * dy, turn, scratch)
  }
  return neighbours
}

/**
 * Adds a neighbour at (along, across), its direction `turn` before the minutia's own, to every cell
 * in reach: four cells at a time, of which few are. A cell out of reach gets 0, which changes no
 * sum.
 */
function spread(along: f32, across: f32, turn: u32, scratch: usize): void {
  const reach = f32x4.splat(REACH * REACH)
  for (let cell = 0; cell < CODE_CELLS; cell += 4) {
    const at = scratch + ((<usize>cell) << 2)
    const u = f32x4.sub(f32x4.splat(along), v128.load(at, DESCRIBE_ALONG))
    const v = f32x4.sub(f32x4.splat(across), v128.load(at, DESCRIBE_ACROSS))
    const squared = f32x4.add(f32x4.mul(u, u), f32x4.mul(v, v))
    const inReach = f32x4.le(squared, reach)
    if (!v128.any_true(inReach)) continue
    const near = gaussians(squared, i32x4.bitmask(inReach))
    for (let section = 0; section < CODE_SECTIONS; section++) {
      const middle = <u32>((2 * section + 1) * (128 / CODE_SECTIONS)) + 128
      const share = load<f32>(scratch + DESCRIBE_DIRECTIONS + ((<usize>((middle - turn) & 255)) << 2))
      const sum = at + ((<usize>(section * CODE_CELLS)) << 2)
      const more = f32x4.mul(near, f32x4.splat(share))
      v128.store(sum, f32x4.add(v128.load(sum, DESCRIBE_SUMS), more), DESCRIBE_SUMS)
    }
  }
}

/** The spatial contribution at four squared distances, in those lanes whose bit of `lanes` is set. */
function gaussians(squared: v128, lanes: i32): v128 {
  const peak: f32 = 0.39894228 / CODE_SIGMA_PX
  const scale: f32 = -0.5 / (CODE_SIGMA_PX * CODE_SIGMA_PX)
  let near = f32x4.splat(0)
  if (lanes & 1) near = f32x4.replace_lane(near, 0, peak * Mathf.exp(f32x4.extract_lane(squared, 0) * scale))
  if (lanes & 2) near = f32x4.replace_lane(near, 1, peak * Mathf.exp(f32x4.extract_lane(squared, 1) * scale))
  if (lanes & 4) near = f32x4.replace_lane(near, 2, peak * Mathf.exp(f32x4.extract_lane(squared, 2) * scale))
  if (lanes & 8) near = f32x4.replace_lane(near, 3, peak * Mathf.exp(f32x4.extract_lane(squared, 3) * scale))
  return near
}
