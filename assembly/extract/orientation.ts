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

/** Sums of the doubled gradient vector over each cell; 3 x 3 Scharr gradients (weights 3, 10, 3: the most isotropic). */
function tensor(r: Extraction, image: usize, columns: i32, rows: i32): void {
  const stride = (<usize>paddedStride(r.paddedWidth)) << 1
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let cos: f32 = 0
      let sin: f32 = 0
      let energy: f32 = 0
      for (let y = row * CELL; y < (row + 1) * CELL; y++) {
        let at = paddedPixel(image, r.paddedWidth, column * CELL, y)
        for (let x = 0; x < CELL; x++) {
          const a = <i32>load<i16>(at - stride - 2)
          const b = <i32>load<i16>(at - stride)
          const c = <i32>load<i16>(at - stride + 2)
          const d = <i32>load<i16>(at - 2)
          const e = <i32>load<i16>(at + 2)
          const f = <i32>load<i16>(at + stride - 2)
          const g = <i32>load<i16>(at + stride)
          const h = <i32>load<i16>(at + stride + 2)
          const gx = <f32>((c + h - a - f) * 3 + (e - d) * 10)
          const gy = <f32>((f + h - a - c) * 3 + (g - b) * 10)
          cos += gy * gy - gx * gx
          sin += 2 * gx * gy
          energy += gx * gx + gy * gy
          at += 2
        }
      }
      const cell = (<usize>(row * columns + column)) << 2
      store<f32>(r.tensorCos + cell, cos)
      store<f32>(r.tensorSin + cell, sin)
      store<f32>(r.tensorEnergy + cell, energy)
    }
  }
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
