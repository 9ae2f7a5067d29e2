/** From what relaxation and alignment found to decibans. */
import { SCORE_BEND, SCORE_BEYOND, SCORE_MEASURED, SCORE_ORIGIN, SCORE_SLOPE } from '../parameters'

/** Both must agree: the geometric mean, with floors so that one of them at 0 leaves the other's order. */
export function combine(relaxed: f32, aligned: f32): f32 {
  return 100 * sqrt<f32>((relaxed + 1e-4) * (aligned + 1e-3))
}

/**
 * -10 log10 of the share of strangers that come this high. Straight where the tail was measured (an exponential tail),
 * bent to 0 below it, logarithmic beyond it: strictly increasing, and 0 at 0.
 */
export function decibans(similarity: f32): f32 {
  const score = straight(similarity) - straight(0)
  if (score <= SCORE_MEASURED) return score
  return SCORE_MEASURED + SCORE_BEYOND * Mathf.log(1 + (score - SCORE_MEASURED) / SCORE_BEYOND)
}

function straight(similarity: f32): f32 {
  const u: f32 = (similarity - SCORE_ORIGIN) / SCORE_BEND
  // ln(1 + e^u) = u + ln(1 + e^-u): the form that neither overflows nor loses digits.
  return SCORE_SLOPE * SCORE_BEND * (max<f32>(u, 0) + Mathf.log1p(Mathf.exp(-abs(u))))
}
