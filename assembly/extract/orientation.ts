/**
 * Padded image -> ridge orientation a cell, from the smoothed structure tensor.
 *
 * Bazen, Gerez, IEEE TPAMI 24(7) 2002, eq. 5 to 9: the squared gradient, averaged as a vector of the doubled angle, so
 * that the two sides of a ridge add up. `clarity` becomes its coherence (their eq. 13): 0 noise, 1 parallel ridges.
 * Where little agrees, a wider average takes over.
 */

import { blur } from '../math/blur'
import { CELL, Extraction, paddedPixel, paddedStride } from '../memory'
import { ORIENTATION_WIDE } from '../parameters'

/** `sigma` of the average, in cells. */
export function orientation(r: Extraction, image: usize, sigma: f32): void {
  const columns = r.paddedWidth / CELL
  const rows = r.paddedHeight / CELL
  tensor(r, image, columns, rows)
  blur(r.tensorCos, r.blurred, columns, rows, sigma)
  blur(r.tensorSin, r.blurred, columns, rows, sigma)
  blur(r.tensorEnergy, r.blurred, columns, rows, sigma)
  angles(r, columns * rows, false)
  const wide = Mathf.sqrt(ORIENTATION_WIDE * ORIENTATION_WIDE - 1) * sigma
  blur(r.tensorCos, r.blurred, columns, rows, wide)
  blur(r.tensorSin, r.blurred, columns, rows, wide)
  angles(r, columns * rows, true)
}

/** Sums of the doubled gradient vector over each cell. */
function tensor(r: Extraction, image: usize, columns: i32, rows: i32): void {
  const stride = (<usize>paddedStride(r.paddedWidth)) << 1
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let cos = f32x4.splat(0)
      let sin = f32x4.splat(0)
      let energy = f32x4.splat(0)
      let at = paddedPixel(image, r.paddedWidth, column * CELL, row * CELL)
      for (let y = 0; y < CELL; y++, at += stride) {
        const above = at - stride
        const below = at + stride
        const left = gradientSum(above - 2, below - 2)
        const right = gradientSum(above + 2, below + 2)
        const top = gradientSum(above - 2, above + 2)
        const bottom = gradientSum(below - 2, below + 2)
        const gx = gradient(i16x8.sub(right, left), i16x8.sub(v128.load64_zero(at + 2), v128.load64_zero(at - 2)))
        const gy = gradient(i16x8.sub(bottom, top), i16x8.sub(v128.load64_zero(below), v128.load64_zero(above)))
        const xx = f32x4.mul(gx, gx)
        const yy = f32x4.mul(gy, gy)
        const xy = f32x4.mul(gx, gy)
        cos = f32x4.add(cos, f32x4.sub(yy, xx))
        sin = f32x4.add(sin, f32x4.add(xy, xy))
        energy = f32x4.add(energy, f32x4.add(xx, yy))
      }
      const cell = (<usize>(row * columns + column)) << 2
      store<f32>(r.tensorCos + cell, sumOf(cos))
      store<f32>(r.tensorSin + cell, sumOf(sin))
      store<f32>(r.tensorEnergy + cell, sumOf(energy))
    }
  }
}

/** Sums of four pixels at each of two addresses, i16. */
function gradientSum(a: usize, b: usize): v128 {
  return i16x8.add(v128.load64_zero(a), v128.load64_zero(b))
}

/** Four 3 x 3 Scharr gradients (weights 3, 10, 3: the most isotropic) from the differences of corners and of sides. */
function gradient(corners: v128, sides: v128): v128 {
  const both = i16x8.shuffle(corners, sides, 0, 8, 1, 9, 2, 10, 3, 11)
  return f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(both, i32x4.splat((10 << 16) | 3)))
}

function sumOf(four: v128): f32 {
  const two = f32x4.add(four, i32x4.shuffle(four, four, 2, 3, 0, 1))
  return f32x4.extract_lane(two, 0) + f32x4.extract_lane(two, 1)
}

/** `fallback`: only where the narrow average found less than half coherence. */
function angles(r: Extraction, cells: i32, fallback: bool): void {
  for (let i = 0; i < cells; i++) {
    const cell = (<usize>i) << 2
    if (fallback && load<f32>(r.clarity + cell) > 0.5) continue
    const cos = load<f32>(r.tensorCos + cell)
    const sin = load<f32>(r.tensorSin + cell)
    const turns = Mathf.atan2(sin, cos) / (2 * Mathf.PI)
    store<u8>(r.orientation + <usize>i, <u8>(<i32>Mathf.round(turns * 256) & 255))
    if (!fallback) {
      const energy = load<f32>(r.tensorEnergy + cell)
      store<f32>(r.clarity + cell, energy > 0 ? Mathf.sqrt(cos * cos + sin * sin) / energy : 0)
    }
  }
}
