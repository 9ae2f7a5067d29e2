/** From what relaxation and fit found to one score. */

/** Both must agree: the geometric mean, with floors so that one of them at 0 leaves the other's order. */
export function combine(relaxed: f32, fitted: f32): f32 {
  return sqrt<f32>((relaxed + 1e-4) * (fitted + 1e-3))
}

/** Decibans of evidence. */
export function decibans(raw: f32): f32 {
  return raw * 100
}
