/** From what relaxation and alignment found to one score. */

/** Both must agree: the geometric mean, with floors so that one of them at 0 leaves the other's order. */
export function decibans(relaxed: f32, aligned: f32): f32 {
  return 100 * sqrt<f32>((relaxed + 1e-4) * (aligned + 1e-3))
}
