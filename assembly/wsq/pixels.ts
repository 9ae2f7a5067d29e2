/** Gray levels of a WSQ image and the samples of its plane: gray = sample * scale + shift (IAFIS-IC-0110: R and M). */
import { WsqImage } from '../memory'

/** How many pixels there are of each gray level. */
export function countGrays(base: usize): void {
  const image = changetype<WsqImage>(base)
  memory.fill(image.counts, 0, 256 * 4)
  const end = image.pixels + <usize>(image.width * image.height)
  for (let pixel = image.pixels; pixel < end; pixel++) {
    const count = image.counts + ((<usize>load<u8>(pixel)) << 2)
    store<u32>(count, load<u32>(count) + 1)
  }
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
