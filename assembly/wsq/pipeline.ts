/** A WSQ image between its pixels and the coefficients of its subbands, in both directions. */
import { grayToPlane, planeToGray } from './pixels'
import { dequantize } from './quantize'
import { transformRegions } from './transform'

/** From pixels to coefficients: `regions` of them are split, each after the one that it is in. */
export function analyzeWsq(base: usize, regions: i32, shift: f32, scale: f32): void {
  grayToPlane(base, shift, scale)
  transformRegions(base, regions, true)
}

/** From bins to pixels: `regions` of them are joined, each before the one that it is in. */
export function synthesizeWsq(base: usize, subbands: i32, regions: i32, shift: f32, scale: f32): void {
  dequantize(base, subbands)
  transformRegions(base, regions, false)
  planeToGray(base, shift, scale)
}
