/** Gray levels of a WSQ image and the samples of its plane: gray = sample * scale + shift (IAFIS-IC-0110: R and M). */
import { WsqImage, WsqMeasures } from '../memory'

/** Sum, least and greatest of the gray levels. */
export function measureGrays(base: usize): void {
  const image = changetype<WsqImage>(base)
  const measures = changetype<WsqMeasures>(image.measures)
  const pixels = image.width * image.height
  const inVectors = pixels & -16
  let sum: u64 = 0
  let leasts = i8x16.splat(-1)
  let mosts = i8x16.splat(0)
  for (let i = 0; i < inVectors; i += 16) {
    const grays = v128.load(image.pixels + <usize>i)
    leasts = i8x16.min_u(leasts, grays)
    mosts = i8x16.max_u(mosts, grays)
    const fours = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(grays))
    const twos = i64x2.add(i64x2.extend_low_i32x4_u(fours), i64x2.extend_high_i32x4_u(fours))
    sum += i64x2.extract_lane(twos, 0) + i64x2.extract_lane(twos, 1)
  }
  v128.store(image.lines, leasts)
  v128.store(image.lines, mosts, 16)
  let least: u32 = 255
  let most: u32 = 0
  for (let lane: usize = 0; lane < 16; lane++) {
    least = min(least, <u32>load<u8>(image.lines + lane))
    most = max(most, <u32>load<u8>(image.lines + lane, 16))
  }
  for (let i = inVectors; i < pixels; i++) {
    const gray = <u32>load<u8>(image.pixels + <usize>i)
    sum += gray
    least = min(least, gray)
    most = max(most, gray)
  }
  measures.sum = <f64>sum
  measures.least = <f64>least
  measures.most = <f64>most
}

/** Eight at a time: what is behind a row's end is overwritten by the next, or read by nobody. */
export function grayToPlane(base: usize, shift: f32, scale: f32): void {
  const image = changetype<WsqImage>(base)
  const shifts = f32x4.splat(shift)
  const factors = f32x4.splat(1 / scale)
  for (let y = 0; y < image.height; y++) {
    const from = image.pixels + <usize>(y * image.width)
    const to = image.plane + ((<usize>y * <usize>image.stride) << 2)
    for (let x = 0; x < image.width; x += 8) {
      const grays = v128.load8x8_u(from + <usize>x)
      const a = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(grays))
      const b = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(grays))
      const at = to + ((<usize>x) << 2)
      v128.store(at, f32x4.mul(f32x4.sub(a, shifts), factors))
      v128.store(at, f32x4.mul(f32x4.sub(b, shifts), factors), 16)
    }
  }
}

/** Rounded; black or white where the filters overshoot, black what is no number, from tables beyond all sense. */
export function planeToGray(base: usize, shift: f32, scale: f32): void {
  const image = changetype<WsqImage>(base)
  const shifts = f32x4.splat(shift + 0.5)
  const scales = f32x4.splat(scale)
  for (let y = 0; y < image.height; y++) {
    const from = image.plane + ((<usize>y * <usize>image.stride) << 2)
    const to = image.pixels + <usize>(y * image.width)
    for (let x = 0; x < image.width; x += 8) {
      const at = from + ((<usize>x) << 2)
      const a = i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(v128.load(at), scales), shifts))
      const b = i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(v128.load(at, 16), scales), shifts))
      const grays = i16x8.narrow_i32x4_s(a, b)
      v128.store64_lane(to + <usize>x, i8x16.narrow_i16x8_u(grays, grays), 0)
    }
  }
}
