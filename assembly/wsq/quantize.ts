/** Coefficients of the subbands of a WSQ image, measured, and put into bins and back (IAFIS-IC-0110). */
import { WsqImage, WsqMeasures, WsqSubband } from '../memory'

/** Sum, sum of squares and greatest magnitude of the coefficients in a rectangle of the plane. */
export function measureCoefficients(base: usize, x: i32, y: i32, width: i32, height: i32): void {
  const image = changetype<WsqImage>(base)
  const measures = changetype<WsqMeasures>(image.measures)
  measures.sum = 0
  measures.squares = 0
  measures.most = 0
  const inVectors = width & -8
  for (let row = y; row < y + height; row++) {
    const at = rowAt(image, x, row)
    let sumsA = f32x4.splat(0)
    let sumsB = sumsA
    let squaresA = sumsA
    let squaresB = sumsA
    let mosts = sumsA
    for (let i = 0; i < inVectors; i += 8) {
      const a = v128.load(at + ((<usize>i) << 2))
      const b = v128.load(at + ((<usize>i) << 2), 16)
      sumsA = f32x4.add(sumsA, a)
      sumsB = f32x4.add(sumsB, b)
      squaresA = f32x4.add(squaresA, f32x4.mul(a, a))
      squaresB = f32x4.add(squaresB, f32x4.mul(b, b))
      mosts = f32x4.pmax(mosts, f32x4.pmax(f32x4.abs(a), f32x4.abs(b)))
    }
    let sum = totalOf(f32x4.add(sumsA, sumsB))
    let square = totalOf(f32x4.add(squaresA, squaresB))
    let most = max(
      max(f32x4.extract_lane(mosts, 0), f32x4.extract_lane(mosts, 1)),
      max(f32x4.extract_lane(mosts, 2), f32x4.extract_lane(mosts, 3)),
    )
    for (let i = inVectors; i < width; i++) {
      const value = load<f32>(at + ((<usize>i) << 2))
      sum += value
      square += value * value
      most = max(most, abs(value))
    }
    measures.sum += <f64>sum
    measures.squares += <f64>square
    measures.most = max(measures.most, <f64>most)
  }
}

/**
 * The bins of the coefficients of the first `count` subbands, i16, one subband after the other as in a stream. Bins must be so
 * wide that none has a number above 32,767.
 */
export function quantize(base: usize, count: i32): void {
  const image = changetype<WsqImage>(base)
  let to = image.other
  for (let i = 0; i < count; i++) {
    const subband = subbandAt(image, i)
    if (subband.bin == 0) continue
    const offset = f32x4.splat(subband.offset)
    const perBin = f32x4.splat(1 / subband.bin)
    for (let row = 0; row < subband.height; row++) {
      const from = rowAt(image, subband.x, subband.y + row)
      // Eight at a time: what is behind a row's end is overwritten by the next, or read by nobody.
      for (let x = 0; x < subband.width; x += 8) {
        const at = from + ((<usize>x) << 2)
        const a = binsOf(v128.load(at), offset, perBin)
        const b = binsOf(v128.load(at, 16), offset, perBin)
        v128.store(to + ((<usize>x) << 1), i16x8.narrow_i32x4_s(a, b))
      }
      to += (<usize>subband.width) << 1
    }
  }
}

/** Back from i32 bins to the plane; 0 where there are none. */
export function dequantize(base: usize, count: i32): void {
  const image = changetype<WsqImage>(base)
  memory.fill(image.plane, 0, (<usize>image.stride * <usize>image.height) << 2)
  let from = image.other
  for (let i = 0; i < count; i++) {
    const subband = subbandAt(image, i)
    if (subband.bin == 0) continue
    const bins = f32x4.splat(subband.bin)
    const offset = f32x4.splat(subband.offset)
    const inVectors = subband.width & -4
    for (let row = 0; row < subband.height; row++) {
      const to = rowAt(image, subband.x, subband.y + row)
      for (let x = 0; x < inVectors; x += 4) {
        const values = v128.load(from + ((<usize>x) << 2))
        if (v128.any_true(values)) v128.store(to + ((<usize>x) << 2), valuesOf(values, bins, offset))
      }
      for (let x = inVectors; x < subband.width; x++) {
        const value = valuesOf(v128.load32_zero(from + ((<usize>x) << 2)), bins, offset)
        v128.store32_lane(to + ((<usize>x) << 2), value, 0)
      }
      from += (<usize>subband.width) << 2
    }
  }
}

function binsOf(values: v128, offset: v128, perBin: v128): v128 {
  const beyond = f32x4.sub(f32x4.abs(values), offset)
  const bins = i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(beyond, perBin), f32x4.splat(1)))
  const isBeyond = f32x4.gt(beyond, f32x4.splat(0))
  return withSignOf(v128.and(bins, isBeyond), i32x4.shr_s(values, 31))
}

function valuesOf(bins: v128, width: v128, offset: v128): v128 {
  const magnitude = f32x4.convert_i32x4_s(i32x4.abs(bins))
  const values = f32x4.add(f32x4.mul(magnitude, width), offset)
  const signed = v128.or(values, v128.and(bins, i32x4.splat(0x80000000)))
  return v128.and(signed, i32x4.ne(bins, i32x4.splat(0)))
}

/** @param negative all bits of a lane, or none */
function withSignOf(magnitudes: v128, negative: v128): v128 {
  return i32x4.sub(v128.xor(magnitudes, negative), negative)
}

function totalOf(values: v128): f32 {
  return (
    f32x4.extract_lane(values, 0) +
    f32x4.extract_lane(values, 1) +
    f32x4.extract_lane(values, 2) +
    f32x4.extract_lane(values, 3)
  )
}

function rowAt(image: WsqImage, x: i32, y: i32): usize {
  return image.plane + ((<usize>y * <usize>image.stride + <usize>x) << 2)
}

function subbandAt(image: WsqImage, i: i32): WsqSubband {
  return changetype<WsqSubband>(image.subbands + <usize>i * offsetof<WsqSubband>())
}
